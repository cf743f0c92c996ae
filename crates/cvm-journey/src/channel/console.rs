//! Messages on a screen.

use std::io::Write;

use super::{Channel, Delivery, Message};

/// Prints messages for people to read: for trying a journey out.
///
/// ```
/// use cvm_journey::channel::{Channel, Console, Message};
/// let mut console = Console::new("email", Vec::new());
/// let parts = [("subject".to_owned(), "Hello".to_owned()), ("text".to_owned(), "Welcome\n\u{1b}[31m".to_owned())].into();
/// console.send(&[Message { to: Some("ada@example.com".into()), customer: "42".into(), parts, ..Message::default() }]);
/// let printed = String::from_utf8(console.into_inner())?;
/// // What could change the screen is spelt out.
/// assert_eq!(printed, "email to ada@example.com (customer 42)\n  subject: Hello\n  text: Welcome\n    \\u{1b}[31m\n\n");
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
#[derive(Debug)]
pub struct Console<W> {
    name: String,
    writer: W,
}

impl<W: Write + Send> Console<W> {
    /// A channel of a name that prints to a writer.
    #[must_use]
    pub fn new(name: &str, writer: W) -> Self {
        Self { name: name.to_owned(), writer }
    }

    /// The writer.
    #[must_use]
    pub fn into_inner(self) -> W {
        self.writer
    }

    fn print(&mut self, message: &Message) -> std::io::Result<()> {
        let to = message.to.as_deref().unwrap_or("nowhere");
        let mut text = format!("{} to {} (customer {})\n", self.name, shown(to), shown(&message.customer));
        for (part, words) in &message.parts {
            text.push_str(&format!("  {}: {}\n", shown(part), shown(words)));
        }
        text.push('\n');
        self.writer.write_all(text.as_bytes())?;
        self.writer.flush()
    }
}

/// A text whose further lines stand to the right, and whose control characters are spelt out.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.replace("\r\n", "\n").chars() {
        match sign {
            '\n' => shown.push_str("\n    "),
            sign if sign.is_control() => shown.extend(sign.escape_unicode()),
            sign => shown.push(sign),
        }
    }
    shown
}

impl<W: Write + Send> Channel for Console<W> {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
        let one = |message| match self.print(message) {
            Ok(()) => Delivery::Sent { id: None },
            // Some of it may be on the screen.
            Err(error) => Delivery::unknown(format!("the message can't be printed: {error}")),
        };
        messages.iter().map(one).collect()
    }
}
