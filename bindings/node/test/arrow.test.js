'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { tableFromArrays, tableFromIPC, tableToIPC } = require('apache-arrow')

const { Engine, Rows, toArrow } = require('..')
const { loaded, many } = require('./help.js')

test('apache-arrow reads results', async () => {
  const rows = await (await loaded()).preview('everyone', { columns: ['customer_id', 'city'] })
  assert.ok(rows instanceof Rows)
  const bytes = rows.toIPC()
  assert.ok(Buffer.isBuffer(bytes))
  const table = tableFromIPC(bytes)
  assert.equal(table.numRows, 3)
  assert.deepEqual([...table.getChild('city')], ['Paris', 'Lyon', 'Paris'])
  assert.equal(toArrow(rows).numRows, 3)
})

test('no rows are a table too', async () => {
  const rows = await (await loaded()).members('nobody')
  assert.equal(rows.length, 0)
  assert.deepEqual(tableFromIPC(rows.toIPC()).schema.names, ['customer_id'])
})

test('batches come one at a time', async () => {
  const engine = new Engine()
  await engine.loadCustomers(many(50_000))
  const rows = await engine.members('age < 45')
  let batches = 0
  let found = 0
  for await (const bytes of rows) {
    batches += 1
    found += tableFromIPC(bytes).numRows
  }
  assert.equal(found, rows.length)
  assert.equal(toArrow(rows).numRows, rows.length)
  assert.equal(rows.toArray().length, rows.length)
  assert.ok(batches > 1)
})

for (const format of ['stream', 'file']) {
  test(`loads an Arrow IPC ${format}`, async () => {
    const engine = new Engine()
    const table = tableFromArrays({ id: Int32Array.from([1, 2, 3]), city: ['Paris', 'Lyon', 'Paris'] })
    const report = await engine.loadCustomers(tableToIPC(table, format), { key: 'id' })
    assert.equal(report.rows, 3)
    assert.equal(await engine.count("city = 'Paris'"), 2)
  })
}

test('loads its own results', async () => {
  const first = await loaded()
  const second = new Engine()
  await second.loadCustomers((await first.preview("city = 'Paris'")).toIPC(), { key: 'customer_id' })
  assert.equal(await second.count('everyone'), 2)
})
