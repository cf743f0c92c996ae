//! Templates that were read once, and become messages again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use minijinja::Environment;

use super::context::{Context, JOURNEY, OFFER};
use super::error::{RenderError, TemplateError};
use super::escape::{self, Escape};
use super::limit::Limited;
use super::token::{Shared, Thing};
use super::{engine, json, syntax};
use crate::model::Template;

/// A template that was read and checked.
///
/// Texts are minijinja's (Jinja2's) with what a message needs: tokens, `if`, `for` over a list, `~`, and filters such as
/// `upper`, `default`, `join` and `urlencode`. A token without a value is an error, other than in the condition of an
/// `if`, unless the template has a fallback for it: there is never an empty gap. How values are written is said by the
/// part's name ([`Escape`]); parts that are one line (subjects, addresses: all but those whose names end with `body`,
/// `html`, `json`, `markdown` or `text`) have their line breaks replaced by spaces.
///
/// ```
/// use cvm_core::Value;
/// use cvm_journey::message::{Context, Renderer};
/// let template = serde_json::from_str(r#"{"id": "hello", "fallbacks": {"customer.first_name": "friend"}, "content":
///     {"email": {"subject": "Hello {{ customer.first_name }}", "html": "<p>{{ customer.first_name }} from {{ customer.city }}"}}}"#)?;
/// let renderer = Renderer::new(&template)?;
/// let ada = |name: &str| Context::new("welcome", "Welcome").customer([
///     ("first_name", Value::Str(name.to_owned())), ("city", Value::Str("A & B".to_owned()))]);
/// assert_eq!(renderer.render("email", &ada("<Ada>"))?["html"], "<p>&lt;Ada&gt; from A &amp; B");
/// assert_eq!(renderer.render("email", &ada(""))?["subject"], "Hello friend");
/// let nobody = renderer.render("email", &Context::new("welcome", "Welcome")).unwrap_err();
/// assert!(nobody.to_string().contains("`email/html` has no value for `customer.city`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Renderer {
    id: String,
    environment: Environment<'static>,
    /// For each channel its parts, with their names in the environment.
    channels: BTreeMap<String, BTreeMap<String, String>>,
    fallbacks: Arc<BTreeMap<String, String>>,
    tokens: BTreeSet<String>,
}

impl Renderer {
    /// So many bytes a part of a template has at most.
    pub const MAX_TEMPLATE: usize = 256 * 1024;
    /// So many bytes a part of a message has at most.
    pub const MAX_OUTPUT: usize = 1024 * 1024;

    /// The template, read once.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn new(template: &Template) -> Result<Self, TemplateError> {
        let mut renderer = Self {
            id: template.id.clone(),
            environment: engine::environment(),
            channels: BTreeMap::new(),
            fallbacks: Arc::new(template.fallbacks.clone()),
            tokens: BTreeSet::new(),
        };
        for (channel, parts) in &template.content {
            renderer.channels.insert(channel.clone(), BTreeMap::new());
            for (part, text) in parts {
                renderer.add(channel, part, text)?;
            }
        }
        Ok(renderer)
    }

    /// The body of a webhook, a template of JSON: the part `json` of the channel `webhook`.
    ///
    /// ```
    /// use cvm_core::Value;
    /// use cvm_journey::message::{Context, Renderer};
    /// let body = Renderer::webhook(r#"{"name": "Dr {{ customer.name }}", "age": {{ customer.age }}}"#)?;
    /// let context = Context::new("a", "A")
    ///     .customer([("name", Value::Str(r#"", "admin": "yes"#.to_owned())), ("age", Value::Int(36))]);
    /// assert_eq!(body.render("webhook", &context)?["json"], r#"{"name": "Dr \", \"admin\": \"yes", "age": 36}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Renderer::new`].
    pub fn webhook(body: &str) -> Result<Self, TemplateError> {
        let parts = BTreeMap::from([("json".to_owned(), body.to_owned())]);
        let content = BTreeMap::from([("webhook".to_owned(), parts)]);
        Self::new(&Template { id: "webhook".to_owned(), content, fallbacks: BTreeMap::new(), archived: false })
    }

    fn add(&mut self, channel: &str, part: &str, text: &str) -> Result<(), TemplateError> {
        let name = format!("{channel}/{part}");
        if text.len() > Self::MAX_TEMPLATE {
            return Err(TemplateError::TooLong { part: name, bytes: text.len() });
        }
        if let Err(refused) = syntax::check(text) {
            let syntax::Refused { line, found, help } = refused;
            return Err(TemplateError::Refused { part: name, line, found, help });
        }
        let wrong = |error: &minijinja::Error| {
            let why = error.detail().unwrap_or("a brace or a word is missing").to_owned();
            TemplateError::Syntax { part: name.clone(), line: error.line().unwrap_or(1), why }
        };
        self.environment.add_template_owned(name.clone(), text.to_owned()).map_err(|error| wrong(&error))?;
        let tokens = self.environment.get_template(&name).map_err(|error| wrong(&error))?.undeclared_variables(true);
        for token in tokens {
            if let Some(help) = unknown(&token) {
                return Err(TemplateError::UnknownToken { part: name, token, help });
            }
            self.tokens.insert(token);
        }
        self.channels.entry(channel.to_owned()).or_default().insert(part.to_owned(), name);
        Ok(())
    }

    /// All tokens of the template, `customer.first_name`, to be looked for in the catalog.
    #[must_use]
    pub const fn tokens(&self) -> &BTreeSet<String> {
        &self.tokens
    }

    /// The parts of a message on a channel.
    ///
    /// # Errors
    /// A channel that the template says nothing on, a token without value or fallback, a message that is too long, JSON
    /// that is none.
    pub fn render(&self, channel: &str, context: &Context) -> Result<BTreeMap<String, String>, RenderError> {
        let parts = self
            .channels
            .get(channel)
            .ok_or_else(|| RenderError::NoChannel { template: self.id.clone(), channel: channel.to_owned() })?;
        parts.iter().map(|(part, name)| Ok((part.clone(), self.part(part, name, context)?))).collect()
    }

    fn part(&self, part: &str, name: &str, context: &Context) -> Result<String, RenderError> {
        let shared = Arc::new(Shared { fallbacks: Arc::clone(&self.fallbacks), missed: Mutex::new(None) });
        let things = [
            ("customer", &context.customer),
            ("event", &context.event),
            ("offer", &context.offer),
            ("journey", &context.journey),
        ];
        let values = things.map(|(name, fields)| (name, Thing::value(name, fields, &shared)));
        let values: minijinja::Value = values.into_iter().collect();
        let mut out = Limited::new(Self::MAX_OUTPUT);
        let written = self
            .environment
            .get_template(name)
            .and_then(|template| template.render_captured_to(values, &mut out).map(|_| ()));
        written.map_err(|error| engine::failed(&error, name, &shared))?;
        let text = out.into_text();
        match Escape::of(part) {
            Escape::Json => json::settle(&text).map_err(|why| RenderError::Json { part: name.to_owned(), why }),
            _ if escape::one_line(part) => Ok(escape::single_line(&text)),
            _ => Ok(text),
        }
    }
}

/// What to write instead of a token that no message has a value for.
fn unknown(token: &str) -> Option<String> {
    const THINGS: [&str; 4] = ["customer", "event", "offer", "journey"];
    let (thing, rest) = token.split_once('.').unwrap_or((token, ""));
    let known: &[&str] = match thing {
        "customer" | "event" => return None,
        "offer" => &OFFER,
        "journey" => &JOURNEY,
        _ => return Some(format!("tokens begin with {}", THINGS.join(", "))),
    };
    let name = rest.split('.').next().unwrap_or_default();
    (!name.is_empty() && !known.contains(&name)).then(|| format!("the {thing} has {}", known.join(", ")))
}
