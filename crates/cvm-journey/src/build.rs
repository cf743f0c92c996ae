//! Journeys in Rust: node after node.

use std::collections::BTreeSet;

use crate::finding::Findings;
use crate::model::{Edge, Empty, Entry, Journey, Node, NodeKind, Reentry, Settings, Trigger};
use crate::{check, react_flow};

/// Makes a journey, node after node.
///
/// ```
/// use cvm_journey::Builder;
/// use cvm_journey::model::{Branch, Case, Duration, End, NodeKind, Send, Trigger, Wait};
/// let bought = Case { name: "bought".into(), filter: "orders >= 1".parse()? };
/// let journey = Builder::new("welcome", "Welcome", Trigger::Event { event: "signup".into(), filter: None })
///     .then("pause", NodeKind::Wait(Wait::Duration { duration: Duration::days(2) }))
///     .then("asked", NodeKind::Branch(Branch { cases: vec![bought] }))
///     .from("asked", "bought")
///     .then("out", NodeKind::End(End::default()))
///     .from("asked", "default")
///     .then("mail", NodeKind::Send(Send::new("email", "welcome")))
///     .to("out")
///     .build()?;
/// assert_eq!(journey.follow("mail", "next"), Some("out"));
/// assert_eq!(journey.entry_node().expect("an entry").id, "entry");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    journey: Journey,
    /// The node and the outcome at which the next one is put; the first one that leads nowhere if no outcome was named.
    here: (String, Option<String>),
}

impl Builder {
    /// A journey with its entry node, `entry`.
    #[must_use]
    pub fn new(id: &str, name: &str, trigger: Trigger) -> Self {
        let journey = Journey {
            id: id.to_owned(),
            version: 1,
            name: name.to_owned(),
            entry: Entry { trigger, reentry: Reentry::default() },
            settings: Settings::default(),
            nodes: vec![Node { id: "entry".to_owned(), kind: NodeKind::Entry(Empty {}) }],
            edges: Vec::new(),
            layout: [].into(),
        };
        Self { journey, here: ("entry".to_owned(), None) }
    }

    /// Whether customers who were in may enter again: never if not said.
    #[must_use]
    pub fn reentry(mut self, reentry: Reentry) -> Self {
        self.journey.entry.reentry = reentry;
        self
    }

    /// What holds for all of the journey.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.journey.settings = settings;
        self
    }

    /// Another node, to which the node before leads. Later calls go on from it.
    #[must_use]
    pub fn then(self, id: &str, kind: NodeKind) -> Self {
        let mut builder = self.to(id);
        builder.journey.nodes.push(Node { id: id.to_owned(), kind });
        builder.here = (id.to_owned(), None);
        builder
    }

    /// Goes on from an outcome of a node that is there.
    #[must_use]
    pub fn from(mut self, node: &str, outcome: &str) -> Self {
        self.here = (node.to_owned(), Some(outcome.to_owned()));
        self
    }

    /// Leads from here to a node that is there, or will be.
    #[must_use]
    pub fn to(mut self, target: &str) -> Self {
        let (source, outcome) = &self.here;
        let led: BTreeSet<&str> = {
            let own = self.journey.edges.iter().filter(|edge| edge.source == *source);
            own.map(|edge| edge.source_handle.as_str()).collect()
        };
        let outcome = outcome.clone().or_else(|| {
            let outcomes = self.journey.node(source)?.kind.outcomes();
            let free = outcomes.into_iter().find(|outcome| !led.contains(outcome.name.as_ref()))?;
            Some(free.name.into_owned())
        });
        // Where there is none, checking says that nothing leads on from here.
        let source_handle = outcome.unwrap_or_else(|| "next".to_owned());
        let id = format!("{source} {source_handle}");
        let edge = Edge { id, source: source.clone(), source_handle, target: target.to_owned() };
        self.journey.edges.push(edge);
        self
    }

    /// The journey, with a place for each node.
    ///
    /// # Errors
    /// What is wrong with it ([`check`]).
    pub fn build(mut self) -> Result<Journey, Findings> {
        let findings = check(&self.journey);
        if findings.has_errors() {
            return Err(findings);
        }
        react_flow::arrange(&mut self.journey, 240.0, 120.0);
        Ok(self.journey)
    }
}
