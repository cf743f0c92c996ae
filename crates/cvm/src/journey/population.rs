//! The customers of an engine, as a machine asks about them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cvm_core::{Catalog, Diagnostics, Filter, History, Occurrence, Timestamp, Value, bind, evaluate_with};
use cvm_index::Index;
use cvm_journey::machine::{Asked, Before, Days, Turned, When, World, WorldError};
use cvm_journey::model::{Offset, TimeOfDay, Zone};
use cvm_journey::{recurrence, time};

use super::clocks::{Clocks, day_of};
use super::overlay::Overlay;
use super::turning::Turning;

/// An event of the command that is carried out.
#[derive(Debug, Clone)]
pub(super) struct Occurring {
    /// The place of its stream in the catalog.
    pub(super) event: usize,
    pub(super) occurrence: Occurrence,
}

/// The customers of an index: their numbers are their rows.
#[derive(Debug)]
pub(super) struct Population {
    pub(super) index: Arc<Index>,
    catalog: Arc<Catalog>,
    clocks: Vec<(Zone, Arc<Clocks>)>,
    /// For each field that journeys begin at: the customers by their days.
    days: HashMap<String, Arc<DaysOf>>,
    /// The row of each customer in the index; the same as the number where none is said.
    pub(super) rows: Option<Vec<u32>>,
    /// How many customers there are.
    many: u32,
    /// What changed since they were loaded.
    pub(super) overlay: Overlay,
    /// The events of the command that is carried out.
    pub(super) occurring: Vec<Occurring>,
    turning: Turning,
}

/// Customers by a day of theirs, in the order of time; and by month and day alone.
#[derive(Debug, Default)]
struct DaysOf {
    by_day: Vec<(jiff::civil::Date, u32)>,
    by_year: BTreeMap<(i8, i8), Vec<u32>>,
}

fn world(findings: impl Into<Diagnostics>) -> WorldError {
    WorldError::new(findings.into().to_string())
}

impl Population {
    pub(super) fn new(index: Arc<Index>) -> Self {
        let catalog = Arc::clone(index.catalog());
        let overlay = Overlay::default();
        let many = u32::try_from(index.len()).unwrap_or(u32::MAX);
        Self {
            index,
            catalog,
            clocks: Vec::new(),
            days: HashMap::new(),
            rows: None,
            many,
            overlay,
            occurring: Vec::new(),
            turning: Turning::default(),
        }
    }

    /// Fields of customers are others, or there are other customers: what was made of them is made anew.
    pub(super) fn changed(&mut self, many: u32) {
        self.many = many;
        self.clocks.clear();
        self.days.clear();
    }

    pub(super) fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    fn clocks(&mut self, zone: &Zone) -> Arc<Clocks> {
        if let Some((_, clocks)) = self.clocks.iter().find(|(known, _)| known == zone) {
            return Arc::clone(clocks);
        }
        let clocks = Arc::new(Clocks::new(self, self.many, zone));
        self.clocks.push((zone.clone(), Arc::clone(&clocks)));
        clocks
    }

    fn field(&self, name: &str) -> Result<usize, WorldError> {
        let place = self.catalog.customers.fields.iter().position(|field| field.name == name);
        place.ok_or_else(|| WorldError::new(format!("there is no field `{name}`")))
    }

    /// The value of a field, as journeys left it.
    pub(super) fn value(&self, field: usize, who: u32) -> Value {
        self.overlay.value(field, who).unwrap_or_else(|| self.index.value(field, self.row(who)))
    }

    /// The row of a customer in the index; that of nobody where there is none.
    pub(super) fn row(&self, who: u32) -> u32 {
        match &self.rows {
            None => who,
            Some(rows) => rows.get(who as usize).copied().unwrap_or(u32::MAX),
        }
    }

    /// All fields of a customer, with their names.
    pub(super) fn profile(&self, who: u32) -> Vec<(String, Value)> {
        let fields = self.catalog.customers.fields.iter().enumerate();
        fields.map(|(place, field)| (field.name.clone(), self.value(place, who))).collect()
    }

    fn instant(now: i64) -> Result<Timestamp, WorldError> {
        Timestamp::from_micros(now).ok_or_else(|| WorldError::new(format!("{now} is no instant")))
    }

    fn days_of(&mut self, field: &str, zone: &Zone) -> Result<Arc<DaysOf>, WorldError> {
        if let Some(known) = self.days.get(field) {
            return Ok(Arc::clone(known));
        }
        let (place, clocks) = (self.field(field)?, self.clocks(zone));
        let mut days = DaysOf::default();
        for who in 0..self.many {
            let Some((day, _)) = day_of(&self.value(place, who), None, &clocks.zone(who)) else { continue };
            days.by_day.push((day, who));
            days.by_year.entry((day.month(), day.day())).or_default().push(who);
        }
        days.by_day.sort_unstable();
        let days = Arc::new(days);
        self.days.insert(field.to_owned(), Arc::clone(&days));
        Ok(days)
    }

    /// Which of some customers a filter takes. Those whom journeys changed are asked one by one.
    fn takes(&self, filter: &Filter, now: Timestamp, who: &[u32]) -> Result<Vec<bool>, Diagnostics> {
        let rows: Vec<u32> = who.iter().map(|who| self.row(*who)).collect();
        let mut holds = self.index.holds(filter, now, &rows)?;
        if self.overlay.is_empty() {
            return Ok(holds);
        }
        let many = self.catalog.customers.fields.len();
        let mut bound = HashMap::new();
        for ((who, row), holds) in who.iter().zip(&rows).zip(&mut holds) {
            let Some(changes) = self.overlay.of(*who) else { continue };
            let lists = changes.lists();
            if !bound.contains_key(&lists) {
                let own = Overlay::settle(filter, &lists, &self.catalog);
                bound.insert(lists.clone(), bind(&own, &self.catalog, now)?);
            }
            // Rankings look at everybody: they are those of the customers who were loaded.
            let Some(predicate) = bound.get(&lists).filter(|bound| bound.rankings().is_empty()) else { continue };
            let mut fields = self.index.fields(*row);
            changes.put_into(&mut fields, many);
            let history = changes.join(self.index.history(predicate, *row)?);
            *holds = evaluate_with(predicate, &fields, &history);
        }
        Ok(holds)
    }

    /// When a day of a customer's, or so long before or after it, comes.
    fn day(value: &Value, offset: Option<Offset>, at: Option<TimeOfDay>, zone: &jiff::tz::TimeZone) -> i64 {
        let day = day_of(value, at, zone).and_then(|(day, at)| time::on_day(day, offset, at, zone));
        day.map_or(i64::MIN, Timestamp::micros)
    }
}

/// Sets the bit of a number.
pub(super) fn put(words: &mut Vec<u64>, who: u32, value: bool) {
    let (place, bit) = ((who >> 6) as usize, 1 << (who & 63));
    if value && words.len() <= place {
        words.resize(place + 1, 0);
    }
    if let Some(word) = words.get_mut(place) {
        *word = if value { *word | bit } else { *word & !bit };
    }
}

impl Population {
    /// All whom a filter takes, as [`Before::words`] has them.
    fn words(&mut self, asked: Asked<'_>, now: i64) -> Result<Vec<u64>, WorldError> {
        let (now, filter) = (Self::instant(now)?, asked.filter);
        let of_rows = self.turning.words(&self.index, asked.number, filter, now)?;
        let mut words = match &self.rows {
            None => of_rows,
            // Customers who are in the index and in no command are told before anybody asks for them.
            Some(rows) => {
                let mut words = vec![0; rows.len().div_ceil(64)];
                let has = |row: u32| of_rows.get((row >> 6) as usize).is_some_and(|word| word >> (row & 63) & 1 == 1);
                (0..).zip(rows).filter(|(_, row)| has(**row)).for_each(|(who, _)| put(&mut words, who, true));
                words
            }
        };
        if !self.overlay.is_empty() {
            let changed: Vec<u32> = self.overlay.rows().collect();
            let holds = self.takes(filter, now, &changed).map_err(world)?;
            changed.into_iter().zip(holds).for_each(|(who, holds)| put(&mut words, who, holds));
        }
        Ok(words)
    }
}

impl World for Population {
    fn members(&mut self, filter: Asked<'_>, now: i64) -> Result<Vec<u32>, WorldError> {
        Ok(Turned::between(&[], &self.words(filter, now)?).came)
    }

    fn turned(&mut self, filter: Asked<'_>, now: i64, before: &dyn Before) -> Result<Turned, WorldError> {
        Ok(Turned::between(&before.words(), &self.words(filter, now)?))
    }

    fn holds(&mut self, filter: Asked<'_>, now: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.takes(filter.filter, Self::instant(now)?, who).map_err(world)
    }

    fn events(&mut self, filter: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        let Some(name) = filter.event else { return Ok(vec![false; which.len()]) };
        // What a filter on an event takes is what is counted where it has that filter.
        let counted = cvm_core::filter::count(name).filter(filter.filter.clone()).gte(1_i64);
        let mut bound = None;
        let mut takes = Vec::with_capacity(which.len());
        for place in which {
            let Some(one) = self.occurring.get(*place as usize) else {
                takes.push(false);
                continue;
            };
            let mut history = History::default();
            history.events.resize_with(one.event + 1, Vec::new);
            if let Some(events) = history.events.get_mut(one.event) {
                events.push(one.occurrence.clone());
            }
            if bound.is_none() {
                // All events up to the end of time are seen.
                bound = Some(bind(&counted, &self.catalog, Timestamp::MAX).map_err(world)?);
            }
            takes.push(bound.as_ref().is_some_and(|predicate| evaluate_with(predicate, &[], &history)));
        }
        Ok(takes)
    }

    fn keys(&mut self, property: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        let key = |place: &u32| {
            let one = self.occurring.get(*place as usize)?;
            let fields = &self.catalog.events.get(one.event)?.fields;
            let value = one.occurrence.properties.get(fields.iter().position(|field| field.name == property)?)?;
            (!value.is_missing()).then(|| cvm_journey::key_number(&value.to_string()))
        };
        Ok(which.iter().map(key).collect())
    }

    fn instants(&mut self, when: When<'_>, zone: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        let clocks = self.clocks(zone);
        let When::Day { field, offset, at } = when else { return Ok(clocks.instants(when, now, who)) };
        let field = self.field(field)?;
        let one = |who: &u32| Self::day(&self.value(field, *who), offset, at, &clocks.zone(*who));
        Ok(who.iter().map(one).collect())
    }

    fn days(&mut self, days: Days<'_>, zone: &Zone) -> Result<Vec<u32>, WorldError> {
        let (clocks, of) = (self.clocks(zone), self.days_of(days.field, zone)?);
        let (from, to) = (Self::instant(days.from)?, Self::instant(days.to)?);
        // Days that may come in that time in some zone, and before the offset is added.
        let back = match days.offset {
            None => None,
            Some(Offset::Before(duration)) => Some(Offset::After(duration)),
            Some(Offset::After(duration)) => Some(Offset::Before(duration)),
        };
        let day = |instant: Timestamp, slack: i64| {
            let utc = instant.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
            let moved = time::on_day(utc, back, days.at, &jiff::tz::TimeZone::UTC)?;
            let moved = moved.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
            moved.checked_add(jiff::Span::new().days(slack)).ok()
        };
        // Months are of different lengths, so that going back may miss by three days.
        let (Some(first), Some(last)) = (day(from, -5), day(to, 5)) else { return Ok(Vec::new()) };
        let comes = |born: jiff::civil::Date, at: Option<TimeOfDay>, row: u32| {
            let at = at.unwrap_or(days.at);
            let instant = time::on_day(born, days.offset, at, &clocks.zone(row)).map_or(i64::MIN, Timestamp::micros);
            (days.from..days.to).contains(&instant)
        };
        let mut found = Vec::new();
        if days.every_year {
            let mut today = first;
            while today <= last {
                let own = of.by_year.get(&(today.month(), today.day())).into_iter().flatten();
                found.extend(own.copied().filter(|row| comes(today, None, *row)));
                // Who was born on 29 February is a year older on the 28th of other years.
                if (today.month(), today.day()) == (2, 28) && !today.in_leap_year() {
                    let own = of.by_year.get(&(2, 29)).into_iter().flatten();
                    found.extend(own.copied().filter(|row| comes(today, None, *row)));
                }
                let Ok(next) = today.tomorrow() else { break };
                today = next;
            }
        } else {
            let begin = of.by_day.partition_point(|(day, _)| *day < first);
            let own = of.by_day.iter().skip(begin).take_while(|(day, _)| *day <= last);
            found.extend(own.filter(|(day, row)| comes(*day, None, *row)).map(|(_, row)| *row));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn next(
        &mut self,
        rule: &str,
        from: &str,
        at: TimeOfDay,
        zone: &Zone,
        after: i64,
    ) -> Result<Option<i64>, WorldError> {
        let zone = cvm_core::catalog::zone_by_name(&zone.fallback).unwrap_or(jiff::tz::TimeZone::UTC);
        let next = recurrence::next(rule, from, at, &zone, Self::instant(after)?);
        next.map(|next| next.map(Timestamp::micros)).map_err(|error| WorldError::new(error.to_string()))
    }
}
