//! Words and numbers in a picture.

/// A text within XML: signs with a meaning become entities; what XML 1.0 can't have (section 2.2) becomes `U+FFFD`.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// As much of a text as has room, and `…` where it is longer. Nothing measures fonts here: widths are those of common
/// sans-serif fonts, on the large side.
pub(super) fn fitted(text: &str, room: f64, size: f64) -> String {
    let mut fitted = String::new();
    let mut used = 0.0;
    for sign in text.chars() {
        let wide = width(sign) * size;
        if used + wide > room {
            while !fitted.is_empty() && used > room - width('…') * size {
                used -= fitted.pop().map_or(0.0, width) * size;
            }
            return fitted.trim_end().to_owned() + "…";
        }
        used += wide;
        fitted.push(sign);
    }
    fitted
}

/// How wide a text is.
pub(super) fn length(text: &str, size: f64) -> f64 {
    text.chars().map(width).sum::<f64>() * size
}

/// How wide a sign is, in parts of the font's size.
const fn width(sign: char) -> f64 {
    match sign {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.32,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.95,
        'A'..='Z' | '0'..='9' => 0.66,
        '\u{0}'..='\u{10ff}' => 0.58,
        _ => 1.05,
    }
}

/// A number with commas between thousands; from ten millions on with three digits and a letter.
pub(super) fn number(number: u64) -> String {
    for (unit, letter) in [(1_000_000_000_000, 'T'), (1_000_000_000, 'B'), (1_000_000, 'M')] {
        if number >= unit && number >= 10_000_000 {
            let (whole, hundredths) = (number / unit, number % unit / (unit / 100));
            return match whole {
                100.. => format!("{whole} {letter}"),
                10.. => format!("{whole}.{} {letter}", hundredths / 10),
                _ => format!("{whole}.{hundredths:02} {letter}"),
            };
        }
    }
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A coordinate with one digit after the point.
pub(super) fn coordinate(number: f64) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    // No `-0`.
    (rounded + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::{coordinate, escaped, fitted, number};

    #[test]
    fn numbers_are_short() {
        let numbers = [0, 999, 1_000, 1_234_567, 9_999_999, 12_345_678, 123_456_789, 1_234_567_890, u64::MAX];
        let said = numbers.map(number).join("  ");
        assert_eq!(said, "0  999  1,000  1,234,567  9,999,999  12.3 M  123 M  1.23 B  18446744 T");
        assert_eq!([-0.01, 3.0, 2.25, 1e5].map(coordinate), ["0", "3", "2.3", "100000"]);
    }

    #[test]
    fn texts_have_room() {
        assert_eq!(fitted("short", 100.0, 12.0), "short");
        assert_eq!(fitted("a long name indeed", 60.0, 12.0), "a long n…");
        assert_eq!(fitted("長い名前です", 40.0, 12.0), "長い…");
        assert_eq!(fitted("x", 1.0, 12.0), "…");
        assert_eq!(
            escaped("<a b='c' d=\"&\">\u{0}\u{b}\u{ffff}\n"),
            "&lt;a b=&#39;c&#39; d=&quot;&amp;&quot;&gt;\u{fffd}\u{fffd}\u{fffd} "
        );
    }
}
