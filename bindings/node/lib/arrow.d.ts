// apache-arrow is optional: without it the table is `any`, and nothing else of the types suffers.
// @ts-ignore
export type { Table } from 'apache-arrow'
