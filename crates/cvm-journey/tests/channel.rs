//! Channels that need nothing but memory, and a file.

use std::collections::BTreeMap;

use cvm_journey::channel::{Channel, Console, Delivery, Message, Plan, Recording};
use cvm_journey::model::Percent;
use proptest::prelude::*;

fn message(key: &str) -> Message {
    let parts = BTreeMap::from([("text".to_owned(), format!("hello {key}"))]);
    Message { key: key.to_owned(), customer: key.to_owned(), parts, attempt: 1, ..Message::default() }
}

#[test]
fn a_screen_that_is_gone_is_told() {
    struct Gone;
    impl std::io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let sent = Console::new("sms", Gone).send(&[message("1")]);
    assert_eq!(sent, [Delivery::unknown("the message can't be printed: gone")]);
}

#[test]
fn a_plan_has_its_shares_and_repeats_itself() {
    let percent = Percent::new;
    let plan = Plan { seed: 3, failed: percent(10), refused: percent(5), lost: percent(20), unanswered: percent(15) };
    let run = || {
        let provider = Recording::new("email").plan(plan);
        let messages: Vec<Message> = (0..10_000).map(|id: u32| message(&id.to_string())).collect();
        (provider.clone().send(&messages), provider.taken().len())
    };
    let (sent, taken) = run();
    assert_eq!(run(), (sent.clone(), taken));
    let count = |reason: &str| {
        let said = |sent: &&Delivery| match sent {
            Delivery::Sent { .. } => reason == "sent",
            Delivery::Failed { reason: why, .. } | Delivery::Unknown { reason: why } => why.starts_with(reason),
        };
        sent.iter().filter(said).count()
    };
    // 95 % of the shares, as refusals come first; deviations are below 50.
    for (reason, expected) in
        [("refused", 500), ("failed", 950), ("lost", 1_900), ("unanswered", 1_425), ("sent", 5_225)]
    {
        assert!(count(reason).abs_diff(expected) < 200, "{reason}: {}", count(reason));
    }
    assert_eq!(taken, count("sent") + count("unanswered"));
}

proptest! {
    #[test]
    fn whatever_fails_a_key_takes_effect_once(
        seed: u64, failed in 0_u8..40, lost in 0_u8..30, unanswered in 0_u8..30, keys in 1_u32..20
    ) {
        let plan = Plan {
            seed,
            failed: Percent::new(failed),
            lost: Percent::new(lost),
            unanswered: Percent::new(unanswered),
            ..Plan::default()
        };
        let provider = Recording::new("email").plan(plan);
        let mut open: Vec<Message> = (0..keys).map(|key| message(&key.to_string())).collect();
        while !open.is_empty() {
            let sent = provider.clone().send(&open);
            let mut sent = sent.iter();
            open.retain(|_| !matches!(sent.next(), Some(Delivery::Sent { .. })));
        }
        for key in 0..keys {
            prop_assert_eq!(provider.effects(&key.to_string()), 1);
        }
        prop_assert_eq!(provider.taken().len(), keys as usize);
    }
}

#[test]
fn without_keys_every_message_takes_effect() {
    let provider = Recording::new("email").without_keys();
    provider.clone().send(&[message("1"), message("1")]);
    assert_eq!(provider.effects("1"), 2);
}

#[cfg(feature = "file")]
mod file {
    #![expect(clippy::disallowed_methods, reason = "tests look at files")]

    use std::fs;

    use cvm_journey::channel::{Channel, Delivery, File, FileError};

    use super::message;

    const SENT: Delivery = Delivery::Sent { id: None };

    #[test]
    fn a_key_is_written_once_whatever_happens_between() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sent.jsonl");
        let mut file = File::open("email", &path).expect("a file");
        assert_eq!(file.send(&[message("1"), message("2"), message("1")]), [SENT, SENT, SENT]);
        assert_eq!(file.send(&[message("2"), message("3\n\"")]), [SENT, SENT]);
        assert!(matches!(File::open("email", &path), Err(FileError::Taken { .. })));
        drop(file);
        // A crash at every byte of the last line: it is cut off, and written again.
        let whole = fs::read(&path).expect("bytes");
        let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').expect("lines") + 1;
        for cut in last..=whole.len() {
            fs::write(&path, &whole[..cut]).expect("a file");
            let mut file = File::open("email", &path).expect("a file");
            assert_eq!(file.send(&[message("1"), message("2"), message("3\n\"")]), [SENT, SENT, SENT]);
            assert_eq!(fs::read(&path).expect("bytes"), whole);
        }
        let first: serde_json::Value =
            serde_json::from_slice(whole.split(|byte| *byte == b'\n').next().expect("a line")).expect("JSON");
        assert_eq!(first["parts"]["text"], "hello 1");
    }

    #[test]
    fn other_files_are_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes.txt");
        fs::write(&path, "{\"key\": \"1\"}\nmy notes\nmore").expect("a file");
        let error = File::open("email", &path).expect_err("no messages");
        assert!(error.to_string().starts_with("line 2 of `"), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("a text"), "{\"key\": \"1\"}\nmy notes\nmore");
        assert!(matches!(File::open("email", folder.path()), Err(FileError::Open { .. })));
    }
}
