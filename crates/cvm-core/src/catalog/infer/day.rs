//! Dates as text. Hand-written because a column is read value by value, twice.

/// The order of the parts of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
}

/// One way to write dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateForm {
    pub(super) order: Order,
    /// What stands between the parts.
    pub(super) separator: u8,
}

const fn form(order: Order, separator: u8) -> DateForm {
    DateForm { order, separator }
}

impl DateForm {
    /// In the order of preference. The same separator with day or month first stands side by side.
    pub(super) const ALL: [Self; 7] = [
        form(Order::YearMonthDay, b'-'),
        form(Order::YearMonthDay, b'/'),
        form(Order::DayMonthYear, b'.'),
        form(Order::DayMonthYear, b'/'),
        form(Order::MonthDayYear, b'/'),
        form(Order::DayMonthYear, b'-'),
        form(Order::MonthDayYear, b'-'),
    ];

    /// `20240131`: digits only, so a number unless a date was declared.
    pub(super) const COMPACT: Self = form(Order::YearMonthDay, 0);

    /// The form with day and month exchanged, where such dates are written.
    pub(super) fn exchanged(self) -> Option<Self> {
        let order = match self.order {
            Order::YearMonthDay => return None,
            Order::DayMonthYear => Order::MonthDayYear,
            Order::MonthDayYear => Order::DayMonthYear,
        };
        (self.separator != b'.').then_some(Self { order, separator: self.separator })
    }

    /// Year, month and day, when that is a day.
    #[inline]
    pub(super) fn civil(self, parts: Parts) -> Option<Civil> {
        if parts.separator != self.separator || parts.year_first != (self.order == Order::YearMonthDay) {
            return None;
        }
        let (month, day) = match self.order {
            Order::DayMonthYear => (parts.second, parts.first),
            Order::YearMonthDay | Order::MonthDayYear => (parts.first, parts.second),
        };
        let month_days = match month {
            2 if parts.year.is_multiple_of(4)
                && (!parts.year.is_multiple_of(100) || parts.year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (parts.year > 0 && day >= 1 && day <= month_days).then_some(Civil { year: parts.year, month, day })
    }
}

/// Three numbers as they were written; which is the day and which the month is open unless the year came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) year: u16,
    pub(super) first: u8,
    pub(super) second: u8,
    pub(super) separator: u8,
    pub(super) year_first: bool,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl Civil {
    /// Days since 1970-01-01 (Howard Hinnant's `days_from_civil`).
    #[inline]
    pub(super) fn days(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = i32::from(self.year) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }
}

/// The parts of a date at the start of a text, and what follows them.
#[inline]
pub(super) fn parts(text: &[u8]) -> Option<(Parts, &[u8])> {
    let (a, a_digits, rest) = digits(text)?;
    let (separator, rest) = separator(rest)?;
    let (b, b_digits, rest) = digits(rest)?;
    let rest = rest.strip_prefix(&[separator])?;
    let (c, c_digits, rest) = digits(rest)?;
    let (year, first, second, year_first) = match (a_digits, b_digits, c_digits) {
        (4, 2, 2) => (a, b, c, true),
        (1 | 2, 1 | 2, 4) => (c, a, b, false),
        _ => return None,
    };
    let (first, second) = (u8::try_from(first).ok()?, u8::try_from(second).ok()?);
    Some((Parts { year, first, second, separator, year_first }, rest))
}

/// The parts of `20240131`.
pub(super) fn compact(text: &[u8]) -> Option<(Parts, &[u8])> {
    let (year, rest) = text.split_first_chunk::<4>()?;
    let (month, rest) = rest.split_first_chunk::<2>()?;
    let (day, rest) = rest.split_first_chunk::<2>()?;
    let part = |text: &[u8]| match digits(text) {
        Some((value, _, [])) => Some(value),
        _ => None,
    };
    let (first, second) = (u8::try_from(part(month)?).ok()?, u8::try_from(part(day)?).ok()?);
    Some((Parts { year: part(year)?, first, second, separator: 0, year_first: true }, rest))
}

#[inline]
fn separator(text: &[u8]) -> Option<(u8, &[u8])> {
    match text.split_first()? {
        (separator @ (b'-' | b'/' | b'.'), rest) => Some((*separator, rest)),
        _ => None,
    }
}

/// A run of one to four digits, its value and its length.
#[inline]
pub(super) fn digits(text: &[u8]) -> Option<(u16, u8, &[u8])> {
    let (mut value, mut count) = (0_u16, 0_u8);
    let mut rest = text;
    while let [byte @ b'0'..=b'9', tail @ ..] = rest {
        if count == 4 {
            return None;
        }
        value = value * 10 + u16::from(byte - b'0');
        count += 1;
        rest = tail;
    }
    (count > 0).then_some((value, count, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(text: &str) -> Vec<String> {
        let Some((parts, b"")) = parts(text.as_bytes()) else { return Vec::new() };
        DateForm::ALL
            .into_iter()
            .filter_map(|form| form.civil(parts))
            .map(|civil| format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day))
            .collect()
    }

    #[test]
    fn reads_each_form() {
        for (text, days) in [
            ("2024-01-31", vec!["2024-01-31"]),
            ("2024/02/29", vec!["2024-02-29"]),
            ("31.01.2024", vec!["2024-01-31"]),
            ("31/01/2024", vec!["2024-01-31"]),
            ("01/31/2024", vec!["2024-01-31"]),
            ("1/2/2024", vec!["2024-02-01", "2024-01-02"]),
            ("2023-02-29", vec![]),
            ("1900-02-29", vec![]),
            ("2024-1-5", vec![]),
            ("2024-13-01", vec![]),
            ("0000-01-01", vec![]),
            ("31/01-2024", vec![]),
            ("31/01/24", vec![]),
            ("2024-01-31x", vec![]),
            ("20240-01-31", vec![]),
        ] {
            assert_eq!(fits(text), days, "{text}");
        }
    }

    #[test]
    fn counts_days_as_the_calendar_does() {
        for text in ["0001-01-01", "1600-02-29", "1899-12-31", "1970-01-01", "2000-03-01", "2024-12-31", "9999-12-31"] {
            let civil = parts(text.as_bytes()).and_then(|(parts, _)| DateForm::ALL[0].civil(parts)).expect("a day");
            assert_eq!(Some(civil.days()), crate::Date::parse(text).map(crate::Date::days), "{text}");
        }
    }
}
