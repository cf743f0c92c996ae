//! Segments to count: hand-picked for the made customers, found from the catalog for others.

use cvm::filter::{Condition, Literal, field};
use cvm::{Engine, Error, Field, FieldType, Filter};

/// A segment to show.
pub struct Segment {
    /// What people call it.
    pub name: String,
    /// Who is in it.
    pub filter: Filter,
}

/// The segments that are counted.
pub fn choose(engine: &Engine, is_sample: bool) -> Result<Vec<Segment>, Box<dyn std::error::Error>> {
    let mut segments = vec![Segment { name: "everyone".to_owned(), filter: Filter::Everyone }];
    if is_sample {
        for (name, text) in [
            ("big spenders", "total_spent > '2500.00'"),
            ("not known to be over 40", "not (age > 40)"),
            ("Paris or Lyon, newsletter", "city in ('Paris', 'Lyon') and newsletter = true"),
            (
                "VIPs whose last purchase is over 90 days ago",
                "tags has any ('vip') and last_purchase_at before 90 days ago",
            ),
            ("joined this year, any O'Hara", "signup_date within this year and name contains 'O''Hara'"),
            ("bought twice in 90 days", "count(purchase within last 90 days) >= 2"),
            ("looked, then bought within a day", "sequence(visit, purchase within 1 day)"),
            ("the tenth that spends most on shoes", "top 10% by sum(purchase.amount where category = 'shoes')"),
            (
                "win back",
                "age between 25 and 60 and city != 'Köln' and count(purchase within last 90 days) = 0 \
                 and (total_spent >= '500.00' or tags has any ('vip'))",
            ),
        ] {
            segments.push(Segment { name: name.to_owned(), filter: text.parse()? });
        }
        return Ok(segments);
    }
    let catalog = engine.catalog()?;
    let fields = catalog.customers.fields.iter().filter(|f| f.name != catalog.customers.key);
    let found: Vec<(String, Filter)> = fields.filter_map(from_field).take(6).collect();
    let both = Filter::all_of(found.iter().take(2).map(|(_, filter)| filter.clone()));
    // What their events say: how often, and who has stopped.
    let events = catalog
        .events
        .iter()
        .take(2)
        .map(|event| (format!("at least two of {}", event.name), cvm::filter::count(&event.name).gte(2)));
    let found: Vec<(String, Filter)> = found.into_iter().chain(events).collect();
    let first = found.first().map(|(_, filter)| !filter.clone());
    segments.extend(found.into_iter().map(|(name, filter)| Segment { name, filter }));
    segments.extend(first.map(|filter| Segment { name: "the opposite of the first".to_owned(), filter }));
    if both.leaf_count() == 2 {
        segments.push(Segment { name: "the first two together".to_owned(), filter: both });
    }
    Ok(segments)
}

/// A condition that says something about a field, from what the catalog knows of it.
fn from_field(about: &Field) -> Option<(String, Filter)> {
    let label = about.label.clone().unwrap_or_else(|| about.name.clone());
    if let Some(value) = about.values.as_ref().and_then(|values| values.last()) {
        return Some((format!("{label} is {value}"), field(&about.name).eq(value.as_str())));
    }
    match (&about.ty, &about.min, &about.max) {
        (FieldType::Bool, _, _) => Some((format!("{label} holds"), field(&about.name).eq(true))),
        (FieldType::Int, Some(Literal::Int(min)), Some(Literal::Int(max))) if max > min => {
            let middle = min.midpoint(*max);
            Some((format!("{label} above {middle}"), field(&about.name).gt(middle)))
        }
        (FieldType::Float | FieldType::Decimal { .. } | FieldType::Date | FieldType::Timestamp, Some(min), _) => {
            Some((format!("{label} above the lowest"), field(&about.name).gt(min.clone())))
        }
        _ if about.nullable => Some((format!("{label} is missing"), field(&about.name).is_not_set())),
        _ => None,
    }
}

/// The key and the fields that the filter names.
pub fn columns(engine: &Engine, filter: &Filter) -> Result<Vec<String>, Error> {
    let mut columns = vec![engine.catalog()?.customers.key.clone()];
    for (_, node) in filter.nodes() {
        if let Filter::Condition(Condition { field, .. }) = node
            && !columns.contains(field)
        {
            columns.push(field.clone());
        }
    }
    Ok(columns)
}

/// A filter with two errors of the kind that people make: a misspelt field, and a value that is none or of another type.
pub fn mistake(engine: &Engine) -> Result<Filter, Error> {
    let catalog = engine.catalog()?;
    let fields = &catalog.customers.fields;
    let named = fields.iter().find(|f| f.name.chars().count() > 3 && f.name != catalog.customers.key);
    let misspelt: String = named.map_or("nme".to_owned(), |f| {
        let mut letters: Vec<char> = f.name.chars().collect();
        letters.swap(1, 2);
        letters.into_iter().collect()
    });
    let second = match fields.iter().find(|f| f.values.is_some()) {
        Some(f) => {
            let mut value = f.values.as_ref().and_then(|v| v.first()).cloned().unwrap_or_default();
            value.push('s');
            field(&f.name).eq(value)
        }
        None => field(&catalog.customers.key).contains(""),
    };
    Ok(field(misspelt).is_set() & second)
}
