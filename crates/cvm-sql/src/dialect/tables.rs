//! The tables of the dialects.

use super::{Decimals, Floats, Lists, MonthDay, Nan, Page, Placeholders, Regex, Search, Texts, Traits};

/// What most dialects have in common.
const COMMON: Traits = Traits {
    name: "",
    quotes: ('"', '"'),
    name_backslash: false,
    texts: Texts::Doubled,
    placeholders: Placeholders::Question,
    booleans: true,
    floats: Floats::Plain,
    decimals: Decimals::Plain,
    nan: Some(Nan::Call("isnan")),
    zeros_apart: false,
    floats_mixed: true,
    decimal_digits: 38,
    as_bytes: false,
    values_as_bytes: false,
    lower: "lower",
    contains: Search::Call("contains"),
    starts: Search::Call("starts_with"),
    ends: Search::Call("ends_with"),
    regex: Some(Regex::Call("regexp_like", "(?i)")),
    lists: Lists::Unknown,
    size: "cardinality",
    lists_always: false,
    month_day: MonthDay::Call,
    page: Page::Limit,
};

/// Decimals of any size meet: nothing is cut.
const ANY_DIGITS: u16 = u16::MAX;

pub(super) static POSTGRESQL: Traits = Traits {
    name: "postgresql",
    placeholders: Placeholders::Dollar,
    nan: Some(Nan::Equal),
    floats_mixed: false,
    decimal_digits: ANY_DIGITS,
    contains: Search::Position("strpos"),
    ends: Search::Cut("right"),
    regex: Some(Regex::Tilde),
    lists: Lists::Operators,
    month_day: MonthDay::Extract,
    ..COMMON
};

pub(super) static MYSQL: Traits = Traits {
    name: "mysql",
    quotes: ('`', '`'),
    texts: Texts::Backslash,
    nan: None,
    floats_mixed: false,
    decimal_digits: ANY_DIGITS,
    as_bytes: true,
    contains: Search::Locate("LOCATE"),
    starts: Search::Cut("LEFT"),
    ends: Search::Cut("RIGHT"),
    regex: Some(Regex::Operator),
    lists: Lists::Json,
    size: "JSON_LENGTH",
    ..COMMON
};

pub(super) static SQLITE: Traits = Traits {
    name: "sqlite",
    nan: None,
    decimal_digits: ANY_DIGITS,
    contains: Search::Position("instr"),
    starts: Search::Substr,
    ends: Search::Substr,
    regex: None,
    lists: Lists::Items,
    size: "json_array_length",
    month_day: MonthDay::Strftime,
    ..COMMON
};

pub(super) static DUCKDB: Traits = Traits {
    name: "duckdb",
    placeholders: Placeholders::Dollar,
    floats_mixed: false,
    decimal_digits: ANY_DIGITS,
    regex: Some(Regex::Call("regexp_matches", "(?i)")),
    lists: Lists::Brackets("list_has_any", "list_has_all"),
    size: "len",
    ..COMMON
};

pub(super) static DATAFUSION: Traits = Traits {
    name: "datafusion",
    placeholders: Placeholders::Dollar,
    decimals: Decimals::Cast,
    zeros_apart: true,
    floats_mixed: false,
    decimal_digits: ANY_DIGITS,
    regex: Some(Regex::DataFusion),
    lists: Lists::MakeArray("array_has_any", "array_has_all"),
    month_day: MonthDay::DatePart,
    ..COMMON
};

pub(super) static CLICKHOUSE: Traits = Traits {
    name: "clickhouse",
    name_backslash: true,
    texts: Texts::Backslash,
    placeholders: Placeholders::ClickHouse,
    decimals: Decimals::Cast,
    nan: Some(Nan::Call("isNaN")),
    zeros_apart: true,
    decimal_digits: ANY_DIGITS,
    lower: "lowerUTF8",
    contains: Search::Position("position"),
    starts: Search::Call("startsWith"),
    ends: Search::Call("endsWith"),
    regex: Some(Regex::Call("match", "(?i)")),
    lists: Lists::One("has"),
    size: "length",
    lists_always: true,
    ..COMMON
};

pub(super) static SPARK: Traits = Traits {
    name: "spark",
    quotes: ('`', '`'),
    texts: Texts::Escaped,
    floats: Floats::Suffix,
    decimals: Decimals::Suffix,
    starts: Search::Call("startswith"),
    ends: Search::Call("endswith"),
    regex: Some(Regex::Call("regexp_like", "(?iu)")),
    lists: Lists::Lambda("exists"),
    size: "array_size",
    ..COMMON
};

pub(super) static BIGQUERY: Traits = Traits {
    name: "bigquery",
    quotes: ('`', '`'),
    name_backslash: true,
    texts: Texts::Escaped,
    placeholders: Placeholders::At,
    decimals: Decimals::Numeric,
    nan: Some(Nan::Call("IS_NAN")),
    decimal_digits: 76,
    contains: Search::Position("STRPOS"),
    starts: Search::Call("STARTS_WITH"),
    ends: Search::Call("ENDS_WITH"),
    regex: Some(Regex::Call("REGEXP_CONTAINS", "(?i)")),
    lists: Lists::Items,
    size: "ARRAY_LENGTH",
    lists_always: true,
    month_day: MonthDay::Extract,
    ..COMMON
};

pub(super) static SNOWFLAKE: Traits = Traits {
    name: "snowflake",
    texts: Texts::Backslash,
    floats: Floats::Cast,
    nan: Some(Nan::Equal),
    contains: Search::Call("CONTAINS"),
    starts: Search::Call("STARTSWITH"),
    ends: Search::Call("ENDSWITH"),
    regex: Some(Regex::Whole),
    lists: Lists::Variants,
    size: "ARRAY_SIZE",
    ..COMMON
};

pub(super) static REDSHIFT: Traits = Traits {
    name: "redshift",
    texts: Texts::Backslash,
    placeholders: Placeholders::Dollar,
    floats: Floats::Cast,
    nan: Some(Nan::Beyond),
    as_bytes: true,
    values_as_bytes: true,
    contains: Search::Position("STRPOS"),
    starts: Search::Position("STRPOS"),
    ends: Search::Cut("RIGHT"),
    regex: Some(Regex::Instr),
    size: "GET_ARRAY_LENGTH",
    month_day: MonthDay::Extract,
    ..COMMON
};

pub(super) static TRINO: Traits = Traits {
    name: "trino",
    floats: Floats::Cast,
    decimals: Decimals::Typed,
    nan: Some(Nan::Call("is_nan")),
    contains: Search::Position("strpos"),
    ends: Search::Substr,
    regex: Some(Regex::Call("regexp_like", "(?iu)")),
    lists: Lists::Lambda("any_match"),
    page: Page::Fetch,
    ..COMMON
};

pub(super) static SQLSERVER: Traits = Traits {
    name: "sqlserver",
    quotes: ('[', ']'),
    texts: Texts::National,
    placeholders: Placeholders::At,
    booleans: false,
    floats: Floats::Exponent,
    nan: None,
    as_bytes: true,
    values_as_bytes: true,
    contains: Search::Locate("CHARINDEX"),
    starts: Search::Locate("CHARINDEX"),
    ends: Search::Reversed("CHARINDEX"),
    regex: None,
    lists: Lists::Items,
    size: "",
    page: Page::Top,
    ..COMMON
};
