//! Checks of nodes about related rows, rankings, samples and places.

use super::Checker;
use super::behaviour::sum_type;
use super::compare::{Compared, Subject};
use super::scope::Scope;
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Bucket, Case, Geo, Quantifier, Rank, RankBy, Related, Take};

/// Buckets are numbered below this.
const BUCKETS: u32 = 10_000;

impl<'c> Checker<'c> {
    pub(super) fn related(&mut self, node: &Related, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        let catalog = self.catalog;
        let Some(table) = catalog.related_table(&node.table) else {
            out.push(
                Diagnostic::error(
                    Code::UnknownTable,
                    path.key("table").pointer(),
                    format!("no related table `{}`", node.table),
                )
                .suggest_from(&node.table, catalog.related.iter().map(|table| table.name.as_str())),
            );
            return;
        };
        let scope = Scope::inner(&table.fields, "related table", &table.name);
        match &node.filter {
            Some(filter) => {
                self.node(filter, &scope, &path.key("where"), depth + 1, out);
            }
            None if node.quantifier == Quantifier::All => out.push(Diagnostic::error(
                Code::MissingKey,
                path.pointer(),
                "`all` needs a `where` that every row must satisfy",
            )),
            None => {}
        }
        let ty = match &node.quantifier {
            Quantifier::Count => FieldType::Int,
            Quantifier::Sum { field } => match sum_type(field, &scope, &path.key("quantifier"), out) {
                Some(ty) => ty,
                None => return,
            },
            quantifier => {
                let word = match quantifier {
                    Quantifier::Any => "any",
                    Quantifier::All => "all",
                    _ => "none",
                };
                for (key, there) in [("op", node.op.is_some()), ("value", node.value.is_some())] {
                    if there {
                        let message = format!("`{word}` compares nothing, so it takes no `{key}`");
                        out.push(Diagnostic::error(Code::NotMeaningful, path.key(key).pointer(), message));
                    }
                }
                return;
            }
        };
        let Some(op) = node.op else {
            out.push(Diagnostic::error(
                Code::MissingKey,
                path.pointer(),
                "a count or sum is compared: the key `op` is missing",
            ));
            return;
        };
        let name = if matches!(node.quantifier, Quantifier::Count) { "count" } else { "sum" };
        let subject = Subject { name, ty: &ty, values: None };
        let compared = Compared { op, value: node.value.as_ref(), case: Case::Sensitive, missing: None };
        self.compare(&subject, &compared, &scope, path, out);
    }

    pub(super) fn rank(&mut self, node: &Rank, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        let customers = Scope::customers(self.catalog);
        let by = path.key("by");
        match &node.by {
            RankBy::Field { field } => {
                let at = by.key("field");
                if let Some((found, reference)) = customers.find(field, &at, out)
                    && (!found.ty.is_ordered() || !reference.path.is_empty())
                {
                    let message = format!("`{field}` is of type {}, which has no order", found.ty);
                    out.push(Diagnostic::error(Code::TypeMismatch, at.pointer(), message));
                }
            }
            RankBy::Event { event, window, filter, measure } => {
                self.ranked_events((event, window.as_ref(), filter.as_deref(), measure), &by, depth, out);
            }
        }
        self.take(&node.take, &path.key("take"), out);
        if let Some(per) = &node.per {
            customers.find(per, &path.key("per"), out);
        }
        if let Some(among) = &node.among {
            self.node(among, &customers, &path.key("among"), depth + 1, out);
        }
    }

    fn take(&self, take: &Take, path: &Path<'_>, out: &mut Diagnostics) {
        let (key, message) = match *take {
            Take::N(0) => ("n", "the top 0 is nobody: give a number from 1".to_owned()),
            Take::Percent(p) if !(p > 0.0 && p <= 100.0) => {
                ("percent", format!("`{p}` is no percentage above 0 and up to 100"))
            }
            Take::Tile { part, of } if part == 0 || part > of => ("tile", format!("there is no part {part} of {of}")),
            _ => return,
        };
        out.push(Diagnostic::error(Code::InvalidValue, path.key(key).pointer(), message));
    }

    pub(super) fn bucket(&mut self, node: &Bucket, path: &Path<'_>, out: &mut Diagnostics) {
        if node.to > BUCKETS {
            let message = format!("buckets end at {BUCKETS}");
            out.push(Diagnostic::error(Code::InvalidValue, path.key("to").pointer(), message));
        } else if node.from >= node.to {
            let message = format!("there are no buckets from {} to {}", node.from, node.to);
            out.push(Diagnostic::error(Code::ReversedRange, path.key("to").pointer(), message));
        }
    }

    pub(super) fn geo(&mut self, node: &Geo, path: &Path<'_>, out: &mut Diagnostics) {
        let customers = Scope::customers(self.catalog);
        for (key, field) in [("latitude", &node.latitude), ("longitude", &node.longitude)] {
            let at = path.key(key);
            if let Some((found, reference)) = customers.find(field, &at, out)
                && (!found.ty.is_number() || !reference.path.is_empty())
            {
                let message = format!("`{field}` is of type {}; degrees are numbers", found.ty);
                out.push(Diagnostic::error(Code::TypeMismatch, at.pointer(), message));
            }
        }
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
    }
}
