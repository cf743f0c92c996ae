//! Which column tells customers apart.

use super::label::lower_words;
use crate::catalog::{Field, FieldType};

/// The column whose name alone says that it tells customers apart: `customer_id`, `id`, `user`. Where it does not, as in
/// a table of orders, no other column can be taken for the key without being asked for. A word without `id` can mean
/// something else, such as how people are in contact, so it says nothing where there are few values.
///
/// ```
/// use cvm_core::{Field, FieldType, catalog::infer::named_as_key};
/// let fields = [Field::new("id", FieldType::Int), Field::new("customer_id", FieldType::Int)];
/// assert_eq!(named_as_key(&fields).map(|field| field.name.as_str()), Some("customer_id"));
/// assert_eq!(named_as_key(&[Field::new("store_id", FieldType::Int)]), None);
/// ```
pub fn named_as_key(fields: &[Field]) -> Option<&Field> {
    let says_so = |field: &&Field| match rank(&field.name) {
        rank if rank < BARE_WORD => true,
        BARE_WORD => can_be_key(&field.ty) && field.values.is_none(),
        _ => false,
    };
    fields.iter().filter(says_so).min_by_key(|field| rank(&field.name))
}

/// The columns that can be the customer's key, the likeliest first: with a telling name, of a type that can be a key,
/// never missing, and `unique`, which only the caller can know.
///
/// ```
/// use cvm_core::{Field, FieldType, catalog::infer::key_candidates};
/// let fields = [
///     Field::new("email", FieldType::String).required(),
///     Field::new("customerID", FieldType::String).required(),
///     Field::new("store_id", FieldType::Int).required(),
///     Field::new("age", FieldType::Int).required(),
/// ];
/// let unique = |field: &Field| field.name != "store_id";
/// let keys: Vec<&str> = key_candidates(&fields, unique).into_iter().map(|f| f.name.as_str()).collect();
/// assert_eq!(keys, ["customerID", "email"]);
/// ```
pub fn key_candidates(fields: &[Field], mut unique: impl FnMut(&Field) -> bool) -> Vec<&Field> {
    let mut candidates: Vec<(u8, &Field)> = fields
        .iter()
        .filter(|field| !field.nullable && can_be_key(&field.ty))
        .map(|field| (rank(&field.name), field))
        .filter(|(rank, _)| *rank < NOT_TELLING)
        .filter(|(_, field)| unique(field))
        .collect();
    // Stable: among equals, the first column.
    candidates.sort_by_key(|(rank, _)| *rank);
    candidates.into_iter().map(|(_, field)| field).collect()
}

fn can_be_key(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Int | FieldType::String | FieldType::Decimal { scale: 0, .. })
}

/// The rank of words for customers that stand alone; better ones have an `id`.
const BARE_WORD: u8 = 2;

/// The rank of names that say nothing: an age can differ in every row by chance.
const NOT_TELLING: u8 = 6;

/// 0 is the likeliest.
fn rank(name: &str) -> u8 {
    const PEOPLE: &[&str] = &[
        "customer",
        "cust",
        "client",
        "user",
        "member",
        "account",
        "contact",
        "person",
        "subscriber",
        "household",
        "buyer",
        "shopper",
        "patient",
        "guest",
    ];
    const MARKS: &[&str] = &["id", "key", "uuid", "guid", "number", "no", "nr", "code"];
    let words = lower_words(name);
    let joined = words.concat();
    let ends_with_mark = words.last().is_some_and(|last| MARKS.contains(&last.as_str()));
    let of_people = PEOPLE.iter().any(|p| words.first().is_some_and(|first| first == p));
    // `customerid` and `userid` are one word.
    let fused = PEOPLE.iter().any(|p| joined.strip_prefix(p).is_some_and(|mark| MARKS.contains(&mark)));
    match () {
        () if fused || (of_people && ends_with_mark) => 0,
        () if joined == "id" || joined == "uuid" || joined == "guid" => 1,
        () if PEOPLE.contains(&joined.as_str()) => BARE_WORD,
        () if ends_with_mark => 3,
        () if joined.ends_with("id") => 4,
        () if joined.contains("email") => 5,
        () => NOT_TELLING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_alone_can_mean_something_else() {
        let mut contact = Field::new("contact", FieldType::String).required();
        assert_eq!(named_as_key(std::slice::from_ref(&contact)).map(|field| field.name.as_str()), Some("contact"));
        contact.values = Some(vec!["cellular".to_owned(), "telephone".to_owned()]);
        assert_eq!(named_as_key(&[contact]), None);
        assert_eq!(named_as_key(&[Field::new("member", FieldType::Bool)]), None);
    }

    #[test]
    fn ranks_names() {
        for (name, expected) in [
            ("customer_id", 0),
            ("customerID", 0),
            ("userid", 0),
            ("Customer ID", 0),
            ("client_number", 0),
            ("id", 1),
            ("ID", 1),
            ("cust", 2),
            ("order_id", 3),
            ("orderid", 4),
            ("email", 5),
            ("tenure", 6),
        ] {
            assert_eq!(rank(name), expected, "{name}");
        }
    }
}
