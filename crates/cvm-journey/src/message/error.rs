//! What can be wrong with a template, and with a message that is made of it.

use thiserror::Error;

/// What is wrong with a template: for its author, before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// The text can't be read.
    #[error("line {line} of `{part}` can't be read: {why}")]
    Syntax {
        /// Channel and part: `email/subject`.
        part: String,
        /// The line in it, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// A statement, a filter or a sign that messages don't have.
    #[error("line {line} of `{part}` has `{found}`, which messages can't use: {help}")]
    Refused {
        /// Channel and part.
        part: String,
        /// The line in it, from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What to write instead.
        help: String,
    },
    /// A token that no message ever has a value for.
    #[error("`{part}` has the token `{token}`, which nothing is known of: {help}")]
    UnknownToken {
        /// Channel and part.
        part: String,
        /// The token.
        token: String,
        /// What to write instead.
        help: String,
    },
    /// A text of more than [`Renderer::MAX_TEMPLATE`](super::Renderer::MAX_TEMPLATE) bytes.
    #[error("`{part}` has {bytes} bytes: make it shorter than {limit}", limit = super::Renderer::MAX_TEMPLATE)]
    TooLong {
        /// Channel and part.
        part: String,
        /// How many bytes.
        bytes: usize,
    },
}

/// Why there is no message for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderError {
    /// The template says nothing on this channel.
    #[error("the template `{template}` says nothing for the channel `{channel}`: add a text for it")]
    NoChannel {
        /// The template.
        template: String,
        /// The channel.
        channel: String,
    },
    /// The customer, event or offer has no value for a token, and nothing stands in for it.
    #[error("line {line} of `{part}` has no value for `{token}`: add a fallback for it to the template")]
    Missing {
        /// Channel and part.
        part: String,
        /// The line in it, from 1.
        line: usize,
        /// The token.
        token: String,
    },
    /// A token names several values at once.
    #[error("line {line} of `{part}` prints more than one value: name one of its fields, as in `customer.id`")]
    NotAValue {
        /// Channel and part.
        part: String,
        /// The line in it, from 1.
        line: usize,
    },
    /// The message would have more than [`Renderer::MAX_OUTPUT`](super::Renderer::MAX_OUTPUT) bytes.
    #[error("`{part}` becomes longer than {limit} bytes: say less in it", limit = super::Renderer::MAX_OUTPUT)]
    TooLong {
        /// Channel and part.
        part: String,
    },
    /// The template takes more steps than a message may.
    #[error("`{part}` takes too many steps: make its loops shorter")]
    TooManySteps {
        /// Channel and part.
        part: String,
    },
    /// What came out is no JSON.
    #[error("`{part}` becomes no JSON: {why}")]
    Json {
        /// Channel and part.
        part: String,
        /// What is wrong.
        why: String,
    },
    /// Something that can't be computed, such as the sum of a text and a number.
    #[error("line {line} of `{part}` can't be computed: {why}")]
    Failed {
        /// Channel and part.
        part: String,
        /// The line in it, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}
