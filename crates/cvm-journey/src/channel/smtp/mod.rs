//! Mails.

mod connect;
mod mail;

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use thiserror::Error;

use self::connect::{Security, Server};
use super::{Channel, Delivery, Message};

/// What is wrong with the settings of a channel of mails.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SmtpError {
    /// The sender is no address.
    #[error("`{0}` is no sender: write it like `Shop <news@example.com>`")]
    Sender(String),
    /// The name of this machine is none.
    #[error("`{0}` is no name of a machine: write it like `mail.example.com`")]
    Hello(String),
}

/// Sends mails to a server (RFC 5321), one after another over one connection that stays open.
///
/// A message has the parts `subject`, `text` or `html` or both (`body` and `body_html` are the same), and where wanted `from`,
/// `reply_to`, `to` (else [`Message::to`]), and `unsubscribe`: an address by `https` that mail programs call when their user
/// says so (RFC 8058). Its `Message-ID`, and a header `Idempotency-Key`, are made of [`Message::key`], so every try of the
/// same send has the same, and mailboxes and relays that look at them keep one.
///
/// What the server refuses for now (4xx) may be tried again, what it refuses for good (5xx) not. A connection that is lost
/// before the mail was handed over is a failure; once the whole mail is on the way and no answer comes, nobody knows.
///
/// ```no_run
/// use cvm_journey::channel::{Channel, Message, Smtp};
/// let mut channel = Smtp::new("email", "smtp.example.com", "Shop <news@example.com>")?.login("shop", "secret");
/// let parts = [("subject".to_owned(), "Hello".to_owned()), ("text".to_owned(), "Welcome".to_owned())].into();
/// let message = Message { key: "welcome/mail/42".into(), to: Some("ada@example.com".into()), parts, ..Message::default() };
/// let delivered = channel.send(&[message]);
/// # Ok::<(), cvm_journey::channel::SmtpError>(())
/// ```
#[derive(Debug)]
pub struct Smtp {
    name: String,
    server: Server,
    from: Mailbox,
    connection: Option<Connection>,
}

/// What lettre's connection is, with a `Debug` that shows nothing of it.
struct Connection(SmtpConnection);

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}

/// After so many connections that were lost one after another a server counts as down.
const LOST: u32 = 3;

/// Why a mail was not handed over.
enum Stopped {
    /// The server said so.
    Refused(Delivery),
    /// The connection is gone, and nothing happened.
    Lost(String),
    /// There is no connection.
    Unreachable(String),
}

impl Smtp {
    /// A server that is spoken to on port 587, encrypted after the greeting (`STARTTLS`): without encryption nothing is sent.
    ///
    /// # Errors
    /// A sender that is no address.
    pub fn new(name: &str, host: &str, from: &str) -> Result<Self, SmtpError> {
        let from: Mailbox = from.parse().map_err(|_| SmtpError::Sender(from.to_owned()))?;
        let server = Server::new(host, from.email.domain());
        Ok(Self { name: name.to_owned(), server, from, connection: None })
    }

    /// The same encrypted from the beginning, on port 465.
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.server.security = Security::Tls;
        self.server.port = 465;
        self
    }

    /// The same without encryption, on port 25: for a server on the same machine or in the own network.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.server.security = Security::Plain;
        self.server.port = 25;
        self
    }

    /// The same on another port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.server.port = port;
        self
    }

    /// The same with a name and a password.
    #[must_use]
    pub fn login(mut self, user: &str, password: &str) -> Self {
        self.server.credentials = Some(Credentials::new(user.to_owned(), password.to_owned()));
        self
    }

    /// The same that calls itself by the name of this machine; by the sender's domain if not said.
    ///
    /// # Errors
    /// A name that no machine has.
    pub fn hello(mut self, host: &str) -> Result<Self, SmtpError> {
        let fine = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-');
        if host.is_empty() || !host.chars().all(fine) {
            return Err(SmtpError::Hello(host.to_owned()));
        }
        self.server.hello = ClientId::Domain(host.to_owned());
        Ok(self)
    }

    /// The same that waits so long for each answer; thirty seconds if not said.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.server.timeout = timeout;
        self
    }

    /// Hands a mail over.
    fn deliver(&mut self, mail: &mail::Mail) -> Result<Delivery, Stopped> {
        // A connection that stayed open may be closed by now: that is seen at the first word, and a new one is made.
        let begun = match (self.connection.is_some(), self.begin(mail)) {
            (true, Err(Stopped::Lost(_))) => self.begin(mail),
            (_, begun) => begun,
        };
        begun?;
        let Some(Connection(connection)) = &mut self.connection else {
            return Err(Stopped::Unreachable("there is no connection".to_owned()));
        };
        Ok(match connection.message(&mail.bytes) {
            Ok(answer) => Delivery::Sent { id: answer.first_line().map(str::to_owned) },
            Err(error) if error.status().is_some() => self.refused(&error),
            Err(error) => {
                self.connection = None;
                Delivery::unknown(format!("the connection was lost after the mail: {error}"))
            }
        })
    }

    /// Everything before the mail itself.
    fn begin(&mut self, mail: &mail::Mail) -> Result<(), Stopped> {
        if self.connection.is_none() {
            self.connection = Some(Connection(self.server.connect().map_err(Stopped::Unreachable)?));
        }
        let Some(Connection(connection)) = &mut self.connection else { return Ok(()) };
        let mut parameters = Vec::new();
        if ![&mail.from, &mail.to].iter().all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let reason = format!("the server takes no addresses such as `{}`", mail.to);
                return Err(Stopped::Refused(Delivery::never(reason)));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let begun = connection
            .command(Mail::new(Some(mail.from.clone()), parameters))
            .and_then(|_| connection.command(Rcpt::new(mail.to.clone(), Vec::new())))
            .and_then(|_| connection.command(Data));
        match begun {
            Ok(_) => Ok(()),
            Err(error) if error.status().is_some() => Err(Stopped::Refused(self.refused(&error))),
            Err(error) => {
                self.connection = None;
                Err(Stopped::Lost(format!("the connection was lost before the mail: {error}")))
            }
        }
    }

    /// What the server refused; the connection goes on where it can.
    fn refused(&mut self, error: &lettre::transport::smtp::Error) -> Delivery {
        let closing = error.status().is_some_and(|code| u16::from(code) == 421);
        let stays =
            !closing && self.connection.as_mut().is_some_and(|Connection(connection)| connection.command(Rset).is_ok());
        if !stays {
            self.connection = None;
        }
        let reason = format!("the server refused the mail: {error}");
        if error.is_transient() { Delivery::again(reason) } else { Delivery::never(reason) }
    }
}

impl Channel for Smtp {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        // A server that can't be reached, or hangs up on one mail after another, is not asked anew for all of the batch.
        let (mut down, mut lost): (Option<String>, u32) = (None, 0);
        let one = |message: &Message| {
            let mail = match (&down, mail::Mail::of(message, &self.from)) {
                (_, Err(reason)) => return Delivery::never(reason),
                (Some(reason), Ok(_)) => return Delivery::again(reason.clone()),
                (None, Ok(mail)) => mail,
            };
            match self.deliver(&mail) {
                Ok(delivery) => {
                    lost = 0;
                    delivery
                }
                Err(Stopped::Refused(delivery)) => delivery,
                Err(Stopped::Lost(reason)) => {
                    lost += 1;
                    down = (lost >= LOST).then(|| reason.clone());
                    Delivery::again(reason)
                }
                Err(Stopped::Unreachable(reason)) => {
                    down = Some(reason.clone());
                    Delivery::again(reason)
                }
            }
        };
        messages.iter().map(one).collect()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        if let Some(Connection(connection)) = &mut self.connection {
            // Polite, but nobody waits for it.
            let _ = connection.set_timeout(Some(Duration::from_millis(500)));
            let _ = connection.quit();
        }
    }
}
