//! A receiver of calls on this machine, that answers as the path says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A call that came in.
#[derive(Debug, Clone)]
pub struct Call {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
    }
}

/// The receiver; it ends with the test.
#[derive(Clone)]
pub struct Receiver {
    pub port: u16,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let receiver = Self { port, calls: Arc::default() };
        let own = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                std::thread::spawn(move || own.talk(&stream));
            }
        });
        receiver
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("a lock").clone()
    }

    /// One connection, up to its end.
    fn talk(&self, stream: &TcpStream) -> Option<()> {
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let mut lines = BufReader::new(stream.try_clone().ok()?);
        let mut out = stream;
        loop {
            let call = read(&mut lines)?;
            let path = call.path.trim_start_matches('/').to_owned();
            self.calls.lock().ok()?.push(call);
            let (status, more) = match path.split('?').next()? {
                "accepted" => ("202 Accepted", ""),
                "busy" => ("503 Service Unavailable", "Retry-After: 7\r\n"),
                "often" => ("429 Too Many Requests", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"),
                "late" => ("408 Request Timeout", ""),
                "broken" => ("500 Internal Server Error", ""),
                "bad" => ("400 Bad Request", "Retry-After: 7\r\n"),
                "gone" => ("410 Gone", ""),
                "moved" => ("302 Found", "Location: /accepted\r\n"),
                "close" => return None,
                "hang" => {
                    std::thread::sleep(Duration::from_millis(1_500));
                    return None;
                }
                _ => ("200 OK", ""),
            };
            out.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n{more}\r\nok").as_bytes()).ok()?;
        }
    }
}

fn read(lines: &mut impl BufRead) -> Option<Call> {
    let mut line = String::new();
    lines.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut call = Call { path, headers, body: Vec::new() };
    let length = call.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    lines.take(length).read_to_end(&mut call.body).ok()?;
    Some(call)
}
