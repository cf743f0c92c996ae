'use strict'

const native = require('../native.js')
const { document, filter, options } = require('./arguments.js')
const { call } = require('./errors.js')
const { decode, encode } = require('./json.js')

const KNOWN = { catalog: 'catalog' }

/** A catalog as text; `undefined` without one. */
function catalog(given) {
  return given === undefined ? undefined : document(given, 'a catalog')
}

/** Any JSON: a text stands for itself, as documents that are texts have no use here. */
function json(given, what) {
  return typeof given === 'string' ? given : (encode(given) ?? document(given, what))
}

function fromSql(text, given) {
  const { dialect, catalog: known } = options(given, { dialect: 'string', ...KNOWN })
  return decode(call(() => native.fromSql(document(text, 'SQL'), dialect, catalog(known))))
}

function fromReactQuerybuilder(query, given) {
  const { catalog: known } = options(given, KNOWN)
  return decode(call(() => native.fromReactQuerybuilder(json(query, 'a query'), catalog(known))))
}

function fromJsonLogic(rule, given) {
  const { catalog: known } = options(given, KNOWN)
  return decode(call(() => native.fromJsonLogic(json(rule, 'a rule'), catalog(known))))
}

function toReactQuerybuilder(f, given) {
  const { catalog: known } = options(given, KNOWN, ['catalog'])
  return decode(call(() => native.toReactQuerybuilder(filter(f), catalog(known))))
}

function toJsonLogic(f, given) {
  const { catalog: known } = options(given, KNOWN, ['catalog'])
  return decode(call(() => native.toJsonLogic(filter(f), catalog(known))))
}

function relation(word, a, b, given) {
  const { catalog: known } = options(given, KNOWN, ['catalog'])
  return decode(call(() => native.relation(word, filter(a), filter(b), catalog(known))))
}

const implies = (a, b, given) => relation('implies', a, b, given)
const disjoint = (a, b, given) => relation('disjoint', a, b, given)
const equivalent = (a, b, given) => relation('equivalent', a, b, given)
const fingerprint = (f) => call(() => native.fingerprint(filter(f)))
const toObject = (f) => decode(call(() => native.toObject(filter(f))))
const toText = (f) => call(() => native.toText(filter(f)))
const leafCount = (f) => call(() => native.leafCount(filter(f)))
const parameters = (f) => call(() => native.parameters(filter(f)))
const withParameters = (f, values) => decode(call(() => native.withParameters(filter(f), json(values, 'the values'))))

module.exports = {
  disjoint, equivalent, fingerprint, fromJsonLogic, fromReactQuerybuilder, fromSql, implies, leafCount, parameters,
  toJsonLogic, toObject, toReactQuerybuilder, toText, withParameters,
}
