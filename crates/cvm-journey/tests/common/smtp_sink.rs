//! A mail server on this machine that speaks as real ones do (RFC 5321), and fails as it is told by the receiver's name.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What came in.
#[derive(Debug, Default)]
pub struct Seen {
    /// Connections that were made.
    pub connections: usize,
    /// The lines of commands.
    pub commands: Vec<String>,
    /// Mails that were taken: receiver, and text without the dots that were put before dots.
    pub mails: Vec<(String, String)>,
}

/// The server; it ends with the test.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Sink {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let sink = Self { port, seen: Arc::default() };
        let own = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                own.seen.lock().expect("a lock").connections += 1;
                let own = own.clone();
                std::thread::spawn(move || own.talk(&stream));
            }
        });
        sink
    }

    pub fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.lock().expect("a lock"))
    }

    /// One connection, up to its end.
    fn talk(&self, stream: &TcpStream) -> Option<()> {
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let mut lines = BufReader::new(stream.try_clone().ok()?);
        let mut out = stream;
        let mut say = |answer: &str| out.write_all(answer.replace('\n', "\r\n").as_bytes()).ok();
        say("220-sink.example greets you\n220-at length\n220 ready\n")?;
        let mut to = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_owned();
            self.seen.lock().ok()?.commands.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => say("250-sink.example\n250-8BITMIME\n250 SIZE 1000000\n")?,
                "RCPT" => {
                    to = line.trim_start_matches("RCPT TO:").trim_matches(['<', '>']).to_owned();
                    match to.split(['@', '+']).next().unwrap_or_default() {
                        "busy" => say("450-4.2.1 busy\n450 4.2.1 come back\n")?,
                        "gone" => say("550 5.1.1 no such user\n")?,
                        "closing" => say("421 4.3.2 shutting down\n").filter(|()| false)?,
                        "hangup" => return None,
                        _ => say("250 2.1.5 ok\n")?,
                    }
                }
                "DATA" => {
                    say("354 end with a dot\n")?;
                    let text = data(&mut lines)?;
                    match to.split(['@', '+']).next().unwrap_or_default() {
                        "full" => say("452 4.2.2 mailbox full\n")?,
                        "spam" => say("554 5.7.1 we don't like it\n")?,
                        "drop" => return None,
                        "slow" => {
                            std::thread::sleep(Duration::from_millis(1_500));
                            return None;
                        }
                        _ => {
                            self.seen.lock().ok()?.mails.push((to.clone(), text));
                            say("250-2.0.0 ok\n250 2.0.0 queued as 4711\n")?;
                            if to.starts_with("leaving") {
                                return None;
                            }
                        }
                    }
                }
                "QUIT" => return say("221 2.0.0 bye\n"),
                _ => say("250 2.0.0 ok\n")?,
            }
        }
    }
}

/// The text up to the dot, without the dots before dots.
fn data(lines: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.strip_prefix('.') {
            Some("\r\n") => return Some(text),
            Some(stuffed) => text.push_str(stuffed),
            None => text.push_str(&line),
        }
    }
}
