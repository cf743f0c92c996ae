//! Is a column one of dates or timestamps, and how are they written?

use super::clock::Clock;
use super::day::{DateForm, parts};
use super::guess::Guess;
use super::range::Range;
use super::reader::Form;
use super::tally::{BadRows, RowAt, Tally};
use crate::catalog::FieldType;

#[derive(Debug)]
pub(super) struct Times {
    forms: [Candidate; 7],
    pub(super) live: bool,
}

#[derive(Debug)]
struct Candidate {
    form: DateForm,
    dates: Tally,
    days: Range,
    stamps: Tally,
}

impl Times {
    pub(super) fn new() -> Self {
        let forms = DateForm::ALL.map(|form| Candidate {
            form,
            dates: Tally::default(),
            days: Range::Empty,
            stamps: Tally::default(),
        });
        Self { forms, live: true }
    }

    #[inline]
    pub(super) fn observe(&mut self, text: &str, at: RowAt) {
        let parsed = parts(text.as_bytes());
        let date = parsed.filter(|(_, rest)| rest.is_empty()).map(|(parts, _)| parts);
        let stamp = parsed.and_then(|(parts, rest)| Some((parts, Clock::parse(rest)?)));
        let mut live = false;
        for candidate in &mut self.forms {
            if !candidate.dates.dead {
                let day = date.and_then(|parts| candidate.form.civil(parts));
                if let Some(civil) = day {
                    candidate.days.day(civil.days());
                }
                candidate.dates.add(day.is_some(), text, at);
            }
            if !candidate.stamps.dead {
                // Where a local time falls does not matter here, so no zone is asked.
                let fits = stamp.and_then(|(parts, clock)| clock.on(candidate.form.civil(parts)?, None)).is_some();
                candidate.stamps.add(fits, text, at);
            }
            live |= !candidate.dates.dead || !candidate.stamps.dead;
        }
        self.live = live;
    }

    /// Dates first, then timestamps, each in the order of preference.
    pub(super) fn guesses(self) -> Vec<Guess> {
        let (mut dates, mut stamps) = (Vec::new(), Vec::new());
        for Candidate { form, dates: day, days, stamps: stamp } in self.forms {
            if !day.dead && day.fits > 0 {
                dates.push(Guess {
                    ty: FieldType::Date,
                    form: Form::Date(form),
                    fits: day.fits,
                    misfits: day.misfits,
                    range: days,
                    exponents: BadRows::default(),
                });
            }
            if !stamp.dead && stamp.fits > 0 {
                stamps.push(Guess {
                    ty: FieldType::Timestamp,
                    form: Form::Timestamp { date: form, dates: false },
                    fits: stamp.fits,
                    misfits: stamp.misfits,
                    range: Range::Empty,
                    exponents: BadRows::default(),
                });
            }
        }
        dates.append(&mut stamps);
        dates
    }
}
