'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { Matcher } = require('..')
const { CATALOG, loaded } = require('./help.js')

const EVENTS = [{ event: 'purchase', time: '2024-05-01T10:00:00Z' }]

test('one customer at an instant', () => {
  const matcher = new Matcher("plan = 'gold' and count(purchase within last 30 days) >= 1", CATALOG)
  const gold = { id: 7, plan: 'gold' }
  assert.equal(matcher.matches(gold, EVENTS, { asOf: new Date('2024-05-31T10:00:00Z') }), true)
  assert.equal(matcher.matches(gold, { events: EVENTS }, { asOf: '2024-05-31T10:00:01Z' }), false)
  assert.equal(matcher.matches(gold), false)
  assert.equal(matcher.nextChange(gold, EVENTS, { asOf: '2024-05-31' }), '2024-05-31T10:00:00.000001Z')
  assert.equal(matcher.nextChange({ id: 7n }, EVENTS, { asOf: '2024-05-31' }), null)
})

test('a catalog as an engine has it', async () => {
  const engine = await loaded()
  const matcher = new Matcher("city = 'Paris'", engine.catalog())
  assert.equal(matcher.matches({ customer_id: 1, city: 'Paris' }), true)
})

test('what is wrong is said with its place', () => {
  const matcher = new Matcher("plan = 'gold'", CATALOG)
  assert.throws(() => matcher.matches({ id: 7, plam: 'gold' }), { code: 'CVM_UNKNOWN_FIELD', path: '/plam' })
  assert.throws(() => matcher.matches({ id: 7 }, [], { asof: 'now' }), /no option `asof`/)
  assert.throws(() => matcher.matches(7), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => new Matcher('top 10 by id', CATALOG), { code: 'CVM_NOT_SUPPORTED' })
})
