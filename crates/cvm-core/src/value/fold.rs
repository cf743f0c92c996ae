//! Unicode simple case folding (CaseFolding.txt, statuses C and S): one code point to one code point.

/// The text with every character folded, so that texts equal but for case become equal.
///
/// ```
/// assert_eq!(cvm_core::value::fold_case("ÉCOLE"), cvm_core::value::fold_case("école"));
/// assert_ne!(cvm_core::value::fold_case("ß"), cvm_core::value::fold_case("ss"));
/// ```
#[must_use]
pub fn fold_case(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii() {
                return c.to_ascii_lowercase();
            }
            unicode_case_mapping::case_folded(c).and_then(|folded| char::from_u32(folded.get())).unwrap_or(c)
        })
        .collect()
}
