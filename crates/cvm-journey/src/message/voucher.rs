//! Codes of vouchers that are each customer's own.

use md5::{Digest, Md5};

/// Douglas Crockford's digits for people (<https://www.crockford.com/base32.html>): no `I`, `L` and `O`, which are taken for
/// digits, and no `U`.
const DIGITS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Digits that say something; one more checks them.
const SAYING: u32 = 11;

/// The code of a customer for an offer: the prefix, then twelve digits in groups of four. The same again for the same input.
///
/// Eleven digits are the first 55 bits of `MD5(seed ␟ offer ␟ customer)`, as [`Chance`](crate::Chance) hashes. With `n`
/// codes, `n²/2⁵⁶` pairs of the same are to be expected: among a million customers one chance in 72,000 that any two of them
/// share a code, among a hundred million one in seven, so offers to that many want a pool.
///
/// The twelfth digit is the sum of the others over the field of 32 elements, each weighed by another power of its generator:
/// a Reed–Solomon code (I. Reed, G. Solomon, 1960), with which every single wrong digit and every two that changed places
/// are seen. Crockford's own check sign would need five signs more.
///
/// Who knows the seed can make codes. Where codes must not be guessed, let the seed be a random number, and don't show it.
///
/// ```
/// use cvm_journey::message::voucher;
/// let code = voucher::made("WINTER", 7, "ten", "customer 42");
/// assert_eq!(code, voucher::made("WINTER", 7, "ten", "customer 42"));
/// assert_ne!(code, voucher::made("WINTER", 7, "ten", "customer 43"));
/// assert!(code.starts_with("WINTER-") && voucher::checks("WINTER", &code));
/// ```
#[must_use]
pub fn made(prefix: &str, seed: u64, offer: &str, customer: &str) -> String {
    let mut code = String::with_capacity(prefix.len() + 15);
    code.push_str(prefix);
    let number = number(seed, offer, customer);
    let mut sum = 0;
    let saying = (0..SAYING).map(|i| {
        let digit = usize::try_from((number >> (5 * (SAYING - 1 - i))) & 31).unwrap_or(0);
        sum = twice(sum) ^ digit;
        digit
    });
    let mut digits: Vec<usize> = saying.collect();
    digits.push(twice(sum));
    for (i, digit) in digits.into_iter().enumerate() {
        if i % 4 == 0 && !code.is_empty() && !code.ends_with('-') {
            code.push('-');
        }
        code.extend(DIGITS.get(digit));
    }
    code
}

/// Whether a code can have been made with this prefix: its twelve digits fit together. Case, blanks and hyphens don't
/// matter, and `I`, `L` and `O` are read as digits. Whether it was given to somebody is another question.
///
/// ```
/// use cvm_journey::message::voucher;
/// let code = voucher::made("", 7, "ten", "customer 42");
/// assert!(voucher::checks("", &code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l")));
/// let (last, other) = (code.chars().last(), if code.ends_with('0') { "1" } else { "0" });
/// assert!(!voucher::checks("", &format!("{}{other}", code.trim_end_matches(|digit| Some(digit) == last))));
/// ```
#[must_use]
pub fn checks(prefix: &str, code: &str) -> bool {
    let written = |text: &str| -> Vec<char> {
        text.chars().filter(|sign| !matches!(sign, '-' | ' ')).flat_map(char::to_uppercase).collect()
    };
    let code = written(code);
    let Some(digits) = code.strip_prefix(written(prefix).as_slice()) else { return false };
    let values: Option<Vec<usize>> = digits
        .iter()
        .map(|digit| match digit {
            'I' | 'L' => Some(1),
            'O' => Some(0),
            digit => DIGITS.iter().position(|other| other == digit),
        })
        .collect();
    values.is_some_and(|values| values.len() == 12 && values.into_iter().fold(0, |sum, digit| twice(sum) ^ digit) == 0)
}

/// The first 55 bits of the hash.
fn number(seed: u64, offer: &str, customer: &str) -> u64 {
    let mut hash = Md5::new();
    for part in [seed.to_string().as_str(), offer] {
        hash.update(part.as_bytes());
        hash.update([0x1f]);
    }
    hash.update(customer.as_bytes());
    let first = hash.finalize().iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    first >> (64 - 5 * SAYING)
}

/// Times the generator of the field of 32 elements, `x⁵ = x² + 1`.
const fn twice(element: usize) -> usize {
    let twice = element << 1;
    if twice & 32 == 0 { twice } else { twice ^ 0b10_0101 }
}

#[cfg(test)]
mod tests {
    use super::{checks, made, number};

    #[test]
    fn a_million_customers_have_codes_of_their_own() {
        let mut numbers: Vec<u64> = (0..1_000_000_u32).map(|id| number(7, "ten", &id.to_string())).collect();
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_wrong_digit_and_every_change_of_places_is_seen() {
        for customer in 0..50_u32 {
            let code = made("", 1, "ten", &customer.to_string()).replace('-', "");
            assert!(checks("", &code));
            let digits: Vec<char> = code.chars().collect();
            for i in 0..12 {
                for other in super::DIGITS {
                    let mut wrong = digits.clone();
                    wrong[i] = other;
                    assert_eq!(checks("", &wrong.iter().collect::<String>()), other == digits[i]);
                }
                for j in 0..i {
                    let mut wrong = digits.clone();
                    wrong.swap(i, j);
                    assert_eq!(checks("", &wrong.iter().collect::<String>()), digits[i] == digits[j]);
                }
            }
        }
    }

    #[test]
    fn codes_stay_what_they_are() {
        // A change here is a change of codes that customers have.
        let codes = [made("", 7, "ten", "1"), made("WINTER", 7, "ten", "1"), made("A-", 0, "", "")];
        assert_eq!(codes, ["EYMQ-JEB1-TBDJ", "WINTER-EYMQ-JEB1-TBDJ", "A-PGJ6-GPT4-KCR2"]);
        assert!(!checks("B", &codes[1]) && !checks("WINTER", "WINTER-1") && !checks("", "ÄÖÜ"));
    }
}
