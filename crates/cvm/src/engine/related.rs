//! Loading rows of related tables: orders, devices, accounts.

use std::sync::Arc;

use cvm_core::catalog::RelatedTable;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType};
use cvm_sql::exec::csv::OnBadRows;
use cvm_sql::exec::{KeyFacts, LoadOptions, Loaded, Session, Source};

use super::Engine;
use super::load::{LoadReport, warning};
use crate::Error;

/// How rows of a related table are loaded.
#[derive(Debug, Clone)]
pub struct LoadRelated {
    /// The name by which filters ask for them.
    pub name: String,
    /// The column with the customer's key.
    pub customer: String,
    /// The table's name in SQL; `name` if absent.
    pub table: Option<String>,
    /// Types of columns that are not to be inferred.
    pub types: Vec<(String, FieldType)>,
    /// What to do with rows of text files that don't fit their columns.
    pub on_bad_rows: OnBadRows,
}

impl Engine {
    /// Loads rows that belong to customers: any number a customer.
    ///
    /// # Errors
    /// What can't be read; rows that don't fit; columns that are not there; keys of another type than the customers'.
    ///
    /// ```
    /// use cvm::{Engine, EngineOptions, LoadCustomers, LoadRelated, OnBadRows, Source};
    /// # let dir = std::env::temp_dir().join(format!("cvm-related-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir)?;
    /// # let (customers, orders) = (dir.join("customers.csv"), dir.join("orders.csv"));
    /// std::fs::write(&customers, "id,age\n1,34\n2,40\n")?;
    /// std::fs::write(&orders, "order_id,customer,total\n7,1,30\n8,1,5\n")?;
    /// let engine = Engine::new(EngineOptions::default())?;
    /// engine.load_customers(Source::File(customers), &LoadCustomers::default(), &mut |_, _| {})?;
    /// let related = LoadRelated {
    ///     name: "orders".into(), customer: "customer".into(), table: None, types: vec![], on_bad_rows: OnBadRows::Error };
    /// engine.load_related(Source::File(orders), &related, &mut |_, _| {})?;
    /// assert_eq!(engine.count(&"any related(orders where total > 20)".parse()?)?, 1);
    /// # std::fs::remove_dir_all(dir)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_related(
        &self,
        source: Source,
        options: &LoadRelated,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<LoadReport, Error> {
        let mut catalog = Catalog::clone(&*self.catalog()?);
        let table = options.table.clone().unwrap_or_else(|| options.name.clone());
        let load = self.load_options(&options.types, options.on_bad_rows, None);
        let Loaded { fields, provider, rows, mut warnings } =
            self.load_rows(&catalog, source, load, &options.customer, progress)?;
        let mut wrong = Diagnostics::default();
        customer_column(&catalog, &fields, &options.customer, &mut wrong);
        wrong.or(())?;
        let session = Session::new();
        session.register(&table, Arc::clone(&provider))?;
        let (name, column) = (table.clone(), options.customer.clone());
        let key_type = catalog.customers.key_field().map_or(FieldType::String, |field| field.ty.clone());
        let facts = self.block_on(async move { session.key_facts(&name, &column, &key_type).await })?;
        warnings.0.extend(of_nobody(&facts, "rows", &options.customer));
        catalog.related.retain(|related| related.name != options.name);
        catalog.related.push(RelatedTable {
            name: options.name.clone(),
            table: table.clone(),
            customer: options.customer.clone(),
            fields: fields.into_iter().filter(|field| field.name != options.customer).collect(),
        });
        let catalog = catalog.validated()?;
        self.session.register(&table, provider)?;
        self.replace_catalog(catalog);
        Ok(LoadReport { rows, warnings })
    }

    /// Loads rows that name customers.
    pub(super) fn load_rows(
        &self,
        catalog: &Catalog,
        source: Source,
        mut options: LoadOptions,
        customer: &str,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Loaded, Error> {
        self.session.has_customers(catalog)?;
        let loaded = self.load(source.clone(), options.clone(), progress)?;
        // Tools that know no missing integers write keys as floats: 17850.0 is read again as 17850, and 17850.5 refused.
        let column = loaded.fields.iter().find(|field| field.name == customer);
        let key_is_int = catalog.customers.key_field().is_some_and(|key| key.ty == FieldType::Int);
        if key_is_int && column.is_some_and(|field| field.ty == FieldType::Float) {
            options.types.push((customer.to_owned(), FieldType::Int));
            return self.load(source, options, progress);
        }
        Ok(loaded)
    }
}

/// The warning that some rows belong to nobody.
pub(super) fn of_nobody(facts: &KeyFacts, what: &str, customer: &str) -> Option<Diagnostic> {
    (facts.missing > 0).then(|| {
        warning(format!("{} of {} {what} have no `{customer}` and belong to nobody", facts.missing, facts.rows))
    })
}

/// The column with the customer's key: there, and of the key's type.
pub(super) fn customer_column(catalog: &Catalog, fields: &[Field], name: &str, out: &mut Diagnostics) {
    let Some(column) = fields.iter().find(|field| field.name == name) else {
        out.push(
            Diagnostic::error(Code::SourceNotFound, "", format!("there is no column `{name}` to be the customer"))
                .suggest_from(name, fields.iter().map(|field| field.name.as_str())),
        );
        return;
    };
    if let Some(key) = catalog.customers.key_field()
        && column.ty != key.ty
    {
        let message =
            format!("`{}` is of type {}, the customers' key `{}` of type {}", column.name, column.ty, key.name, key.ty);
        out.push(
            Diagnostic::error(Code::TypeMismatch, "", message).help("declare the type of one of them when loading"),
        );
    }
}
