'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')

const { Engine } = require('..')
const { CUSTOMERS, EVENTS, file, loaded } = require('./help.js')

const PARIS = { type: 'condition', field: 'city', op: 'eq', value: 'Paris' }

test('loads customers and says what it loaded', async () => {
  const engine = new Engine({ asOf: new Date('2024-06-30T12:00:00Z'), timezone: 'Europe/Paris' })
  const seen = []
  const report = await engine.loadCustomers(pathToFileURL(file('load.csv', CUSTOMERS)), {
    key: 'customer_id',
    types: { city: 'string', total_spent: 'decimal(12,2)' },
    onBadRows: 'error',
    table: 'people',
    onProgress: (done, total) => seen.push([done, total]),
  })
  assert.deepEqual(report, { rows: 3, warnings: [] })
  assert.ok(seen.length > 0)
  assert.ok(seen.every(([done, total]) => done <= total))
  const catalog = engine.catalog()
  assert.equal(catalog.zone, 'Europe/Paris')
  assert.equal(catalog.customers.table, 'people')
  assert.equal(catalog.customers.fields.find((field) => field.name === 'total_spent').type, 'decimal(12,2)')
})

test('numbers rows that have no key', async () => {
  const engine = new Engine()
  await engine.loadCustomers(file('keyless.csv', 'city\nParis\nParis\n'), { rowNumber: 'row' })
  assert.equal(engine.catalog().customers.key, 'row')
  assert.equal(await engine.count(PARIS), 2)
})

test('loads events', async () => {
  const engine = await loaded()
  const options = { customer: 'customer_id', name: 'kind', time: 'at', onBadRows: 'missing', table: 'happened' }
  assert.equal((await engine.loadEvents(file('events.csv', EVENTS), options)).rows, 3)
  assert.deepEqual(engine.catalog().events.map((event) => event.name).sort(), ['order', 'visit'])
})

test('counts objects, JSON and text', async () => {
  const engine = await loaded()
  assert.equal(await engine.count(PARIS), 2)
  assert.equal(await engine.count(JSON.stringify(PARIS)), 2)
  assert.equal(await engine.count("city = 'Paris'"), 2)
  assert.equal(await engine.count('not (age > 40)'), 2)
})

test('eight questions at once', async () => {
  const engine = await loaded()
  const ages = [0, 10, 20, 30, 40, 50, 60, 70]
  const counts = await Promise.all(ages.map((age) => engine.count(`age > ${age}`)))
  assert.deepEqual(counts, [2, 2, 2, 2, 1, 1, 1, 0])
})

test('members and preview', async () => {
  const engine = await loaded()
  const members = await engine.members(PARIS)
  assert.equal(members.length, 2)
  assert.deepEqual(members.columnNames, ['customer_id'])
  const rows = await engine.preview('everyone', {
    limit: 2,
    offset: 1,
    columns: ['city', 'customer_id', 'total_spent', 'signup_date', 'last_seen'],
    orderBy: [['city', 'desc'], 'age'],
  })
  assert.deepEqual(rows.toArray(), [
    { city: 'Paris', customer_id: 3, total_spent: null, signup_date: '2022-01-15', last_seen: null },
    { city: 'Lyon', customer_id: 2, total_spent: '80.00', signup_date: '2023-11-30', last_seen: '2024-06-01T08:30:00Z' },
  ])
  assert.equal((await engine.preview('everyone', { limit: 0 })).toArray().length, 0)
})

test('explains', async () => {
  const engine = await loaded()
  const found = await engine.explain("city = 'Paris' and age > 40", 1)
  assert.equal(found.key, 1)
  assert.equal(found.member, false)
  assert.deepEqual(found.nodes.map((node) => node.passed), [false, true, false])
  assert.match(found.text, /customer 1 is out/)
  assert.equal((await engine.explain('everyone', 2n)).member, true)
})

test('the reference evaluator agrees', async () => {
  const engine = await loaded()
  assert.deepEqual((await engine.referenceMembers(PARIS)).sort(), [1, 3])
})

test('validates, also what can not be read', async () => {
  const engine = await loaded()
  assert.deepEqual(engine.validate(PARIS), [])
  assert.equal(engine.validate({ ...PARIS, field: 'citty' })[0].suggestion, 'city')
  assert.equal(engine.validate('(age > 3')[0].code, 'CVM_TEXT_SYNTAX')
  assert.equal(engine.validate('{"type": ')[0].code, 'CVM_JSON_SYNTAX')
})

test('optimises', async () => {
  const engine = await loaded()
  const smaller = engine.optimize({ type: 'not', child: { type: 'not', child: PARIS } })
  assert.deepEqual(smaller.filter, PARIS)
  assert.equal(smaller.text, "city = 'Paris'")
  assert.equal(typeof smaller.trace[0].rule, 'string')
})

test('makes SQL', async () => {
  const engine = await loaded()
  const query = engine.sql(PARIS, { dialect: 'postgresql' })
  assert.match(query.sql, /\$1/)
  assert.deepEqual(query.params, ['Paris'])
  assert.deepEqual(query.notes, [])
  assert.match(engine.sql(PARIS, { dialect: 'mysql', statement: 'count', parameters: false }).sql, /COUNT.*'Paris'/)
  const preview = { statement: 'preview', limit: 7, columns: ['age'], orderBy: [['age', 'desc']] }
  assert.match(engine.sql(PARIS, { dialect: 'duckdb', parameters: false, ...preview }).sql, /DESC.*LIMIT 7/)
})

test('takes its own catalog back, changed', async () => {
  const engine = await loaded()
  const catalog = engine.catalog()
  catalog.segments = [{ name: 'parisians', filter: PARIS }]
  engine.setCatalog(catalog)
  assert.equal(await engine.count({ type: 'segment', segment: 'parisians' }), 2)
  engine.setCatalog(JSON.stringify({ ...catalog, segments: [] }))
  assert.equal(engine.validate({ type: 'segment', segment: 'parisians' })[0].code, 'CVM_UNKNOWN_SEGMENT')
})

test('integers beyond 2^53 keep every digit', async () => {
  const engine = new Engine()
  const big = 9007199254740993n
  await engine.loadCustomers(file('big.csv', `id,name\n${big},sn1\n5000000000,n2\n-${big},!\n`))
  const same = { type: 'condition', field: 'id', op: 'eq', value: big }
  assert.equal(await engine.count(same), 1)
  const rows = (await engine.preview('everyone')).toArray()
  assert.deepEqual(rows, [{ id: -big, name: '!' }, { id: 5000000000, name: 'n2' }, { id: big, name: 'sn1' }])
  assert.deepEqual(engine.sql(same, { dialect: 'sqlite' }).params, [big])
  assert.deepEqual(engine.optimize(same).filter, same)
  assert.equal((await engine.explain(same, big)).key, big)
  assert.deepEqual(await engine.referenceMembers(same), [big])
})
