//! A message as a mail.

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::channel::Message;
use crate::channel::key::digest;

/// A mail as it goes over the wire.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) bytes: Vec<u8>,
}

/// The parts that a mail has.
const PARTS: [&str; 9] = ["subject", "text", "body", "html", "body_html", "from", "to", "reply_to", "unsubscribe"];

impl Mail {
    /// The mail of a message; what is wrong with it will be wrong at the next try.
    pub(super) fn of(message: &Message, from: &Mailbox) -> Result<Self, String> {
        if let Some(part) = message.parts.keys().find(|part| !PARTS.contains(&part.as_str())) {
            return Err(format!("a mail has no part `{part}`: there are {}", PARTS.join(", ")));
        }
        let part = |name: &str| message.parts.get(name).map(String::as_str);
        let from = part("from").map_or_else(|| Ok(from.clone()), |text| mailbox(text, "sender"))?;
        let to = part("to").or(message.to.as_deref()).ok_or("the customer has no address")?;
        let to = mailbox(to, "address")?;
        let subject = part("subject").ok_or("a mail has a part `subject`: add it to the template")?;

        let id = digest(&message.key);
        let domain = from.email.domain().to_owned();
        let (sender, receiver) = (from.email.clone(), to.email.clone());
        let mut builder = lettre::Message::builder()
            .message_id(Some(format!("<{id}@{domain}>")))
            .raw_header(header("Idempotency-Key", format!("\"{id}\""))?)
            .from(from)
            .to(to)
            .subject(subject);
        if let Some(text) = part("reply_to") {
            builder = builder.reply_to(mailbox(text, "address for answers")?);
        }
        if let Some(text) = part("unsubscribe") {
            let url = url::Url::parse(text).ok().filter(|url| url.scheme() == "https");
            let url = url.ok_or_else(|| format!("`{text}` is no address to unsubscribe: write it with `https`"))?;
            builder = builder
                .raw_header(header("List-Unsubscribe", format!("<{url}>"))?)
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?);
        }
        let (text, html) = (part("text").or(part("body")), part("html").or(part("body_html")));
        let mail = match (text, html) {
            (Some(text), Some(html)) => {
                builder.multipart(MultiPart::alternative_plain_html(text.to_owned(), html.to_owned()))
            }
            (Some(text), None) => builder.singlepart(SinglePart::plain(text.to_owned())),
            (None, Some(html)) => builder.singlepart(SinglePart::html(html.to_owned())),
            (None, None) => return Err("a mail has a part `text` or `html`: add one to the template".to_owned()),
        };
        let mail = mail.map_err(|error| format!("the mail can't be put together: {error}"))?;
        Ok(Self { from: sender, to: receiver, bytes: mail.formatted() })
    }
}

fn mailbox(text: &str, what: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| format!("`{text}` is no {what}: write it like `Ada <ada@example.com>`"))
}

fn header(name: &'static str, value: String) -> Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| format!("`{name}` is no header"))?;
    Ok(HeaderValue::new(name, value))
}
