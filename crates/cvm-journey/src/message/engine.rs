//! The template engine, with what messages may use of it.

use minijinja::{Environment, ErrorKind, UndefinedBehavior, filters, tests};

use super::error::RenderError;
use super::escape;
use super::token::Shared;

/// So many steps a part may take: a list of a thousand items with a few tokens each.
const FUEL: u64 = 50_000;

/// The engine with what messages may use, and nothing else.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(32);
    environment.set_keep_trailing_newline(true);
    environment.set_formatter(escape::format);
    environment.add_filter("abs", filters::abs);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("default", filters::default);
    environment.add_filter("first", filters::first);
    environment.add_filter("float", filters::float);
    environment.add_filter("int", filters::int);
    environment.add_filter("join", filters::join);
    environment.add_filter("last", filters::last);
    environment.add_filter("length", filters::length);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("round", filters::round);
    environment.add_filter("title", filters::title);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("urlencode", filters::urlencode);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment
}

/// What the engine says, as it is said to people.
pub(super) fn failed(error: &minijinja::Error, part: &str, shared: &Shared) -> RenderError {
    let (part, line) = (part.to_owned(), error.line().unwrap_or(1));
    match error.kind() {
        ErrorKind::UndefinedError => {
            let missed = shared.missed.lock().ok().and_then(|missed| missed.clone());
            RenderError::Missing { part, line, token: missed.unwrap_or_else(|| "{{ … }}".to_owned()) }
        }
        ErrorKind::NonPrimitive => RenderError::NotAValue { part, line },
        ErrorKind::WriteFailure => RenderError::TooLong { part },
        ErrorKind::OutOfFuel => RenderError::TooManySteps { part },
        kind => {
            let why = error.detail().map_or_else(|| kind.to_string(), str::to_owned);
            RenderError::Failed { part, line, why }
        }
    }
}
