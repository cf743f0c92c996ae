'use strict'

const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const { Engine } = require('..')

const CUSTOMERS = `customer_id,age,city,total_spent,signup_date,last_seen
1,34,Paris,120.50,2024-05-01,2024-06-29T10:00:00Z
2,,Lyon,80.00,2023-11-30,2024-06-01T08:30:00Z
3,61,Paris,,2022-01-15,
`
const EVENTS = `customer_id,kind,at,amount
1,order,2024-06-01T10:00:00Z,20.00
1,visit,2024-06-02T10:00:00Z,
3,order,2024-05-01T10:00:00Z,5.00
`

/** What is known of customers where there are no tables. */
const CATALOG = {
  customers: {
    table: 'customers',
    key: 'id',
    fields: [{ name: 'id', type: 'int', nullable: false }, { name: 'plan', type: 'string' }],
  },
  events: [{ name: 'purchase', table: 'purchases', customer: 'id', time: 'at' }],
}

const folder = mkdtempSync(join(tmpdir(), 'cvm-node-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A file with this text. */
function file(name, text) {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** An engine with three customers. */
async function loaded() {
  const engine = new Engine({ asOf: '2024-06-30T12:00:00Z' })
  await engine.loadCustomers(file('customers.csv', CUSTOMERS))
  return engine
}

/** A file with so many customers. */
function many(rows) {
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i % 90},city ${i % 100},${i}.50`)
  return file(`many-${rows}.csv`, `customer_id,age,city,total_spent\n${lines.join('\n')}\n`)
}

module.exports = { CATALOG, CUSTOMERS, EVENTS, file, folder, loaded, many }
