//! Names: which column, of which table.

use cvm_core::{Catalog, Code, Diagnostic, FieldType};
use sqlparser::ast::Ident;

use super::dialect::NameCase;
use super::source::{Source, refused};
use super::statement::TableName;
use super::{Found, ImportDialect};
use std::cell::RefCell;

/// A column of the customer table, or a place inside a JSON document.
#[derive(Clone, PartialEq)]
pub(super) struct Column {
    /// The filter's name for it.
    pub(super) name: String,
    /// Its type, with a catalog.
    pub(super) ty: Option<FieldType>,
    /// Whether it is the text at a place inside a JSON document.
    pub(super) json: bool,
    /// Whether lengths and parts of the text are counted in bytes.
    pub(super) bytes: bool,
}

/// The one table, and what it may be called.
pub(super) struct Scope<'c> {
    dialect: ImportDialect,
    catalog: Option<&'c Catalog>,
    table: Option<TableName>,
    /// The first qualifier that was met where no FROM says which there are.
    qualifier: RefCell<Option<String>>,
}

/// What a name is.
pub(super) enum Named {
    Column(Column),
    /// A name in double quotes that is no column: for some databases it is a text.
    Text(String),
}

impl<'c> Scope<'c> {
    pub(super) fn new(
        source: &Source<'_>,
        dialect: ImportDialect,
        catalog: Option<&'c Catalog>,
        table: Option<TableName>,
    ) -> Found<Self> {
        if let (Some(table), Some(catalog)) = (&table, catalog) {
            let mut known = catalog.customers.table.rsplit('.');
            let same = table
                .name
                .iter()
                .rev()
                .all(|part| known.next().is_none_or(|known| known.eq_ignore_ascii_case(&part.value)));
            if !same {
                let shown: Vec<&str> = table.name.iter().map(|part| part.value.as_str()).collect();
                let message =
                    format!("the statement selects from `{}`, which is not the customer table", shown.join("."));
                let finding = Diagnostic::error(Code::UnknownTable, "", message)
                    .help(format!("the catalog's customers are in `{}`", catalog.customers.table));
                let place = table.name.first().and_then(|ident| source.place(ident.span));
                return Err(Box::new(match place {
                    Some(place) => finding.at(place),
                    None => finding,
                }));
            }
        }
        Ok(Self { dialect, catalog, table, qualifier: RefCell::default() })
    }

    /// The column of a name with or without qualifiers.
    pub(super) fn find(&self, parts: &[Ident]) -> Found<Named> {
        let Some((name, qualifiers)) = parts.split_last() else { return refused("a name without parts", "") };
        if !qualifiers.is_empty() {
            self.qualified(qualifiers)?;
        }
        if self.dialect == ImportDialect::Hive && qualifiers.is_empty() && name.quote_style == Some('"') {
            return Ok(Named::Text(name.value.clone()));
        }
        let Some(catalog) = self.catalog else {
            let name = match (name.quote_style, self.dialect.name_case()) {
                (None, NameCase::Lower) => name.value.to_lowercase(),
                (None, NameCase::Upper) => name.value.to_uppercase(),
                _ => name.value.clone(),
            };
            return Ok(Named::Column(Column { name, ty: None, json: false, bytes: false }));
        };
        let fields = &catalog.customers.fields;
        let exact = fields.iter().find(|field| field.name == name.value);
        let lower = name.value.to_lowercase();
        let mut alike = fields.iter().filter(|field| field.name.to_lowercase() == lower);
        let ignores_case = name.quote_style.is_none() || self.dialect.quoted_names_ignore_case();
        let field = match (exact, alike.next(), alike.next()) {
            (Some(field), ..) => Some(field),
            (None, Some(field), None) if ignores_case => Some(field),
            (None, Some(_), Some(_)) if ignores_case => {
                let message = format!("`{}` may be more than one field", name.value);
                let finding = Diagnostic::error(Code::UnknownField, "", message)
                    .help("write it as the catalog does: the fields differ in capital letters only");
                return Err(Box::new(finding));
            }
            _ => None,
        };
        match field {
            Some(field) => Ok(Named::Column(Column {
                name: field.name.clone(),
                ty: Some(field.ty.clone()),
                json: false,
                bytes: false,
            })),
            None if self.dialect == ImportDialect::Sqlite && qualifiers.is_empty() && name.quote_style == Some('"') => {
                Ok(Named::Text(name.value.clone()))
            }
            None => Err(Box::new(
                Diagnostic::error(Code::UnknownField, "", format!("no field `{}`", name.value))
                    .suggest_from(&name.value, fields.iter().map(|field| field.name.as_str())),
            )),
        }
    }

    /// Whether qualifiers mean the one table.
    fn qualified(&self, qualifiers: &[Ident]) -> Found<()> {
        let shown: Vec<&str> = qualifiers.iter().map(|part| part.value.as_str()).collect();
        let shown = shown.join(".");
        let ends_with = |name: &mut dyn DoubleEndedIterator<Item = &str>| {
            qualifiers
                .iter()
                .rev()
                .all(|part| name.next_back().is_some_and(|known| known.eq_ignore_ascii_case(&part.value)))
        };
        let known = match &self.table {
            Some(TableName { alias: Some(alias), .. }) => ends_with(&mut std::iter::once(alias.value.as_str())),
            Some(TableName { name, .. }) => ends_with(&mut name.iter().map(|part| part.value.as_str())),
            None => {
                // A field with parts and a table of the same name can't be told apart.
                let is_field = self.catalog.is_some_and(|catalog| {
                    let first = qualifiers.first().map_or("", |part| part.value.as_str());
                    catalog.customers.fields.iter().any(|field| field.name.eq_ignore_ascii_case(first))
                });
                if is_field {
                    return refused(format!("`{shown}` is a field here, and its parts can't be taken with a dot"), "");
                }
                let mut first = self.qualifier.borrow_mut();
                first.get_or_insert_with(|| shown.clone()).eq_ignore_ascii_case(&shown)
            }
        };
        if known {
            return Ok(());
        }
        refused(format!("`{shown}` is another table"), "a filter selects from exactly one table")
    }
}
