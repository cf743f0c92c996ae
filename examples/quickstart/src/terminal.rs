//! Printing for people.

/// A heading with air above it.
pub fn heading(text: &str) {
    println!("\n{text}\n{}", "─".repeat(text.chars().count()));
}

/// `12345` as `12,345`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share of a whole.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
