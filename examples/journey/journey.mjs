// A journey over a made shop: drawn, checked, simulated over 60 days, and run.
//
// `node examples/journey/journey.mjs` runs all of it and writes a picture (`PICTURE=path.svg`, `journey.svg` if not said).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Engine, filters } from '../../bindings/node/index.js'

const NOW = new Date('2026-12-01T08:00:00Z')
const DAY = 24 * 60 * 60 * 1000
const MANY = Number(process.env.CUSTOMERS ?? 2000)

/** A shop, always the same one. */
async function shop() {
  let state = 7
  // A small generator (Park and Miller's minimal standard, CACM 31(10), 1988).
  const below = (end) => (state = (state * 48271) % 2147483647) % end
  const customers = ['customer_id,name,age,consent']
  const orders = ['customer_id,at,amount']
  for (let key = 1; key <= MANY; key++) {
    customers.push(`${key},Customer ${key},${16 + below(70)},${below(5) > 0}`)
    for (let many = [0, 0, 1, 1, 2, 5][below(6)]; many > 0; many--) {
      const at = new Date(NOW.getTime() - (1 + below(120 * 24 * 60)) * 60_000)
      orders.push(`${key},${at.toISOString()},${(500 + below(19_500)) / 100}`)
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'cvm-shop-'))
  try {
    writeFileSync(join(folder, 'customers.csv'), customers.join('\n'))
    writeFileSync(join(folder, 'orders.csv'), orders.join('\n'))
    const engine = new Engine({ asOf: NOW })
    await engine.loadCustomers(join(folder, 'customers.csv'), { key: 'customer_id' })
    const events = { customer: 'customer_id', name: 'order', time: 'at', table: 'orders' }
    await engine.loadEvents(join(folder, 'orders.csv'), events)
    await engine.prepare()
    return engine
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const engine = await shop()

// Entry → Segment → Wait → Send Offer → Wait → Branch → End.
const ordered = filters.toObject('count(order within last 3 days) >= 1')
const edge = (source, sourceHandle, target) => ({ id: `${source} ${sourceHandle}`, source, sourceHandle, target })
const wait = (id, amount) => ({ id, type: 'wait', data: { until: 'duration', duration: { amount, unit: 'day' } } })
const journey = {
  id: 'win-back',
  name: 'Win back',
  entry: {
    trigger: {
      type: 'segment',
      filter: filters.toObject('count(order) >= 1 and count(order within last 30 days) = 0'),
    },
  },
  settings: {
    consent: { email: filters.toObject('consent = true') },
    zone: { fallback: 'Europe/Paris' },
    quiet_hours: [{ from: '21:00', to: '08:00' }],
    goals: [{ name: 'ordered again', filter: ordered, leave: false }],
    holdout: 5,
    seed: 7,
  },
  nodes: [
    { id: 'in', type: 'entry' },
    { id: 'adults', type: 'segment', data: { filter: filters.toObject('age >= 18') } },
    wait('pause', 2),
    { id: 'offer', type: 'send', data: { channel: 'email', template: 'miss you', offer: 'ten' } },
    wait('think', 3),
    { id: 'ordered', type: 'branch', data: { cases: [{ name: 'yes', filter: ordered }] } },
    { id: 'won', type: 'end', data: { reason: 'ordered' } },
    { id: 'over', type: 'end', data: { reason: 'no order' } },
    { id: 'young', type: 'end', data: { reason: 'too young' } },
  ],
  edges: [
    edge('in', 'next', 'adults'),
    edge('adults', 'yes', 'pause'),
    edge('adults', 'no', 'young'),
    edge('pause', 'next', 'offer'),
    edge('offer', 'next', 'think'),
    edge('think', 'next', 'ordered'),
    edge('ordered', 'yes', 'won'),
    edge('ordered', 'default', 'over'),
  ],
}
const offers = [{ id: 'ten', name: 'Ten percent', benefit: { type: 'discount_percent', percent: 10 }, cost: '0.80' }]
const email = { subject: 'We miss you, {{ customer.name }}', html: '<p>Ten percent off: come back!' }
const templates = [{ id: 'miss you', content: { email } }]

// What is worth a look, before anything starts.
for (const found of await engine.checkJourney(journey, { offers })) console.log(found.severity, found.code, found.message)

// 60 days on a virtual clock: what customers did in that time happens again, and 4 of 100 order because of the offer.
const assume = [{ event: 'order', after: 'offer', percent: 4, within: { amount: 3, unit: 'day' } }]
const simulation = await engine.simulate(journey, { days: 60, offers, assume })
console.log(`${simulation.entered} of ${simulation.customers} customers entered`)
for (const node of simulation.nodes) {
  console.log(`${node.node.padEnd(8)} ${node.entered} came, ${node.done} sent, went on: ${JSON.stringify(node.left)}`)
}
console.log(`left: ${JSON.stringify(simulation.left)}; the offers cost ${simulation.cost}`)
const picture = process.env.PICTURE ?? 'journey.svg'
writeFileSync(picture, simulation.svg)
console.log(`a picture is in ${picture}`)

// For real, in memory (`engine.journeys({ folder })` keeps it through crashes): publish, and time goes by.
const journeys = await engine.journeys({ offers, templates })
await journeys.publish(journey, { now: NOW })
await journeys.tick({ now: NOW })
const due = new Date(NOW.getTime() + 2 * DAY)
await journeys.tick({ now: due })
const { messages } = await journeys.poll({ channels: ['email'], limit: 10_000, now: due })
console.log(`${messages.length} messages; the first: ${messages[0].parts.subject}`)

// Say what became of them; the first customer opens the mail and orders.
await journeys.acknowledge(messages.map((message) => message.receipt), { now: due })
const customer = Number(messages[0].customer)
const later = new Date(due.getTime() + DAY / 8)
const order = { key: customer, event: 'order', time: later, properties: { amount: 25 } }
await journeys.feed([{ ...order, id: 'order 1', message: messages[0].key }], { now: later })
await journeys.tick({ now: new Date(due.getTime() + 3 * DAY) })
const { entered, left, reached } = await journeys.statistics('win-back')
console.log(`entered: ${entered}, left: ${JSON.stringify(left)}, reached: ${JSON.stringify(reached)}`)
for (const { at, step, node = '' } of await journeys.explain(customer)) console.log(at, step, node)
