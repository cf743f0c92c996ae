// Checked by `tsc --noEmit` in types.test.js, not run.
import { CvmError, Engine, toArrow } from 'cvm-engine'
import type { Catalog, Diagnostic, Filter, Key, LoadReport, Query, Rows, Value } from 'cvm-engine'

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
  // @ts-expect-error dialect is missing
  engine.sql('everyone', {})
}
