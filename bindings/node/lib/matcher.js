'use strict'

const native = require('../native.js')
const { document, filter, instant, options } = require('./arguments.js')
const { call } = require('./errors.js')
const { encode } = require('./json.js')

const AT = { asOf: 'instant' }

/** A filter made ready to be asked of one customer at a time. */
class Matcher {
  #native

  constructor(f, catalog) {
    const text = filter(f)
    const known = document(catalog, 'a catalog')
    this.#native = call(() => new native.Matcher(text, known))
  }

  matches(profile, history, given) {
    const asked = this.#asked(profile, history, given)
    return call(() => this.#native.matches(...asked))
  }

  nextChange(profile, history, given) {
    const asked = this.#asked(profile, history, given)
    const change = call(() => this.#native.nextChange(...asked))
    return change ?? null
  }

  #asked(profile, history = [], given) {
    const { asOf } = options(given, AT)
    const events = Array.isArray(history) ? encode(history) : document(history, 'a history')
    return [document(profile, 'a profile'), events, instant(asOf)]
  }
}

module.exports = { Matcher }
