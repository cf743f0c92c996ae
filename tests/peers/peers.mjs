// Asks the real libraries. Reads one JSON object a line and answers with one:
//   {"ask": "sql", "query": …}                     → {"answer": "the SQL of formatQuery"}
//   {"ask": "json_logic", "rule": …, "rows": […]}  → {"answer": [whether the result is truthy, …]}
// What a library throws is {"error": "…"}.

import { createInterface } from 'node:readline'

import { formatQuery } from '@react-querybuilder/core/formatQuery'
import jsonLogic from 'json-logic-js'

const ASKED = {
  sql: ({ query }) => formatQuery(query, { format: 'sql' }),
  json_logic: ({ rule, rows }) => rows.map((row) => jsonLogic.truthy(jsonLogic.apply(rule, row))),
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    const asked = JSON.parse(line)
    answer = { answer: ASKED[asked.ask](asked) }
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
