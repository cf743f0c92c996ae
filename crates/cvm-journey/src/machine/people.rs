//! Where everybody of a journey is: 18 bytes each.

use serde::{Deserialize, Serialize};

use super::pages::{Column, Flags, number, place};
use super::world::Before;

/// The node of those who are out.
pub(super) const OUT: u16 = u16::MAX;
/// Later than any time: what has no time to wake.
pub(super) const NEVER: i64 = i64::MAX;

/// What somebody does at a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Phase {
    /// Is out, and may come in again from `wake` on.
    #[default]
    Out,
    /// Waits until `wake`, or for something to happen.
    Waiting,
    /// Goes on by the outcome `mark` as soon as the journey runs.
    Happened,
    /// Comes to the node as soon as the journey runs.
    Arriving,
    /// Wants something done that is not handed out yet.
    Pending,
    /// Waits for the answer to what was handed out, until `wake`.
    Leased,
    /// Wants something done from `wake` on.
    Later,
    /// Stands in the line of a throttle.
    Line,
    /// Is in another journey.
    Inside,
}

impl Phase {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Waiting => "waiting",
            Self::Happened => "happened",
            Self::Arriving => "arriving",
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Later => "later",
            Self::Line => "line",
            Self::Inside => "inside",
        }
    }
}

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The node's number.
    pub(super) node: u16,
    /// Which time the customer is in: 1 for the first; 0 for who never was.
    pub(super) entry: u16,
    /// How many jumps back were made since the entry.
    pub(super) round: u16,
    /// The place of the version in the journey's list.
    pub(super) version: u8,
    pub(super) phase: Phase,
    /// For who has happened something: the number of the outcome. For what is handed out: how often it was.
    pub(super) mark: u8,
}

const NOWHERE: Place = Place { node: OUT, entry: 0, round: 0, version: 0, phase: Phase::Out, mark: 0 };

/// Everybody's places, and when they wake.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Columns")]
pub(super) struct People {
    places: Column<Place>,
    wakes: Column<i64>,
    /// For each page the first time at which somebody on it wakes, or an earlier one.
    #[serde(skip)]
    earliest: Vec<i64>,
    /// Who waits for a filter, and some who did. None where that is not known yet.
    #[serde(skip)]
    watched: Option<Flags>,
    /// The first time at which somebody on any page wakes, or an earlier one.
    #[serde(skip)]
    first: i64,
}

#[derive(Deserialize)]
struct Columns {
    places: Column<Place>,
    wakes: Column<i64>,
}

impl From<Columns> for People {
    fn from(Columns { places, wakes }: Columns) -> Self {
        // Too early is never wrong, and the first look puts it right.
        let earliest = vec![i64::MIN; places.pages()];
        Self { places, wakes, earliest, first: i64::MIN, watched: None }
    }
}

impl Default for People {
    fn default() -> Self {
        Self {
            places: Column::new(NOWHERE),
            wakes: Column::new(NEVER),
            earliest: Vec::new(),
            first: NEVER,
            watched: Some(Flags::default()),
        }
    }
}

impl People {
    #[inline]
    pub(super) fn place(&self, who: u32) -> Place {
        self.places.get(who)
    }

    #[inline]
    pub(super) fn wake(&self, who: u32) -> i64 {
        self.wakes.get(who)
    }

    /// Puts somebody somewhere.
    #[inline]
    pub(super) fn put(&mut self, who: u32, place: Place, wake: i64) {
        self.places.set(who, place);
        self.wakes.set(who, wake);
        if place.phase != Phase::Out && wake != NEVER {
            let (page, _) = self::place(who);
            if self.earliest.len() <= page {
                self.earliest.resize(page + 1, NEVER);
            }
            if let Some(earliest) = self.earliest.get_mut(page) {
                *earliest = wake.min(*earliest);
            }
            self.first = wake.min(self.first);
        }
    }

    /// The first time at which somebody wakes, or an earlier one.
    pub(super) const fn earliest(&self) -> i64 {
        self.first
    }

    /// Who wakes up to a time, in the order of their numbers. They must be put somewhere else.
    pub(super) fn due(&mut self, until: i64) -> Vec<u32> {
        let mut due = Vec::new();
        for (page, earliest) in self.earliest.iter_mut().enumerate().filter(|(_, earliest)| **earliest <= until) {
            let mut rest = NEVER;
            let (Some(wakes), Some(places)) = (self.wakes.page(page), self.places.page(page)) else {
                *earliest = NEVER;
                continue;
            };
            for (at, (wake, place)) in wakes.iter().zip(places).enumerate() {
                if place.phase == Phase::Out {
                    continue;
                }
                if *wake <= until {
                    due.push(number(page, at));
                } else {
                    rest = rest.min(*wake);
                }
            }
            *earliest = rest;
        }
        self.first = self.earliest.iter().copied().min().unwrap_or(NEVER);
        due
    }

    /// Somebody waits for a filter from now on.
    pub(super) fn watch(&mut self, who: u32) {
        if let Some(watched) = &mut self.watched {
            watched.put(who, true);
        }
    }

    /// Who waits for a filter, in the order of their numbers.
    pub(super) fn watched(&mut self, waits: impl Fn(Place) -> bool) -> Vec<u32> {
        let waiting: Vec<u32> = match &self.watched {
            Some(watched) => watched.all().into_iter().filter(|who| waits(self.place(*who))).collect(),
            None => self.inside().filter(|(_, place)| waits(*place)).map(|(who, _)| who).collect(),
        };
        let watched = self.watched.insert(Flags::default());
        waiting.iter().for_each(|who| watched.put(*who, true));
        waiting
    }

    /// Who is in the journey, in the order of their numbers.
    pub(super) fn inside(&self) -> impl Iterator<Item = (u32, Place)> {
        let pages = (0..self.places.pages()).filter_map(|page| Some((page, self.places.page(page)?)));
        pages.flat_map(|(page, places)| {
            let inside = places.iter().enumerate().filter(|(_, place)| place.phase != Phase::Out);
            inside.map(move |(at, place)| (number(page, at), *place))
        })
    }

    pub(super) fn bytes(&self) -> usize {
        self.places.bytes() + self.wakes.bytes() + self.earliest.len() * size_of::<i64>()
    }
}
