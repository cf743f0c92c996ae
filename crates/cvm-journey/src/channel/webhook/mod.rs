//! Calls to other systems.

mod answer;
mod body;
mod resolve;
mod sign;

use std::sync::Arc;
use std::time::Duration;

use cvm_core::Timestamp;
use reqwest::Url;
use reqwest::blocking::Client;
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;
use thiserror::Error;

pub use self::sign::{Secret, SecretError, VerifyError, verify};
use super::key::digest;
use super::{Channel, Delivery, Message};

/// Why no calls can be made.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// What the system needs for encrypted connections is missing.
    #[error("encrypted connections can't be made here: {0}")]
    Tls(String),
    /// Something else of the system.
    #[error("calls can't be made here: {0}")]
    Client(String),
}

/// Calls other systems: a `POST` of JSON to [`Message::to`], signed so that they know who calls.
///
/// The body is `{"key": …, "journey": …, "node": …, "customer": …, "data": …}`, where `data` is the part `json` if there is no
/// other, else an object of the parts. It is the same for every try. Headers are those of Standard Webhooks
/// (<https://www.standardwebhooks.com>): `webhook-id`, `webhook-timestamp`, `webhook-signature`; and `Idempotency-Key`
/// (draft-ietf-httpapi-idempotency-key-header), which is the id too. Receivers check them by [`verify`].
///
/// An answer of 2xx is a success. 408, 429 and 5xx may be tried again, after the time that `Retry-After` says; other answers are
/// final, and nobody is led elsewhere. Who can't be connected to got nothing; a call that got no answer may have arrived.
///
/// Only `https` is spoken, and only to public addresses, whatever names lead to at that moment ([`HttpWebhook::allow_private`]).
/// It must not be made, used or dropped on a thread of an asynchronous runtime, as it waits.
///
/// ```no_run
/// use cvm_journey::channel::{Channel, HttpWebhook, Message, Secret};
/// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// let mut channel = HttpWebhook::new("webhook", secret)?;
/// let message = Message { key: "1".into(), to: Some("https://example.com/hook".into()), ..Message::default() };
/// let delivered = channel.send(&[message]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct HttpWebhook {
    name: String,
    secrets: Vec<Secret>,
    settings: Settings,
    client: Client,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    private: bool,
    timeout: Duration,
    at_once: usize,
}

impl HttpWebhook {
    /// A channel of a name that signs with a secret.
    ///
    /// # Errors
    /// Where the system can't do encrypted connections.
    pub fn new(name: &str, secret: Secret) -> Result<Self, WebhookError> {
        let settings = Settings { private: false, timeout: Duration::from_secs(20), at_once: 8 };
        let client = client(settings)?;
        Ok(Self { name: name.to_owned(), secrets: vec![secret], settings, client })
    }

    /// The same that signs with another secret too: while receivers change from one to the other.
    #[must_use]
    pub fn also(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// The same that waits so long for an answer; twenty seconds if not said, half of it at most for a connection.
    ///
    /// # Errors
    /// As [`HttpWebhook::new`].
    pub fn timeout(mut self, timeout: Duration) -> Result<Self, WebhookError> {
        self.settings.timeout = timeout;
        self.client = client(self.settings)?;
        Ok(self)
    }

    /// The same that makes so many calls of a batch at once; eight if not said.
    #[must_use]
    pub fn at_once(mut self, calls: usize) -> Self {
        self.settings.at_once = calls.max(1);
        self
    }

    /// The same that calls private addresses too, also without encryption: for systems in the own network, where every journey
    /// may be trusted with what is there.
    ///
    /// # Errors
    /// As [`HttpWebhook::new`].
    pub fn allow_private(mut self) -> Result<Self, WebhookError> {
        self.settings.private = true;
        self.client = client(self.settings)?;
        Ok(self)
    }

    fn one(&self, message: &Message) -> Delivery {
        let (url, body) = match self.url(message).and_then(|url| Ok((url, body::of(message)?))) {
            Ok(both) => both,
            Err(reason) => return Delivery::never(reason),
        };
        let (id, seconds) = (format!("msg_{}", digest(&message.key)), now().micros().div_euclid(1_000_000));
        let signatures: Vec<String> =
            self.secrets.iter().map(|secret| secret.sign(&id, seconds, body.as_bytes())).collect();
        let call = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("idempotency-key", format!("\"{id}\""))
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signatures.join(" "))
            .body(body);
        match call.send() {
            Ok(response) => answer::delivery(&response, now()),
            Err(error) => answer::failure(error),
        }
    }

    fn url(&self, message: &Message) -> Result<Url, String> {
        let to = message.to.as_deref().ok_or("the message has no address: give the webhook a `url`")?;
        let url = Url::parse(to).map_err(|error| format!("`{to}` is no address: {error}"))?;
        match url.scheme() {
            "https" => {}
            "http" if self.settings.private => {}
            _ => return Err(format!("`{to}` is not called by `https`")),
        }
        if !self.settings.private {
            resolve::numbers_are_public(&url).map_err(|error| error.to_string())?;
        }
        Ok(url)
    }
}

impl Channel for HttpWebhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        let share = messages.len().div_ceil(self.settings.at_once).max(1);
        let channel = &*self;
        std::thread::scope(|scope| {
            let calls: Vec<_> = messages
                .chunks(share)
                .map(|some| {
                    let all = move || some.iter().map(|message| channel.one(message)).collect::<Vec<_>>();
                    (some.len(), scope.spawn(all))
                })
                .collect();
            let told = |(many, thread): (usize, std::thread::ScopedJoinHandle<'_, Vec<Delivery>>)| {
                thread.join().unwrap_or_else(|_| vec![Delivery::unknown("the call ended without an answer"); many])
            };
            calls.into_iter().flat_map(told).collect()
        })
    }
}

/// What makes calls.
fn client(settings: Settings) -> Result<Client, WebhookError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier())
        .map_err(|error| WebhookError::Tls(error.to_string()))?
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("cvm/", env!("CARGO_PKG_VERSION")))
        // A redirect or a proxy would lead past the look at addresses.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // Whether another try makes sense is said by who keeps the tries.
        .retry(reqwest::retry::never())
        .referer(false)
        .timeout(settings.timeout)
        .connect_timeout(settings.timeout / 2);
    let client = if settings.private { client } else { client.dns_resolver(Arc::new(resolve::PublicOnly)) };
    client.build().map_err(|error| WebhookError::Client(error.to_string()))
}

#[expect(clippy::disallowed_methods, reason = "a signature says when it was made")]
fn now() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}
