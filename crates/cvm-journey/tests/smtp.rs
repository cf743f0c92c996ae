//! Mails, sent to a server on this machine.

#![cfg(feature = "smtp")]
#![expect(clippy::expect_used, reason = "tests may")]

use std::time::Duration;

use cvm_journey::channel::{Channel, Delivery, Message, Smtp, SmtpError};

#[path = "common/smtp_sink.rs"]
mod smtp_sink;
use smtp_sink::Sink;

fn channel(sink: &Sink) -> Smtp {
    let channel = Smtp::new("email", "127.0.0.1", "Shop <news@shop.example>").expect("a channel");
    channel.plain().port(sink.port).timeout(Duration::from_millis(700))
}

fn message(to: &str, parts: &[(&str, &str)]) -> Message {
    let parts = parts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Message { key: format!("welcome/mail/{to}"), to: Some(to.to_owned()), parts, attempt: 1, ..Message::default() }
}

fn hello(to: &str) -> Message {
    message(to, &[("subject", "Hello"), ("text", "Welcome")])
}

fn header<'m>(mail: &'m str, name: &str) -> Vec<&'m str> {
    let headers = mail.split("\r\n\r\n").next().unwrap_or_default();
    headers.split("\r\n").filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

#[test]
fn mails_arrive_as_they_were_written() {
    let sink = Sink::start();
    let text = "Dear Ada,\r\n.\r\n..dots\r\n.hidden\r\nRCPT TO:<x@example.com>\r\n\r\nBye";
    let parts = [
        ("subject", "Grüße\r\nBcc: x@example.com"),
        ("text", text),
        ("html", "<p>Hello &amp; bye</p>"),
        ("reply_to", "help@shop.example"),
        ("unsubscribe", "https://shop.example/u?c=1"),
    ];
    let sent = channel(&sink).send(&[message("Ada <ada@example.com>", &parts)]);
    assert_eq!(sent, [Delivery::Sent { id: Some("2.0.0 ok".into()) }]);
    let (to, mail) = sink.seen(|seen| seen.mails[0].clone());
    assert_eq!(sink.seen(|seen| seen.commands[0].clone()), "EHLO shop.example");
    assert_eq!(to, "ada@example.com");
    assert!(mail.contains(&format!("\r\n\r\n{text}\r\n")), "{mail}");
    assert!(mail.contains("<p>Hello &amp; bye</p>"));
    assert_eq!(header(&mail, "Bcc").len() + header(&mail, "bcc").len(), 0, "{mail}");
    assert_eq!(header(&mail, "From"), ["Shop <news@shop.example>"]);
    assert_eq!(header(&mail, "Reply-To"), ["help@shop.example"]);
    assert_eq!(header(&mail, "List-Unsubscribe"), ["<https://shop.example/u?c=1>"]);
    assert_eq!(header(&mail, "List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
    assert_eq!((header(&mail, "Subject").len(), header(&mail, "Date").len()), (1, 1));
}

#[test]
fn every_try_has_the_same_id_and_every_send_another() {
    let sink = Sink::start();
    let mut again = hello("ada@example.com");
    again.attempt = 2;
    channel(&sink).send(&[hello("ada@example.com"), again, hello("bob@example.com")]);
    let mails = sink.seen(|seen| seen.mails.clone());
    let ids: Vec<&str> = mails.iter().flat_map(|(_, mail)| header(mail, "Message-ID")).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    let id = ids[0].trim_matches(['<', '>']).strip_suffix("@shop.example").expect("the sender's domain");
    assert_eq!(header(&mails[0].1, "Idempotency-Key"), [format!("\"{id}\"")]);
}

#[test]
fn what_the_server_says_is_what_is_told() {
    let sink = Sink::start();
    let mut channel = channel(&sink);
    let receivers = ["ada", "busy", "gone", "full", "spam", "closing", "bob", "hangup", "drop", "slow", "eve"];
    let messages: Vec<Message> = receivers.iter().map(|name| hello(&format!("{name}@example.com"))).collect();
    let sent = channel.send(&messages);
    let told: Vec<&str> = sent
        .iter()
        .map(|delivery| match delivery {
            Delivery::Sent { .. } => "sent",
            Delivery::Failed { again: true, .. } => "again",
            Delivery::Failed { again: false, .. } => "never",
            Delivery::Unknown { .. } => "unknown",
        })
        .collect();
    let expected = ["sent", "again", "never", "again", "never", "again", "sent", "again", "unknown", "unknown", "sent"];
    assert_eq!(told, expected, "{sent:?}");
    let taken: Vec<String> = sink.seen(|seen| seen.mails.iter().map(|(to, _)| to.clone()).collect());
    assert_eq!(taken, ["ada@example.com", "bob@example.com", "eve@example.com"]);
    let reason = format!("{:?}", sent[2]);
    assert!(reason.contains("5.1.1 no such user"), "{reason}");
}

#[test]
fn one_connection_serves_many_mails_and_is_made_anew_when_it_is_gone() {
    let sink = Sink::start();
    let mut channel = channel(&sink);
    let many: Vec<Message> = (0..50).map(|id| hello(&format!("c{id}@example.com"))).collect();
    assert!(channel.send(&many).iter().all(|sent| matches!(sent, Delivery::Sent { .. })));
    assert_eq!(sink.seen(|seen| (seen.connections, seen.mails.len())), (1, 50));
    // The server closes it after a mail, as after a long pause.
    channel.send(&[hello("leaving@example.com")]);
    assert!(matches!(channel.send(&many[..2])[..], [Delivery::Sent { .. }, Delivery::Sent { .. }]));
    assert_eq!(sink.seen(|seen| (seen.connections, seen.mails.len())), (2, 53));
    drop(channel);
    assert!(sink.seen(|seen| seen.commands.last().is_some_and(|line| line == "QUIT")));
}

#[test]
fn a_server_that_is_not_there_is_asked_once() {
    // The port was free a moment ago.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let mut gone = Smtp::new("email", "127.0.0.1", "news@shop.example").expect("a channel").plain().port(port);
    let sent = gone.send(&[hello("ada@example.com"), hello("bob@example.com")]);
    assert!(sent.iter().all(|sent| matches!(sent, Delivery::Failed { again: true, .. })), "{sent:?}");
    // A server that hangs up again and again counts as gone for this batch.
    let sink = Sink::start();
    let many: Vec<Message> = (0..20).map(|id| hello(&format!("hangup+{id}@example.com"))).collect();
    let sent = channel(&sink).send(&many);
    assert!(sent.iter().all(|sent| matches!(sent, Delivery::Failed { again: true, .. })), "{sent:?}");
    assert_eq!(sink.seen(|seen| seen.connections), 3);
    // Without encryption nothing is said, not even a password.
    let sink = Sink::start();
    let strict = Smtp::new("email", "127.0.0.1", "news@shop.example").expect("a channel").port(sink.port);
    let sent = strict.login("shop", "secret").send(&[hello("ada@example.com")]);
    assert!(matches!(sent[..], [Delivery::Failed { again: true, .. }]), "{sent:?}");
    assert!(sink.seen(|seen| seen.commands.iter().all(|line| line.starts_with("EHLO") || line == "QUIT")));
}

#[test]
fn what_is_no_mail_is_not_tried() {
    let sink = Sink::start();
    let mut channel = channel(&sink);
    for (to, parts, expected) in [
        ("ada", &[("subject", "Hello"), ("text", "x")][..], "`ada` is no address: write it like"),
        ("ada@example.com\r\nRCPT TO:<x@example.com>", &[("subject", "Hello"), ("text", "x")], "is no address"),
        ("ada@example.com", &[("text", "x")], "a mail has a part `subject`"),
        ("ada@example.com", &[("subject", "x")], "a mail has a part `text` or `html`"),
        ("ada@example.com", &[("subject", "x"), ("text", "x"), ("fotter", "x")], "a mail has no part `fotter`"),
        ("ada@example.com", &[("subject", "x"), ("text", "x"), ("unsubscribe", "http://x.example")], "with `https`"),
        ("ädä@example.com", &[("subject", "x"), ("text", "x")], "takes no addresses such as"),
    ] {
        let sent = channel.send(&[message(to, parts)]);
        let [Delivery::Failed { reason, again: false, .. }] = &sent[..] else { panic!("{sent:?}") };
        assert!(reason.contains(expected), "{reason}");
    }
    assert!(sink.seen(|seen| seen.mails.is_empty()));
    assert!(channel.hello("a\r\nMAIL").is_err_and(|error| error.to_string().contains("is no name of a machine")));
    assert_eq!(Smtp::new("email", "localhost", "nobody").err(), Some(SmtpError::Sender("nobody".into())));
}
