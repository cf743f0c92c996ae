//! Channels: what takes messages away.
//!
//! - [`Channel`] takes a batch of [`Message`]s and says of each what became of it ([`Delivery`]).
//! - [`Backoff`] says when a message is tried again, [`TokenBucket`] how many may go now. Neither looks at a clock.
//! - [`Console`] prints messages, [`Recording`] is a provider for tests that fails as planned.
//! - With the feature `file`, `File` writes lines of JSON; with `smtp`, `Smtp` sends mails; with `webhook`, `HttpWebhook` calls
//!   other systems.

mod backoff;
mod bucket;
mod console;
mod delivery;
#[cfg(feature = "file")]
mod file;
#[cfg(any(feature = "file", feature = "smtp", feature = "webhook"))]
mod key;
mod message;
mod recording;
#[cfg(feature = "smtp")]
mod smtp;
#[cfg(feature = "webhook")]
mod webhook;

pub use backoff::Backoff;
pub use bucket::TokenBucket;
pub use console::Console;
pub use delivery::{Channel, Delivery};
#[cfg(feature = "file")]
pub use file::{File, FileError};
pub use message::Message;
pub use recording::{Plan, Recording};
#[cfg(feature = "smtp")]
pub use smtp::{Smtp, SmtpError};
#[cfg(feature = "webhook")]
pub use webhook::{HttpWebhook, Secret, SecretError, VerifyError, WebhookError, verify};
