//! Messages: a template and what is known of a customer become words.
//!
//! - [`Renderer`] reads the texts of a [`Template`](crate::model::Template) once and writes them for one customer after
//!   another, by what a [`Context`] knows.
//! - [`Content`] is all that there is to say: templates and offers, for the nodes of journeys.
//! - [`voucher`] makes codes that are each customer's own.

mod content;
mod context;
mod engine;
mod error;
mod escape;
mod json;
mod limit;
mod renderer;
mod syntax;
mod token;
pub mod voucher;

pub use content::{Content, Said};
pub use context::Context;
pub use error::{RenderError, TemplateError};
pub use escape::Escape;
pub use renderer::Renderer;
