//! Edits: commands, and what undoes them.

mod command;
mod editor;

pub use command::{Command, Refused};
pub use editor::Editor;
