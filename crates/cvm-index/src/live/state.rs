//! What is kept, and how it is asked for.

use std::sync::Arc;

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, FieldType, Timestamp, Value};

use super::advance::{FAR, days_after};
use super::asks::Asks;
use super::board::Board;
use super::flow::{Dues, Flow};
use super::formula::Formula;
use super::gather::Slots;
use super::leaf::Leaf;
use super::number::Flips;
use super::people::People;
use super::queue::Queue;
use super::rows::Rows;
use super::tell::Turns;
use crate::index::Index;

/// Who is in which segment, kept up while customers change, events come in and time goes by.
///
/// At any moment the members of a segment are those whom its filter selects of the customers as they are by then, and
/// every coming and going is told, with the microsecond at which it happened: also that which time alone causes.
///
/// ```
/// use std::sync::Arc;
/// use cvm_core::{Catalog, Timestamp, Value};
/// use cvm_index::live::{Change, Live, Properties};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///         {"name": "id", "type": "int", "nullable": false}, {"name": "plan", "type": "string"}]},
///     "events": [{"name": "purchase", "table": "purchases", "customer": "id", "time": "at"}]}"#)?;
/// let time = |text| Timestamp::parse_utc(text).expect("an instant");
/// let mut live = Live::empty(Arc::new(catalog), time("2024-05-01T00:00:00Z"));
/// live.register("fresh gold", &"plan = 'gold' and count(purchase within last 30 days) >= 1".parse()?)?;
///
/// let plan = vec![("plan".to_owned(), Value::Str("gold".to_owned()))];
/// let changes = [
///     Change::Profile { key: Value::Int(7), fields: plan },
///     Change::Event {
///         key: Value::Int(7),
///         event: "purchase".into(),
///         time: Value::Timestamp(time("2024-05-01T10:00:00Z")),
///         properties: Properties::Ordered(Vec::new()),
///     },
/// ];
/// let came = live.apply(time("2024-05-01T10:00:05Z"), &changes)?;
/// assert!(came[0].entered && came[0].key == Value::Int(7) && &*came[0].segment == "fresh gold");
/// assert!(live.next_change().is_some_and(|at| at <= time("2024-05-31T10:00:01Z")));
///
/// let went = live.advance(time("2024-07-01T00:00:00Z"))?;
/// // The last microsecond of its 30 days is 10:00 sharp.
/// assert_eq!((went[0].entered, went[0].at), (false, time("2024-05-31T10:00:00.000001Z")));
/// assert_eq!(live.count("fresh gold"), Some(0));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
///
/// # What it takes
///
/// For each customer one bit for each distinct condition and one for each segment, both rounded up to whole words of
/// eight bytes, four bytes for each count and eight for each sum, all rounded up to whole lines of 64 bytes, and two bytes
/// more. An event takes about 32 bytes and its properties, which stay until the customer is
/// erased: filters without a window ask for all of them. A customer who differs from the index has a row of its own.
///
/// Counts, sums and last times in windows that end now need no look ahead. What time will do to all other conditions is
/// looked for one day ahead, or thirty days where a condition looks at fields alone. When [`Live::advance`] or
/// [`Live::apply`] gets to the end of what was looked at, each customer is asked when each of these conditions will turn
/// next, on all threads of the index; in between this costs only those that turn.
///
/// The index that it started from is not changed. An erased customer is gone from all answers and from all that is kept
/// here; the bytes in the index go when the index is made anew.
#[derive(Debug)]
pub struct Live {
    pub(super) people: People,
    /// By number; `None` where a number is free.
    pub(super) leaves: Vec<Option<Leaf>>,
    pub(super) segments: Vec<Option<Segment>>,
    /// Which conditions hold of whom, who is in which segment, and running numbers.
    pub(super) rows: Rows,
    pub(super) slots: Slots,
    /// What makes segments of conditions.
    pub(super) board: Board,
    /// Whether segments are left to their formulas.
    pub(super) has_odd: bool,
    /// Which conditions look at what.
    pub(super) asks: Asks,
    pub(super) queue: Queue,
    /// The running numbers of each stream that is counted.
    pub(super) flows: Vec<Option<Flow>>,
    /// Bits that turned since segments were looked at.
    pub(super) flips: Flips,
    /// What is still to be told.
    pub(super) turns: Turns,
    pub(super) dues: Dues,
    pub(super) now: Timestamp,
    /// The last instant up to which the queue knows of everything.
    pub(super) horizon: Timestamp,
    /// The same for conditions that look at fields alone.
    pub(super) far: Timestamp,
    pub(super) left_out: u64,
}

/// A registered filter.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) name: Arc<str>,
    pub(super) formula: Formula,
    pub(super) members: u64,
}

impl Live {
    /// Starts from the customers of an index, at an instant.
    ///
    /// # Errors
    /// [`Code::KeyNotUnique`] where two customers of the index have the same key, or one has none: a change would not
    /// say whom it means.
    pub fn new(index: Arc<Index>, as_of: Timestamp) -> Result<Self, Diagnostics> {
        let column = index.key();
        let own = |row: usize| column.and_then(|column| index.row_of(&column.value(row))).map(|found| found as usize);
        if let Some(row) = (0..index.len()).find(|row| own(*row) != Some(*row)) {
            let key = column.map(|column| column.value(row)).unwrap_or_default();
            let message = format!("the key `{key}` is missing or belongs to several customers");
            return Err(Diagnostic::error(Code::KeyNotUnique, "", message)
                .help("make an index in which each customer has a key of its own")
                .into());
        }
        Ok(Self::start(Arc::clone(index.catalog()), Some(index), as_of))
    }

    /// Starts without customers, at an instant: they come by [`Change::Profile`](super::Change::Profile).
    #[must_use]
    pub fn empty(catalog: Arc<Catalog>, as_of: Timestamp) -> Self {
        Self::start(catalog, None, as_of)
    }

    fn start(catalog: Arc<Catalog>, index: Option<Arc<Index>>, as_of: Timestamp) -> Self {
        let flows = catalog.events.iter().map(|_| None).collect();
        let whole = catalog.customers.key_field().is_some_and(|field| field.ty == FieldType::Int);
        let mut live = Self {
            people: People::new(catalog, index),
            leaves: Vec::new(),
            segments: Vec::new(),
            rows: Rows::keyed(whole),
            slots: Slots::default(),
            board: Board::default(),
            has_odd: false,
            asks: Asks::default(),
            queue: Queue::default(),
            flows,
            flips: Vec::new(),
            turns: Turns::default(),
            dues: Dues::default(),
            now: as_of,
            horizon: days_after(as_of, 1),
            far: days_after(as_of, FAR),
            left_out: 0,
        };
        live.make_room();
        live.people.find_ahead(as_of.micros());
        for customer in (0..).take(live.people.len()) {
            live.name(customer);
        }
        live
    }

    /// The instant that everything is as of.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How many customers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.numbers().count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.numbers().next().is_none()
    }

    /// How many events and rows of nobody were left out so far.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The names of the registered segments.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flatten().map(|segment| &*segment.name)
    }

    /// How many members a segment has; `None` where no such segment is registered.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        self.named(name).map(|(_, segment)| segment.members)
    }

    /// The keys of a segment's members, in no particular order; `None` where no such segment is registered.
    #[must_use]
    pub fn members(&self, name: &str) -> Option<Vec<Value>> {
        let (number, _) = self.named(name)?;
        let inside = self.people.numbers().filter(|customer| self.rows.is_inside(*customer, number));
        Some(inside.map(|customer| self.people.key(customer)).collect())
    }

    /// Whether a customer is in a segment; `None` where no such segment is registered.
    #[must_use]
    pub fn is_member(&self, name: &str, key: &Value) -> Option<bool> {
        let (number, _) = self.named(name)?;
        Some(self.people.find(key).is_some_and(|customer| self.rows.is_inside(customer, number)))
    }

    /// The bytes that are kept, without those of the index, roughly.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let flows: usize = self.flows.iter().flatten().map(Flow::bytes).sum();
        self.people.bytes() + self.rows.bytes() + self.queue.bytes() + flows
    }

    pub(super) fn named(&self, name: &str) -> Option<(usize, &Segment)> {
        let mut numbered = self.segments.iter().enumerate();
        numbered.find_map(|(number, segment)| segment.as_ref().filter(|s| &*s.name == name).map(|s| (number, s)))
    }

    /// Puts the key of a customer into the customer's row.
    pub(super) fn name(&mut self, customer: u32) {
        if let Value::Int(key) = self.people.key(customer) {
            self.rows.set_key(customer, key);
        }
    }

    /// A row for each customer, with a place for each condition, segment and number.
    pub(super) fn make_room(&mut self) {
        self.rows.reserve(self.people.len(), self.slots.width(self.leaves.len(), self.segments.len()));
    }
}
