//! Names of other things: fields, events, lists, offers, templates, journeys.

use std::collections::BTreeSet;

use cvm_core::{Field, FieldType};

use super::known::Known;
use crate::finding::{Code, Finding};
use crate::model::{Journey, ListChange, NodeKind, Reentry, Send, Trigger, Wait};

pub(super) fn check(journey: &Journey, known: &Known<'_>, out: &mut Vec<Finding>) {
    let mut names = Names { known, node: None, out };
    names.entry(journey);
    names.settings(journey);
    for (i, node) in journey.nodes.iter().enumerate() {
        names.node = Some(node.id.clone());
        names.kind(&node.kind, &format!("/nodes/{i}/data"));
    }
    recursion(journey, known, out);
}

/// Looks names up.
struct Names<'n> {
    known: &'n Known<'n>,
    /// The node whose names are looked up.
    node: Option<String>,
    out: &'n mut Vec<Finding>,
}

impl Names<'_> {
    fn entry(&mut self, journey: &Journey) {
        let mut entered = None;
        match &journey.entry.trigger {
            Trigger::Event { event, .. } => {
                self.event(event, "/entry/trigger/event");
                entered = Some(event.as_str());
            }
            Trigger::Date { field, .. } => self.day(field, "/entry/trigger/field"),
            Trigger::Segment { .. } | Trigger::Schedule { .. } | Trigger::Api => {}
        }
        if let Reentry::Concurrent { key } = &journey.entry.reentry {
            let events = &self.known.catalog.events;
            let fields = entered.map(|name| events.iter().find(|event| event.name == name).map(|event| &event.fields));
            match fields {
                Some(Some(fields)) => self.field(fields, key, "the event", "/entry/reentry/key"),
                // The event that there is not was told of.
                Some(None) => {}
                None => {
                    let message = format!("customers enter again for each `{key}`, but no event lets them in");
                    let help = "enter by an event, or choose when customers may enter again";
                    self.put(Finding::new(Code::UnknownField, "/entry/reentry/key", message).help(help));
                }
            }
        }
    }

    fn settings(&mut self, journey: &Journey) {
        let settings = &journey.settings;
        if let Some(field) = &settings.zone.field {
            self.field(&self.known.catalog.customers.fields, field, "customers", "/settings/zone/field");
        }
        if jiff::tz::TimeZone::get(&settings.zone.fallback).is_err() {
            let message = format!("there is no time zone `{}`", settings.zone.fallback);
            let found = Finding::new(Code::UnknownZone, "/settings/zone/fallback", message);
            self.put(found.help("write it like `Europe/Paris`"));
        }
        for (i, list) in settings.suppression.iter().enumerate() {
            self.list(list, &format!("/settings/suppression/{i}"));
        }
    }

    fn kind(&mut self, kind: &NodeKind, data: &str) {
        match kind {
            NodeKind::Wait(Wait::Date { field, .. }) => self.day(field, &format!("{data}/field")),
            NodeKind::Wait(Wait::Event { event, .. }) => self.event(event, &format!("{data}/event")),
            NodeKind::EventBranch(branch) => {
                for (i, case) in branch.cases.iter().enumerate() {
                    self.event(&case.event, &format!("{data}/cases/{i}/event"));
                }
            }
            NodeKind::Send(send) => self.send(send, data),
            NodeKind::Update(update) => {
                for field in update.set.keys() {
                    let path = format!("{data}/set/{}", crate::model::pointer(field));
                    self.field(&self.known.catalog.customers.fields, field, "customers", &path);
                }
            }
            NodeKind::List(ListChange::Add(list)) => self.list(list, &format!("{data}/add")),
            NodeKind::List(ListChange::Remove(list)) => self.list(list, &format!("{data}/remove")),
            NodeKind::SubJourney(sub) => {
                let names = self.known.journeys.iter().map(|journey| journey.id.as_str());
                self.one_of(&sub.journey, names, Code::UnknownJourney, "journey", &format!("{data}/journey"));
            }
            _ => {}
        }
    }

    fn send(&mut self, send: &Send, data: &str) {
        let (offers, templates) = (self.known.offers, self.known.templates);
        if let Some(name) = &send.offer {
            let path = format!("{data}/offer");
            let names = offers.iter().map(|offer| offer.id.as_str());
            self.one_of(name, names, Code::UnknownOffer, "offer", &path);
            if offers.iter().any(|offer| offer.id == *name && offer.archived) {
                let message = format!("the offer `{name}` is no longer to be used");
                self.put(Finding::new(Code::Archived, path, message).help("choose another one"));
            }
        }
        let path = format!("{data}/template");
        let names = templates.iter().map(|template| template.id.as_str());
        self.one_of(&send.template, names, Code::UnknownTemplate, "template", &path);
        let Some(template) = templates.iter().find(|template| template.id == send.template) else { return };
        if template.archived {
            let message = format!("the template `{}` is no longer to be used", template.id);
            self.put(Finding::new(Code::Archived, path.clone(), message).help("choose another one"));
        }
        if !template.content.contains_key(&send.channel) {
            let message = format!("the template `{}` says nothing for the channel `{}`", template.id, send.channel);
            let channels: Vec<&str> = template.content.keys().map(String::as_str).collect();
            let found = Finding::new(Code::NoContent, path, message);
            self.put(found.help(format!("it has a text for {}", channels.join(", "))));
        }
    }

    fn event(&mut self, name: &str, path: &str) {
        let names = self.known.catalog.events.iter().map(|event| event.name.as_str());
        self.one_of(name, names, Code::UnknownEvent, "event", path);
    }

    fn list(&mut self, name: &str, path: &str) {
        let names = self.known.catalog.lists.iter().map(|list| list.name.as_str());
        self.one_of(name, names, Code::UnknownList, "list", path);
    }

    fn field(&mut self, fields: &[Field], name: &str, of: &str, path: &str) {
        let names = fields.iter().map(|field| field.name.as_str());
        self.one_of(name, names, Code::UnknownField, &format!("field of {of}"), path);
    }

    /// A field that holds days.
    fn day(&mut self, name: &str, path: &str) {
        let fields = &self.known.catalog.customers.fields;
        self.field(fields, name, "customers", path);
        let field = fields.iter().find(|field| field.name == name);
        if let Some(Field { ty, .. }) = field
            && !matches!(ty, FieldType::Date | FieldType::Timestamp)
        {
            let message = format!("`{name}` holds no days: it is of the type {ty}");
            self.put(Finding::new(Code::FieldType, path, message).help("choose a field of dates or timestamps"));
        }
    }

    fn one_of<'a>(
        &mut self,
        name: &str,
        names: impl Iterator<Item = &'a str> + Clone,
        code: Code,
        what: &str,
        path: &str,
    ) {
        if names.clone().any(|known| known == name) {
            return;
        }
        let found = Finding::new(code, path, format!("there is no {what} `{name}`"));
        self.put(match cvm_core::nearest(name, names) {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found,
        });
    }

    fn put(&mut self, found: Finding) {
        self.out.push(found.nodes(self.node.as_deref()));
    }
}

/// Journeys that come to themselves through others would never end.
fn recursion(journey: &Journey, known: &Known<'_>, out: &mut Vec<Finding>) {
    let find = |id: &str| known.journeys.iter().find(|other| other.id == id);
    for (i, node) in journey.nodes.iter().enumerate() {
        let NodeKind::SubJourney(sub) = &node.kind else { continue };
        let (mut seen, mut next) = (BTreeSet::new(), vec![sub.journey.as_str()]);
        let mut back = false;
        while let Some(id) = next.pop() {
            back |= id == journey.id;
            if seen.insert(id) && id != journey.id {
                next.extend(find(id).into_iter().flat_map(subs));
            }
        }
        if back {
            let message = format!("`{}` leads back into this journey through `{}`", node.id, sub.journey);
            let found = Finding::new(Code::Recursion, format!("/nodes/{i}/data/journey"), message);
            out.push(found.nodes([node.id.as_str()]).help("lead back by a jump, or end here"));
        }
    }
}

fn subs(journey: &Journey) -> impl Iterator<Item = &str> {
    journey.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::SubJourney(sub) => Some(sub.journey.as_str()),
        _ => None,
    })
}
