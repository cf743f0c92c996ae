'use strict'

const native = require('../native.js')
const { document, documents, instant, key, options, text } = require('./arguments.js')
const { call, translate } = require('./errors.js')
const { decode, encode } = require('./json.js')
const { Rows } = require('./rows.js')

/** Where journeys that an engine made find their native half; nobody else has the key. */
const MADE = Symbol('made')
const NOW = { now: 'instant' }
const PEOPLE = { people: 'people' }

/** Journeys that run. What is called is done one after the other, in the order of the calls. */
class Journeys {
  #native
  #last = Promise.resolve()

  constructor(made) {
    if (!made?.[MADE]) throw new TypeError('journeys are made by `engine.journeys()`')
    this.#native = made[MADE]
  }

  async validate(journey, given) {
    return await this.#ask('validate', { journey: drawn(journey), ...at(options(given, NOW)) })
  }

  async preview(journey, given) {
    const { people } = options(given, PEOPLE)
    return await this.#ask('preview', { journey: drawn(journey), people: inFlight(people) })
  }

  async publish(journey, given) {
    const { people, ...rest } = options(given, { ...PEOPLE, ...NOW })
    await this.#ask('publish', { journey: drawn(journey), people: inFlight(people), ...at(rest) })
  }

  async enrol(journey, customers, given) {
    if (!Array.isArray(customers)) throw wrong('the customers are an array of keys')
    const keys = customers.map(key)
    await this.#ask('enrol', { journey: text(journey, 'the id of a journey'), customers: keys, ...at(options(given, NOW)) })
  }

  async feed(changes, given) {
    return await this.#ask('feed', { changes: documents(changes, 'what happened'), ...at(options(given, NOW)) })
  }

  async tick(given) {
    await this.#ask('tick', at(options(given, NOW)))
  }

  async allowJump(until) {
    if (typeof until !== 'string' && !(until instanceof Date)) throw wrong('`until` is a Date or an ISO 8601 string')
    await this.#ask('allowJump', { until: instant(until) })
  }

  async poll(given) {
    const kinds = { channels: 'names', limit: 'count', seconds: 'count', ...NOW }
    const { channels = [], limit = 100, seconds = 300, ...rest } = options(given, kinds)
    return await this.#ask('poll', { channels, limit, seconds, ...at(rest) })
  }

  async acknowledge(receipts, given) {
    const { outcome = 'done', after, ...rest } = options(given, { outcome: 'string', after: 'instant', ...NOW })
    const list = [receipts].flat().map((receipt) => text(receipt, 'a receipt'))
    await this.#ask('acknowledge', { receipts: list, outcome, after: instant(after), ...at(rest) })
  }

  async pause(journey, given) {
    await this.#ask('pause', { journey: text(journey, 'the id of a journey'), ...at(options(given, NOW)) })
  }

  async resume(journey, given) {
    await this.#ask('resume', { journey: text(journey, 'the id of a journey'), ...at(options(given, NOW)) })
  }

  async stop(journey, given) {
    await this.#ask('stop', { journey: text(journey, 'the id of a journey'), ...at(options(given, NOW)) })
  }

  async positions(customer) {
    return await this.#ask('positions', { customer: key(customer) })
  }

  async explain(customer) {
    return await this.#ask('explain', { customer: key(customer) })
  }

  async statistics(journey) {
    return await this.#ask('statistics', { journey: text(journey, 'the id of a journey') })
  }

  async exposures(journey) {
    const id = text(journey, 'the id of a journey')
    return new Rows(await this.#then((journeys) => journeys.exposures(id)))
  }

  async ids() {
    return await this.#ask('ids', {})
  }

  async status(journey) {
    return await this.#ask('status', { journey: text(journey, 'the id of a journey') })
  }

  async journey(id) {
    return await this.#ask('journey', { journey: text(id, 'the id of a journey') })
  }

  async svg(journey) {
    return await this.#ask('svg', { journey: text(journey, 'the id of a journey') })
  }

  async wake() {
    return await this.#ask('wake', {})
  }

  async close() {
    await this.#then((journeys) => journeys.close())
  }

  async #ask(verb, given) {
    const told = encode({ verb, ...given })
    return decode(await this.#then((journeys) => journeys.ask(told)))
  }

  /** After all that was called before, whether that went well or not. */
  async #then(start) {
    const turn = this.#last.then(() => start(this.#native))
    this.#last = turn.then(nothing, nothing)
    try {
      return await turn
    } catch (error) {
      throw translate(error)
    }
  }
}

function nothing() {}

const wrong = (message) => Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
const drawn = (journey) => document(journey, 'a journey')
const at = ({ now }) => ({ now: instant(now) })
const inFlight = (people) => (people === undefined || typeof people === 'string' ? people : encode(people))

const journeysOf = (made) => new Journeys({ [MADE]: made })

/** Journeys as documents. */
const journeys = {
  edit: (journey, edits) => {
    const given = [drawn(journey), documents(edits, 'edits')]
    return decode(call(() => native.editJourney(...given)))
  },
  fromReactFlow: (picture, given) => {
    const { id, name, entry } = options(given, { id: 'string', name: 'string', entry: 'catalog' }, ['id', 'name', 'entry'])
    const from = [document(picture, 'a picture'), id, name, document(entry, 'an entry')]
    return decode(call(() => native.journeyFromReactFlow(...from)))
  },
  toReactFlow: (journey) => decode(call(() => native.journeyToReactFlow(drawn(journey)))),
  svg: (journey, given) => {
    const { flow = {} } = options(given, { flow: 'catalog' })
    return call(() => native.journeySvg(drawn(journey), document(flow, 'the flow')))
  },
  schema: () => decode(call(() => native.journeySchema())),
}

module.exports = { Journeys, journeys, journeysOf }
