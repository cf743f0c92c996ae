'use strict'

// Builds the addon for this machine, in the folder of all other builds. napi's own command always names a target, and
// cargo then compiles every dependency a second time; it makes the packages for publishing: `npm run build:release`.

const { execFileSync } = require('node:child_process')
const { copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { generateTypeDef, parseTriple, writeJsBinding } = require('@napi-rs/cli')
const { name, version, napi } = require('../package.json')

const folder = join(__dirname, '..')
const run = (command, args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })

const LIBRARY = { darwin: 'libcvm_node.dylib', win32: 'cvm_node.dll' }[process.platform] ?? 'libcvm_node.so'

async function build() {
  const { target_directory: target } = JSON.parse(run('cargo', ['metadata', '--no-deps', '--format-version=1']))
  const host = /^host: (.*)$/m.exec(run('rustc', ['-vV']))[1]
  // napi's macros write the types while they are expanded: so they are expanded anew each time.
  const typeDefDir = join(target, 'cvm-node-types')
  rmSync(typeDefDir, { recursive: true, force: true })
  mkdirSync(typeDefDir, { recursive: true })
  utimesSync(join(folder, 'src/lib.rs'), new Date(), new Date())
  execFileSync('cargo', ['build', '--locked', '--package', 'cvm-node'], {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: typeDefDir },
  })
  copyFileSync(join(target, 'debug', LIBRARY), join(folder, `${napi.binaryName}.${parseTriple(host).platformArchABI}.node`))
  const { dts, exports: idents } = await generateTypeDef({ typeDefDir, cwd: folder, declareBindingTarget: true })
  keepTypes(dts)
  await writeJsBinding({
    platform: true,
    idents,
    jsBinding: 'native.js',
    binaryName: napi.binaryName,
    packageName: name,
    version,
    outputDir: folder,
  })
}

/** The types are committed: a change of the native surface is made on purpose, with `--types`. */
function keepTypes(dts) {
  const file = join(folder, 'native.d.ts')
  if (process.argv.includes('--types')) return writeFileSync(file, dts)
  if (readFileSync(file, 'utf8') !== dts) {
    throw new Error('native.d.ts is not what the Rust code says: run `npm run build -- --types` and commit it')
  }
}

build().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
