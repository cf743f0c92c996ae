//! Signatures that tell receivers who calls (Standard Webhooks, <https://www.standardwebhooks.com>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cvm_core::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// A secret that a sender and a receiver share: `whsec_` and 24 to 64 bytes in base64. It is never printed.
///
/// ```
/// use cvm_journey::channel::Secret;
/// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// assert_eq!(format!("{secret:?}"), "Secret");
/// assert!(Secret::new("password").is_err());
/// # Ok::<(), cvm_journey::channel::SecretError>(())
/// ```
#[derive(Clone)]
pub struct Secret(Vec<u8>);

/// What is wrong with a secret. What was written isn't repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the secret is not `whsec_` and 24 to 64 bytes in base64: take one of a random generator")]
pub struct SecretError;

impl Secret {
    /// The secret that a text stands for.
    ///
    /// # Errors
    /// Texts that are not base64, too short or too long.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        let bytes = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).map_err(|_| SecretError)?;
        if (24..=64).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(SecretError) }
    }

    /// The signature, as it stands in the header `webhook-signature`.
    pub(super) fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let tag = self.mac(id, &seconds.to_string(), body).map(|mac| mac.finalize().into_bytes());
        format!("v1,{}", STANDARD.encode(tag.unwrap_or_default()))
    }

    fn mac(&self, id: &str, seconds: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", body] {
            mac.update(part);
        }
        Some(mac)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Why a call is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// A header is missing.
    #[error("the header `{0}` is missing")]
    Missing(&'static str),
    /// The time is no number of seconds, or more than five minutes from now: somebody may have kept the call.
    #[error("the time `{0}` is not within five minutes of now: set the clock, or refuse the call")]
    Time(String),
    /// No signature is of this secret.
    #[error("no signature is of this secret: refuse the call")]
    Signature,
}

/// So many seconds a call may be old, or from the future where clocks differ.
const TOLERANCE: i64 = 5 * 60;

/// Whether a call was made by who has the secret, for receivers of [`HttpWebhook`](super::HttpWebhook) and of every sender that
/// signs by Standard Webhooks. Gives the id of the call, which is the same for every try: keep those that were taken for a day or
/// two, and take none twice. The body is what came, byte by byte, before anything reads it.
///
/// ```
/// use cvm_core::Timestamp;
/// use cvm_journey::channel::{Secret, verify};
/// // The example of the specification's libraries.
/// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// let headers = [
///     ("Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
///     ("Webhook-Timestamp", "1614265330"),
///     ("Webhook-Signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
/// ];
/// let now = Timestamp::parse_utc("2021-02-25T15:03:00Z").expect("an instant");
/// assert_eq!(verify(&secret, &headers, br#"{"test": 2432232314}"#, now), Ok("msg_p5jXN8AQM9LWM0D4loKWxJek"));
/// assert!(verify(&secret, &headers, br#"{"test": 2432232315}"#, now).is_err());
/// # Ok::<(), cvm_journey::channel::SecretError>(())
/// ```
///
/// # Errors
/// Headers that are missing, a time that is not now, a signature of somebody else.
pub fn verify<'h>(
    secret: &Secret,
    headers: &[(&str, &'h str)],
    body: &[u8],
    now: Timestamp,
) -> Result<&'h str, VerifyError> {
    let header = |wanted: &'static str| {
        let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| *value).ok_or(VerifyError::Missing(wanted))
    };
    let (id, time) = (header("webhook-id")?, header("webhook-timestamp")?);
    let signatures = header("webhook-signature")?;
    let seconds: Option<i64> = time.parse().ok();
    let near = |seconds: &i64| now.micros().div_euclid(1_000_000).abs_diff(*seconds) <= TOLERANCE.unsigned_abs();
    if !seconds.as_ref().is_some_and(near) {
        return Err(VerifyError::Time(time.to_owned()));
    }
    // A sender that changes its secret signs with both for a while.
    let ours = |signature: &str| {
        let tag = signature.strip_prefix("v1,").and_then(|tag| STANDARD.decode(tag).ok());
        tag.zip(secret.mac(id, time, body)).is_some_and(|(tag, mac)| mac.verify_slice(&tag).is_ok())
    };
    if signatures.split_ascii_whitespace().any(ours) { Ok(id) } else { Err(VerifyError::Signature) }
}
