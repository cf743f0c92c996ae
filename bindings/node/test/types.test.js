'use strict'

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { promisify } = require('node:util')

const { generate } = require('../scripts/types.js')

const HERE = join(__dirname, '..')
const run = async (command, ...given) => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(HERE, 'node_modules', command), ...given], { cwd: HERE })
    .catch((error) => assert.fail(`${command} failed:\n${error.stdout}${error.stderr}`))
  return stdout
}
const read = (name) => readFileSync(join(HERE, name), 'utf8')

for (const [format, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
  test(`a sample compiles with ${resolution}`, async () => {
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noPropertyAccessFromIndexSignature']
    const target = ['--target', 'es2022', '--lib', 'es2022,esnext.disposable,dom', '--types', 'node']
    const modules = ['--module', format, '--moduleResolution', resolution]
    // apache-arrow's own declarations are not ours to check.
    await run('typescript/bin/tsc', '--noEmit', '--skipLibCheck', ...strict, ...target, ...modules, 'test/sample.ts')
  })
}

test('our declarations pass without skipLibCheck, also where apache-arrow is not installed', async () => {
  const { cpSync } = require('node:fs')
  const folder = mkdtempSync(join(tmpdir(), 'cvm-types-'))
  try {
    for (const name of ['index.d.ts', 'journeys.d.ts', 'types.d.ts', 'lib/arrow.d.ts', 'package.json']) {
      cpSync(join(HERE, name), join(folder, name))
    }
    const types = ['--types', 'node', '--typeRoots', join(HERE, 'node_modules/@types')]
    const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', ...types]
    await run('typescript/bin/tsc', ...flags, join(folder, 'index.d.ts'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('types.d.ts is current (else: npm run types)', () => {
  assert.equal(read('types.d.ts'), generate())
})

test('every export is declared, and every method', () => {
  const cvm = require('..')
  const declared = read('index.d.ts')
  for (const [name, value] of Object.entries(cvm)) {
    assert.match(declared, new RegExp(`export (class|function|namespace) ${name}\\b`))
    const members = typeof value === 'object' ? Object.keys(value) : Object.getOwnPropertyNames(value.prototype ?? {})
    for (const method of members) {
      if (method !== 'name') assert.match(declared, new RegExp(`\\b${method}\\b`), `${name}.${method} is not declared`)
    }
  }
})

test('the lock file names no registry', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"|https?:\/\/[^"]*registry/)
})
