//! The stable codes. A code never changes its meaning; the docs have an entry for each.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What kind of finding it is. Printed and serialised as `CVM_…`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code, in the order of the docs.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The stable identifier.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// What the code means, in a sentence or two.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),+).trim_ascii_start()),+ }
            }
        }
    };
}

codes! {
    /// The input is not JSON.
    JsonSyntax = "CVM_JSON_SYNTAX";
    /// The text form can't be read from this place on.
    TextSyntax = "CVM_TEXT_SYNTAX";
    /// An object has a key that this node does not know. Unknown keys are never ignored.
    UnknownKey = "CVM_UNKNOWN_KEY";
    /// An object lacks a key that it needs.
    MissingKey = "CVM_MISSING_KEY";
    /// An object has the same key twice, so it could mean two things.
    DuplicateKey = "CVM_DUPLICATE_KEY";
    /// A JSON value of another kind was expected here.
    WrongKind = "CVM_WRONG_KIND";
    /// No filter node has this `type`.
    UnknownNode = "CVM_UNKNOWN_NODE";
    /// No operator has this name.
    UnknownOperator = "CVM_UNKNOWN_OPERATOR";
    /// A word from a fixed list (a unit, a measure, a case rule) is not on that list.
    UnknownWord = "CVM_UNKNOWN_WORD";
    /// The catalog has no such field here.
    UnknownField = "CVM_UNKNOWN_FIELD";
    /// The catalog has no such event.
    UnknownEvent = "CVM_UNKNOWN_EVENT";
    /// The catalog has no such related table.
    UnknownTable = "CVM_UNKNOWN_TABLE";
    /// The catalog has no such segment.
    UnknownSegment = "CVM_UNKNOWN_SEGMENT";
    /// The catalog has no such list.
    UnknownList = "CVM_UNKNOWN_LIST";
    /// A segment refers to itself, directly or through others.
    SegmentCycle = "CVM_SEGMENT_CYCLE";
    /// A group has no children. Everybody and nobody must be said: `everyone`, `nobody`.
    EmptyGroup = "CVM_EMPTY_GROUP";
    /// A list of values is empty, so the condition would select nobody, or everybody under `not`.
    EmptyList = "CVM_EMPTY_LIST";
    /// The operator can't be used on a field of this type.
    OperatorNotApplicable = "CVM_OPERATOR_NOT_APPLICABLE";
    /// The value is of another type than the field.
    TypeMismatch = "CVM_TYPE_MISMATCH";
    /// The value has the right type but can't be used: not a date, out of range, not a finite number.
    InvalidValue = "CVM_INVALID_VALUE";
    /// The field is declared to have only certain values, and this is none of them.
    NotInEnum = "CVM_NOT_IN_ENUM";
    /// The operator needs a value and has none, or takes none and has one.
    ValueCount = "CVM_VALUE_COUNT";
    /// A range ends before it begins.
    ReversedRange = "CVM_REVERSED_RANGE";
    /// The pattern is not a regular expression of the portable, linear-time kind.
    InvalidPattern = "CVM_INVALID_PATTERN";
    /// The filter has a named parameter that was given no value.
    MissingParameter = "CVM_MISSING_PARAMETER";
    /// `missing` or `case` stands where it has no meaning.
    NotMeaningful = "CVM_NOT_MEANINGFUL";
    /// The input is nested deeper than the limit.
    DepthLimit = "CVM_DEPTH_LIMIT";
    /// The filter has more nodes than the limit.
    SizeLimit = "CVM_SIZE_LIMIT";
    /// A list of values is longer than the limit.
    ListLimit = "CVM_LIST_LIMIT";
    /// The node is valid, but this dialect or executor can't express it exactly.
    NotSupported = "CVM_NOT_SUPPORTED";
    /// A name in the catalog is empty, or stands twice.
    CatalogName = "CVM_CATALOG_NAME";
    /// The catalog's key is not one of its fields, or may be missing.
    CatalogKey = "CVM_CATALOG_KEY";
    /// A field type can't be read.
    CatalogType = "CVM_CATALOG_TYPE";
    /// A setting of the catalog (zone, week start, fiscal year, currency, bounds) can't be used.
    CatalogSetting = "CVM_CATALOG_SETTING";
    /// A file can't be read as a table: no header, rows of different length, a broken encoding.
    TableShape = "CVM_TABLE_SHAPE";
    /// Rows of a file hold values that don't fit the type of their column.
    BadRows = "CVM_BAD_ROWS";
    /// Customer keys are missing or stand twice.
    KeyNotUnique = "CVM_KEY_NOT_UNIQUE";
    /// A file, table or column is not there, or can't be opened.
    SourceNotFound = "CVM_SOURCE_NOT_FOUND";
    /// A file or table is of a kind that can't be loaded.
    SourceKind = "CVM_SOURCE_KIND";
    /// Nothing was loaded yet.
    NothingLoaded = "CVM_NOTHING_LOADED";
    /// There is no customer with this key.
    UnknownCustomer = "CVM_UNKNOWN_CUSTOMER";
    /// No dialect, statement or setting has this name.
    UnknownOption = "CVM_UNKNOWN_OPTION";
    /// The work needs more memory than it was given, and was not begun or not gone on with.
    MemoryBudget = "CVM_MEMORY_BUDGET";
    /// The work was ended by the one who asked for it.
    Cancelled = "CVM_CANCELLED";
    /// The query engine failed; the message is its own.
    Execution = "CVM_EXECUTION";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
