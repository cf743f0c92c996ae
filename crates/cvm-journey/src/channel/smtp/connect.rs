//! A connection to a mail server.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

/// Where mails go, and how.
#[derive(Debug)]
pub(super) struct Server {
    host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    pub(super) timeout: Duration,
    /// What this machine calls itself.
    pub(super) hello: ClientId,
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// After the greeting, or not at all spoken to.
    StartTls,
    /// From the beginning.
    Tls,
    /// Not.
    Plain,
}

impl Server {
    pub(super) fn new(host: &str, hello: &str) -> Self {
        let (security, timeout) = (Security::StartTls, Duration::from_secs(30));
        let hello = ClientId::Domain(hello.to_owned());
        Self { host: host.to_owned(), port: 587, security, credentials: None, timeout, hello }
    }

    /// A connection on which mails can be sent. Whatever goes wrong here is no message's fault.
    pub(super) fn connect(&self) -> Result<SmtpConnection, String> {
        self.open().map_err(|error| format!("the mail server `{}:{}` can't be used: {error}", self.host, self.port))
    }

    fn open(&self) -> Result<SmtpConnection, lettre::transport::smtp::Error> {
        let tls = match self.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(TlsParameters::new_rustls(self.host.clone())?),
        };
        let at_once = tls.as_ref().filter(|_| self.security == Security::Tls);
        let address = (self.host.as_str(), self.port);
        let mut connection = SmtpConnection::connect(address, Some(self.timeout), &self.hello, at_once, None)?;
        if let (Security::StartTls, Some(tls)) = (self.security, &tls) {
            connection.starttls(tls, &self.hello)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials)?;
        }
        Ok(connection)
    }
}
