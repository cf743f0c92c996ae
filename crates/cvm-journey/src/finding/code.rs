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
    /// A jump whose way back does not come to it again, so that nobody ever goes on from it.
    NoWayBack = "CVM_JOURNEY_NO_WAY_BACK", Error;
    /// The shares of a split are not 100 % together.
    Percentages = "CVM_JOURNEY_PERCENTAGES", Error;
    /// Something that must be more than nothing is nothing: a wait, a limit, a number of times.
    NotPositive = "CVM_JOURNEY_NOT_POSITIVE", Error;
    /// Something that must be chosen is empty.
    Empty = "CVM_JOURNEY_EMPTY", Error;
    /// A field of customers, or a property of an event, that the catalog does not have.
    UnknownField = "CVM_JOURNEY_UNKNOWN_FIELD", Error;
    /// An event that the catalog does not have.
    UnknownEvent = "CVM_JOURNEY_UNKNOWN_EVENT", Error;
    /// A list that the catalog does not have.
    UnknownList = "CVM_JOURNEY_UNKNOWN_LIST", Error;
    /// An offer that there is not.
    UnknownOffer = "CVM_JOURNEY_UNKNOWN_OFFER", Error;
    /// A template that there is not.
    UnknownTemplate = "CVM_JOURNEY_UNKNOWN_TEMPLATE", Error;
    /// A journey that there is not.
    UnknownJourney = "CVM_JOURNEY_UNKNOWN_JOURNEY", Error;
    /// An offer or a template that is no longer to be used.
    Archived = "CVM_JOURNEY_ARCHIVED", Error;
    /// A template says nothing for the channel on which it is sent.
    NoContent = "CVM_JOURNEY_NO_CONTENT", Error;
    /// A template can't be read.
    Template = "CVM_JOURNEY_TEMPLATE", Error;
    /// A token of a template names nothing that messages can speak of.
    UnknownToken = "CVM_JOURNEY_UNKNOWN_TOKEN", Error;
    /// A token of a template has no value on some way to its message, and nothing stands in for it.
    TokenMissing = "CVM_JOURNEY_TOKEN_MISSING", Error;
    /// A field is of a type that can't be used here.
    FieldType = "CVM_JOURNEY_FIELD_TYPE", Error;
    /// A filter with findings of its own.
    Filter = "CVM_JOURNEY_FILTER", Error;
    /// A journey that comes to itself through others.
    Recursion = "CVM_JOURNEY_RECURSION", Error;
    /// Nobody who comes here can go this way: what brought them here says otherwise.
    Never = "CVM_JOURNEY_NEVER", Warning;
    /// All who come here go this way: what brought them here says so already.
    Always = "CVM_JOURNEY_ALWAYS", Warning;
    /// Two cases of a branch can take the same customer: their order decides.
    Overlap = "CVM_JOURNEY_OVERLAP", Info;
    /// The cases of a branch leave a gap between their values, and who is in it goes by default.
    Gap = "CVM_JOURNEY_GAP", Info;
    /// A wait has no end: who never does what it waits for stays for ever.
    WaitWithoutEnd = "CVM_JOURNEY_WAIT_WITHOUT_END", Warning;
    /// A wait waits for something that can't happen.
    WaitNever = "CVM_JOURNEY_WAIT_NEVER", Error;
    /// All who enter have reached a goal already.
    GoalAtEntry = "CVM_JOURNEY_GOAL_AT_ENTRY", Warning;
    /// All who enter leave at once.
    ExitAtEntry = "CVM_JOURNEY_EXIT_AT_ENTRY", Error;
    /// A channel is written to without a rule about who agreed to it.
    NoConsent = "CVM_JOURNEY_NO_CONSENT", Warning;
    /// The same offer may reach a customer twice.
    OfferTwice = "CVM_JOURNEY_OFFER_TWICE", Warning;
    /// A customer can get more messages in a time than a cap lets through.
    AboveCap = "CVM_JOURNEY_ABOVE_CAP", Warning;
    /// There is no time at which something could be sent on a channel.
    NoSendTime = "CVM_JOURNEY_NO_SEND_TIME", Error;
    /// The journey ends before it begins.
    EndBeforeStart = "CVM_JOURNEY_END_BEFORE_START", Error;
    /// Even on the shortest way customers are not through before the journey ends.
    TooLong = "CVM_JOURNEY_TOO_LONG", Warning;
    /// A zone that the tz database does not have.
    UnknownZone = "CVM_JOURNEY_UNKNOWN_ZONE", Error;
    /// A webhook is not called by `https`, or its address is none.
    WebAddress = "CVM_JOURNEY_WEB_ADDRESS", Error;
    /// A webhook calls an address of a private network.
    PrivateAddress = "CVM_JOURNEY_PRIVATE_ADDRESS", Error;
    /// Nobody is expected to enter.
    EntryEmpty = "CVM_JOURNEY_ENTRY_EMPTY", Warning;
    /// More customers are expected to enter than the settings allow.
    EntryAboveCap = "CVM_JOURNEY_ENTRY_ABOVE_CAP", Error;
    /// An arm of a split has too few customers for the difference that is to be seen.
    ArmTooSmall = "CVM_JOURNEY_ARM_TOO_SMALL", Warning;
    /// A throttle lets fewer customers through than are expected, before the journey ends.
    ThrottleTooSlow = "CVM_JOURNEY_THROTTLE_TOO_SLOW", Warning;
    /// The journey is over already.
    Past = "CVM_JOURNEY_PAST", Error;
    /// A recurrence rule that can't be read.
    Rule = "CVM_JOURNEY_RULE", Error;
    /// A schedule has no day left on which customers could enter.
    ScheduleOver = "CVM_JOURNEY_SCHEDULE_OVER", Error;
    /// A time of day that clocks skip on some day of the journey.
    SkippedTime = "CVM_JOURNEY_SKIPPED_TIME", Info;
    /// An offer does not hold yet when it can be sent first.
    OfferEarly = "CVM_JOURNEY_OFFER_EARLY", Warning;
    /// An offer no longer holds when it can be sent first.
    OfferOver = "CVM_JOURNEY_OFFER_OVER", Error;
    /// The journey has no goal: nobody can say whether it was good for something.
    NoGoal = "CVM_JOURNEY_NO_GOAL", Info;
    /// Nobody is held out: nobody can say what would have happened without the journey.
    NoHoldout = "CVM_JOURNEY_NO_HOLDOUT", Info;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
