'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { CvmError } = require('..')
const { EVENTS, file, loaded } = require('./help.js')

const ORDERS = 'order_id,customer,total\n7,1,30.00\n8,1,5.00\n9,3,12.00\n'

async function shop() {
  const engine = await loaded()
  await engine.loadEvents(file('shop-events.csv', EVENTS), { customer: 'customer_id', name: 'kind', time: 'at' })
  await engine.loadRelated(file('shop-orders.csv', ORDERS), { name: 'invoice', customer: 'customer' })
  return engine
}

test('counts by events, sequences, related rows and rankings', async () => {
  const engine = await shop()
  assert.equal(await engine.count('count(order) = 0'), 1)
  assert.equal(await engine.count('sum(order.amount within last 90 days) >= 5'), 2)
  assert.equal(await engine.count('sequence(order, visit within 2 days)'), 1)
  assert.equal(await engine.count('not any related(invoice where total > 10)'), 1)
  assert.equal(await engine.count('top 1 by count(order)'), 1)
  const found = await engine.explain('count(order) >= 1 and not count(visit) >= 1', 1)
  assert.match(found.text, /✗ count\(visit\) >= 1|✓ count\(visit\) >= 1 {3}\(count = 1\)/)
  assert.equal(found.member, false)
})

test('a funnel says what each condition takes', async () => {
  const engine = await shop()
  const steps = await engine.funnel("city = 'Paris' and count(visit) >= 1")
  assert.deepEqual(
    steps.map(({ path, alone, together }) => [path, alone, together]),
    [['/children/0', 2, 2], ['/children/1', 1, 1]],
  )
})

test('statements that put members somewhere', async () => {
  const engine = await shop()
  const sql = (statement, more) => engine.sql("city = 'Paris'", { dialect: 'postgresql', statement, ...more }).sql
  assert.match(sql('insert', { into: 'mart.vips' }), /^INSERT INTO "mart"\."vips" \("customer_id"\) SELECT/)
  assert.match(sql('view', { into: 'vips' }), /^CREATE VIEW "vips" AS SELECT .* = 'Paris'$/)
  assert.match(sql('dbt'), /ref\('customers'\)/)
  assert.match(sql('members', { placeholders: 'colon' }), /:p1/)
  assert.throws(() => sql('insert'), CvmError)
})
