import type { Diagnostic, Filter } from './types'

/** A journey: React Flow opens it as it is. The JSON Schema (`journeys.schema()`) has every type of node. */
export interface Journey {
  id: string
  /** Counts what was published; 1 if absent. */
  version?: number
  name: string
  /** Who enters, and whether again. */
  entry: JourneyEntry
  /** What holds for all of it: zone, quiet hours, caps, consent, goals, exits, … */
  settings?: Record<string, unknown>
  nodes: JourneyNode[]
  edges: JourneyEdge[]
  /** Where nodes stand in a picture. */
  layout?: Record<string, { x: number; y: number }>
}

export interface JourneyEntry {
  trigger:
    | { type: 'segment'; filter: Filter; who?: 'current' | 'future' | 'both' }
    | { type: 'event'; event: string; filter?: Filter }
    | { type: 'api' }
    | { type: 'schedule' | 'date'; [key: string]: unknown }
  reentry?: { type: 'never' | 'after_exit' | 'cooldown' | 'concurrent'; [key: string]: unknown }
}

export type JourneyNodeType =
  | 'entry' | 'segment' | 'wait' | 'send' | 'branch' | 'event_branch' | 'split' | 'holdout' | 'update' | 'list' | 'webhook'
  | 'throttle' | 'sub_journey' | 'jump' | 'goal' | 'end'

export interface JourneyNode {
  id: string
  type: JourneyNodeType
  data?: Record<string, unknown>
}

/** From an outcome of a node to another node. */
export interface JourneyEdge {
  id: string
  source: string
  /** The name of the outcome: `next`, `yes`, `timeout`, … */
  sourceHandle: string
  target: string
}

/** A journey: an object, or JSON text. */
export type JourneyLike = Journey | string

/** An edit: `{ type: 'remove_node', id: 'pause' }`. */
export type JourneyEdit = { type: string; [key: string]: unknown }

export interface JourneyFinding {
  severity: 'error' | 'warning' | 'info'
  /** Stable: `CVM_JOURNEY_…`. */
  code: string
  /** A JSON pointer into the journey. */
  path: string
  message: string
  help?: string
  nodes?: string[]
  edges?: string[]
  /** Edits that put it right, for `journeys.edit`. */
  fix?: JourneyEdit[]
}

/** Something that customers are expected to do after a message. */
export interface Assumption {
  event: string
  /** The node of the message; all messages if absent. */
  after?: string | undefined
  percent: number
  within: { amount: number; unit: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' }
}

export interface Offer {
  id: string
  [key: string]: unknown
}

/** The words of messages: by the channel, by the part. */
export interface Template {
  id: string
  content: Record<string, Record<string, string>>
  [key: string]: unknown
}

/** What became of customers at a node of a journey. */
export interface NodeFlow {
  node: string
  type: JourneyNodeType
  entered: number
  waiting: number
  /** How many went on, by the outcome. */
  left: Record<string, number>
  out: number
  done: number
  failed: number
  /** How many messages were held back, by the reason. */
  held: Partial<Record<Held, number>>
  by_day: number[]
  waiting_by_day: number[]
}

export type Held = 'ended' | 'suppressed' | 'no_consent' | 'offer' | 'quiet' | 'cap' | 'budget' | 'no_code'
export type Refused = 'not_running' | 'held_out' | 'inside' | 'not_again' | 'full' | 'no_key'

export interface Simulation {
  journey: Journey
  from: string
  until: string
  customers: number
  entered: number
  refused: Partial<Record<Refused, number>>
  left: Record<string, number>
  reached: Record<string, number>
  /** What happened at each node, in the order of the journey. */
  nodes: NodeFlow[]
  /** Day by day, how many messages went out, by the channel, in all journeys. */
  messages: Array<Record<string, number>>
  /** Who got most messages, and how many anybody got in a day at most. */
  most: { customer: string; messages: number; in_a_day: number } | null
  /** A decimal. */
  cost: string
  /** How many customers got each arm of the experiments: by the node, by the arm. */
  arms: Record<string, Record<string, number>>
  /** The way of the customer who was asked about. */
  path: Happened[]
  steps: number
  /** A picture with how many went where. */
  svg: string
}

/** Something that happened to a customer. */
export interface Happened {
  at: string
  journey: string
  step:
    | 'entered' | 'refused' | 'came' | 'went' | 'waits' | 'handed_out' | 'held' | 'answered' | 'reached' | 'moved' | 'left'
  [key: string]: unknown
}

/** What becomes of customers in an older version; an object says for nodes that are gone where their customers go. */
export type InFlight = 'pinned' | 'follow' | Readonly<Record<string, string>>
export type Outcome = 'done' | 'failed' | 'unknown' | 'again'
export type JourneyStatus = 'running' | 'paused' | 'stopped'

/** What would become of those who are at a node. */
export type Moved = { version: number; node: string; customers: number } & (
  | { fate: 'pinned' | 'stay' | 'homeless' }
  | { fate: 'move'; to: string }
)

/** Something to send, or to call. */
export interface Message {
  /** For `acknowledge`. */
  receipt: string
  /** For the provider: the same at each try. */
  key: string
  journey: string
  version: number
  node: string
  customer: string
  channel: string
  attempt: number
  template?: string
  offer?: string
  code?: string
  url?: string
  parts: Record<string, string>
}

export interface Polled {
  messages: Message[]
  /** Messages that could not be made: they have failed. */
  unmade: Array<{ journey: string; node: string; customer: string; reason: string }>
}

export interface Fed {
  events: number
  changed: number
  new: number
  /** Events that counted already. */
  repeated: number
  /** Events and rows of nobody. */
  left_out: number
}

export interface Position {
  journey: string
  version: number
  node: string
  /** Which time the customer is in, from 1 on. */
  entry: number
  until: string | null
}

/** What was counted at a node: entered + moved_in = left + out + moved_out + waiting. */
export interface NodeStatistics {
  version: number
  node: string
  type: JourneyNodeType
  entered: number
  waiting: number
  left: Record<string, number>
  out: number
  moved_in: number
  moved_out: number
  handed: number
  done: number
  failed: number
  unknown: number
  repeated: number
  held: Partial<Record<Held, number>>
  events: Record<string, number>
}

export interface Statistics {
  journey: string
  status: JourneyStatus
  version: number
  entered: number
  waiting: number
  refused: Partial<Record<Refused, number>>
  left: Record<string, number>
  reached: Record<string, number>
  late: number
  answers_late: number
  nodes: NodeStatistics[]
}

/** A code of a finding: of a filter, a catalog, data, or of a journey. */
export type AnyCode = Diagnostic['code'] | `CVM_JOURNEY${string}`
