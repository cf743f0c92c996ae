//! In what dialects differ.

use std::str::FromStr;

use cvm_core::{Code, Diagnostic, Diagnostics};

/// How placeholders of bound values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placeholders {
    /// `$1`.
    Dollar,
    /// `?`.
    Question,
    /// `@p1`.
    At,
    /// `:p1`.
    Colon,
    /// `{p1:Int64}`, with ClickHouse's type of the value.
    ClickHouse,
}

impl Placeholders {
    /// Every style.
    pub const ALL: &'static [Placeholders] = &[Self::Dollar, Self::Question, Self::At, Self::Colon, Self::ClickHouse];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dollar => "dollar",
            Self::Question => "question",
            Self::At => "at",
            Self::Colon => "colon",
            Self::ClickHouse => "clickhouse",
        }
    }
}

impl FromStr for Placeholders {
    type Err = Diagnostics;

    /// Reads a name.
    fn from_str(name: &str) -> Result<Self, Diagnostics> {
        Self::ALL.iter().copied().find(|style| style.as_str() == name).ok_or_else(|| {
            Diagnostic::error(Code::UnknownOption, "", format!("no style of placeholders `{name}`"))
                .suggest_from(name, Self::ALL.iter().map(|style| style.as_str()))
                .into()
        })
    }
}

/// How a dialect differs where a word or two say it.
pub(crate) struct Traits {
    /// The dialect's name.
    pub(crate) name: &'static str,
    /// What stands before and after an identifier.
    pub(crate) quotes: (char, char),
    /// Whether a backslash in a quoted identifier must be doubled.
    pub(crate) name_backslash: bool,
    /// How text literals are written.
    pub(crate) texts: Texts,
    /// How placeholders are written, unless asked otherwise.
    pub(crate) placeholders: Placeholders,
    /// Whether conditions are values, and `true` a condition.
    pub(crate) booleans: bool,
    /// How floats are written.
    pub(crate) floats: Floats,
    /// How decimals are written.
    pub(crate) decimals: Decimals,
    /// What tells NaN in float columns; `None` where they can't hold it.
    pub(crate) nan: Option<Nan>,
    /// Whether a list of values tells 0.0 from -0.0.
    pub(crate) zeros_apart: bool,
    /// Whether an integer beside a float must be made a float first.
    pub(crate) floats_mixed: bool,
    /// The most digits of decimals that meet, all before the point and all after it.
    pub(crate) decimal_digits: u16,
    /// Whether texts have to be compared as bytes: a collation, or blanks at the end, would play a part otherwise.
    pub(crate) as_bytes: bool,
    /// Whether values have to be made bytes then, as columns are.
    pub(crate) values_as_bytes: bool,
    /// A function that takes capitals away.
    pub(crate) lower: &'static str,
    pub(crate) contains: Search,
    pub(crate) starts: Search,
    pub(crate) ends: Search,
    /// `None` without regular expressions.
    pub(crate) regex: Option<Regex>,
    pub(crate) lists: Lists,
    /// The function for the number of items.
    pub(crate) size: &'static str,
    /// Whether a list column can't be NULL.
    pub(crate) lists_always: bool,
    pub(crate) month_day: MonthDay,
    pub(crate) page: Page,
}

/// How text literals are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    /// Quotes are doubled, nothing else.
    Doubled,
    /// Quotes and backslashes are doubled.
    Backslash,
    /// Quotes, backslashes and line ends are written with a backslash: two quotes are two literals.
    Escaped,
    /// `N'…'`, quotes doubled; a backslash before a line end would join the lines.
    National,
}

/// How floats are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Floats {
    /// `0.5`.
    Plain,
    /// `0.5D`: without the letter it is a decimal.
    Suffix,
    /// `5e-1`: without an exponent it is a decimal.
    Exponent,
    /// `CAST('0.5' AS DOUBLE PRECISION)`.
    Cast,
}

/// How decimals are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decimals {
    /// `1.50`.
    Plain,
    /// `1.50BD`.
    Suffix,
    /// `DECIMAL '1.50'`.
    Typed,
    /// `NUMERIC '1.50'`, or `BIGNUMERIC` for more digits.
    Numeric,
    /// `CAST('1.50' AS DECIMAL(3,2))`: without it it is a float.
    Cast,
}

/// What tells NaN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nan {
    /// A function.
    Call(&'static str),
    /// It equals itself.
    Equal,
    /// It is not among the numbers up to infinity, whether or not it equals itself.
    Beyond,
}

/// How one text is looked for in another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// `contains(text, wanted)`.
    Call(&'static str),
    /// `strpos(text, wanted) > 0`, and `= 1` at the start.
    Position(&'static str),
    /// `LOCATE(wanted, text) > 0`, and `= 1` at the start.
    Locate(&'static str),
    /// `LEFT(text, length) = wanted`, or `RIGHT`; the length in bytes where texts are.
    Cut(&'static str),
    /// `substr(text, 1, length) = wanted`, or from the end.
    Substr,
    /// `CHARINDEX(REVERSE(wanted), REVERSE(text)) = 1`, which no blanks at the end can disturb.
    Reversed(&'static str),
}

/// Regular expressions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Regex {
    /// `text ~ 'pattern'`.
    Tilde,
    /// `text REGEXP 'pattern'`.
    Operator,
    /// `regexp_like(text, 'pattern')`, and what makes the pattern ignore case.
    Call(&'static str, &'static str),
    /// DataFusion, see there.
    DataFusion,
    /// `REGEXP_LIKE(text, 'pattern', 's')` of the whole text, without groups that capture nothing.
    Whole,
    /// `REGEXP_INSTR(text, 'pattern', 1, 1, 0, 'p') > 0`.
    Instr,
}

impl Regex {
    /// What means the end of a text in a pattern.
    pub(crate) fn end(self) -> &'static str {
        match self {
            Self::Tilde | Self::Whole => "$",
            _ => r"\z",
        }
    }
}

/// How lists are asked for their items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lists {
    /// `list && ARRAY[…]`, `list @> ARRAY[…]`.
    Operators,
    /// `any(list, […])`, `all(list, […])`.
    Brackets(&'static str, &'static str),
    /// `has(list, value)`, once for each value.
    One(&'static str),
    /// `any(list, make_array(…))`, `all(list, make_array(…))`.
    MakeArray(&'static str, &'static str),
    /// `JSON_OVERLAPS(list, '[…]')`, `JSON_CONTAINS(list, '[…]')`.
    Json,
    /// `EXISTS (SELECT 1 FROM … WHERE … IN (…))` over the items.
    Items,
    /// `exists(list, x -> x IN (…))`.
    Lambda(&'static str),
    /// `ARRAYS_OVERLAP(list, ARRAY_CONSTRUCT(…))`, of items whose type JSON knows.
    Variants,
    /// Not at all.
    Unknown,
}

/// Month and day of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MonthDay {
    /// `MONTH(date)`.
    Call,
    /// `EXTRACT(MONTH FROM date)`.
    Extract,
    /// `date_part('month', date)`.
    DatePart,
    /// `strftime('%m%d', date)`.
    Strftime,
}

/// How some of the rows are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// `LIMIT 10 OFFSET 20`.
    Limit,
    /// `OFFSET 20 ROWS FETCH FIRST 10 ROWS ONLY`, but `LIMIT 10` without offset.
    Fetch,
    /// `OFFSET 20 ROWS FETCH FIRST 10 ROWS ONLY`, but `TOP 10` without offset.
    Top,
}
