//! Times of day and days of the week, where the customer lives.

use jiff::civil::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// From Monday to Sunday.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];
}

/// A time of day to the minute, on the clock of whoever reads it: `"09:30"`.
///
/// ```
/// use cvm_journey::model::TimeOfDay;
/// let time: TimeOfDay = serde_json::from_str(r#""09:30""#)?;
/// assert_eq!((time.minutes(), time.to_string()), (9 * 60 + 30, "09:30".to_owned()));
/// assert!(serde_json::from_str::<TimeOfDay>(r#""24:00""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// The time at an hour (0 to 23) and a minute (0 to 59); `None` for others.
    #[must_use]
    pub const fn new(hour: u8, minute: u8) -> Option<Self> {
        if hour > 23 || minute > 59 {
            return None;
        }
        Some(Self { minutes: hour as u16 * 60 + minute as u16 })
    }

    /// Minutes since midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.minutes
    }

    /// The time on a clock.
    #[must_use]
    pub fn civil(self) -> Time {
        let part = |number: u16| i8::try_from(number).unwrap_or(0);
        Time::new(part(self.minutes / 60), part(self.minutes % 60), 0, 0).unwrap_or(Time::midnight())
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let two = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() == 2 && !part.starts_with('+'));
        let time = text.split_once(':').and_then(|(hour, minute)| Self::new(two(hour)?, two(minute)?));
        time.ok_or_else(|| format!("`{text}` is no time of day: write it like `09:30`"))
    }
}

/// A stretch of the day on some days of the week: from one time to before another, over midnight where the second is not
/// after the first.
///
/// ```
/// use cvm_journey::model::{DayWindow, Weekday};
/// let night: DayWindow = serde_json::from_str(r#"{"from": "22:00", "to": "06:00", "days": ["friday"]}"#)?;
/// // It belongs to the day on which it begins.
/// assert!(night.holds(Weekday::Friday, 23 * 60) && night.holds(Weekday::Saturday, 5 * 60 + 59));
/// assert!(!night.holds(Weekday::Saturday, 6 * 60) && !night.holds(Weekday::Friday, 60));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayWindow {
    /// When it begins.
    pub from: TimeOfDay,
    /// When it is over; equal to the beginning, it lasts a whole day.
    pub to: TimeOfDay,
    /// The days on which it begins: all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Weekday>,
}

impl DayWindow {
    /// Whether a minute of a day (since midnight) is inside.
    #[must_use]
    pub fn holds(&self, day: Weekday, minute: u16) -> bool {
        let on = |day: &Weekday| self.days.is_empty() || self.days.contains(day);
        let (from, to) = (self.from.minutes(), self.to.minutes());
        if from < to {
            return on(&day) && (from..to).contains(&minute);
        }
        let before = Weekday::ALL.iter().position(|each| *each == day).map_or(0, |at| (at + 6) % 7);
        on(&day) && minute >= from || minute < to && Weekday::ALL.get(before).is_some_and(on)
    }
}
