//! Where the customers come from.

use std::path::PathBuf;
use std::time::Duration;

use cvm::{Engine, Error, EventName, LoadCustomers, LoadEvents, LoadReport, Source};
use indicatif::{ProgressBar, ProgressStyle};

use crate::sample;

/// What the environment asks for.
pub struct Given {
    /// The file with the customers.
    pub customers: PathBuf,
    /// Whether they were made here.
    pub is_sample: bool,
    key: Option<String>,
    events: Option<(PathBuf, LoadEvents)>,
}

/// Reads `CUSTOMERS`, `KEY`, and `EVENTS` with `CUSTOMER`, `TIME`, `NAME`.
pub fn from_environment() -> Result<Given, Box<dyn std::error::Error>> {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let events = match read("EVENTS") {
        None => None,
        Some(path) => {
            let need = |name: &str| read(name).ok_or(format!("EVENTS is set: set {name} too, to the column's name"));
            let options = LoadEvents {
                customer: need("CUSTOMER")?,
                time: need("TIME")?,
                name: EventName::ColumnOrKind(read("NAME").unwrap_or_else(|| "purchase".to_owned())),
                table: None,
                types: Vec::new(),
                on_bad_rows: cvm::OnBadRows::Error,
            };
            Some((PathBuf::from(path), options))
        }
    };
    Ok(match read("CUSTOMERS") {
        Some(path) => Given { customers: PathBuf::from(path), is_sample: false, key: read("KEY"), events },
        None => {
            let customers = sample::write()?;
            let made = LoadEvents {
                customer: "customer".to_owned(),
                time: "at".to_owned(),
                name: EventName::Column("kind".to_owned()),
                table: None,
                types: Vec::new(),
                on_bad_rows: cvm::OnBadRows::Error,
            };
            let events = events.or(Some((sample::write_events()?, made)));
            Given { customers, is_sample: true, key: None, events }
        }
    })
}

/// Loads customers and events; large files show how far it is.
pub fn load(engine: &Engine, given: &Given) -> Result<LoadReport, Error> {
    let mut options = LoadCustomers { key: given.key.clone(), ..LoadCustomers::default() };
    let source = || Source::File(given.customers.clone());
    let first = with_bar("customers", |progress| engine.load_customers(source(), &options, progress));
    let mut report = match first {
        // A file without any key still has rows: their numbers tell them apart.
        Err(error) if error.code() == cvm::Code::CatalogKey && given.key.is_none() => {
            println!("{error}\nTaking the row number for the key.\n");
            options.row_number = Some("row".to_owned());
            with_bar("customers", |progress| engine.load_customers(source(), &options, progress))?
        }
        other => other?,
    };
    if let Some((path, options)) = &given.events {
        let events = with_bar("events", |progress| engine.load_events(Source::File(path.clone()), options, progress))?;
        report.warnings.0.extend(events.warnings.0);
    }
    Ok(report)
}

/// A bar that appears only where loading takes longer than a moment, and only on a terminal.
fn with_bar<T>(what: &'static str, load: impl FnOnce(&mut (dyn FnMut(u64, u64) + Send)) -> T) -> T {
    let bar = ProgressBar::new(0).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("loading {msg} {wide_bar} {percent:>3} %  {eta}") {
        bar.set_style(style);
    }
    let result = load(&mut |done, total| {
        if bar.elapsed() > Duration::from_millis(500) {
            bar.set_length(total);
            bar.set_position(done);
        }
    });
    bar.finish_and_clear();
    result
}
