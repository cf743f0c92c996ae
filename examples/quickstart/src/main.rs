//! From a CSV of customers to a counted, explained, portable segment.
//!
//! `make run` runs it on customers that it makes (always the same ones); `CUSTOMERS=path make run` on yours, with
//! `KEY=column` where the key can't be found, and `EVENTS=path CUSTOMER=column TIME=column NAME=kind` for their events.

mod catalog;
mod input;
mod sample;
mod segments;
mod terminal;

use std::process::ExitCode;

use cvm::filter::Literal;
use cvm::{Dialect, Engine, EngineOptions, Error, Filter, Preview, SqlOptions, Statement, Timestamp};
use terminal::{heading, thousands};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let given = input::from_environment()?;
    // The made customers are looked at from a fixed day, so that everyone sees the same numbers; yours from today.
    let as_of = if given.is_sample { Timestamp::parse_utc(sample::AS_OF) } else { None };
    let engine = Engine::new(EngineOptions { as_of, ..EngineOptions::default() })?;

    heading("Customers");
    let report = input::load(&engine, &given)?;
    catalog::print(&engine, &given, &report)?;

    heading("Segments");
    let segments = segments::choose(&engine, given.is_sample)?;
    let everyone = engine.count(&Filter::Everyone)?;
    for segment in &segments {
        let count = engine.count(&segment.filter)?;
        let share = if everyone == 0 { 0.0 } else { 100.0 * terminal::ratio(count, everyone) };
        println!("{:>10}  {share:5.1} %  {}", thousands(count), segment.name);
        println!("                      {}", segment.filter);
    }

    let Some(shown) = segments.iter().max_by_key(|segment| segment.filter.leaf_count()) else { return Ok(()) };
    heading(&format!("SQL of “{}”", shown.name));
    print_sql(&engine, &shown.filter)?;

    heading("What each condition takes");
    print_funnel(&engine, &shown.filter)?;

    heading("Some of them");
    let columns = segments::columns(&engine, &shown.filter)?;
    println!("{}", engine.preview(&shown.filter, Preview { columns, ..Preview::first(5) })?);

    heading("Why is this customer in, and that one out?");
    explain(&engine, &shown.filter)?;

    heading("A condition from elsewhere, made smaller");
    let key = &engine.catalog()?.customers.key.clone();
    let sql = format!("NOT ({key} IS NULL) AND ({key} IS NOT NULL OR {key} = {key})");
    match cvm::from_sql(&sql, None, Some(&*engine.catalog()?)) {
        Ok(filter) => println!("{sql}\n  is      {filter}\n  that is {}", engine.optimize(&filter)?.filter),
        Err(error) => println!("{sql}\n  {error}"),
    }

    heading("A mistake");
    let mistake = segments::mistake(&engine)?;
    println!("{mistake}\n");
    for finding in &engine.validate(&mistake)?.0 {
        println!("  {finding}");
    }
    Ok(())
}

fn print_sql(engine: &Engine, filter: &Filter) -> Result<(), Error> {
    // Three of twelve: what is asked is the same, how it is said is not.
    for dialect in &[Dialect::PostgreSql, Dialect::MySql, Dialect::BigQuery] {
        let options = SqlOptions { parameters: false, ..SqlOptions::new(*dialect, Statement::Members) };
        match engine.sql(filter, &options) {
            Ok(query) => {
                println!("-- {dialect}\n{};", query.sql);
                for note in query.notes {
                    println!("-- note: {note}");
                }
            }
            // A dialect that can't say it says so; the others go on.
            Err(error) => println!("-- {dialect}\n-- {error}"),
        }
        println!();
    }
    let others = Dialect::ALL.iter().map(|dialect| dialect.as_str()).collect::<Vec<_>>().join(", ");
    println!("-- known: {others}");
    Ok(())
}

/// What each condition takes.
fn print_funnel(engine: &Engine, filter: &Filter) -> Result<(), Error> {
    println!("{:>10}  {:>10}", "alone", "together");
    for step in engine.funnel(filter)? {
        println!("{:>10}  {:>10}  {}", thousands(step.alone), thousands(step.together), step.text);
    }
    Ok(())
}

fn explain(engine: &Engine, filter: &Filter) -> Result<(), Error> {
    let opposite = !filter.clone();
    for filter_of in [filter, &opposite] {
        let members = engine.preview(
            filter_of,
            Preview { columns: vec![engine.catalog()?.customers.key.clone()], ..Preview::first(1) },
        )?;
        if let Some(key) = first_key(&members) {
            println!("{}", engine.explain(filter, &key)?);
        }
    }
    Ok(())
}

/// The first value of the first column.
fn first_key(rows: &cvm::Rows) -> Option<Literal> {
    match rows.value(0, 0)? {
        cvm::Value::Int(key) => Some(Literal::Int(key)),
        cvm::Value::Str(key) => Some(Literal::Str(key)),
        _ => None,
    }
}
