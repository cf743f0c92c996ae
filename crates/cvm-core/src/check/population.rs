//! Checks of nodes about related rows, rankings, samples and places.

use super::Checker;
use super::behaviour::{any_of, none_of};
use super::compare::{Compared, Subject};
use super::measure::measured;
use super::scope::Scope;
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Bucket, Case, Geo, Measure, Quantifier, Rank, RankBy, Related, Take};
use crate::predicate::{
    BucketTest, FactTest, FieldRef, GeoTest, Measured, Predicate, Range, RankTest, RankValue, RowMeasure, RowSource,
    Rows, Share,
};
use crate::value::{BUCKETS, Decimal};

impl<'c> Checker<'c> {
    pub(super) fn related(
        &mut self,
        node: &Related,
        number: usize,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Predicate> {
        let catalog = self.catalog;
        let found = catalog.related.iter().enumerate().find(|(_, table)| table.name == node.table);
        let Some((index, table)) = found else {
            out.push(
                Diagnostic::error(
                    Code::UnknownTable,
                    path.key("table").pointer(),
                    format!("no related table `{}`", node.table),
                )
                .suggest_from(&node.table, catalog.related.iter().map(|table| table.name.as_str())),
            );
            return None;
        };
        let scope = Scope::inner(&table.fields, "related table", &table.name);
        let (mut filter, mut readable) = (None, true);
        match &node.filter {
            Some(inner) => {
                filter = self.node(inner, &scope, &path.key("where"), depth + 1, out);
                readable = filter.is_some();
            }
            None if node.quantifier == Quantifier::All => {
                let message = "`all` needs a `where` that every row must satisfy";
                out.push(Diagnostic::error(Code::MissingKey, path.pointer(), message));
                readable = false;
            }
            None => {}
        }
        let rows = |filter| Rows { source: RowSource::Related(index), time: Range::default(), filter };
        let (measure, ty) = match &node.quantifier {
            Quantifier::Count => (RowMeasure::Count, FieldType::Int),
            Quantifier::Sum { field } => {
                let sum = Measure::Sum { field: field.clone() };
                measured(&sum, &FieldType::Timestamp, &scope, &path.key("quantifier"), out)?
            }
            quantifier => {
                compares_nothing(node, quantifier, path, out)?;
                return readable.then(|| match quantifier {
                    Quantifier::Any => any_of(number, rows(filter)),
                    Quantifier::None => none_of(number, rows(filter)),
                    _ => Predicate::All(vec![
                        any_of(number, rows(None)),
                        none_of(number, rows(filter.map(|filter| Predicate::Not(Box::new(filter))))),
                    ]),
                });
            }
        };
        let Some(op) = node.op else {
            let message = "a count or sum is compared: the key `op` is missing";
            out.push(Diagnostic::error(Code::MissingKey, path.pointer(), message));
            return None;
        };
        let name = if matches!(node.quantifier, Quantifier::Count) { "count" } else { "sum" };
        let subject = Subject { name, ty: &ty, values: None };
        let compared = Compared { op, value: node.value.as_ref(), case: Case::Sensitive, missing: None };
        let verdict = self.compare_measure(&subject, &compared, &scope, path, out)?;
        readable.then(|| {
            Predicate::Measured(Box::new(Measured {
                node: number,
                rows: rows(filter),
                measure,
                ty,
                test: verdict.test,
                negated: verdict.negated,
                on_missing: verdict.on_missing,
            }))
        })
    }

    pub(super) fn rank(
        &mut self,
        node: &Rank,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<FactTest> {
        let customers = Scope::customers(self.catalog);
        let by = self.ranked_by(&node.by, &customers, &path.key("by"), depth, out);
        let take = take(&node.take, &path.key("take"), out);
        let per = node.per.as_ref().map(|per| groups(per, &customers, &path.key("per"), out));
        let among = match &node.among {
            Some(among) => Some(self.node(among, &customers, &path.key("among"), depth + 1, out)?),
            None => None,
        };
        let per = match per {
            Some(found) => Some(found?),
            None => None,
        };
        Some(FactTest::Rank(RankTest { key: self.key()?, by: by?, order: node.order, take: take?, per, among }))
    }

    fn ranked_by(
        &mut self,
        by: &RankBy,
        customers: &Scope<'c>,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<RankValue> {
        match by {
            RankBy::Field { field } => {
                let at = path.key("field");
                let (found, reference) = customers.find(field, &at, out)?;
                if !found.ty.is_ordered() || !reference.path.is_empty() {
                    let message = format!("`{field}` is of type {}, which has no order", found.ty);
                    out.push(Diagnostic::error(Code::TypeMismatch, at.pointer(), message));
                    return None;
                }
                Some(RankValue::Field(reference))
            }
            RankBy::Event { event, window, filter, measure } => {
                let stream = self.events((event, filter.as_deref(), window.as_ref()), path, depth, out)?;
                let at = path.key("measure");
                let (row_measure, ty) = measured(measure, stream.time, &stream.scope, &at, out)?;
                if !ty.is_ordered() {
                    let message = format!("values of type {ty} have no order");
                    out.push(Diagnostic::error(Code::TypeMismatch, at.pointer(), message));
                    return None;
                }
                if matches!(measure, Measure::DaysSince(_)) {
                    let finding = Diagnostic::error(
                        Code::NotMeaningful,
                        at.pointer(),
                        "a ranking by days since the last event would not tell customers of one day apart",
                    );
                    out.push(finding.help("rank by `last_time`: its top has the fewest days, its bottom the most"));
                    return None;
                }
                Some(RankValue::Measure(Box::new(stream.rows), row_measure, ty))
            }
        }
    }

    /// The index of the customers' key.
    fn key(&self) -> Option<usize> {
        let table = &self.catalog.customers;
        table.fields.iter().position(|field| field.name == table.key)
    }

    pub(super) fn bucket(&self, node: &Bucket, path: &Path<'_>, out: &mut Diagnostics) -> Option<FactTest> {
        let finding = if node.to > BUCKETS {
            Diagnostic::error(Code::InvalidValue, path.key("to").pointer(), format!("buckets end at {BUCKETS}"))
        } else if node.from >= node.to {
            let message = format!("there are no buckets from {} to {}", node.from, node.to);
            Diagnostic::error(Code::ReversedRange, path.key("to").pointer(), message)
        } else if node.salt.contains('\0') {
            let message = "the salt holds a NUL character, which databases can't store";
            Diagnostic::error(Code::InvalidValue, path.key("salt").pointer(), message)
        } else {
            let test = BucketTest { key: self.key()?, salt: node.salt.clone(), from: node.from, to: node.to };
            return Some(FactTest::Bucket(test));
        };
        out.push(finding);
        None
    }

    pub(super) fn geo(&self, node: &Geo, path: &Path<'_>, out: &mut Diagnostics) -> Option<FactTest> {
        let customers = Scope::customers(self.catalog);
        let before = out.0.len();
        let mut degrees = |key: &'static str, field: &str| {
            let at = path.key(key);
            let (found, reference) = customers.find(field, &at, out)?;
            if !found.ty.is_number() || !reference.path.is_empty() {
                let message = format!("`{field}` is of type {}; degrees are numbers", found.ty);
                out.push(Diagnostic::error(Code::TypeMismatch, at.pointer(), message));
                return None;
            }
            Some(reference.index)
        };
        let (latitude, longitude) = (degrees("latitude", &node.latitude), degrees("longitude", &node.longitude));
        let center = path.key("center");
        for (key, value, limit) in [("lat", node.center.lat, 90.0), ("lon", node.center.lon, 180.0)] {
            if !(-limit..=limit).contains(&value) {
                let message = format!("`{value}` is not from -{limit} to {limit} degrees");
                out.push(Diagnostic::error(Code::InvalidValue, center.key(key).pointer(), message));
            }
        }
        if !(node.radius_m > 0.0 && node.radius_m.is_finite()) {
            let message = "the radius is a number of metres above 0";
            out.push(Diagnostic::error(Code::InvalidValue, path.key("radius_m").pointer(), message));
        }
        let (lat, lon, radius_m) = (node.center.lat, node.center.lon, node.radius_m);
        let test = GeoTest { latitude: latitude?, longitude: longitude?, lat, lon, radius_m };
        (out.0.len() == before).then_some(FactTest::Geo(test))
    }
}

/// `any`, `all` and `none` compare nothing.
fn compares_nothing(node: &Related, quantifier: &Quantifier, path: &Path<'_>, out: &mut Diagnostics) -> Option<()> {
    let word = match quantifier {
        Quantifier::Any => "any",
        Quantifier::All => "all",
        _ => "none",
    };
    let before = out.0.len();
    for (key, there) in [("op", node.op.is_some()), ("value", node.value.is_some())] {
        if there {
            let message = format!("`{word}` compares nothing, so it takes no `{key}`");
            out.push(Diagnostic::error(Code::NotMeaningful, path.key(key).pointer(), message));
        }
    }
    (out.0.len() == before).then_some(())
}

/// The field of which each value has a ranking of its own.
fn groups(per: &str, customers: &Scope<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<FieldRef> {
    let (found, reference) = customers.find(per, path, out)?;
    if matches!(found.ty, FieldType::List(_) | FieldType::Json | FieldType::Float) {
        let message = format!("`{per}` is of type {}; groups are made by other fields", found.ty);
        out.push(
            Diagnostic::error(Code::TypeMismatch, path.pointer(), message)
                .help("use a field of type bool, int, decimal, string, date or timestamp"),
        );
        return None;
    }
    Some(reference)
}

fn take(take: &Take, path: &Path<'_>, out: &mut Diagnostics) -> Option<Share> {
    let (key, message) = match *take {
        Take::N(0) => ("n", "the top 0 is nobody: give a number from 1".to_owned()),
        Take::N(n) => return Some(Share::N(n)),
        Take::Percent(p) if !(p > 0.0 && p <= 100.0) => {
            ("percent", format!("`{p}` is no percentage above 0 and up to 100"))
        }
        Take::Percent(p) => match millionths(p) {
            Some(millionths) => return Some(Share::Millionths(millionths)),
            None => ("percent", format!("`{p}` per cent has more than four digits after the point")),
        },
        Take::Tile { part, of } if part == 0 || part > of => ("tile", format!("there is no part {part} of {of}")),
        Take::Tile { part, of } => return Some(Share::Tile { part, of }),
    };
    out.push(Diagnostic::error(Code::InvalidValue, path.key(key).pointer(), message));
    None
}

/// Per cents as whole millionths, so that every engine computes with the same whole numbers.
fn millionths(percent: f64) -> Option<u32> {
    let exact = Decimal::from_f64(percent)?.rescale(4)?;
    u32::try_from(exact.digits()).ok()
}
