// Checked by `tsc --noEmit` in types.test.js, not run.
import { CvmError, Engine, JourneyError, journeys, toArrow } from 'cvm-engine'
import type {
  Catalog, Diagnostic, Filter, Journey, JourneyFinding, Key, LoadReport, Query, Rows, Simulation, Statistics, Value,
} from 'cvm-engine'

export async function sample(signal: AbortSignal): Promise<Key[]> {
  const engine = new Engine({ asOf: new Date(), timezone: 'Europe/Paris' })
  const report: LoadReport = await engine.loadCustomers('customers.csv', {
    key: 'id',
    types: { zip: 'string' },
    onBadRows: 'skip',
    signal,
    onProgress: (done, total) => console.log(done / total),
  })
  await engine.loadEvents(new Uint8Array(), { customer: 'id', name: 'kind', time: 'at' })

  const filter: Filter = {
    type: 'and',
    children: [
      { type: 'condition', field: 'age', op: 'between', value: [18, 30n] },
      { type: 'not', child: { type: 'condition', field: 'city', op: 'in', value: ['Paris'], missing: 'include' } },
    ],
  }
  const findings: Diagnostic[] = [...engine.validate(filter), ...report.warnings]
  const query: Query = engine.sql('age > 3', { dialect: 'duckdb', statement: 'preview', limit: 3, orderBy: ['age'] })
  const catalog: Catalog = engine.catalog()
  engine.setCatalog({ ...catalog, zone: 'UTC' })

  const rows: Rows = await engine.preview(filter, { columns: ['city'], orderBy: [['city', 'desc']], signal })
  const cities: (Value | undefined)[] = rows.toArray().map((row) => row['city'])
  for await (const bytes of rows) console.log(bytes.byteLength)
  console.log(toArrow(rows).numRows, cities, findings[0]?.code === 'CVM_UNKNOWN_FIELD', query.params)

  try {
    return [(await engine.explain(filter, 1)).key, ...(await engine.referenceMembers(filter))]
  } catch (error) {
    if (error instanceof CvmError && error.code === 'CVM_UNKNOWN_CUSTOMER') return []
    throw error
  }
}

export async function run(engine: Engine): Promise<Statistics> {
  const journey: Journey = {
    id: 'hello',
    name: 'Hello',
    entry: { trigger: { type: 'segment', filter: { type: 'everyone' } } },
    nodes: [{ id: 'in', type: 'entry' }, { id: 'out', type: 'end', data: { reason: 'done' } }],
    edges: [{ id: '1', source: 'in', sourceHandle: 'next', target: 'out' }],
  }
  const found: JourneyFinding[] = await engine.checkJourney(journey)
  const { journey: right } = journeys.edit(journey, found.flatMap((finding) => finding.fix ?? []))
  const assume = [{ event: 'order', percent: 5, within: { amount: 3, unit: 'day' } }] as const
  const told: Simulation = await engine.simulate(right, { days: 60, assume, customer: 7n })
  console.log(told.nodes.map((node) => node.left['next'] ?? 0), told.svg)
  const live = await engine.journeys({ folder: 'state' })
  try {
    await live.publish(right, { people: { old: 'new' }, now: new Date() })
    for (const message of (await live.poll({ limit: 10 })).messages) {
      await live.acknowledge(message.receipt, { outcome: 'failed' })
      await live.feed([{ key: 1, event: 'open', time: '2026-12-01', message: message.key }])
    }
    return await live.statistics('hello')
  } catch (error) {
    if (error instanceof JourneyError) console.log(error.findings[0]?.fix, error.code === 'CVM_JOURNEY_REFUSED')
    throw error
  } finally {
    await live.close()
  }
}

// What must not compile.
export function wrong(engine: Engine, rows: Rows): void {
  // @ts-expect-error no such dialect
  engine.sql('everyone', { dialect: 'oracle' })
  // @ts-expect-error a misspelt option
  void engine.preview('everyone', { limt: 3 })
  // @ts-expect-error no such operator
  void engine.count({ type: 'condition', field: 'age', op: 'above', value: 3 })
  // @ts-expect-error results are not changed
  rows.length = 3
  // @ts-expect-error no such type of node
  void engine.simulate({ id: 'a', name: 'A', entry: { trigger: { type: 'api' } }, nodes: [{ id: 'x', type: 'sned' }], edges: [] })
  // @ts-expect-error dialect is missing
  engine.sql('everyone', {})
}
