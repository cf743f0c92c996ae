'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { CvmError, Engine } = require('..')
const { file, folder, loaded } = require('./help.js')

const WRONG = {
  type: 'and',
  children: [
    { type: 'condition', field: 'agee', op: 'gt', value: 30 },
    { type: 'condition', field: 'city', op: 'gt', value: ['a'] },
  ],
}

function isFinding(code, path) {
  return (error) => {
    assert.ok(error instanceof CvmError)
    assert.ok(error instanceof Error)
    assert.equal(error.name, 'CvmError')
    assert.equal(error.code, code)
    assert.equal(error.path, path)
    assert.equal(error.diagnostics[0].code, code)
    assert.ok(error.message.includes(error.diagnostics[0].message))
    assert.match(error.stack, /errors\.test\.js/)
    return true
  }
}

test('thrown, with all findings', async () => {
  const engine = await loaded()
  const calls = [() => engine.sql(WRONG, { dialect: 'sqlite' }), () => engine.optimize(WRONG)]
  for (const call of calls) {
    assert.throws(call, isFinding('CVM_UNKNOWN_FIELD', '/children/0/field'))
    assert.throws(call, (error) => error.diagnostics.length === 2)
  }
  assert.throws(() => engine.sql('everyone', { dialect: 'sqlit' }), isFinding('CVM_UNKNOWN_OPTION', ''))
  assert.throws(() => new Engine({ timezone: 'Europe/Pariss' }), isFinding('CVM_UNKNOWN_OPTION', ''))
  assert.throws(() => new Engine({ asOf: 'now' }), isFinding('CVM_INVALID_VALUE', ''))
  assert.throws(() => new Engine().catalog(), isFinding('CVM_NOTHING_LOADED', ''))
  assert.throws(() => new Engine().validate('everyone'), isFinding('CVM_NOTHING_LOADED', ''))
  assert.throws(() => engine.setCatalog('{'), isFinding('CVM_JSON_SYNTAX', ''))
})

test('rejected, with all findings', async () => {
  const engine = await loaded()
  const unknown = isFinding('CVM_UNKNOWN_FIELD', '/children/0/field')
  await assert.rejects(engine.count(WRONG), unknown)
  await assert.rejects(engine.members(WRONG), unknown)
  await assert.rejects(engine.preview(WRONG), unknown)
  await assert.rejects(engine.explain(WRONG, 1), unknown)
  await assert.rejects(engine.referenceMembers(WRONG), unknown)
  await assert.rejects(engine.count('(age > 3'), isFinding('CVM_TEXT_SYNTAX', ''))
  await assert.rejects(engine.explain('everyone', 99), isFinding('CVM_UNKNOWN_CUSTOMER', ''))
  await assert.rejects(engine.preview('everyone', { columns: ['citty'] }), isFinding('CVM_UNKNOWN_FIELD', ''))
  const sideways = { orderBy: [['age', 'sideways']] }
  await assert.rejects(engine.preview('everyone', sideways), isFinding('CVM_UNKNOWN_OPTION', ''))
})

test('of sources', async () => {
  const engine = new Engine()
  const load = (source, options) => engine.loadCustomers(source, options)
  await assert.rejects(load(`${folder}/none.csv`), isFinding('CVM_SOURCE_NOT_FOUND', ''))
  await assert.rejects(load(Buffer.from('no arrow')), isFinding('CVM_SOURCE_KIND', ''))
  await assert.rejects(load(Buffer.from('ARROW1 but broken')), isFinding('CVM_SOURCE_KIND', ''))
  await assert.rejects(load(new Uint8Array()), isFinding('CVM_SOURCE_KIND', ''))
  const twice = file('twice.csv', 'id,city\n1,a\n1,b\n')
  await assert.rejects(load(twice, { key: 'id' }), isFinding('CVM_KEY_NOT_UNIQUE', ''))
  await assert.rejects(load(twice, { types: { id: 'integr' } }), isFinding('CVM_CATALOG_TYPE', ''))
  await assert.rejects(load(twice, { onBadRows: 'ignore' }), isFinding('CVM_UNKNOWN_OPTION', ''))
  const events = { customer: 'id', name: 'kind', time: 'at' }
  await assert.rejects(engine.loadEvents(twice, events), isFinding('CVM_NOTHING_LOADED', ''))
})

test('arguments of a wrong kind are TypeErrors', async () => {
  const engine = await loaded()
  const cyclic = { type: 'not' }
  cyclic.child = cyclic
  for (const wrong of [undefined, null, 42, [], cyclic, () => {}]) {
    assert.throws(() => engine.validate(wrong), TypeError)
    await assert.rejects(engine.count(wrong), TypeError)
  }
  assert.throws(() => new Engine({ as_of: '2024-01-01' }), /no option `as_of`; known: asOf, timezone/)
  assert.throws(() => engine.sql('everyone'), /`dialect` is a string, not undefined/)
  await assert.rejects(engine.preview('everyone', { limit: -1 }), /`limit` is an integer from 0 on/)
  await assert.rejects(engine.preview('everyone', { limt: 5 }), /no option `limt`/)
  await assert.rejects(engine.preview('everyone', 5), TypeError)
  await assert.rejects(engine.explain('everyone', 1.5), TypeError)
  await assert.rejects(engine.explain('everyone', 2n ** 64n), TypeError)
  await assert.rejects(engine.loadCustomers(42), TypeError)
  await assert.rejects(engine.loadEvents('events.csv'), /`customer` is a string/)
  assert.equal(await engine.count('everyone', { signal: undefined }), 3)
})

test('what a progress function throws is what the load rejects with', async () => {
  const engine = new Engine()
  const onProgress = () => {
    throw new RangeError('mine')
  }
  await assert.rejects(engine.loadCustomers(file('p.csv', 'id\n1\n'), { onProgress }), /mine/)
})
