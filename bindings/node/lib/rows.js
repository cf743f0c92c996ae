'use strict'

const { call } = require('./errors.js')
const { decode } = require('./json.js')
const { run } = require('./run.js')

/** A table of results. */
class Rows {
  #native

  constructor(native) {
    this.#native = native
  }

  get length() {
    return this.#native.length
  }

  get columnNames() {
    return this.#native.columnNames
  }

  toIPC() {
    return call(() => this.#native.toIpc())
  }

  toArray() {
    const rows = []
    // Batch by batch: a text of everything could be longer than a string may be.
    for (let batch = 0; batch < this.#native.batches; batch++) {
      for (const row of decode(call(() => this.#native.batchJson(batch)))) rows.push(row)
    }
    return rows
  }

  async *[Symbol.asyncIterator]() {
    for (let batch = 0; batch < this.#native.batches; batch++) {
      yield await run(undefined, () => this.#native.batchIpc(batch))
    }
  }
}

/** The rows as a table of apache-arrow. */
function toArrow(rows) {
  let arrow
  try {
    arrow = require('apache-arrow')
  } catch (cause) {
    throw new Error('toArrow needs the package apache-arrow: npm install apache-arrow', { cause })
  }
  return arrow.tableFromIPC(rows.toIPC())
}

module.exports = { Rows, toArrow }
