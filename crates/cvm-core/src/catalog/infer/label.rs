//! Names for people: `customerID` is "Customer ID".

/// Words that are written in capitals.
const CAPITALS: &[&str] = &[
    "id", "url", "uri", "sku", "ip", "vip", "crm", "cvm", "iban", "bic", "sms", "utm", "rfm", "clv", "ltv", "cltv",
    "aov", "arpu", "nps", "kpi", "upc", "ean", "ssn", "vat", "eur", "usd", "gbp", "chf", "uuid", "guid", "gdpr", "os",
    "tv", "api", "zip",
];

/// The words of a name: split at everything but letters and digits, and where lower case turns to upper case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_alphanumeric()) {
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (i, c) in chars.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|i| chars.get(i));
            let turns = c.is_uppercase()
                && before.is_some_and(|b| {
                    // `customerID`; and `IDNumber`, where the last capital begins a word.
                    !b.is_uppercase() || chars.get(i + 1).is_some_and(|after| after.is_lowercase())
                });
            if turns && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(*c);
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// The words of a name, in lower case.
pub(super) fn lower_words(name: &str) -> Vec<String> {
    words(name).into_iter().map(|word| word.to_lowercase()).collect()
}

/// The name as a person would write it; `None` when it has no letter or digit.
pub(super) fn humanise(name: &str) -> Option<String> {
    let shouted = !name.chars().any(char::is_lowercase);
    let mut out = String::new();
    for word in words(name) {
        let lower = word.to_lowercase();
        let acronym = CAPITALS.contains(&lower.as_str())
            || (!shouted && word.chars().count() > 1 && !word.chars().any(char::is_lowercase));
        let word = if acronym { word.to_uppercase() } else { lower };
        if out.is_empty() {
            let mut chars = word.chars();
            out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            out.push_str(chars.as_str());
        } else {
            out.push(' ');
            out.push_str(&word);
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_people() {
        for (name, label) in [
            ("customerID", "Customer ID"),
            ("total_spent", "Total spent"),
            ("customer_id", "Customer ID"),
            ("TotalCharges", "Total charges"),
            ("StreamingTV", "Streaming TV"),
            ("cons.price.idx", "Cons price idx"),
            ("DATE_OF_BIRTH", "Date of birth"),
            ("IDNumber", "ID number"),
            ("AcceptedCmp3", "Accepted cmp3"),
            ("Customer ID", "Customer ID"),
            ("élan", "Élan"),
            ("age", "Age"),
        ] {
            assert_eq!(humanise(name).as_deref(), Some(label), "{name}");
        }
        assert_eq!(humanise("--"), None);
    }
}
