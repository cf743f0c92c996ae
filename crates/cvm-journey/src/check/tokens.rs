//! Tokens: what messages and calls speak of must be there, on every way that leads to them.

use std::collections::BTreeMap;

use cvm_core::{Field, nearest};

use super::known::Known;
use super::map::Map;
use super::properties::{Properties, properties};
use super::template::{Token, tokens};
use crate::finding::{Code, Finding};
use crate::model::{Benefit, NodeKind, Offer};

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let properties = properties(map, known.catalog);
    for (i, node) in map.journey.nodes.iter().enumerate() {
        // Where nobody comes, that is told.
        let Some(properties) = properties.get(&i) else { continue };
        let place = |key: &str| format!("/nodes/{i}/data/{key}");
        let mut speaker =
            Speaker { known, id: &node.id, path: String::new(), properties, offer: Offered::Nothing, fallbacks: None };
        match &node.kind {
            NodeKind::Send(send) => {
                let template = known.templates.iter().find(|template| template.id == send.template);
                let Some(template) = template else { continue };
                (speaker.path, speaker.fallbacks) = (place("template"), Some(&template.fallbacks));
                if let Some(id) = &send.offer {
                    let offer = known.offers.iter().find(|offer| offer.id == *id);
                    speaker.offer = offer.map_or(Offered::Unknown, Offered::This);
                }
                for (part, text) in template.content.get(&send.channel).into_iter().flatten() {
                    let what = format!("`{part}` of the template `{}`", template.id);
                    speaker.read(text, &what, out);
                }
            }
            NodeKind::Webhook(webhook) => {
                let Some(body) = &webhook.body else { continue };
                speaker.path = place("body");
                speaker.read(body, &format!("what `{}` sends", node.id), out);
            }
            _ => {}
        }
    }
}

/// What is offered with a message.
#[derive(Clone, Copy)]
enum Offered<'k> {
    Nothing,
    /// An offer that there is not, which is told of elsewhere.
    Unknown,
    This(&'k Offer),
}

/// A node that speaks of something.
struct Speaker<'a> {
    known: &'a Known<'a>,
    id: &'a str,
    path: String,
    properties: &'a Properties<'a>,
    offer: Offered<'a>,
    /// What stands in for tokens without a value.
    fallbacks: Option<&'a BTreeMap<String, String>>,
}

impl Speaker<'_> {
    fn read(&self, text: &str, what: &str, out: &mut Vec<Finding>) {
        let tokens = match tokens(text) {
            Ok(tokens) => tokens,
            Err(wrong) => {
                let message = format!("{what} can't be read: {} in line {}", wrong.message, wrong.line);
                out.push(
                    self.found(Code::Template, message).help("tokens are written like `{{ customer.first_name }}`"),
                );
                return;
            }
        };
        for token in tokens {
            let here = format!("`{}` in {what}, line {},", token.name, token.line);
            let held = token.guarded || self.fallbacks.is_some_and(|fallbacks| fallbacks.contains_key(&token.name));
            out.extend(self.token(&token, &here).filter(|found| !(held && found.code == Code::TokenMissing)));
        }
    }

    fn token(&self, token: &Token, here: &str) -> Option<Finding> {
        let (root, rest) =
            token.name.split_once('.').map_or((token.name.as_str(), None), |(root, rest)| (root, Some(rest)));
        match (root, rest) {
            ("customer", None) | ("event", None) => None,
            ("customer", Some(rest)) => {
                let fields = &self.known.catalog.customers.fields;
                let unknown = || self.unknown(here, "is no field of customers", rest, fields.iter());
                if fields.iter().any(|field| is(field, rest)) { None } else { Some(unknown()) }
            }
            ("event", Some(rest)) => self.event(rest, here),
            ("offer", _) => self.offer(rest, here),
            _ => {
                let found = self.found(Code::UnknownToken, format!("{here} is nothing that messages can speak of"));
                Some(found.help("tokens begin with `customer.`, `event.` or `offer.`"))
            }
        }
    }

    fn event(&self, rest: &str, here: &str) -> Option<Finding> {
        let Some(known) = self.properties else { return None };
        if known.iter().any(|name| begins(name, rest)) {
            return None;
        }
        let events = &self.known.catalog.events;
        let with: Vec<String> = events
            .iter()
            .filter(|event| event.fields.iter().any(|field| is(field, rest)))
            .map(|event| format!("`{}`", event.name))
            .collect();
        if with.is_empty() {
            let fields = events.iter().flat_map(|event| &event.fields);
            return Some(self.unknown(here, "is no property of an event", rest, fields));
        }
        let message =
            format!("{here} is missing for customers who come to `{}` without {}", self.id, with.join(" or "));
        Some(self.found(Code::TokenMissing, message).help(self.stand_in()))
    }

    /// How something is said to stand in for a token.
    fn stand_in(&self) -> &'static str {
        match self.fallbacks {
            Some(_) => "say under `fallbacks` of the template what stands in for it, or lead them another way",
            None => "say what stands in for it, such as `{{ event.name | default('none') }}`, or lead them another way",
        }
    }

    fn offer(&self, rest: Option<&str>, here: &str) -> Option<Finding> {
        let missing = |why: &str| Some(self.found(Code::TokenMissing, format!("{here} {why}")).help(self.stand_in()));
        if let Some(rest) = rest
            && !OFFER.contains(&rest)
        {
            let found = self.found(Code::UnknownToken, format!("{here} is nothing that is known of offers"));
            return Some(match nearest(rest, OFFER.iter().copied()) {
                Some(near) => found.help(format!("did you mean `offer.{near}`?")),
                None => found.help(format!("known are {}", OFFER.join(", "))),
            });
        }
        match (self.offer, rest) {
            (Offered::Nothing, _) => missing(&format!("is missing: `{}` offers nothing", self.id)),
            (Offered::This(offer), Some(rest)) if !has(offer, rest) => {
                missing(&format!("is missing: the offer `{}` has none", offer.id))
            }
            _ => None,
        }
    }

    fn unknown<'f>(&self, here: &str, what: &str, name: &str, fields: impl Iterator<Item = &'f Field>) -> Finding {
        let found = self.found(Code::UnknownField, format!("{here} {what}"));
        match nearest(name, fields.map(|field| field.name.as_str())) {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found.help("choose one that the catalog has"),
        }
    }

    fn found(&self, code: Code, message: String) -> Finding {
        Finding::new(code, self.path.clone(), message).nodes([self.id])
    }
}

/// What messages can say of an offer.
const OFFER: [&str; 9] = ["id", "name", "valid_from", "valid_until", "percent", "amount", "currency", "item", "code"];

fn has(offer: &Offer, name: &str) -> bool {
    match name {
        "id" | "name" => true,
        "valid_from" => offer.valid_from.is_some(),
        "valid_until" => offer.valid_until.is_some(),
        name => match &offer.benefit {
            Benefit::DiscountPercent { .. } => name == "percent",
            Benefit::DiscountAmount { .. } => matches!(name, "amount" | "currency"),
            Benefit::FreeItem { .. } => name == "item",
            Benefit::Voucher { .. } => name == "code",
        },
    }
}

fn is(field: &Field, path: &str) -> bool {
    begins(&field.name, path)
}

/// Whether a path names a field, or a place in it.
fn begins(name: &str, path: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
