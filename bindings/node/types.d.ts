// Written by `npm run types` from schema/*.schema.json.

/** Events that must not happen. */
export interface Absence {
  /** The kind of event. */
  event: string
  /** Which events count. */
  where?: Filter | null
}

/** How letters compare. */
export type LetterCase =
  /** By code point. */
  | 'sensitive'
  /** After Unicode simple case folding. */
  | 'insensitive'

/**
 * The typed description of one audience.
 *
 * JSON needs only `customers`; everything else has a default.
 */
export interface Catalog {
  /** What the people who use this catalog agree on, in words: shown to people and given to language models. */
  conventions?: Array<string>
  /** The currency of amounts, an ISO 4217 code. */
  currency?: string | null
  /** The customer table. */
  customers: Table
  /** The streams of events. */
  events?: Array<EventStream>
  /** The month (1 to 12) in which years, and with them quarters, begin. */
  fiscal_year_start?: number
  /** Static lists of customers. */
  lists?: Array<StaticList>
  /** Tables with rows that belong to customers. */
  related?: Array<RelatedTable>
  /** Named segments. */
  segments?: Array<Segment>
  /** The day on which weeks begin. */
  week_start?: Weekday
  /** The time zone, an IANA name, in which days, weeks and months begin. */
  zone?: string
}

/** What kind of finding it is. Printed and serialised as `CVM_…`. */
export type DiagnosticCode =
  /** The input is not JSON. */
  | 'CVM_JSON_SYNTAX'
  /** The text form can't be read from this place on. */
  | 'CVM_TEXT_SYNTAX'
  /** An object has a key that this node does not know. Unknown keys are never ignored. */
  | 'CVM_UNKNOWN_KEY'
  /** An object lacks a key that it needs. */
  | 'CVM_MISSING_KEY'
  /** An object has the same key twice, so it could mean two things. */
  | 'CVM_DUPLICATE_KEY'
  /** A JSON value of another kind was expected here. */
  | 'CVM_WRONG_KIND'
  /** No filter node has this `type`. */
  | 'CVM_UNKNOWN_NODE'
  /** No operator has this name. */
  | 'CVM_UNKNOWN_OPERATOR'
  /** A word from a fixed list (a unit, a measure, a case rule) is not on that list. */
  | 'CVM_UNKNOWN_WORD'
  /** The catalog has no such field here. */
  | 'CVM_UNKNOWN_FIELD'
  /** The catalog has no such event. */
  | 'CVM_UNKNOWN_EVENT'
  /** The catalog has no such related table. */
  | 'CVM_UNKNOWN_TABLE'
  /** The catalog has no such segment. */
  | 'CVM_UNKNOWN_SEGMENT'
  /** The catalog has no such list. */
  | 'CVM_UNKNOWN_LIST'
  /** A segment refers to itself, directly or through others. */
  | 'CVM_SEGMENT_CYCLE'
  /** A group has no children. Everybody and nobody must be said: `everyone`, `nobody`. */
  | 'CVM_EMPTY_GROUP'
  /** A list of values is empty, so the condition would select nobody, or everybody under `not`. */
  | 'CVM_EMPTY_LIST'
  /** The operator can't be used on a field of this type. */
  | 'CVM_OPERATOR_NOT_APPLICABLE'
  /** The value is of another type than the field. */
  | 'CVM_TYPE_MISMATCH'
  /** The value has the right type but can't be used: not a date, out of range, not a finite number. */
  | 'CVM_INVALID_VALUE'
  /** The field is declared to have only certain values, and this is none of them. */
  | 'CVM_NOT_IN_ENUM'
  /** The operator needs a value and has none, or takes none and has one. */
  | 'CVM_VALUE_COUNT'
  /** A range ends before it begins. */
  | 'CVM_REVERSED_RANGE'
  /** The pattern is not a regular expression of the portable, linear-time kind. */
  | 'CVM_INVALID_PATTERN'
  /** The filter has a named parameter that was given no value. */
  | 'CVM_MISSING_PARAMETER'
  /** `missing` or `case` stands where it has no meaning. */
  | 'CVM_NOT_MEANINGFUL'
  /** The input is nested deeper than the limit. */
  | 'CVM_DEPTH_LIMIT'
  /** The filter has more nodes than the limit. */
  | 'CVM_SIZE_LIMIT'
  /** A list of values is longer than the limit. */
  | 'CVM_LIST_LIMIT'
  /** The node is valid, but this dialect or executor can't express it exactly. */
  | 'CVM_NOT_SUPPORTED'
  /** A name in the catalog is empty, or stands twice. */
  | 'CVM_CATALOG_NAME'
  /** The catalog's key is not one of its fields, or may be missing. */
  | 'CVM_CATALOG_KEY'
  /** A field type can't be read. */
  | 'CVM_CATALOG_TYPE'
  /** A setting of the catalog (zone, week start, fiscal year, currency, bounds) can't be used. */
  | 'CVM_CATALOG_SETTING'
  /** A file can't be read as a table: no header, rows of different length, a broken encoding. */
  | 'CVM_TABLE_SHAPE'
  /** Rows of a file hold values that don't fit the type of their column. */
  | 'CVM_BAD_ROWS'
  /** Customer keys are missing or stand twice. */
  | 'CVM_KEY_NOT_UNIQUE'
  /** A file, table or column is not there, or can't be opened. */
  | 'CVM_SOURCE_NOT_FOUND'
  /** A file or table is of a kind that can't be loaded. */
  | 'CVM_SOURCE_KIND'
  /** Nothing was loaded yet. */
  | 'CVM_NOTHING_LOADED'
  /** There is no customer with this key. */
  | 'CVM_UNKNOWN_CUSTOMER'
  /** No dialect, statement or setting has this name. */
  | 'CVM_UNKNOWN_OPTION'
  /** The work needs more memory than it was given, and was not begun or not gone on with. */
  | 'CVM_MEMORY_BUDGET'
  /** The work was ended by the one who asked for it. */
  | 'CVM_CANCELLED'
  /** The query engine failed; the message is its own. */
  | 'CVM_EXECUTION'

/** One finding. */
export interface Diagnostic {
  /** Stable identifier, `CVM_…`. */
  code: DiagnosticCode
  /** What to do about it. */
  help?: string | null
  /** What is wrong: lower case, no full stop, input in backticks. */
  message: string
  /** JSON pointer (RFC 6901) to the offending node; empty for the whole document. */
  path: string
  /** Whether this stops. */
  severity: Severity
  /** Where in the text, for input in text form. */
  span?: Span | null
  /** What to write instead, verbatim, where that is known. */
  suggestion?: string | null
}

/** All findings of one operation; as an error, at least one of them stops. */
export type Diagnostics = Array<Diagnostic>

/** A length of time: `{"n": 90, "unit": "day"}`. */
export interface Duration {
  /** How many; at least 1. */
  n: number
  /** Of what. */
  unit: Unit
}

/** A stream of events of one kind. */
export interface EventStream {
  /** The column with the customer's key. */
  customer: string
  /** The properties. */
  fields?: Array<Field>
  /** The kind of event, as filters name it. */
  name: string
  /** The column with the kind, where one table holds several; rows of this kind have `name` in it. */
  name_column?: string | null
  /** The table with the events. */
  table: string
  /** The column with the time. */
  time: string
  /** Whether that is a timestamp or a date. */
  time_type?: FieldType
}

/** A column: of customers, of events, of related rows. */
export interface Field {
  /** Other words for it. */
  aliases?: Array<string>
  /** What it holds. */
  description?: string | null
  /** The only values that it can have; a filter with any other value is an error. */
  enum?: Array<string> | null
  /** The name for people. */
  label?: string | null
  /** The greatest value. */
  max?: Literal | null
  /** The least value. */
  min?: Literal | null
  /** Its name, as filters and the database have it. */
  name: string
  /** Whether values may be missing. */
  nullable?: boolean
  /** Whether it is personal data. */
  pii?: boolean
  /** Its type. */
  type: FieldType
  /** The unit of its numbers. */
  unit?: string | null
}

/** The type of a field: `int`, `decimal(12,2)`, `list<string>`. */
export type FieldType = string

/**
 * Decides for each customer *in* or *out*.
 *
 * JSON is tagged by `type`; unknown keys are errors, in every node.
 */
export type Filter =
  /** Every customer. The only way to say so. */
  | {
      type: 'everyone'
    }
  /** No customer. */
  | {
      type: 'nobody'
    }
  /** Customers whom all children select; at least one child. */
  | {
      /** The filters that must all hold. */
      children: Array<Filter>
      type: 'and'
    }
  /** Customers whom any child selects; at least one child. */
  | {
      /** The filters of which one must hold. */
      children: Array<Filter>
      type: 'or'
    }
  /** Customers whom the child does not select: the set complement. */
  | {
      /** The filter that must not hold. */
      child: Filter
      type: 'not'
    }
  /** Customers whom at least `n` of the children select. */
  | {
      /** The filters that are counted. */
      children: Array<Filter>
      /** How many must hold: from 1 to the number of children. */
      n: number
      type: 'at_least'
    }
  /** A field compared with a value. */
  | {
      /** How letters compare. */
      case?: LetterCase
      /** Name of a field; for JSON fields a dotted path, `attributes.plan.tier`. */
      field: string
      /** What the condition says of customers whose value is missing, where that is not the operator's own rule. */
      missing?: Missing | null
      /** How to compare. */
      op: Operator
      type: 'condition'
      /** What to compare with; absent for `is_set`, `is_not_set` and `is_empty`. */
      value?: Operand | null
    }
  /** What a customer did, how often, how much, when. */
  | {
      /** The kind of event. */
      event: string
      /** What is measured. */
      measure: Measure
      /** What is said of customers for whom the measure is missing. */
      missing?: Missing | null
      /** How the measure is compared. */
      op: Operator
      type: 'event'
      /** What it is compared with; absent for `is_set` and `is_not_set`. */
      value?: Operand | null
      /** Which events count, by their properties. */
      where?: Filter | null
      /** When; all time up to `as_of` if absent. Events after `as_of` are never seen. */
      window?: Window | null
    }
  /** Events one after another. */
  | {
      /** The events in order; at least two. */
      steps: Array<Step>
      type: 'sequence'
      /** When all of it must have happened; all time if absent. */
      window?: Window | null
    }
  /** Active in n of the last m periods. */
  | {
      /** In how many periods at least. */
      at_least: number
      /** The kind of event. */
      event: string
      /** Of how many. */
      periods: number
      type: 'regularly'
      /** The calendar unit that is one period. */
      unit: Unit
      /** Which events count. */
      where?: Filter | null
    }
  /** Active before, and not since. */
  | {
      /** How long before the silence. */
      active: Duration
      /** The kind of event. */
      event: string
      /** How long the silence. */
      inactive: Duration
      type: 'stopped'
      /** Which events count. */
      where?: Filter | null
    }
  /** Back after a pause. */
  | {
      /** The kind of event. */
      event: string
      /** How long the pause was at least. */
      pause: Duration
      type: 'restarted'
      /** Which events count. */
      where?: Filter | null
      /** How recent the return is. */
      within: Duration
    }
  /** Rows of another table that belong to the customer. */
  | {
      /** How a count or sum is compared; absent for the other quantifiers. */
      op?: Operator | null
      /** What is asked of its rows. */
      quantifier: Quantifier
      /** The related table. */
      table: string
      type: 'related'
      /** What it is compared with. */
      value?: Operand | null
      /** Which rows count; for `all`, what every row must satisfy. */
      where?: Filter | null
    }
  /** Members of a named segment. */
  | {
      /** The segment's name. */
      segment: string
      type: 'segment'
    }
  /** Members of a static list. */
  | {
      /** The list's name. */
      list: string
      type: 'list'
    }
  /** The top or bottom of a ranking. */
  | {
      /** Who is ranked; everyone if absent. */
      among?: Filter | null
      /** What is ranked by. */
      by: RankBy
      /** From which end. */
      order: RankOrder
      /** A ranking of its own for each value of this field. */
      per?: string | null
      /** How much of it. */
      take: Take
      type: 'rank'
    }
  /** A deterministic sample, equal in every engine. */
  | {
      /** First number. */
      from: number
      /** Another salt, another sample. */
      salt: string
      /** One past the last number; at most 10 000. */
      to: number
      type: 'bucket'
    }
  /** Within a distance of a point. */
  | {
      /** The centre. */
      center: Point
      /** The field with degrees of latitude. */
      latitude: string
      /** The field with degrees of longitude. */
      longitude: string
      /** The distance in metres; above 0. */
      radius_m: number
      type: 'geo'
    }

/** A value as it was written; its type is settled by the field that it meets. */
export type Literal =
  /** `true` or `false`. */
  | boolean
  /** A whole number. */
  | number | bigint
  /** Any other number. Decimals of more than 15 digits are written as strings to stay exact. */
  | number
  /** Text, dates (`2024-01-31`), timestamps (`2024-01-31T09:30:00+01:00`), decimals (`100.00`). */
  | string

/** A table with the keys of a segment's members. Statements look there when they are asked to. */
export interface Materialized {
  /** The column with the keys; rows without one are nobody's. */
  column: string
  /** The table. */
  table: string
}

/**
 * A number, time or value made from a customer's events. JSON has exactly one key: `{"sum": {"field": "amount"}}`.
 *
 * Over no events, `count`, `distinct` and `sum` are 0; everything else is missing, and so fails any comparison.
 */
export type Measure =
  /** How many. */
  | {
      count: Nothing
    }
  /** How many different values of a property; missing values are not counted. */
  | {
      distinct: {
        /** The property. */
        field: string
      }
    }
  /** The sum of a property; missing values add nothing. */
  | {
      sum: {
        /** The property. */
        field: string
      }
    }
  /** The mean of a property's values. */
  | {
      avg: {
        /** The property. */
        field: string
      }
    }
  /** The least value of a property. */
  | {
      min: {
        /** The property. */
        field: string
      }
    }
  /** The greatest value of a property. */
  | {
      max: {
        /** The property. */
        field: string
      }
    }
  /** When the first one was. */
  | {
      first_time: Nothing
    }
  /** When the last one was. */
  | {
      last_time: Nothing
    }
  /** A property of the first one. */
  | {
      first_value: {
        /** The property. */
        field: string
      }
    }
  /** A property of the last one. */
  | {
      last_value: {
        /** The property. */
        field: string
      }
    }
  /** Whole 24-hour days from the last one to `as_of`. */
  | {
      days_since: Nothing
    }

/** What a leaf says of customers whose value is missing. */
export type Missing =
  /** They are in. */
  | 'include'
  /** They are out. */
  | 'exclude'

/** The empty object. */
export type Nothing = Record<string, never>

/** What a field is compared with. Objects have exactly one key. */
export type Operand =
  /** One value. */
  | Literal
  /** Several values: for `in`, `between`, `has_any` and their kin. */
  | Array<Literal>
  /** The value of another field of the same row. */
  | {
      /** Its name. */
      field: string
    }
  /** A value given by name when the filter is used. */
  | {
      /** The parameter's name. */
      param: string
    }
  /** The instant of evaluation, or its date. */
  | {
      /** Always `{}`. */
      now: Nothing
    }
  /** Some time before the instant of evaluation. */
  | {
      /** How long before. */
      ago: Duration
    }
  /** Some time after the instant of evaluation. */
  | {
      /** How long after. */
      ahead: Duration
    }
  /** The start of a calendar unit, counted from the current one. */
  | {
      /** Which unit, and how many units on (or back, when negative). */
      start_of: StartOf
    }
  /** A test of a list's size. */
  | SizeTest
  /** A window of time. */
  | Window

/** How a condition compares. */
export type Operator =
  /** Equal to the value. */
  | 'eq'
  /** Not equal to the value, or missing. */
  | 'ne'
  /** Less than the value. */
  | 'lt'
  /** At most the value. */
  | 'lte'
  /** More than the value. */
  | 'gt'
  /** At least the value. */
  | 'gte'
  /** From the first value to the second, both included. */
  | 'between'
  /** Below the first value, above the second, or missing. */
  | 'not_between'
  /** One of the values. */
  | 'in'
  /** None of the values, or missing. */
  | 'not_in'
  /** The text holds the value. */
  | 'contains'
  /** The text does not hold the value, or is missing. */
  | 'not_contains'
  /** The text starts with the value. */
  | 'starts_with'
  /** The text does not start with the value, or is missing. */
  | 'not_starts_with'
  /** The text ends with the value. */
  | 'ends_with'
  /** The text does not end with the value, or is missing. */
  | 'not_ends_with'
  /** Some part of the text fits the regular expression. */
  | 'matches'
  /** No part of the text fits the regular expression, or the text is missing. */
  | 'not_matches'
  /** There is a value. */
  | 'is_set'
  /** The value is missing. */
  | 'is_not_set'
  /** The text or list is there, and has nothing in it. */
  | 'is_empty'
  /** The list holds at least one of the values. */
  | 'has_any'
  /** The list holds every one of the values. */
  | 'has_all'
  /** The list holds none of the values, or is missing. */
  | 'has_none'
  /** The number of items in the list passes the test. */
  | 'size'
  /** Earlier than the value; a date means its whole day. */
  | 'before'
  /** Later than the value; a date means its whole day. */
  | 'after'
  /** On that day. */
  | 'on'
  /** In the window of time. */
  | 'within'
  /** The day and month come round in the window, whatever the year. 29 February counts as 28 February in other years. */
  | 'anniversary_within'

/** An end of a ranking. */
export type RankOrder =
  /** The greatest first. */
  | 'top'
  /** The least first. */
  | 'bottom'

/** A place on Earth, in degrees. */
export interface Point {
  /** Latitude, −90 to 90. */
  lat: number
  /** Longitude, −180 to 180. */
  lon: number
}

/** What is asked of related rows. `any`, `all`, `none`, `count` are words; the sum is `{"sum": {"field": "total"}}`. */
export type Quantifier =
  /** At least one row fits. */
  | 'any'
  /** Every row fits, and there is at least one. */
  | 'all'
  /** No row fits. */
  | 'none'
  /** The number of rows that fit. */
  | 'count'
  /** The sum of a column over the rows that fit. */
  | {
      sum: {
        /** The column. */
        field: string
      }
    }

/** What a ranking goes by. */
export type RankBy =
  /** A field of the customer. */
  | {
      /** Its name. */
      field: string
    }
  /** A measure over the customer's events. */
  | {
      /** The kind of event. */
      event: string
      /** What is measured. */
      measure: Measure
      /** Which events count. */
      where?: Filter | null
      /** When; all time if absent. */
      window?: Window | null
    }

/** A table with rows that belong to customers: orders, devices, accounts. */
export interface RelatedTable {
  /** The column with the customer's key. */
  customer: string
  /** The columns. */
  fields: Array<Field>
  /** The name, as filters have it. */
  name: string
  /** The table. */
  table: string
}

/** A named filter. */
export interface Segment {
  /** What it is for. */
  description?: string | null
  /** Who is in it. */
  filter: Filter
  /** Where the keys of its members stand, if somebody keeps them in a table. */
  materialized?: Materialized | null
  /** The name, as filters refer to it. */
  name: string
  /** Words to find it by. */
  tags?: Array<string>
  /** Counts its changes, from 1. */
  version?: number
}

/** How much a finding matters. Errors stop; warnings do not. */
export type Severity =
  /** Worth a look; the filter means what it says. */
  | 'warning'
  /** The input can't be used as it is. */
  | 'error'

/** A comparison of a list's size: `{"gte": 2}`. */
export type SizeTest =
  /** Exactly so many. */
  | {
      eq: number
    }
  /** Any other number. */
  | {
      ne: number
    }
  /** Fewer. */
  | {
      lt: number
    }
  /** At most so many. */
  | {
      lte: number
    }
  /** More. */
  | {
      gt: number
    }
  /** At least so many. */
  | {
      gte: number
    }

/** A place in a text: bytes `start..end`, and the line and column (both from 1, columns in characters) of `start`. */
export interface Span {
  /** Column of `start` in characters, from 1. */
  column: number
  /** One past the last byte. */
  end: number
  /** Line of `start`, from 1. */
  line: number
  /** First byte. */
  start: number
}

/** The start of a calendar unit: `{"unit": "month", "offset": -1}` is the start of last month. */
export interface StartOf {
  /** Units from the current one; 0 is the current one. */
  offset?: number
  /** The calendar unit: day, week, month, quarter or year. */
  unit: Unit
}

/** A static list of customers. `remove` beats `add`, `add` beats `members`. */
export interface StaticList {
  /** Keys added by hand. */
  add?: Array<Literal>
  /** The keys of its members. */
  members?: Array<Literal>
  /** The name, as filters refer to it. */
  name: string
  /** Keys removed by hand. */
  remove?: Array<Literal>
}

/** One event of a sequence. */
export interface Step {
  /** The kind of event. */
  event: string
  /** Which events count. */
  where?: Filter | null
  /** At most this long after the step before; not on the first step. */
  within?: Duration | null
  /** What must not happen between the step before and this one; not on the first step. */
  without?: Absence | null
}

/** The customer table: one row a customer. */
export interface Table {
  /** The fields, the key among them. */
  fields: Array<Field>
  /** The field that tells customers apart: never missing, never twice. */
  key: string
  /** Its name in the database, with dots between schema and table. */
  table: string
}

/** How much of a ranking. JSON has exactly one key. */
export type Take =
  /** So many customers. */
  | {
      n: number
    }
  /** So many per cent of the ranked customers, rounded up; above 0 and at most 100. */
  | {
      percent: number
    }
  /** One of equal parts: `{"part": 1, "of": 4}` is the first quarter. */
  | {
      tile: {
        /** Of how many. */
        of: number
        /** Which part, from 1. */
        part: number
      }
    }

/**
 * A unit of time. Over timestamps, minutes to weeks are fixed lengths (a day is 24 hours) and longer units are
 * calendar units in the catalog's zone; a date that doesn't exist (31 January + 1 month) becomes the month's last day.
 */
export type Unit =
  /** 60 seconds. */
  | 'minute'
  /** 60 minutes. */
  | 'hour'
  /** 24 hours; a calendar day over dates and in calendar windows. */
  | 'day'
  /** 7 days. */
  | 'week'
  /** A calendar month. */
  | 'month'
  /** Three calendar months; quarters start with the catalog's fiscal year. */
  | 'quarter'
  /** Twelve calendar months; years start with the catalog's fiscal year. */
  | 'year'

/** The day on which weeks begin. */
export type Weekday =
  /** As in ISO 8601. */
  | 'monday'
  /** As in much of the Middle East. */
  | 'saturday'
  /** As in North America. */
  | 'sunday'

/** A window of time. JSON has exactly one key: `{"last": {"n": 90, "unit": "day"}}`. */
export type Window =
  /** Rolling: that long before `as_of`, `as_of` included. Over dates: from today minus that long through today. */
  | {
      last: Duration
    }
  /** Rolling: that long after `as_of`, `as_of` included. Over dates: from today through today plus that long. */
  | {
      coming: Duration
    }
  /** The calendar unit that `as_of` is in. */
  | {
      this: {
        /** Day, week, month, quarter or year. */
        unit: Unit
      }
    }
  /** The n whole calendar units before the current one. */
  | {
      previous: Duration
    }
  /** The n whole calendar units after the current one. */
  | {
      next: Duration
    }
  /** From one time to another. Timestamps: `[from, to)`. Dates stand for whole days, both included. */
  | {
      between: {
        /** Date or timestamp. */
        from: Literal
        /** Date or timestamp. */
        to: Literal
      }
    }
  /** From a time on. */
  | {
      since: {
        /** Date or timestamp. */
        from: Literal
      }
    }
  /** All time. For events: everything up to `as_of`. */
  | {
      all: Nothing
    }
