'use strict'

const { randomUUID } = require('node:crypto')

// Between JavaScript and the engine documents are JSON texts in which no integer loses a digit.

/** Reads what src/json.rs writes: with integers beyond 2^53 it is tagged. */
function decode(text) {
  if (text[0] !== '!') return JSON.parse(text)
  return JSON.parse(text.slice(1), (_, value) => {
    if (typeof value !== 'string') return value
    return value[0] === 'n' ? BigInt(value.slice(1)) : value.slice(1)
  })
}

/** JSON of an object, in which a BigInt is an integer. */
function encode(value) {
  // Nobody can guess the mark, so no text of a user can pass for a number.
  const mark = randomUUID()
  let marked = false
  const text = JSON.stringify(value, (_, inner) => {
    if (typeof inner !== 'bigint') return inner
    marked = true
    return `${mark}${inner}`
  })
  return marked ? text.replace(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1') : text
}

module.exports = { decode, encode }
