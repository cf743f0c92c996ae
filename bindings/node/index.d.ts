import type { Table as ArrowTable } from './lib/arrow'
import type {
  AnyCode, Assumption, Fed, Happened, InFlight, Journey, JourneyEdit, JourneyEntry, JourneyFinding, JourneyLike, JourneyStatus,
  Moved, Offer, Outcome, Polled, Position, Simulation, Statistics, Template,
} from './journeys'
import type { Catalog, Diagnostic, Filter } from './types'

export type * from './journeys'
export type * from './types'

/** A filter: an object, a JSON text, or the text form, `age >= 25 and city = 'Paris'`. */
export type FilterLike = Filter | string

/** Where rows come from: a path, a file URL, or the bytes of an Arrow IPC stream or file. */
export type Source = string | URL | Uint8Array

/** What tells customers apart. Integers beyond 2^53 are BigInts. */
export type Key = string | number | bigint

/**
 * A value of a customer's field; missing is `null`. Integers beyond 2^53 are BigInts; decimals, dates (`2024-01-31`),
 * timestamps (`2024-01-31T09:30:00Z`) and JSON documents are strings, so that nothing is lost.
 */
export type Value = string | number | bigint | boolean | null | Value[]

export type Direction = 'asc' | 'desc'
export type Dialect =
  | 'postgresql' | 'postgres' | 'mysql' | 'mariadb' | 'sqlite' | 'duckdb' | 'datafusion' | 'clickhouse' | 'spark'
  | 'databricks' | 'bigquery' | 'snowflake' | 'redshift' | 'trino' | 'sqlserver' | 'mssql' | 'tsql'
export type Statement = 'members' | 'count' | 'preview' | 'funnel' | 'insert' | 'view' | 'dbt'
/** Dialects whose conditions can be read. */
export type ImportDialect =
  | 'generic' | 'ansi' | 'bigquery' | 'clickhouse' | 'databricks' | 'datafusion' | 'duckdb' | 'hive' | 'mariadb' | 'mysql'
  | 'oracle' | 'postgresql' | 'postgres' | 'redshift' | 'snowflake' | 'spark' | 'sqlite' | 'sqlserver' | 'mssql' | 'trino'
  | 'presto'
/** How placeholders are written: `$1`, `?`, `@p1`, `:p1`, `{p1:Int64}`. */
export type Placeholders = 'dollar' | 'question' | 'at' | 'colon' | 'clickhouse'
/** What to do with rows of text files that don't fit their columns. */
export type OnBadRows = 'error' | 'skip' | 'missing'

export interface EngineOptions {
  /** The instant at which filters are evaluated; at each call the present one if absent. */
  asOf?: Date | string | undefined
  /** The zone, an IANA name, in which days begin and in which times without an offset are read; `UTC` if absent. */
  timezone?: string | undefined
  /**
   * The bytes of memory that the rows may take for answers while one types; what needs more is answered from the tables.
   * Four gibibytes if absent; 0 makes no index.
   */
  indexMemory?: number | undefined
}

/** How it stands with the index in memory that answers while one types. */
export type IndexState =
  | { state: 'off' | 'none' | 'building' }
  | { state: 'ready'; customers: number; bytes: number; answer_bytes: number }
  | { state: 'refused'; findings: Diagnostic[]; sampled: number }

/** About how many customers: `low` to `high` holds the true number in at least 95 of 100 samples. */
export interface Estimate {
  count: number
  low: number
  high: number
  /** How many customers were asked. */
  sampled: number
  /** How many there are. */
  of: number
}

/** What happened to a customer, and which rows of related tables the customer has. */
export type History =
  | ReadonlyArray<{ event: string; time: string; properties?: Readonly<Record<string, unknown>> }>
  | { events?: ReadonlyArray<object>; related?: Readonly<Record<string, ReadonlyArray<object>>> }

/** A filter made ready to be asked of one customer at a time, without an engine and without any table. */
export class Matcher {
  constructor(filter: FilterLike, catalog: Catalog | string)
  /** Whether the filter selects a customer. Fields that the profile lacks are missing; `asOf` is now if absent. */
  matches(profile: object | string, history?: History | string, options?: { asOf?: Date | string | undefined }): boolean
  /** The first instant after `asOf` at which time alone changes the verdict, in ISO 8601; null if it stays the same. */
  nextChange(
    profile: object | string,
    history?: History | string,
    options?: { asOf?: Date | string | undefined },
  ): string | null
}

/** A change: what a customer did, fields with other values, rows of a related table in place of all others, or the end. */
export type Change =
  | { key: Key; event: string; time: string; properties?: Readonly<Record<string, unknown>> }
  | { key: Key; fields: Readonly<Record<string, unknown>> }
  | { key: Key; table: string; rows: ReadonlyArray<object> }
  | { key: Key; erase: true }

/** Somebody came into a segment, or went. */
export interface Transition {
  segment: string
  key: Key
  /** The microsecond from which the new verdict holds, in ISO 8601. */
  at: string
  /** Whether the customer came; otherwise the customer went. */
  entered: boolean
}

export interface LiveState {
  /** The instant that everything is as of. */
  now: string
  /** An instant up to which nothing comes or goes by time alone; null where time alone changes nothing. */
  nextChange: string | null
  /** How many customers there are. */
  customers: number
  /** The names of the registered segments. */
  segments: string[]
  /** How many events and rows of nobody were left out so far. */
  leftOut: number
}

/**
 * Who is in which segment, kept up while customers change, events come in and time goes by: every coming and going is
 * told, also that which time alone causes. What is called is done one after the other, in the order of the calls. `now` and
 * `to` are the present instant if absent. A name under which no segment is registered is a `RangeError`.
 */
export class Live {
  /** Begins without customers: they come with their first `fields`. `Engine.live` begins with those that are loaded. */
  constructor(catalog: Catalog | string, options?: { now?: Date | string | undefined })
  /** Keeps up who is in a segment from now on, and says how many there are. */
  register(name: string, filter: FilterLike): Promise<number>
  /** Registers many, which takes much less time than one after the other: all of them, or none. */
  registerAll(segments: Readonly<Record<string, FilterLike>>): Promise<Record<string, number>>
  /** Keeps a segment up no longer; false where there was none of that name. */
  unregister(name: string): Promise<boolean>
  /** Time goes on to `now`, and then all changes take place, in their order: all of them, or none. */
  apply(changes: readonly Change[] | string, options?: { now?: Date | string | undefined }): Promise<Transition[]>
  /** Time goes by, and nothing else happens. */
  advance(options?: { to?: Date | string | undefined }): Promise<Transition[]>
  /** How many members a segment has. */
  count(name: string): Promise<number>
  /** The keys of a segment's members, in no order. */
  members(name: string): Promise<Key[]>
  /** Whether a customer is in a segment. */
  isMember(name: string, key: Key): Promise<boolean>
  /** How it stands. */
  state(): Promise<LiveState>
}

export interface SimulateOptions extends AskOptions {
  /** When it begins; `days` before the engine's instant if absent, so that what customers did since happens again. */
  start?: Date | string | undefined
  /** How many days it lasts; 60 if absent. */
  days?: number | undefined
  /** How often it is looked what is due; 60 if absent. */
  everyMinutes?: number | undefined
  offers?: readonly Offer[] | undefined
  /** Other journeys that run beside it. */
  beside?: readonly Journey[] | undefined
  /** What customers are expected to do beside what they did. */
  assume?: readonly Assumption[] | undefined
  /** How many of a hundred messages can't be delivered. */
  failed?: number | undefined
  /** Whether what customers did in that time happens again; yes if absent. */
  events?: boolean | undefined
  /** What all chance comes from, except arms and holdouts, which come from the journey's own seed. */
  seed?: number | undefined
  /** A customer whose way is told in `path`. */
  customer?: Key | undefined
}

/** An event, fields or rows of a customer. An event may say by what it is known, and the message that it is about. */
export type JourneyChange = Change & { id?: string | number | undefined; message?: string | undefined }

type At = { now?: Date | string | undefined }

/**
 * Journeys that run over the customers of an engine, made by `Engine.journeys`. What is called is done one after the other, in
 * the order of the calls, and nothing happens between calls: `tick` says that time has passed. `now` is the present instant if
 * absent. What is wrong or refused is a `JourneyError`: then nothing has changed.
 */
export class Journeys {
  private constructor()
  /** What is wrong with a journey beside the catalog, offers, templates and the journeys that run. */
  validate(journey: JourneyLike, options?: At): Promise<JourneyFinding[]>
  /** What would become of everybody who is in the journey, if this version were published. */
  preview(journey: JourneyLike, options?: { people?: InFlight | undefined }): Promise<Moved[]>
  /** Lets a journey run, or a new version of one. Who is in an older version is `pinned` in it if nothing is said. */
  publish(journey: JourneyLike, options?: At & { people?: InFlight | undefined }): Promise<void>
  /** Customers enter a journey, by their keys: all, or where one is not there, none. */
  enrol(journey: string, customers: readonly Key[], options?: At): Promise<void>
  /** What happened to customers: all of it, or none. Openings and clicks count where the `message` was sent. */
  feed(changes: readonly JourneyChange[] | string, options?: At): Promise<Fed>
  /** Time has passed: what is due happens, segments are looked at anew. */
  tick(options?: At): Promise<void>
  /** The clock is right, however far after the last instant it is: instants up to this one are taken. */
  allowJump(until: Date | string): Promise<void>
  /** What is to be sent now, at most `limit` (100); what is not acknowledged within `seconds` (300) is done as its node says. */
  poll(
    options?: At & {
      channels?: readonly string[] | undefined
      limit?: number | undefined
      seconds?: number | undefined
    },
  ): Promise<Polled>
  /** What became of what was polled: `done` if nothing is said; with `again` it is tried once more, not before `after`. */
  acknowledge(
    receipts: string | readonly string[],
    options?: At & { outcome?: Outcome | undefined; after?: Date | string | undefined },
  ): Promise<void>
  /** Nobody goes on, nobody is lost. */
  pause(journey: string, options?: At): Promise<void>
  /** A journey goes on after a pause. */
  resume(journey: string, options?: At): Promise<void>
  /** Everybody leaves a journey, and nobody enters. */
  stop(journey: string, options?: At): Promise<void>
  /** Where a customer is. */
  positions(customer: Key): Promise<Position[]>
  /** A customer's way through all journeys, step by step. */
  explain(customer: Key): Promise<Happened[]>
  /** What was counted of a journey. */
  statistics(journey: string): Promise<Statistics>
  /** Who got which arm of the experiments, and when first: `customer`, `node`, `arm`, `version`, `at`. */
  exposures(journey: string): Promise<Rows>
  /** The ids of the journeys that were published, those that were stopped included. */
  ids(): Promise<string[]>
  /** Whether a journey runs; null where there is no such journey. */
  status(journey: string): Promise<JourneyStatus | null>
  /** The newest version of a journey; null where there is no such journey. */
  journey(id: string): Promise<Journey | null>
  /** A picture of the newest version, with how many customers went where, as SVG. */
  svg(journey: string): Promise<string>
  /** The first instant at which `tick` does something that is known now, or an earlier one. */
  wake(): Promise<string | null>
  /** Closes the folder. All that was told is in it already. */
  close(): Promise<void>
}

/** Journeys as documents. */
export namespace journeys {
  /** A journey after edits, one after the other, and the edits that undo them. Where one can't be made, none is. */
  function edit(journey: JourneyLike, edits: readonly JourneyEdit[] | string): { journey: Journey; undo: JourneyEdit[] }
  /** The journey of a picture of React Flow, which does not say who enters. */
  function fromReactFlow(
    picture: object | string,
    options: { id: string; name: string; entry: JourneyEntry | string },
  ): Journey
  /** A journey as React Flow has it, with a position for every node. */
  function toReactFlow(journey: JourneyLike): { nodes: object[]; edges: object[] }
  /** A picture as SVG; `flow` says by the node how many went where. */
  function svg(
    journey: JourneyLike,
    options?: {
      flow?: Readonly<Record<string, { entered?: number; waiting?: number; left?: Record<string, number> }>> | undefined
    },
  ): string
  /** The JSON Schema of journeys. */
  function schema(): object
}

export interface AskOptions {
  /**
   * Gives the question up: the promise rejects with an `AbortError` at once. A load that was begun is only not waited
   * for: it may still take effect.
   */
  signal?: AbortSignal | undefined
}

export interface ManyOptions extends AskOptions {
  /** Is told how many filters are done, and of how many. What it throws ends the work and rejects the promise. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

export interface LoadOptions extends AskOptions {
  /** Types of columns that are not to be inferred: `{ zip: 'string', spent: 'decimal(12,2)' }`. */
  types?: Readonly<Record<string, string>> | undefined
  /** `error` if absent. */
  onBadRows?: OnBadRows | undefined
  /** The table's name in SQL; `customers` or `events` if absent. */
  table?: string | undefined
  /** Is told how much is done, and of how much. What it throws ends the wait and rejects the promise. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

export interface LoadCustomersOptions extends LoadOptions {
  /** The column that tells customers apart; found by itself where one with a telling name is unique. */
  key?: string | undefined
  /** Numbers the rows in a column of this name and takes it for the key, for files that have none. */
  rowNumber?: string | undefined
}

export interface LoadEventsOptions extends LoadOptions {
  /** The column with the customer's key. */
  customer: string
  /** The column with the kind of event, or the kind itself where all events are of one. */
  name: string
  /** The column with the time. */
  time: string
}

export interface LoadRelatedOptions extends LoadOptions {
  /** What filters call the rows. */
  name: string
  /** The column with the customer's key. */
  customer: string
}

export interface LoadReport {
  rows: number
  /** What is worth a look. */
  warnings: Diagnostic[]
}

export interface ShowOptions {
  /** At most so many rows; 10 if absent. */
  limit?: number | undefined
  /** After so many. */
  offset?: number | undefined
  /** The fields; all if absent. */
  columns?: readonly string[] | undefined
  /** The order; by key if absent. Missing values come last. */
  orderBy?: ReadonlyArray<string | readonly [column: string, direction: Direction]> | undefined
}

export interface PreviewOptions extends ShowOptions, AskOptions {}

/** What is shown matters only to `statement: 'preview'`. */
export interface SqlOptions extends ShowOptions {
  dialect: Dialect
  /** `members` if absent. */
  statement?: Statement | undefined
  /** Whether values are bound parameters (the default), or literals in the text. */
  parameters?: boolean | undefined
  /** The table of an `insert`, or the name of a `view`. */
  into?: string | undefined
  /** How placeholders are written; as the usual drivers of the database want them if absent. */
  placeholders?: Placeholders | undefined
  /** Whether segments whose catalog entry says where their members are kept are looked up there; no if absent. */
  materialized?: boolean | undefined
  /** By which clock times that move go: `frozen` (the default) at the engine's instant, or the `database`'s own. */
  clock?: 'frozen' | 'database' | undefined
}

export interface Query {
  sql: string
  /** The values of the placeholders, in order. */
  params: Value[]
  /** Where the database may differ from the filter's meaning, in words. */
  notes: string[]
}

export interface Rewrite {
  rule: string
  message: string
}

export interface Optimized {
  filter: Filter
  /** The filter in text form. */
  text: string
  /** What was done, in order. */
  trace: Rewrite[]
}

/** One step of a funnel: a child of an outermost `and`, or the whole of any other filter. */
export interface Step {
  /** The JSON pointer to the node. */
  path: string
  /** The node in text form. */
  text: string
  /** How many customers pass it. */
  alone: number
  /** How many customers pass it and all steps before it. */
  together: number
}

/** One node of an explanation. */
export interface Verdict {
  /** The JSON pointer to the node. */
  path: string
  /** How deep it lies; the filter itself is at 0. */
  depth: number
  /** The node in text form; for groups only the word. */
  text: string
  /** The field that a leaf looked at. */
  field?: string
  /** The value that it saw; null when missing. */
  value?: Value
  /** Whether the customer is in. */
  passed: boolean
}

export interface Explanation {
  key: Key
  /** Whether the filter selects the customer. */
  member: boolean
  /** The nodes, parents before children. */
  nodes: Verdict[]
  /** All of it as an indented tree, for people. */
  text: string
}

/**
 * One audience and every question about it.
 *
 * Wrong input is a `CvmError`, thrown by synchronous methods and rejected by the others; arguments of a wrong kind and
 * misspelt options are `TypeError`s. Nothing that takes long is done on the event loop's thread.
 */
export class Engine {
  constructor(options?: EngineOptions)

  /**
   * An engine for what was saved in a folder: its files are mapped into memory. All questions are answered from it; it has
   * no tables, so that nothing can be loaded in addition. `indexMemory` is how much memory answers to earlier questions may
   * take, one gibibyte at the most.
   */
  static open(
    folder: string | URL,
    options?: { asOf?: Date | string | undefined; indexMemory?: number | undefined },
  ): Engine
  /** Saves the index of the rows that are loaded, with the catalog, in a folder of its own. Waits for the index. */
  save(folder: string | URL, options?: AskOptions): Promise<void>
  /**
   * Keeps up who is in which segment from here on, beginning with the customers that are loaded. Waits for the index, which
   * it shares. `now` is the engine's instant if absent.
   */
  live(options?: AskOptions & { now?: Date | string | undefined }): Promise<Live>

  /** What is wrong with a journey beside the catalog, also with one that can't be read; an empty array means that it can start. */
  checkJourney(
    journey: JourneyLike,
    options?: AskOptions & { offers?: readonly Offer[] | undefined; beside?: readonly Journey[] | undefined },
  ): Promise<JourneyFinding[]>
  /** Takes the customers who are loaded through a journey on a virtual clock: who would enter, go where, get what, and when. */
  simulate(journey: JourneyLike, options?: SimulateOptions): Promise<Simulation>
  /**
   * Journeys that run over the customers who are loaded now. With a `folder` all they are told is kept there through crashes,
   * and those that ran before go on; without one it is in memory.
   */
  journeys(
    options?: AskOptions & {
      folder?: string | URL | undefined
      offers?: readonly Offer[] | undefined
      templates?: readonly Template[] | undefined
    },
  ): Promise<Journeys>

  /**
   * Loads the customers from a file (.csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc) or Arrow bytes, infers a
   * catalog and checks that the key is one.
   */
  loadCustomers(source: Source, options?: LoadCustomersOptions): Promise<LoadReport>
  /** Loads events of the customers. */
  loadEvents(source: Source, options: LoadEventsOptions): Promise<LoadReport>

  /** Loads rows that belong to customers, any number a customer: orders, devices, accounts. */
  loadRelated(source: Source, options: LoadRelatedOptions): Promise<LoadReport>

  /** What is known about the customers. */
  catalog(): Catalog
  /** Puts another catalog in place of the inferred one: with labels, enums, segments and lists of your own. */
  setCatalog(catalog: Catalog | string): void

  /** All findings of a filter, also of one that can't be read; an empty array means that it can be used. */
  validate(filter: FilterLike): Diagnostic[]
  /** A smaller filter with the same members, and how it came about. */
  optimize(filter: FilterLike): Optimized
  /** The filter as a statement: the members' keys, their count, a preview, a funnel, an insert, a view, a dbt model. */
  sql(filter: FilterLike, options: SqlOptions): Query

  /** How many customers the filter selects. */
  count(filter: FilterLike, options?: AskOptions): Promise<number>
  /** About how many: exactly where all rows fit `indexMemory`, else from as many customers as fit. */
  estimate(filter: FilterLike, options?: AskOptions): Promise<Estimate>
  /** The keys of the customers that the filter selects: one column, in no order. */
  members(filter: FilterLike, options?: AskOptions): Promise<Rows>
  /** Some of the customers that the filter selects. */
  preview(filter: FilterLike, options?: PreviewOptions): Promise<Rows>
  /** How many customers each condition of an outermost `and` takes, alone and after those before it. */
  funnel(filter: FilterLike, options?: AskOptions): Promise<Step[]>
  /** How many customers each of many filters selects. Conditions that filters share are asked once. */
  counts(filters: readonly FilterLike[], options?: ManyOptions): Promise<number[]>
  /** The keys of the customers whom each of many filters selects: a table for each filter. */
  membersOf(filters: readonly FilterLike[], options?: ManyOptions): Promise<Rows[]>
  /** How many customers each filter takes who are taken by none before it, in the order of priority. */
  waterfall(filters: readonly FilterLike[], options?: ManyOptions): Promise<number[]>
  /** How many customers each two filters have in common: for each filter an array of numbers, one for every filter. */
  overlap(filters: readonly FilterLike[], options?: ManyOptions): Promise<number[][]>
  /** How it stands with the index in memory. It is begun by the first question, which the tables answer meanwhile. */
  readonly index: IndexState
  /** Makes the index of the rows that are loaded, if there is none yet, and waits for it. */
  prepare(options?: AskOptions): Promise<IndexState>
  /** Why one customer is in or out. */
  explain(filter: FilterLike, key: Key, options?: AskOptions): Promise<Explanation>
  /** The keys that the reference evaluator selects. Slow: it is there to check everything else. */
  referenceMembers(filter: FilterLike, options?: AskOptions): Promise<Key[]>
}

/** What is known of a catalog where a filter is read or written: the types of fields settle what literals mean. */
export interface KnownOptions {
  catalog?: Catalog | string | undefined
}

export interface FromSqlOptions extends KnownOptions {
  /** `generic` if absent. */
  dialect?: ImportDialect | undefined
}

/** Whether something holds of two filters; where it does not, a customer who shows it. */
export type Relation =
  | { answer: 'yes' }
  | { answer: 'no'; customer: Record<string, Value>; as_of: string }
  | { answer: 'unknown'; reason: string }

/** Filters in other languages, exactly or not at all, and what is known of a filter by itself. */
export namespace filters {
  /**
   * Reads a SQL condition, or a whole `SELECT … FROM one_table WHERE …`: the filter selects the rows for which it is
   * true, with SQL's own treatment of NULL. What no filter says exactly is an error with its place in the text.
   */
  function fromSql(text: string, options?: FromSqlOptions): Filter
  /** Reads a query of react-querybuilder: the filter selects whom the SQL of its `formatQuery` selects. */
  function fromReactQuerybuilder(query: object | string, options?: KnownOptions): Filter
  /** Reads a rule of JsonLogic: the filter selects those for whom its result is truthy. */
  function fromJsonLogic(rule: unknown, options?: KnownOptions): Filter
  /** The filter as a query of react-querybuilder. */
  function toReactQuerybuilder(filter: FilterLike, options: { catalog: Catalog | string }): object
  /** The filter as a rule of JsonLogic. */
  function toJsonLogic(filter: FilterLike, options: { catalog: Catalog | string }): unknown
  /** The filter as an object, whatever form it came in. */
  function toObject(filter: FilterLike): Filter
  /** The text form. */
  function toText(filter: FilterLike): string
  /** Whether `b` selects every customer that `a` selects. */
  function implies(a: FilterLike, b: FilterLike, options: { catalog: Catalog | string }): Relation
  /** Whether no customer is selected by both. */
  function disjoint(a: FilterLike, b: FilterLike, options: { catalog: Catalog | string }): Relation
  /** Whether both select the same customers. */
  function equivalent(a: FilterLike, b: FilterLike, options: { catalog: Catalog | string }): Relation
  /** 32 hexadecimal digits, the same for filters that differ in order, repetition, nesting and spelling only. */
  function fingerprint(filter: FilterLike): string
  /** How many conditions there are. */
  function leafCount(filter: FilterLike): number
  /** The names of the parameters, each once. */
  function parameters(filter: FilterLike): string[]
  /** The filter with values in place of parameters: `withParameters('age > :least', { least: 30 })`. */
  function withParameters(filter: FilterLike, values: Readonly<Record<string, unknown>>): Filter
}

/** A table of results. */
export class Rows {
  private constructor()
  /** How many rows. */
  readonly length: number
  readonly columnNames: string[]
  /** The bytes of an Arrow IPC stream. */
  toIPC(): Buffer
  /** The rows as plain objects. For many rows prefer Arrow. */
  toArray(): Array<Record<string, Value>>
  /** Batch by batch, each an Arrow IPC stream of its own. */
  [Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined>
}

/** The rows as a table of apache-arrow, which must be installed. */
export function toArrow(rows: Rows): ArrowTable

/** One finding that stops, or several; the message lists them all. */
export class CvmError extends Error {
  constructor(message: string, diagnostics?: Diagnostic[])
  name: 'CvmError' | 'JourneyError'
  /** The code of the first finding that stops: `CVM_…`, stable. */
  readonly code: AnyCode
  /** The JSON pointer of the first finding that stops. */
  readonly path: string
  readonly diagnostics: Diagnostic[]
}

/** A journey has findings, or what it was told is refused: then nothing has changed. */
export class JourneyError extends CvmError {
  name: 'JourneyError'
  /** As `diagnostics`; those of journeys also have `nodes`, `edges` and `fix`, edits that put it right (`journeys.edit`). */
  readonly findings: JourneyFinding[]
}
