//! The fold corpus from end to end: SQL predicates are imported, made smaller, and their conditions counted. The corpus is
//! looked for in the folder that `CVM_SHARED` names, or beside the checkout; without it the test says that it is skipped.

use std::path::{Path, PathBuf};

use cvm_core::{Catalog, optimize};
use cvm_sql::from_sql;

fn corpus() -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("CVM_SHARED").map_or_else(beside, PathBuf::from);
    std::fs::read_to_string(folder.join("cases/fold.jsonl")).ok()
}

#[test]
fn imported_predicates_reach_the_fewest_conditions() {
    let Some(corpus) = corpus() else {
        println!("SKIPPED: cases/fold.jsonl is not here; set CVM_SHARED to the folder that holds cases/");
        return;
    };
    let catalog = Catalog::from_json(
        r#"{"customers": {"table": "t", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "x", "type": "int"}, {"name": "y", "type": "int"},
            {"name": "s", "type": "string"}, {"name": "b", "type": "bool"},
            {"name": "n", "type": "int", "nullable": false}]}}"#,
    )
    .expect("a catalog");
    let (mut cases, mut leaves, mut best) = (0, 0, 0);
    for line in corpus.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        let (Some(sql), Some(ideal)) = (case.get("sql").and_then(|sql| sql.as_str()), case.get("ideal")) else {
            continue;
        };
        let ideal = ideal.as_u64().expect("a number");
        let filter = from_sql(sql, None, Some(&catalog)).expect(sql);
        let smaller = optimize(&filter, &catalog).filter;
        let left = smaller.leaf_count() as u64;
        assert!(left <= ideal, "{sql}: {smaller} has {left} conditions, {ideal} are enough");
        (cases, leaves, best) = (cases + 1, leaves + left, best + ideal);
    }
    println!("{cases} predicates, {leaves} conditions left, {best} were thought to be the fewest");
    assert!(cases >= 54, "only {cases} predicates");
}
