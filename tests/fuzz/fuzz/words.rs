//! The words of each language.

#[rustfmt::skip]
pub const TEXT: &[&str] = &[
    "a", "s", "b", "d", "x", "t", "day", "tags", "j.p", "j.0", "nope", "=", "!=", "<", "<=", ">", ">=", "in", "not", "and",
    "or", "(", ")", ",", "1", "-2", "3.5", "'a'", "''", "'2024-02-29'", "true", "false", "between", "contains",
    "starts with", "matches", "'^a+'", "is set", "is not set", "is empty", "has any", "has none", "size", "within",
    "last 3 days", "this month", "now", "2 days ago", "start of week", "without missing", "with missing", "ignoring case",
    "at least 1 of", "everyone", "nobody", "segment vip", "count(buy)", "sum(buy.amount)", "sequence(buy, buy)",
    "any related(cards)", "top 3 by a", "bucket('s', 0, 9)", "field(a)", ":p", "not (", "a = 1", "s = 'a'", "and b = true",
    "count(buy where amount > 1 within last 3 days) >= 1", "anniversary within coming 3 days",
];

#[rustfmt::skip]
pub const JSON: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"type\":", "\"and\"", "\"or\"", "\"not\"", "\"condition\"", "\"event\"", "\"children\":",
    "\"child\":", "\"field\":", "\"op\":", "\"value\":", "\"a\"", "\"s\"", "\"eq\"", "\"in\"", "\"gt\"", "\"is_set\"", "1",
    "-1", "1e400", "null", "true", "\"missing\":", "\"include\"", "{\"type\":\"everyone\"}",
    "{\"type\":\"condition\",\"field\":\"a\",\"op\":\"gt\",\"value\":1}",
    "{\"type\":\"and\",\"children\":[", "{\"type\":\"not\",\"child\":", "]}", "{\"customers\":", "\"fields\":", "\"name\":",
];

#[rustfmt::skip]
pub const SQL: &[&str] = &[
    "a", "s", "b", "d", "x", "t", "day", "tags", "j", "c.a", "\"a\"", "`a`", "nope", "=", "<>", "<", ">", ">=", "and", "or",
    "not", "(", ")", ",", "1", "-2", "3.5", "'a'", "'%a'", "''", "null", "true", "false", "is null", "is not null", "in",
    "in (1, 2)", "not in (1, null)", "between", "between 1 and 3", "like", "like 'a%'", "ilike 'b_'", "escape '!'",
    "is distinct from", "is true", "is not unknown", "case when", "then", "else", "end", "coalesce(a, 0)", "nullif(a, 1)",
    "+", "-", "*", "||", "::int", "date '2024-02-29'", "timestamp '2024-01-01 00:00:00'", "now()",
    "- interval '3 days'", "current_date", "lower(s)", "length(s)", "cast(a as bigint)", "j ->> 'p'", "exists (select 1)",
    "select * from c where", "where", "&&", "~ '^a'", "a = 1", "and s = 'a'", "or b", "--", "/*", "*/",
];

#[rustfmt::skip]
pub const QUERY: &[&str] = &[
    "{", "}", "[", "]", ",", "\"combinator\":\"and\"", "\"combinator\":\"or\"", "\"not\":true", "\"rules\":[", "]}",
    "{\"field\":\"a\",\"operator\":\">\",\"value\":1}", "{\"field\":\"s\",\"operator\":\"contains\",\"value\":\"a\"}",
    "{\"field\":\"a\",\"operator\":\"in\",\"value\":\"1,2\"}", "{\"field\":\"a\",\"operator\":\"null\"}",
    "{\"combinator\":\"and\",\"rules\":[", "{\"combinator\":\"or\",\"not\":true,\"rules\":[", "\"and\"", "\"field\":",
    "\"operator\":", "\"value\":", "\"valueSource\":\"field\"", "\"between\"", "\"disabled\":true", "null", "1", "\"1,2\"",
    "\"match\":{\"mode\":\"some\"}",
];

#[rustfmt::skip]
pub const RULE: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "{\"and\":[", "{\"or\":[", "{\"!\":", "{\"!!\":", "{\"<\":[", "{\"==\":[", "{\"===\":[",
    "{\"in\":[", "{\"if\":[", "{\"some\":[", "{\"missing\":[", "{\"var\":\"a\"}", "{\"var\":\"s\"}", "{\"var\":\"b\"}",
    "{\"var\":\"tags\"}", "{\"var\":[\"a\",1]}", "{\"var\":\"\"}", "1", "0", "\"a\"", "null", "true", "false", "[]", "]}",
    "{\"<\":[{\"var\":\"a\"},5]}", "{\"==\":[{\"var\":\"s\"},\"a\"]}", "{\"+\":[", "{\"max\":[",
];
