'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { Engine } = require('..')
const { loaded, many } = require('./help.js')

const FILTERS = ["city = 'Paris'", "not (city = 'Paris')", 'everyone', 'nobody']

test('the index is there when it was waited for', async () => {
  const engine = await loaded()
  assert.deepEqual(engine.index, { state: 'none' })
  const state = await engine.prepare()
  assert.equal(state.state, 'ready')
  assert.equal(state.customers, await engine.count('everyone'))
  assert.ok(state.bytes > 0)
  assert.equal(engine.index.state, 'ready')
})

test('many filters at once, with and without an index', async () => {
  for (const indexMemory of [0, 2 ** 30]) {
    const engine = new Engine({ indexMemory })
    await engine.loadCustomers(many(1_000))
    const seen = []
    const counts = await engine.counts(FILTERS, { onProgress: (done, total) => seen.push([done, total]) })
    assert.deepEqual(counts, await Promise.all(FILTERS.map((f) => engine.count(f))))
    assert.equal(counts[0] + counts[1], 1_000)
    assert.deepEqual(await engine.waterfall(FILTERS), [counts[0], counts[1], 0, 0])
    const overlap = await engine.overlap(FILTERS)
    assert.deepEqual(overlap.map((row, i) => row[i]), counts)
    assert.equal(overlap[0][1], 0)
    const members = await engine.membersOf(FILTERS)
    assert.deepEqual(members.map((rows) => rows.length), counts)
    await assert.rejects(engine.counts(['everyone', 'agee > 1']), { code: 'CVM_UNKNOWN_FIELD', path: '/1/field' })
  }
})

test('too little memory is said, and questions are answered', async () => {
  const engine = new Engine({ indexMemory: 10 })
  await engine.loadCustomers(many(100))
  await assert.rejects(engine.prepare(), { code: 'CVM_MEMORY_BUDGET' })
  assert.equal(engine.index.state, 'refused')
  assert.equal(await engine.count('everyone'), 100)
})

test('what is asked of many is an array', async () => {
  await assert.rejects((await loaded()).counts('everyone'), { code: 'ERR_INVALID_ARG_TYPE' })
})
