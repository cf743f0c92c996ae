//! Calls, made to a receiver on this machine.

#![cfg(feature = "webhook")]
#![expect(clippy::expect_used, reason = "tests may")]

use std::time::Duration;

use cvm_core::Timestamp;
use cvm_journey::channel::{Channel, Delivery, HttpWebhook, Message, Secret, VerifyError, verify};
use serde_json::{Value, json};

#[path = "common/receiver.rs"]
mod receiver;
use receiver::{Call, Receiver};

const OURS: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn secret(text: &str) -> Secret {
    Secret::new(text).expect("a secret")
}

fn strict() -> HttpWebhook {
    HttpWebhook::new("webhook", secret(OURS)).expect("a channel")
}

fn channel() -> HttpWebhook {
    strict().allow_private().and_then(|channel| channel.timeout(Duration::from_millis(700))).expect("a channel")
}

fn message(key: &str, to: &str) -> Message {
    Message {
        key: key.to_owned(),
        journey: "welcome".into(),
        node: "call".into(),
        customer: "42}".into(),
        to: Some(to.to_owned()),
        parts: [("json".to_owned(), r#" {"total": 12345678901234567890123, "name": "Ada"} "#.to_owned())].into(),
        attempt: 1,
        ..Message::default()
    }
}

#[expect(clippy::disallowed_methods, reason = "receivers have a clock")]
fn now() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}

fn verified<'c>(text: &str, call: &'c Call, at: Timestamp) -> Result<&'c str, VerifyError> {
    let headers: Vec<(&str, &str)> = call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    verify(&secret(text), &headers, &call.body, at)
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_micros(at.micros() + seconds * 1_000_000).expect("an instant")
}

#[test]
fn calls_are_signed_and_the_same_at_every_try() {
    let receiver = Receiver::start();
    let mut channel = channel().also(secret(OTHER)).at_once(1);
    let sent = channel.send(&[
        message("1", &receiver.url("a")),
        message("1", &receiver.url("a")),
        message("2", &receiver.url("a")),
    ]);
    assert!(sent.iter().all(|sent| *sent == Delivery::Sent { id: None }), "{sent:?}");
    let calls = receiver.calls();
    assert_eq!(calls[0].body, calls[1].body);
    let text = String::from_utf8(calls[0].body.clone()).expect("a text");
    assert!(text.contains("12345678901234567890123"), "{text}");
    let body: Value = serde_json::from_str(&text).expect("JSON");
    let expected = json!(["1", "welcome", "call", "42}", "Ada"]);
    assert_eq!(json!([body["key"], body["journey"], body["node"], body["customer"], body["data"]["name"]]), expected);

    let ids: Vec<&str> = calls.iter().map(|call| verified(OURS, call, now()).expect("ours")).collect();
    assert!(ids[0] == ids[1] && ids[0] != ids[2] && ids[0].starts_with("msg_"), "{ids:?}");
    assert_eq!(calls[0].header("idempotency-key"), Some(format!("\"{}\"", ids[0]).as_str()));
    assert_eq!(calls[0].header("content-type"), Some("application/json"));
    // While secrets change both are signed with.
    assert!(verified(OTHER, &calls[0], now()).is_ok());
}

#[test]
fn what_was_changed_or_kept_is_not_believed() {
    let receiver = Receiver::start();
    channel().send(&[message("1", &receiver.url("a"))]);
    let call = receiver.calls().remove(0);
    assert_eq!(verified(OTHER, &call, now()), Err(VerifyError::Signature));
    for seconds in [-400, 400, 1_000_000] {
        assert!(matches!(verified(OURS, &call, later(now(), seconds)), Err(VerifyError::Time(_))));
    }
    assert!(verified(OURS, &call, later(now(), 290)).is_ok());
    let changed = |change: &dyn Fn(&mut Call)| {
        let mut call = call.clone();
        change(&mut call);
        verified(OURS, &call, now()).map(str::to_owned)
    };
    assert_eq!(changed(&|call| call.body.push(b' ')), Err(VerifyError::Signature));
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let gone = changed(&|call| call.headers.retain(|(header, _)| header != name));
        assert_eq!(gone, Err(VerifyError::Missing(name)));
        let other = changed(&|call| {
            let header = call.headers.iter_mut().find(|(header, _)| header == name).expect("a header");
            header.1.replace_range(header.1.len() - 1.., "0");
            // A time that happens to end with 0 is moved by a second.
            if name == "webhook-timestamp" {
                header.1 = (header.1.parse::<i64>().expect("a number") + 11).to_string();
            }
        });
        assert_eq!(other, Err(VerifyError::Signature), "{name}");
    }
    for signature in ["", "v1", "v1,", "v2,x", "v1a,x", "v1,!!!!"] {
        let other = changed(&|call| {
            call.headers
                .iter_mut()
                .filter(|(name, _)| name == "webhook-signature")
                .for_each(|(_, value)| *value = signature.to_owned());
        });
        assert_eq!(other, Err(VerifyError::Signature));
    }
}

#[test]
fn what_the_answer_means() {
    let receiver = Receiver::start();
    let failed = |reason: &str, again, after| Delivery::Failed { reason: reason.to_owned(), again, after };
    let moved = "the answer was 302 Found: calls are not led elsewhere, give the address that it leads to";
    let cases = [
        ("accepted", Delivery::Sent { id: None }),
        ("busy", failed("the answer was 503 Service Unavailable", true, Some(7))),
        ("often", failed("the answer was 429 Too Many Requests", true, Some(0))),
        ("late", failed("the answer was 408 Request Timeout", true, None)),
        ("broken", failed("the answer was 500 Internal Server Error", true, None)),
        ("bad", failed("the answer was 400 Bad Request", false, None)),
        ("gone", failed("the answer was 410 Gone", false, None)),
        ("moved", failed(moved, false, None)),
    ];
    let messages: Vec<Message> = cases.iter().map(|(path, _)| message(path, &receiver.url(path))).collect();
    let sent = channel().send(&messages);
    for ((path, expected), sent) in cases.iter().zip(&sent) {
        assert_eq!(sent, expected, "{path}");
    }
    assert_eq!(receiver.calls().len(), cases.len());
    for path in ["close", "hang?token=hidden"] {
        let sent = channel().send(&[message(path, &receiver.url(path))]);
        let [Delivery::Unknown { reason }] = &sent[..] else { panic!("{path}: {sent:?}") };
        assert!(reason.starts_with("there was no answer: ") && !reason.contains("hidden"), "{reason}");
    }
    // Each came once: nothing is tried again here.
    assert_eq!(receiver.calls().len(), cases.len() + 2);
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let sent = channel().send(&[message("1", &format!("http://127.0.0.1:{port}/"))]);
    assert!(
        matches!(&sent[..], [Delivery::Failed { reason, again: true, .. }] if reason.starts_with("nobody could be reached")),
        "{sent:?}"
    );
}

#[test]
fn many_calls_are_made_at_once_and_told_in_their_order() {
    let receiver = Receiver::start();
    let paths: Vec<&str> = (0..101).map(|i| if i % 7 == 0 { "bad" } else { "a" }).collect();
    let messages: Vec<Message> =
        paths.iter().enumerate().map(|(i, path)| message(&i.to_string(), &receiver.url(path))).collect();
    let sent = channel().send(&messages);
    let as_asked = |(path, sent): (&&str, &Delivery)| (*path == "a") == matches!(sent, Delivery::Sent { .. });
    assert!(sent.len() == 101 && paths.iter().zip(&sent).all(as_asked));
    assert!(channel().send(&[]).is_empty());
}

#[test]
fn nobody_inside_is_called() {
    let receiver = Receiver::start();
    let mut channel = strict();
    let port = receiver.port;
    for to in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://0x7f.1:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.0.0.1/".to_owned(),
        // A name, which only the resolver knows to lead inside.
        format!("https://localhost:{port}/"),
        format!("https://LOCALHOST:{port}/"),
    ] {
        let sent = channel.send(&[message("1", &to)]);
        let [Delivery::Failed { reason, again, .. }] = &sent[..] else { panic!("{to}: {sent:?}") };
        assert!(reason.contains("private network") && !again, "{to}: {reason}");
    }
    for (to, expected) in [
        (Some(receiver.url("a")), "is not called by `https`"),
        (Some("file:///etc/passwd".to_owned()), "is not called by `https`"),
        (Some("example.com".to_owned()), "is no address"),
        (None, "has no address"),
    ] {
        let sent = channel.send(&[Message { to, ..message("1", "") }]);
        assert!(
            matches!(&sent[..], [Delivery::Failed { reason, again: false, .. }] if reason.contains(expected)),
            "{sent:?}"
        );
    }
    let wrong = Message { parts: [("json".to_owned(), "{".to_owned())].into(), ..message("1", "https://example.com/") };
    assert!(matches!(&channel.send(&[wrong])[..], [Delivery::Failed { again: false, .. }]));
    assert!(receiver.calls().is_empty());
}
