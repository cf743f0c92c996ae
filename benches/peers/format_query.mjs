// react-querybuilder's formatQuery on the same filter. Prints one JSON object: nanoseconds per call, by name.

import { readFileSync } from 'node:fs';
import { formatQuery } from '@react-querybuilder/core';
import { query, rules } from './query.mjs';
import { median } from './timing.mjs';

const tree = query(JSON.parse(readFileSync(process.argv[2], 'utf8')));
if (rules(tree) !== 50) throw new Error(`${rules(tree)} rules`);
const json = JSON.stringify(tree);

const options = (format) => ({ format, preset: 'postgresql' });
const sql = options('sql');
const parameterized = options('parameterized');
if (process.argv[3] === '--show') {
  console.log(formatQuery(tree, parameterized).sql);
  console.log(formatQuery(tree, sql));
  process.exit();
}

console.log(
  JSON.stringify({
    'rqb/parse': median(() => JSON.parse(json)),
    'rqb/sql': median(() => formatQuery(tree, sql)),
    'rqb/parameterized': median(() => formatQuery(tree, parameterized)),
    'rqb/parse_and_parameterized': median(() => formatQuery(JSON.parse(json), parameterized)),
  }),
);
