//! What an answer means, or that there is none.

use cvm_core::Timestamp;
use reqwest::StatusCode;
use reqwest::blocking::Response;

use super::resolve::private_address;
use crate::channel::Delivery;

/// Nobody is left alone for longer, whatever the answer says.
const LONGEST: u64 = 24 * 60 * 60;

pub(super) fn delivery(response: &Response, now: Timestamp) -> Delivery {
    let status = response.status();
    if status.is_success() {
        return Delivery::Sent { id: None };
    }
    let reason = format!("the answer was {status}");
    if status.is_redirection() {
        return Delivery::never(format!("{reason}: calls are not led elsewhere, give the address that it leads to"));
    }
    let later = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    let again = later || status.is_server_error();
    let after = response.headers().get("retry-after").and_then(|value| retry_after(value.to_str().ok()?, now));
    Delivery::Failed { reason, again, after: after.filter(|_| again) }
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(text: &str, now: Timestamp) -> Option<u64> {
    let seconds = text.trim().parse::<u64>().ok().or_else(|| {
        let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
        let micros = Timestamp::from_jiff(at.timestamp()).micros().saturating_sub(now.micros());
        Some(u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000))
    });
    seconds.map(|seconds| seconds.min(LONGEST))
}

pub(super) fn failure(error: reqwest::Error) -> Delivery {
    // Addresses hold secrets at times.
    let error = error.without_url();
    if let Some(found) = private_address(&error) {
        return Delivery::never(found.to_string());
    }
    let reason = causes(&error);
    if error.is_builder() {
        Delivery::never(format!("the call can't be made: {reason}"))
    } else if error.is_connect() || error.is_dns() {
        Delivery::again(format!("nobody could be reached: {reason}"))
    } else {
        Delivery::unknown(format!("there was no answer: {reason}"))
    }
}

/// The last cause says most.
fn causes(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, retry_after};

    #[test]
    fn waits_are_seconds_or_dates() {
        let now = Timestamp::parse_utc("1994-11-06T08:49:00Z").expect("an instant");
        let after = |text: &str| retry_after(text, now);
        assert_eq!(after("120"), Some(120));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(37));
        assert_eq!(after("Sun, 06 Nov 1994 08:48:00 GMT"), Some(0));
        assert_eq!(after("99999999999"), Some(86_400));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-5"), None);
    }
}
