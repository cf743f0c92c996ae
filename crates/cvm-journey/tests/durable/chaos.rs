//! A process that is killed with `kill -9` at any time: what is sent in the end is what would have been sent anyway.
//!
//! `make chaos N=200 SEED=1` kills more often.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cvm_journey::channel::{Channel, Delivery, File, Message, Recording};
use cvm_journey::durable::testing::FaultyDisk;
use cvm_journey::durable::{RealDisk, Store};

use crate::draw::Dice;
use crate::script::{Script, number, options};
use crate::world::hash;

const STEPS: u64 = 150;
const FOLDER: &str = "DURABLE_CHILD";
/// Where the provider is called; without it the provider is a file.
const URL: &str = "DURABLE_CHILD_URL";
const CHILD_SEED: &str = "DURABLE_CHILD_SEED";

/// A provider that is a file, in which a key is once.
#[derive(Clone)]
struct Shared(Arc<Mutex<File>>);

impl Channel for Shared {
    fn name(&self) -> &str {
        "email"
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        self.0.lock().expect("one thread").send(messages)
    }
}

/// A provider that is called, as it is in the wild.
#[cfg(feature = "webhook")]
#[derive(Clone)]
struct Called(Arc<Mutex<cvm_journey::channel::HttpWebhook>>, String);

#[cfg(feature = "webhook")]
impl Called {
    fn new(url: String) -> Self {
        use cvm_journey::channel::{HttpWebhook, Secret};
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let channel = HttpWebhook::new("email", secret).and_then(HttpWebhook::allow_private).expect("a channel");
        Self(Arc::new(Mutex::new(channel)), url)
    }
}

#[cfg(feature = "webhook")]
impl Channel for Called {
    fn name(&self) -> &str {
        "email"
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        let to = |message: &Message| Message { to: Some(self.1.clone()), ..message.clone() };
        let messages: Vec<Message> = messages.iter().map(to).collect();
        self.0.lock().expect("one thread").send(&messages)
    }
}

/// What is killed: the test binary itself, with this test alone.
#[expect(clippy::disallowed_methods, reason = "the test keeps files")]
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    #[cfg(feature = "webhook")]
    if let Ok(url) = std::env::var(URL) {
        return carry_on(&folder, Called::new(url));
    }
    carry_on(&folder, Shared(Arc::new(Mutex::new(File::open("email", &folder.join("sent.jsonl")).expect("a file")))));
}

#[expect(clippy::disallowed_methods, reason = "the test keeps files")]
fn carry_on<C: Channel + Clone>(folder: &Path, provider: C) {
    let script = Script::new(number(CHILD_SEED, 1), STEPS, provider);
    let disk = RealDisk::open(&folder.join("store")).expect("a folder");
    let mut store = Store::open(disk, options()).expect("a store");
    script.go_on(&mut store, |_, _, _| ()).expect("a disk");
    let machine = store.machine();
    std::fs::write(folder.join("hash.new"), machine.hash()).expect("a folder");
    std::fs::rename(folder.join("hash.new"), folder.join("hash")).expect("a folder");
}

/// Starts the child, and kills it after a time. `false` if it came to its end before.
fn killed(folder: &Path, seed: u64, url: Option<&str>, after: Duration) -> bool {
    let binary = std::env::current_exe().expect("a path");
    let mut process = Process::new(binary);
    process.args(["--exact", "chaos::child", "--quiet"]).env(FOLDER, folder).env(CHILD_SEED, seed.to_string());
    if let Some(url) = url {
        process.env(URL, url);
    }
    let mut child = process.stdout(std::process::Stdio::null()).spawn().expect("a process");
    let step = Duration::from_millis(2);
    let mut waited = Duration::ZERO;
    while waited < after {
        if let Some(status) = child.try_wait().expect("a process") {
            assert!(status.success(), "seed {seed}: the process failed");
            return false;
        }
        std::thread::sleep(step);
        waited += step;
    }
    child.kill().expect("a process");
    !child.wait().expect("a process").success()
}

fn expected(seed: u64) -> (String, BTreeSet<String>) {
    let script = Script::new(seed, STEPS, Recording::new("email"));
    let mut store = Store::open(FaultyDisk::new(), options()).expect("a store");
    script.go_on(&mut store, |_, _, _| ()).expect("no crash");
    (store.machine().hash(), script.provider.taken().into_iter().map(|message| message.key).collect())
}

#[expect(clippy::disallowed_methods, reason = "the test reads files")]
#[test]
fn a_process_that_is_killed_sends_what_it_would_have_sent() {
    let (wanted, first) = (number("DURABLE_KILLS", 10), number("DURABLE_SEED", 1));
    let dice = &mut Dice(hash("kills", &[first]));
    let (mut kills, mut sends, mut seed) = (0, 0, first);
    while kills < wanted {
        let folder = tempfile::tempdir().expect("a folder");
        // Times in which some get far and some don't begin.
        while killed(folder.path(), seed, None, Duration::from_millis(5 + dice.below(300))) {
            kills += 1;
        }
        let (hash, keys) = expected(seed);
        assert_eq!(std::fs::read_to_string(folder.path().join("hash")).expect("a hash"), hash, "seed {seed}");
        let sent = std::fs::read_to_string(folder.path().join("sent.jsonl")).expect("a file");
        let sent: Vec<Message> = sent.lines().map(|line| serde_json::from_str(line).expect("a message")).collect();
        let once: BTreeSet<String> = sent.iter().map(|message| message.key.clone()).collect();
        assert_eq!((sent.len(), &once), (keys.len(), &keys), "seed {seed}");
        sends += sent.len();
        seed += 1;
    }
    eprintln!("{kills} kills in {} runs from seed {first}: {sends} sends, all of them once", seed - first);
}

/// The same with a provider that is called over HTTP and takes a key once.
#[cfg(feature = "webhook")]
#[expect(clippy::disallowed_methods, reason = "the test reads files")]
#[test]
fn a_process_that_is_killed_calls_whom_it_would_have_called() {
    let (wanted, first) = (number("DURABLE_KILLS", 10), number("DURABLE_SEED", 1));
    let dice = &mut Dice(hash("kills over http", &[first]));
    let (mut kills, mut sends, mut again, mut seed) = (0, 0, 0, first);
    while kills < wanted {
        let folder = tempfile::tempdir().expect("a folder");
        let provider = crate::receiver::Receiver::start();
        let url = provider.url("messages");
        while killed(folder.path(), seed, Some(&url), Duration::from_millis(5 + dice.below(400))) {
            kills += 1;
        }
        let (hash, keys) = expected(seed);
        assert_eq!(std::fs::read_to_string(folder.path().join("hash")).expect("a hash"), hash, "seed {seed}");
        let (mut taken, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for call in provider.calls() {
            let body: serde_json::Value = serde_json::from_slice(&call.body).expect("JSON");
            taken.insert(body["key"].as_str().expect("a key").to_owned());
            // Who looks at the header alone takes each once too.
            let id = call.header("idempotency-key").expect("a header").to_owned();
            again += u32::from(!ids.insert(id));
        }
        assert_eq!((ids.len(), &taken), (keys.len(), &keys), "seed {seed}");
        sends += keys.len();
        seed += 1;
    }
    eprintln!(
        "{kills} kills in {} runs from seed {first}: {sends} calls, each taken once; {again} came again",
        seed - first
    );
}
