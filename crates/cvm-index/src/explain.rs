//! Why one customer is in or out.

use cvm_core::{Diagnostics, Filter, Predicate, Timestamp, Value, Verdict, bind, trace};

use crate::behaviour;
use crate::evaluate::Scope;
use crate::index::Index;

impl Index {
    /// The verdict of every node of a filter on one customer, parents before children; `None` where nobody has the key.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Timestamp, Value};
    /// # use cvm_index::IndexBuilder;
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// # let numbers = |numbers: Vec<i64>| Arc::new(Int64Array::from(numbers)) as _;
    /// # let rows = [("id", numbers(vec![1, 2, 3])), ("age", numbers(vec![17, 40, 64]))];
    /// # let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![RecordBatch::try_from_iter(rows)?]).build()?;
    /// # let as_of = Timestamp::from_micros(0).expect("1970");
    /// let verdicts = index.explain(&"age >= 18 and age < 60".parse()?, &Value::Int(3), as_of)?.expect("somebody");
    /// assert_eq!(verdicts.iter().map(|node| node.passed).collect::<Vec<_>>(), [false, true, false]);
    /// assert_eq!(verdicts[2].value, Some(64.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn explain(&self, filter: &Filter, key: &Value, as_of: Timestamp) -> Result<Option<Vec<Verdict>>, Diagnostics> {
        let sources = bind(filter, &self.catalog, as_of)?.sources();
        sources.iter().try_for_each(|source| self.stream(*source).map(|_| ()))?;
        let Some(number) = self.row_of(key) else { return Ok(None) };
        let row = number as usize;
        let history = behaviour::history(self, &sources, row);
        let fields = self.customers.row(row);
        // A ranking looks at everybody: its verdict on one is a bit of its rows.
        let settle = |predicate: Predicate| {
            let mut failed = None;
            let settled = predicate.replace_rankings(&mut |fact, _| {
                let alone = Predicate::Fact(Box::new(fact.clone()));
                let rows = Scope::customers(self).rows(&alone);
                Predicate::Constant(rows.map(|rows| rows.holds(row)).unwrap_or_else(|findings| {
                    failed = Some(findings);
                    false
                }))
            });
            failed.map_or(Ok(settled), Err)
        };
        trace(filter, &self.catalog, as_of, &fields, &history, settle).map(Some)
    }
}
