'use strict'

const assert = require('node:assert/strict')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { test } = require('node:test')

const { Engine, Live } = require('..')
const { CATALOG, loaded, many } = require('./help.js')

const FRESH = "plan = 'gold' and count(purchase within last 30 days) >= 1"

test('what comes and goes is told, in the order of the calls', async () => {
  const live = new Live(CATALOG, { now: '2024-05-01' })
  const registered = live.register('fresh', FRESH)
  const came = live.apply(
    [
      { key: 7, fields: { plan: 'gold' } },
      { key: 7, event: 'purchase', time: '2024-05-01T10:00:00Z' },
      { key: 2n ** 60n, event: 'purchase', time: '2024-05-01T10:00:00Z' },
    ],
    { now: new Date('2024-05-01T10:00:05Z') },
  )
  const broken = live.advance({ to: '2024-04-01' })
  const went = live.advance({ to: '2024-06-01' })
  await assert.rejects(broken, { name: 'CvmError', message: /time does not go back/ })
  assert.equal(await registered, 0)
  assert.deepEqual(await came, [{ segment: 'fresh', key: 7, at: '2024-05-01T10:00:05Z', entered: true }])
  assert.deepEqual(await went, [{ segment: 'fresh', key: 7, at: '2024-05-31T10:00:00.000001Z', entered: false }])
  const state = { now: '2024-06-01T00:00:00Z', nextChange: null, customers: 1, segments: ['fresh'], leftOut: 1 }
  assert.deepEqual(await live.state(), state)
  assert.equal(await live.isMember('fresh', 7), false)
  assert.equal(await live.unregister('fresh'), true)
  await assert.rejects(live.count('fresh'), { name: 'RangeError', message: 'no segment `fresh` is registered' })
})

test('one wrong change, and nothing happened', async () => {
  const live = new Live(CATALOG, { now: '2024-05-01' })
  assert.deepEqual(await live.registerAll({ gold: "plan = 'gold'", all: 'everyone' }), { gold: 0, all: 0 })
  const changes = [{ key: 1, fields: { plan: 'gold' } }, { key: 2, fields: { plam: 'gold' } }]
  await assert.rejects(live.apply(changes, { now: '2024-05-01' }), { code: 'CVM_UNKNOWN_FIELD', path: '/1/fields/plam' })
  assert.equal(await live.count('all'), 0)
  await assert.rejects(live.registerAll({ a: 'everyone', b: 'plan >' }), (error) => error.path.startsWith('/1'))
  await assert.rejects(live.register(3, 'everyone'), { code: 'ERR_INVALID_ARG_TYPE' })
  await assert.rejects(live.apply(3), { code: 'ERR_INVALID_ARG_TYPE' })
  await assert.rejects(live.apply([], { nwo: 3 }), { code: 'ERR_INVALID_ARG_VALUE' })
})

test('from the customers that are loaded; saved and opened', async () => {
  const engine = new Engine({ asOf: '2024-05-01' })
  await engine.loadCustomers(many(1_000))
  const live = await engine.live()
  assert.equal(await live.register('seventh', "city = 'city 7'"), await engine.count("city = 'city 7'"))
  assert.equal(await live.count('seventh'), 10)
  assert.equal((await live.members('seventh')).length, await live.count('seventh'))
  const folder = mkdtempSync(join(tmpdir(), 'cvm-'))
  try {
    await engine.save(join(folder, 'index'))
    const opened = Engine.open(pathToFileURL(join(folder, 'index')), { asOf: '2024-05-01' })
    assert.equal(opened.index.state, 'ready')
    assert.equal(await opened.count("city = 'city 7'"), await engine.count("city = 'city 7'"))
    assert.deepEqual((await opened.preview('everyone')).toArray(), (await engine.preview('everyone')).toArray())
    assert.throws(() => Engine.open(folder), { name: 'CvmError', code: 'CVM_SOURCE_NOT_FOUND' })
    assert.throws(() => Engine.open(3), { code: 'ERR_INVALID_ARG_TYPE' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('which of many can not be read is said', async () => {
  const engine = await loaded()
  await assert.rejects(engine.counts(['everyone', 'age >']), (error) => error.path === '/1')
})
