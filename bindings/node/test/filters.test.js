'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { CvmError, filters } = require('..')

const CATALOG = {
  customers: { table: 'c', key: 'id', fields: [{ name: 'id', type: 'int', nullable: false }, { name: 'age', type: 'int' }] },
}

test('SQL keeps its meaning', () => {
  const filter = filters.fromSql('age <> 30', { dialect: 'postgresql', catalog: CATALOG })
  assert.equal(filters.toText(filter), 'age != 30 without missing')
  const wrong = () => filters.fromSql('agee > 30', { catalog: CATALOG })
  assert.throws(wrong, (error) => error instanceof CvmError && error.diagnostics[0].suggestion === 'age')
  assert.throws(() => filters.fromSql('age > 30', { dialekt: 'mysql' }), TypeError)
})

test('react-querybuilder and JsonLogic, in and out', () => {
  const query = { combinator: 'and', rules: [{ field: 'age', operator: '>', value: 30 }] }
  const filter = filters.fromReactQuerybuilder(query, { catalog: CATALOG })
  assert.equal(filters.toText(filter), 'age > 30')
  assert.deepEqual(filters.toReactQuerybuilder(filter, { catalog: CATALOG }).rules[0], query.rules[0])
  const rule = filters.toJsonLogic(filter, { catalog: CATALOG })
  assert.match(filters.toText(filters.fromJsonLogic(rule, { catalog: JSON.stringify(CATALOG) })), /age > 30$/)
  assert.throws(() => filters.fromReactQuerybuilder({ combinator: 'and', rules: [] }), CvmError)
})

test('filters by themselves', () => {
  assert.equal(filters.leafCount('age > 1 and not (age > 5)'), 2)
  assert.deepEqual(filters.parameters('age > :least or age < :most'), ['least', 'most'])
  assert.equal(filters.toText(filters.withParameters('age > :least', { least: 30 })), 'age > 30')
  assert.equal(filters.fingerprint('age > 1 and age < 5'), filters.fingerprint('age < 5 and (age > 1 and age < 5)'))
  const known = { catalog: CATALOG }
  assert.deepEqual(filters.implies('age > 30', 'age > 20', known), { answer: 'yes' })
  assert.equal(filters.disjoint('age > 30', 'age > 20', known).answer, 'no')
  const { answer, customer } = filters.equivalent('not (age > 30)', 'age <= 30', known)
  assert.deepEqual([answer, customer.age], ['no', null])
  assert.equal(filters.toObject('age > 9007199254740993').value, 9007199254740993n)
})
