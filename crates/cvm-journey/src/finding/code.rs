//! What can be wrong with a journey.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $meaning:literal])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// Stable identifiers of findings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        #[non_exhaustive]
        pub enum Code {
            $(
                $(#[doc = $meaning])*
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The identifier.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What it means, in a sentence or two.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($meaning),*),)*
                }
            }

            /// How much it matters.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }
        }
    };
}

codes! {
    /// The text is no JSON, or no journey as the schema has it.
    Json = "CVM_JOURNEY_JSON", Error;
    /// A node has a type that there is not.
    UnknownType = "CVM_JOURNEY_UNKNOWN_TYPE", Error;
    /// Two nodes, or two edges, have the same id.
    DuplicateId = "CVM_JOURNEY_DUPLICATE_ID", Error;
    /// An edge begins or ends at a node that there is not.
    UnknownNode = "CVM_JOURNEY_UNKNOWN_NODE", Error;
    /// Nobody can come in: there is no entry node.
    NoEntry = "CVM_JOURNEY_NO_ENTRY", Error;
    /// There are several entry nodes.
    SeveralEntries = "CVM_JOURNEY_SEVERAL_ENTRIES", Error;
    /// An edge leads to the entry.
    EdgeToEntry = "CVM_JOURNEY_EDGE_TO_ENTRY", Error;
    /// No customer ever comes to this node.
    Unreachable = "CVM_JOURNEY_UNREACHABLE", Error;
    /// From this node no way leads to an end.
    NoEnd = "CVM_JOURNEY_NO_END", Error;
    /// No edge leads on from an outcome that customers may have.
    MissingOutcome = "CVM_JOURNEY_MISSING_OUTCOME", Error;
    /// A branch has no edge for those whom no case takes.
    NoDefault = "CVM_JOURNEY_NO_DEFAULT", Error;
    /// Two edges lead on from the same outcome.
    DuplicateOutcome = "CVM_JOURNEY_DUPLICATE_OUTCOME", Error;
    /// An edge begins at an outcome that its node does not have.
    UnknownOutcome = "CVM_JOURNEY_UNKNOWN_OUTCOME", Error;
    /// A node has two outcomes of the same name.
    SameName = "CVM_JOURNEY_SAME_NAME", Error;
    /// An edge leads from a node to itself.
    SelfEdge = "CVM_JOURNEY_SELF_EDGE", Error;
    /// An edge leads on from an end.
    EdgeFromEnd = "CVM_JOURNEY_EDGE_FROM_END", Error;
    /// Customers could go round and round without a pause.
    InstantLoop = "CVM_JOURNEY_INSTANT_LOOP", Error;
    /// Customers could go round without an end.
    LoopWithoutCap = "CVM_JOURNEY_LOOP_WITHOUT_CAP", Error;
    /// The shares of a split are not 100 % together.
    Percentages = "CVM_JOURNEY_PERCENTAGES", Error;
    /// Something that must be more than nothing is nothing: a wait, a limit, a number of times.
    NotPositive = "CVM_JOURNEY_NOT_POSITIVE", Error;
    /// Something that must be chosen is empty.
    Empty = "CVM_JOURNEY_EMPTY", Error;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
