//! The contenders: each a closure that judges all customers once and counts those inside.

use std::sync::Arc;

use bumpalo::Bump;
use cvm_core::{Filter, Matcher, bind, evaluate_with};
use datalogic_rs::{DataValue, Engine};
use rhai::{Dynamic, OptimizationLevel, Scope};
use serde_json::Value as Json;

use crate::filters::Question;
use crate::shop::{self, Customer};

pub type Contender<'c> = Box<dyn FnMut() -> usize + 'c>;

pub fn contenders<'c>(question: &Question, customers: &'c [Customer]) -> Vec<(&'static str, Contender<'c>)> {
    vec![
        ("cvm", cvm_at(question, customers)),
        ("cvm, an instant each call", cvm_each(question, customers)),
        ("cvm reference", reference(question, customers)),
        ("datalogic-rs", datalogic(question, customers)),
        ("jsonlogic-rs", jsonlogic(question, customers)),
        ("cel", cel(question, customers)),
        ("rhai", rhai(question, customers)),
    ]
}

fn matcher(question: &Question) -> Matcher {
    let filter: Filter = question.text.parse().expect("a filter");
    Matcher::new(&filter, &shop::catalog()).expect("a valid filter")
}

fn cvm_at<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let matcher = matcher(question);
    Box::new(move || {
        let at = matcher.at(shop::as_of()).expect("in range");
        customers.iter().filter(|customer| at.matches(&customer.row, &customer.history)).count()
    })
}

/// The times are settled anew for each customer, as where each request comes at an instant of its own.
fn cvm_each<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let (matcher, as_of) = (matcher(question), shop::as_of());
    let judge = move |customer: &Customer| {
        let as_of = std::hint::black_box(as_of);
        matcher.matches(&customer.row, &customer.history, as_of).expect("in range")
    };
    Box::new(move || customers.iter().filter(|customer| judge(customer)).count())
}

fn reference<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let filter: Filter = question.text.parse().expect("a filter");
    let predicate = bind(&filter, &shop::catalog(), shop::as_of()).expect("a valid filter");
    let judge = move |customer: &Customer| evaluate_with(&predicate, &customer.row, &customer.history);
    Box::new(move || customers.iter().filter(|customer| judge(customer)).count())
}

/// Data in an arena, borrowed as it is; results in another one that is emptied each time.
fn datalogic<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let engine = Engine::new();
    let rule = engine.compile(question.json_logic.to_string().as_str()).expect("a rule");
    // Prepared once for the whole run.
    let arena: &'static Bump = Box::leak(Box::new(Bump::new()));
    let data: Vec<&DataValue<'_>> = customers
        .iter()
        .map(|customer| {
            let text = arena.alloc_str(&customer.json.to_string());
            &*arena.alloc(DataValue::from_str(text, arena).expect("JSON"))
        })
        .collect();
    let mut results = Bump::new();
    Box::new(move || {
        let mut members = 0;
        for customer in &data {
            let inside = engine.evaluate(&rule, *customer, &results).expect("a result").as_bool();
            members += usize::from(inside == Some(true));
            results.reset();
        }
        members
    })
}

fn jsonlogic<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let rule = question.json_logic.clone();
    let judge =
        move |customer: &Customer| jsonlogic_rs::apply(&rule, &customer.json).expect("a result") == Json::Bool(true);
    Box::new(move || customers.iter().filter(|customer| judge(customer)).count())
}

/// A context for each customer, with a variable for each field and stream.
fn cel<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let env = Arc::new(cel::Env::stdlib());
    let program = env.compile(&question.cel).expect("a program");
    let context = |customer: &'c Customer| {
        let mut context = cel::Context::with_env(Arc::clone(&env));
        for (name, value) in customer.json.as_object().expect("an object") {
            context.add_variable(name.as_str(), value).expect("a value");
        }
        context
    };
    let contexts: Vec<cel::Context<'_, '_>> = customers.iter().map(context).collect();
    Box::new(move || {
        let inside =
            |context: &&cel::Context<'_, '_>| program.execute(context).expect("a result") == cel::Value::Bool(true);
        contexts.iter().filter(inside).count()
    })
}

/// A scope for each customer, with a constant for each field and stream.
fn rhai<'c>(question: &Question, customers: &'c [Customer]) -> Contender<'c> {
    let mut engine = rhai::Engine::new();
    engine.set_optimization_level(OptimizationLevel::Full);
    let program = engine.compile(&question.rhai).expect("a program");
    let scope = |customer: &Customer| {
        let mut scope = Scope::new();
        for (name, value) in customer.json.as_object().expect("an object") {
            scope.push_constant_dynamic(name.clone(), dynamic(value));
        }
        scope
    };
    let mut scopes: Vec<Scope<'_>> = customers.iter().map(scope).collect();
    Box::new(move || {
        let mut members = 0;
        for scope in &mut scopes {
            let inside = engine.eval_ast_with_scope::<bool>(scope, &program).expect("a result");
            members += usize::from(inside);
        }
        members
    })
}

fn dynamic(value: &Json) -> Dynamic {
    match value {
        Json::Null => Dynamic::UNIT,
        Json::Bool(b) => (*b).into(),
        Json::Number(n) => n.as_i64().map_or_else(|| n.as_f64().unwrap_or(f64::NAN).into(), Dynamic::from),
        Json::String(text) => text.clone().into(),
        Json::Array(items) => items.iter().map(dynamic).collect::<Vec<_>>().into(),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| (name.as_str().into(), dynamic(value)));
            Dynamic::from_map(entries.collect())
        }
    }
}
