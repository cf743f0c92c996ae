//! One customer, a member of the filter by the last branch of its largest group: most leaves are looked at.

use cvm_core::{Catalog, Date, FieldType, Timestamp, Value};

const CUSTOMER: &[(&str, &str)] = &[
    ("id", "1042"),
    ("email", "camille.durand@mail.fr"),
    ("first_name", "Camille"),
    ("last_name", "Durand"),
    ("gender", "f"),
    ("birth_date", "1985-04-12"),
    ("age", "39"),
    ("city", "Lyon"),
    ("postcode", "69003"),
    ("country", "FR"),
    ("language", "fr"),
    ("tier", "gold"),
    ("status", "active"),
    ("marketing_consent", "true"),
    ("sms_consent", "true"),
    ("signup_date", "2019-05-02"),
    ("first_order_at", "2019-05-20T18:04:11Z"),
    ("last_order_at", "2024-01-09T07:45:00Z"),
    ("last_seen_at", "2024-06-14T20:11:37Z"),
    ("last_email_open_at", "2024-06-10T06:02:00Z"),
    ("orders", "61"),
    ("orders_90d", "3"),
    ("returns", "2"),
    ("total_spent", "7410.35"),
    ("average_basket", "121.48"),
    ("store_credit", "15.00"),
    ("churn_score", "0.42"),
    ("tags", "loyal,newsletter,app"),
    ("categories", "garden,books,toys"),
    ("campaign", "spring-2024"),
];

/// The customer's values in the order of the catalog's fields.
#[must_use]
pub fn customer(catalog: &Catalog) -> Vec<Value> {
    let text_of = |name: &str| CUSTOMER.iter().find(|(field, _)| *field == name).map(|(_, text)| *text);
    let fields = catalog.customers.fields.iter();
    fields.map(|field| text_of(&field.name).and_then(|text| value(text, &field.ty)).unwrap_or_default()).collect()
}

fn value(text: &str, ty: &FieldType) -> Option<Value> {
    Some(match ty {
        FieldType::Bool => Value::Bool(text.parse().ok()?),
        FieldType::Int => Value::Int(text.parse().ok()?),
        FieldType::Float => Value::Float(text.parse().ok()?),
        FieldType::Decimal { .. } => Value::Decimal(text.parse().ok()?),
        FieldType::Date => Value::Date(Date::parse(text)?),
        FieldType::Timestamp => Value::Timestamp(Timestamp::parse_utc(text)?),
        FieldType::List(item) => Value::List(text.split(',').filter_map(|text| value(text, item)).collect()),
        FieldType::String | FieldType::Json => Value::Str(text.to_owned()),
    })
}
