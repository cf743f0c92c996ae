import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

import help from './help.js'

const HERE = fileURLToPath(new URL('..', import.meta.url))

for (const [, code] of readFileSync(join(HERE, 'README.md'), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)) {
  test('the README runs and prints what it says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cvm-readme-'))
    try {
      writeFileSync(join(folder, 'customers.csv'), help.CUSTOMERS)
      const index = pathToFileURL(join(HERE, 'index.js')).href
      writeFileSync(join(folder, 'readme.mjs'), code.replace("'cvm-engine'", `'${index}'`))
      const printed = execFileSync(process.execPath, ['readme.mjs'], { cwd: folder, encoding: 'utf8' })
      for (const [, said] of code.matchAll(/console\.log.* \/\/ (.*)$/gm)) assert.ok(printed.includes(said), said)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
