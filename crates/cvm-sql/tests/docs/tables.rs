//! What pages say in tables is so: keys of nodes are those of the schema, verdicts are those of the evaluator.

use cvm_core::{Filter, Value, bind, evaluate};
use serde_json::Value as Json;

use crate::{as_of, catalog, folder, pages};

/// The nodes of the schema, each with its keys.
fn nodes() -> Vec<(String, Vec<String>)> {
    let schema: Json = serde_json::from_str(include_str!("../../../../schema/filter.schema.json")).expect("a schema");
    let variants = schema["oneOf"].as_array().expect("the nodes");
    variants
        .iter()
        .map(|variant| {
            let properties = variant["properties"].as_object().expect("the keys");
            let name = properties["type"]["const"].as_str().expect("a name").to_owned();
            (name, properties.keys().filter(|key| *key != "type").cloned().collect())
        })
        .collect()
}

/// The rows of the first table whose head starts like this; nothing if there is none.
fn table<'t>(text: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let rows = text.lines().skip_while(|line| !line.starts_with(head)).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_node_has_its_page_with_its_keys() {
    let index = std::fs::read_to_string(folder().join("nodes/README.md")).expect("the index");
    let nodes = nodes();
    assert!(nodes.len() >= 18, "{}", nodes.len());
    for (name, keys) in &nodes {
        let page = std::fs::read_to_string(folder().join(format!("nodes/{name}.md"))).expect("a page");
        assert!(index.contains(&format!("]({name}.md)")), "the index does not name {name}");
        assert!(page.contains("## Missing values"), "{name} has no rule for missing values");
        let mut said: Vec<String> =
            table(&page, "| key |").iter().skip(2).map(|row| row[0].trim_matches('`').to_owned()).collect();
        let mut keys = keys.clone();
        said.sort();
        keys.sort();
        assert_eq!(said, keys, "docs/nodes/{name}.md");
    }
    let pages = pages().into_iter().filter(|(name, _)| name.starts_with("nodes/")).count();
    assert_eq!(pages, nodes.len() + 1, "a page without a node");
}

/// In a table of verdicts the head of a column is a filter, and the first column has the age; columns about SQL are told
/// by people.
#[test]
fn verdicts_are_those_of_the_evaluator() {
    let catalog = catalog();
    let mut looked_at = 0;
    for (name, text) in pages() {
        let rows = table(&text, "| age |");
        let Some((head, rows)) = rows.split_first() else { continue };
        for (column, title) in head.iter().enumerate().skip(1).filter(|(_, title)| !title.starts_with("SQL")) {
            let filter: Filter = title.trim_matches('`').parse().expect("a filter");
            let predicate = bind(&filter, &catalog, as_of()).expect("a good filter");
            for row in rows.iter().skip(1) {
                let age = row[0].parse().map_or(Value::Missing, Value::Int);
                let customer: Vec<Value> = catalog
                    .customers
                    .fields
                    .iter()
                    .map(|field| if field.name == "age" { age.clone() } else { Value::Missing })
                    .collect();
                let verdict = if evaluate(&predicate, &customer) { "in" } else { "out" };
                assert_eq!(row[column], verdict, "docs/{name}: {title} at {}", row[0]);
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 10, "only {looked_at} verdicts were found");
}

/// The words by which the shop is described in the index are those of its catalog.
#[test]
fn the_shop_is_described() {
    let index = std::fs::read_to_string(folder().join("nodes/README.md")).expect("the index");
    // Where lines end makes no difference.
    let index = index.split_whitespace().collect::<Vec<_>>().join(" ");
    let catalog = catalog();
    let fields = |fields: &[cvm_core::Field]| -> Vec<(String, String)> {
        fields.iter().map(|field| (field.name.clone(), field.ty.to_string())).collect()
    };
    let mut all = fields(&catalog.customers.fields);
    catalog.events.iter().for_each(|event| all.extend(fields(&event.fields)));
    catalog.related.iter().for_each(|table| all.extend(fields(&table.fields)));
    for (name, ty) in all {
        assert!(
            index.contains(&format!("`{name}` {}", ty.replace('<', "&lt;").replace('>', "&gt;"))),
            "the index does not say `{name}` {ty}"
        );
    }
    let names = catalog.events.iter().map(|event| &event.name).chain(catalog.related.iter().map(|table| &table.name));
    for name in names.chain(catalog.segments.iter().map(|s| &s.name)).chain(catalog.lists.iter().map(|l| &l.name)) {
        assert!(index.contains(&format!("`{name}`")), "the index does not say `{name}`");
    }
}
