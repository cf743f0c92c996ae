'use strict'

const assert = require('node:assert/strict')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { test } = require('node:test')

const { CvmError, Engine, JourneyError, Journeys, filters, journeys: documents } = require('..')
const { file } = require('./help.js')

const START = '2026-12-01T09:00:00Z'
const LATER = '2026-12-04T09:00:00Z'
const HELLO = { id: 'hello', content: { email: { subject: 'Hello {{ customer.name }}', html: '<p>{{ customer.name }}' } } }

const edge = (source, sourceHandle, target) => ({ id: `${source} ${sourceHandle}`, source, sourceHandle, target })

/** Who orders leaves; who does not within three days gets a mail. */
function journey(version = 1, wait = 'wait') {
  return {
    id: 'orders',
    version,
    name: 'Orders',
    entry: { trigger: { type: 'api' } },
    nodes: [
      { id: 'in', type: 'entry' },
      { id: wait, type: 'wait', data: { until: 'event', event: 'order', timeout: { amount: 3, unit: 'day' } } },
      { id: 'is', type: 'segment', data: { filter: filters.toObject("tier = 'gold'") } },
      { id: 'arms', type: 'split', data: { experiment: 'hello', arms: [{ name: 'mail', percent: 100 }] } },
      { id: 'mail', type: 'send', data: { channel: 'email', template: 'hello' } },
      { id: 'ordered', type: 'end', data: { reason: 'ordered' } },
      { id: 'asked', type: 'end', data: { reason: 'asked' } },
    ],
    edges: [
      edge('in', 'next', wait), edge(wait, 'happened', 'ordered'), edge(wait, 'timeout', 'is'), edge('is', 'yes', 'ordered'),
      edge('is', 'no', 'arms'), edge('arms', 'mail', 'mail'), edge('mail', 'next', 'asked'),
    ],
  }
}

async function shop() {
  const engine = new Engine({ asOf: '2026-12-01' })
  await engine.loadCustomers(file('shop.csv', 'id,name,tier\n1,Ada,basic\n2,<Alan>,basic\n3,Grace,gold\n'), { key: 'id' })
  const orders = file('orders.csv', 'customer,at,amount\n1,2026-11-04T10:00:00Z,20\n')
  await engine.loadEvents(orders, { customer: 'customer', name: 'order', time: 'at' })
  return engine
}

const order = (key, time, beside) => [{ key, event: 'order', time, properties: { amount: 5 }, ...beside }]
const counted = (nodes, name) => nodes.find((node) => node.node === name)

test('journeys run, one call after the other', async () => {
  const journeys = await (await shop()).journeys({ templates: [HELLO] })
  const first = [journeys.status('orders'), journeys.journey('orders'), journeys.wake()]
  const published = journeys.publish(journey(), { now: START })
  const entered = journeys.enrol('orders', [1, 2n, 3], { now: new Date(START) })
  const at = journeys.positions(1)
  assert.deepEqual(await Promise.all([...first, published, entered]), [null, null, null, undefined, undefined])
  assert.deepEqual(await at, [{ journey: 'orders', version: 1, node: 'wait', entry: 1, until: LATER }])
  assert.equal(await journeys.wake(), LATER)
  const fed = { events: 1, changed: 0, new: 0, repeated: 0, left_out: 0 }
  const bought = order(1, '2026-12-02T10:00:00Z', { id: 'a' })
  assert.deepEqual(await journeys.feed(bought, { now: '2026-12-02T10:00:00Z' }), fed)
  assert.equal((await journeys.feed(JSON.stringify(bought), { now: '2026-12-02T10:00:01Z' })).repeated, 1)
  await journeys.pause('orders', { now: '2026-12-02T11:00:00Z' })
  assert.equal(await journeys.status('orders'), 'paused')
  await journeys.resume('orders', { now: '2026-12-02T12:00:00Z' })
  // Customer 1 ordered, 3 is gold, 2 gets the mail.
  await journeys.tick({ now: LATER })
  const { messages, unmade } = await journeys.poll({ channels: ['email'], now: LATER })
  assert.deepEqual([messages.length, unmade], [1, []])
  assert.deepEqual([messages[0].customer, messages[0].parts.html], ['2', '<p>&lt;Alan&gt;'])
  await journeys.acknowledge(messages[0].receipt, { outcome: 'again', after: '2026-12-04T09:10:00Z', now: LATER })
  await journeys.tick({ now: '2026-12-04T09:11:00Z' })
  const [again] = (await journeys.poll({ limit: 5, seconds: 60, now: '2026-12-04T09:11:00Z' })).messages
  assert.deepEqual([again.key, again.attempt], [messages[0].key, 2])
  await journeys.acknowledge([again.receipt], { now: '2026-12-04T09:11:01Z' })
  await journeys.feed(order(2, '2026-12-04T09:20:00Z', { message: again.key }), { now: '2026-12-04T09:20:00Z' })

  const told = await journeys.statistics('orders')
  assert.deepEqual([told.entered, told.waiting, told.left], [3, 0, { asked: 1, ordered: 2 }])
  assert.deepEqual(counted(told.nodes, 'wait').left, { happened: 1, timeout: 2 })
  const mail = counted(told.nodes, 'mail')
  assert.deepEqual([mail.handed, mail.done, mail.events], [2, 1, { order: 1 }])
  const drawn = { customer: 2, node: 'arms', arm: 'mail', version: 1, at: LATER }
  assert.deepEqual((await journeys.exposures('orders')).toArray(), [drawn])
  const way = await journeys.explain(2)
  assert.deepEqual(way[0], { at: START, journey: 'orders', step: 'entered', entry: 1, version: 1 })
  assert.equal(way.at(-1).reason, 'asked')
  assert.match(await journeys.svg('orders'), /^<svg/)
  await journeys.stop('orders', { now: '2026-12-05T09:00:00Z' })
  assert.equal(await journeys.status('orders'), 'stopped')
})

test('versions, and a folder that is closed and opened again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cvm-'))
  try {
    const engine = await shop()
    const journeys = await engine.journeys({ folder: join(folder, 'state'), templates: [HELLO] })
    await journeys.publish(journey(), { now: START })
    await journeys.enrol('orders', [1, 2], { now: START })
    const moves = [{ version: 1, node: 'wait', customers: 2, fate: 'move', to: 'pause' }]
    assert.deepEqual(await journeys.preview(journey(2, 'pause'), { people: { wait: 'pause' } }), moves)
    assert.equal((await journeys.preview(journey(2)))[0].fate, 'pinned')
    const homeless = journeys.publish(journey(2, 'pause'), { people: 'follow', now: START })
    await assert.rejects(homeless, { name: 'JourneyError', code: 'CVM_JOURNEY_REFUSED', message: /`wait` \(2\)/ })
    await journeys.publish(journey(2, 'pause'), { people: { wait: 'pause' }, now: START })
    assert.equal((await journeys.journey('orders')).version, 2)
    await assert.rejects(engine.journeys({ folder: join(folder, 'state') }), { code: 'CVM_JOURNEY_STORE' })
    await journeys.close()
    await assert.rejects(journeys.tick(), { code: 'CVM_JOURNEY_GIVEN', message: /are closed/ })
    const again = await engine.journeys({ folder: pathToFileURL(join(folder, 'state')), templates: [HELLO] })
    assert.deepEqual(await again.ids(), ['orders'])
    assert.equal((await again.positions(2))[0].node, 'pause')
    await assert.rejects(again.tick({ now: '2027-12-01' }), /365 days forward|364 days forward/)
    await again.allowJump('2027-12-02')
    await again.tick({ now: '2027-12-01' })
    assert.equal((await again.poll({ now: '2027-12-01' })).messages.length, 2)
    await again.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a simulation, and what is wrong before it', async () => {
  const engine = await shop()
  const everybody = { ...journey(), entry: { trigger: { type: 'segment', filter: { type: 'everyone' } } } }
  const told = await engine.simulate(everybody, { start: '2026-11-01', days: 10, customer: 2 })
  // 1 orders on the fourth day, when the wait of three days is over; 3 is gold.
  assert.deepEqual([told.customers, told.entered, told.left], [3, 3, { asked: 2, ordered: 1 }])
  assert.deepEqual(told.messages.map((day) => day.email ?? 0), [0, 0, 0, 2, 0, 0, 0, 0, 0, 0])
  assert.deepEqual([told.most, told.arms], [{ customer: '1', messages: 1, in_a_day: 1 }, { arms: { mail: 2 } }])
  assert.deepEqual([told.path[0].at, told.from], ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z'])
  assert.match(told.svg, /^<svg/)
  const none = { start: '2026-11-01', days: 10, everyMinutes: 30, failed: 100, events: false, seed: 7, offers: [], beside: [] }
  assert.equal(counted((await engine.simulate(everybody, none)).nodes, 'mail').failed, 2)

  assert.deepEqual((await engine.checkJourney(journey())).filter((found) => found.severity === 'error'), [])
  const wrong = journey()
  wrong.edges.push(edge('mail', 'next', 'mail'))
  const found = (await engine.checkJourney(wrong)).find((found) => found.severity === 'error' && found.fix)
  const { journey: right, undo } = documents.edit(wrong, found.fix)
  assert.notDeepEqual(right.edges, wrong.edges)
  assert.deepEqual(documents.edit(right, undo).journey.edges, wrong.edges)
  const refused = await engine.simulate(wrong).catch((error) => error)
  assert.ok(refused instanceof JourneyError && refused instanceof CvmError)
  assert.ok(refused.findings.length > 0 && refused.stack.includes('journeys.test.js'))
})

test('what is given wrong has its place', async () => {
  const engine = await shop()
  const journeys = await engine.journeys({ templates: [HELLO] })
  await journeys.publish(journey(), { now: START })
  const none = '0'.repeat(32)
  for (const [ask, path, message] of [
    [() => engine.simulate(journey(), { offers: [{ id: 3 }] }), '/offers/0/id', /expected a string/],
    [() => engine.simulate(journey(), { failed: 101 }), '/failed', /0 to 100/],
    [() => engine.simulate(journey(), { customer: 9 }), '/customer', /no customer with the key `9`/],
    [() => engine.journeys({ templates: [{ id: 'x' }] }), '/templates/0', /missing field `content`/],
    [() => engine.simulate('[]'), '', /a journey is an object/],
    [() => journeys.enrol('orders', [1, 9], { now: START }), '/1', /no customer with the key `9`/],
    [() => journeys.enrol('order', [1], { now: START }), '', /no journey `order`/],
    [() => journeys.feed(order(1, START, { message: none }), { now: START }), '/0/message', /0000/],
    [() => journeys.acknowledge('x', { now: START }), '/0', /`x` is no receipt/],
    [() => journeys.acknowledge([], { outcome: 'dnoe' }), '/outcome', /`dnoe` is no outcome/],
    [() => journeys.statistics('order'), '', /no journey `order`/],
    [() => journeys.exposures('order'), '', /no journey `order`/],
    [async () => documents.edit(journey(), [{ type: 'remove_node', id: 'x' }]), '/edits/0', /no node `x`/],
    [async () => documents.svg(journey(), { flow: { in: { enterd: 1 } } }), '/flow/in/enterd', /unknown field/],
  ]) {
    await assert.rejects(ask, { name: 'JourneyError', path, message })
  }
  await assert.rejects(journeys.feed([{ key: 1, fields: { teir: 'x' } }], { now: START }), { code: 'CVM_UNKNOWN_FIELD' })
  await assert.rejects(journeys.publish(3), { code: 'ERR_INVALID_ARG_TYPE' })
  await assert.rejects(journeys.poll({ channel: ['x'] }), { code: 'ERR_INVALID_ARG_VALUE' })
  await assert.rejects(engine.simulate(journey(), { dais: 3 }), { code: 'ERR_INVALID_ARG_VALUE' })
  assert.throws(() => new Journeys(), TypeError)
  assert.equal((await journeys.statistics('orders')).entered, 0)
})

test('journeys are documents', () => {
  const picture = documents.toReactFlow(journey())
  assert.notDeepEqual(picture.nodes[0].position, picture.nodes.at(-1).position)
  const again = documents.fromReactFlow(picture, { id: 'orders', name: 'Orders', entry: journey().entry })
  assert.deepEqual(again.nodes.map((node) => node.id), journey().nodes.map((node) => node.id))
  assert.throws(() => documents.fromReactFlow(picture, { id: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.match(documents.svg(journey(), { flow: { mail: { entered: 12, waiting: 0, left: { next: 12 } } } }), /12/)
  assert.equal(documents.schema().title, 'Journey')
})
