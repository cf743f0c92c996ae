'use strict'

const native = require('../native.js')
const { document, filter, filters, instant, key, options, path, source } = require('./arguments.js')
const { call } = require('./errors.js')
const { journeysOf } = require('./journeys.js')
const { decode, encode } = require('./json.js')
const { liveOf } = require('./live.js')
const { Rows } = require('./rows.js')
const { run } = require('./run.js')

const LOAD = { types: 'types', onBadRows: 'string', table: 'string', signal: 'signal', onProgress: 'function' }
const LOAD_CUSTOMERS = { key: 'string', rowNumber: 'string', ...LOAD }
const LOAD_RELATED = { customer: 'string', name: 'string', ...LOAD }
const LOAD_EVENTS = { customer: 'string', name: 'string', time: 'string', ...LOAD }
const ASK = { signal: 'signal' }
const MANY = { signal: 'signal', onProgress: 'function' }
const SHOW = { limit: 'count', offset: 'count', columns: 'names', orderBy: 'order' }
const SIMULATE = {
  start: 'instant', days: 'count', everyMinutes: 'count', offers: 'documents', beside: 'documents', assume: 'documents',
  failed: 'number', events: 'boolean', seed: 'count', customer: 'key',
}
const SQL = { dialect: 'string', statement: 'string', parameters: 'boolean', into: 'string', placeholders: 'string', materialized: 'boolean', clock: 'string', ...SHOW }

/** Where an engine that was opened finds its native half; nobody else has the key. */
const OPENED = Symbol('opened')

/** One audience and every question about it. */
class Engine {
  #native

  constructor(given) {
    if (given?.[OPENED]) {
      this.#native = given[OPENED]
      return
    }
    const { asOf, timezone, indexMemory } = options(given, { asOf: 'instant', timezone: 'string', indexMemory: 'count' })
    this.#native = call(() => new native.Engine(instant(asOf), timezone, indexMemory))
  }

  static open(folder, given) {
    const { asOf, indexMemory } = options(given, { asOf: 'instant', indexMemory: 'count' })
    const from = path(folder)
    return new Engine({ [OPENED]: call(() => native.Engine.open(from, instant(asOf), indexMemory)) })
  }

  async save(folder, given) {
    const { signal } = options(given, ASK)
    await run(signal, () => this.#native.save(path(folder)))
  }

  async live(given) {
    const { now, signal } = options(given, { now: 'instant', ...ASK })
    return liveOf(await run(signal, () => this.#native.live(instant(now))))
  }

  async checkJourney(journey, given) {
    const { signal, ...known } = options(given, { offers: 'documents', beside: 'documents', ...ASK })
    const text = document(journey, 'a journey')
    return decode(await run(signal, () => this.#native.checkJourney(text, encode(known))))
  }

  async simulate(journey, given) {
    const { signal, start, everyMinutes, customer, ...rest } = options(given, { ...SIMULATE, ...ASK })
    const text = document(journey, 'a journey')
    const wanted = { ...rest, every_minutes: everyMinutes, customer: customer === undefined ? undefined : `${key(customer)}` }
    return decode(await run(signal, () => this.#native.simulate(text, encode(wanted), instant(start))))
  }

  async journeys(given) {
    const { signal, folder, ...rest } = options(given, { folder: 'folder', offers: 'documents', templates: 'documents', ...ASK })
    const wanted = { ...rest, folder: folder === undefined ? undefined : path(folder) }
    return journeysOf(await run(signal, () => this.#native.journeys(encode(wanted))))
  }

  async loadCustomers(from, given) {
    const wanted = options(given, LOAD_CUSTOMERS)
    return await this.#load(wanted, (tell) => this.#native.loadCustomers(source(from), wanted, tell))
  }

  async loadEvents(from, given) {
    const wanted = options(given, LOAD_EVENTS, ['customer', 'name', 'time'])
    return await this.#load(wanted, (tell) => this.#native.loadEvents(source(from), wanted, tell))
  }

  async loadRelated(from, given) {
    const wanted = options(given, LOAD_RELATED, ['customer', 'name'])
    return await this.#load(wanted, (tell) => this.#native.loadRelated(source(from), wanted, tell))
  }

  async #load(wanted, start) {
    return decode(await this.#told(wanted, (_, tell) => start(tell)))
  }

  /** Work that tells how far it is, until it is over or given up. */
  async #told({ signal, onProgress }, start) {
    let over = false
    try {
      return await run(signal, (job, fail) => {
        const tell = (done, total) => {
          if (over) return
          try {
            onProgress(done, total)
          } catch (error) {
            // Thrown on, it would end the process: nobody else is there to catch it.
            over = true
            fail(error)
          }
        }
        return start(job, onProgress && tell)
      })
    } finally {
      // The last news may be on their way still; they are none any more.
      over = true
    }
  }

  catalog() {
    return decode(call(() => this.#native.catalog()))
  }

  setCatalog(catalog) {
    const text = document(catalog, 'a catalog')
    call(() => this.#native.setCatalog(text))
  }

  validate(f) {
    const text = filter(f)
    return decode(call(() => this.#native.validate(text)))
  }

  optimize(f) {
    const text = filter(f)
    return decode(call(() => this.#native.optimize(text)))
  }

  sql(f, given) {
    const text = filter(f)
    const { limit, offset, columns, orderBy, ...rest } = options(given, SQL, ['dialect'])
    const wanted = { ...rest, preview: preview({ limit, offset, columns, orderBy }) }
    return decode(call(() => this.#native.sql(text, wanted)))
  }

  async count(f, given) {
    const { signal } = options(given, ASK)
    return await run(signal, (job) => this.#native.count(job, filter(f)))
  }

  async estimate(f, given) {
    const { signal } = options(given, ASK)
    return decode(await run(signal, (job) => this.#native.estimate(job, filter(f))))
  }

  async members(f, given) {
    const { signal } = options(given, ASK)
    return new Rows(await run(signal, (job) => this.#native.members(job, filter(f))))
  }

  async preview(f, given) {
    const { signal, ...show } = options(given, { ...SHOW, ...ASK })
    return new Rows(await run(signal, (job) => this.#native.preview(job, filter(f), preview(show))))
  }

  async funnel(f, given) {
    const { signal } = options(given, ASK)
    return decode(await run(signal, (job) => this.#native.funnel(job, filter(f))))
  }

  async counts(fs, given) {
    return decode(await this.#many('counts', fs, given))
  }

  async membersOf(fs, given) {
    return (await this.#many('membersOf', fs, given)).map((rows) => new Rows(rows))
  }

  async waterfall(fs, given) {
    return decode(await this.#many('waterfall', fs, given))
  }

  async overlap(fs, given) {
    return decode(await this.#many('overlap', fs, given))
  }

  async #many(verb, fs, given) {
    const wanted = options(given, MANY)
    return await this.#told(wanted, (job, tell) => this.#native[verb](job, filters(fs), tell))
  }

  get index() {
    return decode(call(() => this.#native.index()))
  }

  async prepare(given) {
    const { signal } = options(given, ASK)
    return decode(await run(signal, (job) => this.#native.prepare(job)))
  }

  async explain(f, customer, given) {
    const { signal } = options(given, ASK)
    return decode(await run(signal, (job) => this.#native.explain(job, filter(f), key(customer))))
  }

  async referenceMembers(f, given) {
    const { signal } = options(given, ASK)
    return decode(await run(signal, () => this.#native.referenceMembers(filter(f))))
  }
}

/** The native half takes every term of the order as an array. */
function preview({ orderBy, ...rest }) {
  return orderBy ? { ...rest, orderBy: orderBy.map((term) => [term].flat()) } : rest
}

module.exports = { Engine }
