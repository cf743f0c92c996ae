'use strict'

const native = require('../native.js')
const { document, filter, instant, key, options } = require('./arguments.js')
const { call, translate } = require('./errors.js')
const { decode, encode } = require('./json.js')

/** Where one that an engine made finds its native half; nobody else has the key. */
const MADE = Symbol('made')

/** Who is in which segment, kept up. What is called is done one after the other, in the order of the calls. */
class Live {
  #native
  #last = Promise.resolve()

  constructor(catalog, given) {
    if (catalog?.[MADE]) {
      this.#native = catalog[MADE]
      return
    }
    const { now } = options(given, { now: 'instant' })
    const known = document(catalog, 'a catalog')
    this.#native = call(() => new native.Live(known, instant(now)))
  }

  async register(name, f) {
    return await this.#then((live) => live.registerOne(named(name), filter(f)))
  }

  async registerAll(segments) {
    const entries = Object.entries(segments ?? {})
    const filters = entries.map(([, f]) => filter(f))
    const names = entries.map(([name]) => name)
    const counts = await this.#then((live) => live.register(names, filters))
    return Object.fromEntries(names.map((name, i) => [name, counts[i]]))
  }

  async unregister(name) {
    return await this.#then((live) => live.unregister(named(name)))
  }

  async apply(changes, given) {
    const { now } = options(given, { now: 'instant' })
    const text = Array.isArray(changes) ? encode(changes) : document(changes, 'what happened')
    return await this.#then((live) => live.apply(text, instant(now)))
  }

  async advance(given) {
    const { to } = options(given, { to: 'instant' })
    return await this.#then((live) => live.advance(instant(to)))
  }

  async count(name) {
    return known(name, await this.#then((live) => live.count(named(name))))
  }

  async members(name) {
    return known(name, await this.#then((live) => live.members(named(name))))
  }

  async isMember(name, customer) {
    const whose = key(customer)
    return known(name, await this.#then((live) => live.isMember(named(name), whose)))
  }

  async state() {
    return await this.#then((live) => live.state())
  }

  /** After all that was called before, whether that went well or not. */
  async #then(start) {
    const turn = this.#last.then(() => start(this.#native))
    this.#last = turn.then(nothing, nothing)
    try {
      return decode(await turn)
    } catch (error) {
      throw translate(error)
    }
  }
}

function nothing() {}

function named(name) {
  if (typeof name === 'string') return name
  throw Object.assign(new TypeError('the name of a segment is a string'), { code: 'ERR_INVALID_ARG_TYPE' })
}

function known(name, found) {
  if (found !== null) return found
  throw Object.assign(new RangeError(`no segment \`${name}\` is registered`), { code: 'ERR_OUT_OF_RANGE' })
}

const liveOf = (made) => new Live({ [MADE]: made })

module.exports = { Live, liveOf }
