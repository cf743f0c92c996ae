'use strict'

const { fileURLToPath } = require('node:url')
const { isUint8Array } = require('node:util/types')

const { encode } = require('./json.js')

// Kinds of arguments. Which words, names and filters are good is for the engine to say.

function wrong(what, wanted, given) {
  const kind = given === null ? 'null' : Array.isArray(given) ? 'an array' : typeof given
  return Object.assign(new TypeError(`${what} is ${wanted}, not ${kind}`), { code: 'ERR_INVALID_ARG_TYPE' })
}

const isString = (value) => typeof value === 'string'
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isTerm = (term) => isString(term) || (Array.isArray(term) && term.length === 2 && term.every(isString))

const KINDS = {
  string: ['a string', isString],
  boolean: ['a boolean', (value) => typeof value === 'boolean'],
  function: ['a function', (value) => typeof value === 'function'],
  count: ['an integer from 0 on', (value) => Number.isSafeInteger(value) && value >= 0],
  names: ['an array of strings', (value) => Array.isArray(value) && value.every(isString)],
  order: ["an array of columns or [column, 'asc' or 'desc']", (value) => Array.isArray(value) && value.every(isTerm)],
  types: ['an object with a type by column', (value) => isObject(value) && Object.values(value).every(isString)],
  signal: ['an AbortSignal', (value) => isObject(value) && typeof value.addEventListener === 'function'],
  catalog: ['a catalog: an object or a string', (value) => isString(value) || isObject(value)],
  number: ['a number', (value) => typeof value === 'number' && Number.isFinite(value)],
  people: ["'pinned', 'follow' or an object with a node by node", (value) => isString(value) || isObject(value)],
  documents: ['an array', (value) => Array.isArray(value)],
  key: ['a string, an integer or a BigInt', (value) => ['string', 'number', 'bigint'].includes(typeof value)],
  folder: ['a path or a file URL', (value) => isString(value) || value instanceof URL],
  instant: ['a Date or an ISO 8601 string', (value) => isString(value) || value instanceof Date],
}

/** The options, if they are of their kinds; a misspelt one must not be as good as none. */
function options(given, kinds, required = []) {
  const found = given === undefined ? {} : given
  if (!isObject(found)) throw wrong('the last argument', 'an object with options', found)
  for (const [name, value] of Object.entries(found)) {
    if (!Object.hasOwn(kinds, name)) {
      const known = Object.keys(kinds).join(', ')
      throw Object.assign(new TypeError(`no option \`${name}\`; known: ${known}`), { code: 'ERR_INVALID_ARG_VALUE' })
    }
    const [wanted, fits] = KINDS[kinds[name]]
    if (value !== undefined && !fits(value)) throw wrong(`\`${name}\``, wanted, value)
  }
  for (const name of required) {
    if (found[name] === undefined) throw wrong(`\`${name}\``, KINDS[kinds[name]][0], undefined)
  }
  // `undefined` is the same as absent, also for the native half.
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** A filter or catalog as text. */
function document(given, what) {
  if (isString(given)) return given
  const text = isObject(given) ? encode(given) : undefined
  if (text === undefined) throw wrong(what, 'an object or a string', given)
  return text
}

/** A list of documents as text. */
const documents = (given, what) => (Array.isArray(given) ? encode(given) : document(given, what))

/** A text. */
function text(given, what) {
  if (isString(given)) return given
  throw wrong(what, 'a string', given)
}

const filter = (given) => document(given, 'a filter')

function filters(given) {
  if (!Array.isArray(given)) throw wrong('what is asked', 'an array of filters', given)
  return given.map(filter)
}

function source(given) {
  if (isString(given) || isUint8Array(given)) return given
  if (given instanceof URL) return fileURLToPath(given)
  throw wrong('a source', 'a path, a file URL, or a Uint8Array with Arrow IPC', given)
}

/** A folder. */
function path(given) {
  if (isString(given)) return given
  if (given instanceof URL) return fileURLToPath(given)
  throw wrong('a folder', 'a path or a file URL', given)
}

/** An instant as ISO 8601 text. */
const instant = (given) => (given instanceof Date ? given.toISOString() : given)

/** A customer's key: native integers are 64 bits wide. */
function key(given) {
  if (isString(given)) return given
  const int = Number.isSafeInteger(given) ? BigInt(given) : given
  if (typeof int === 'bigint' && BigInt.asIntN(64, int) === int) return int
  const message = 'a customer\'s key is a string, an integer that is safe, or a BigInt of 64 bits'
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}

module.exports = { document, documents, filter, filters, instant, key, options, path, source, text }
