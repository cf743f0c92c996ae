//! A journey that is being edited.

use super::command::{Command, Refused};
use crate::model::Journey;

/// A journey with all its edits: each can be undone and made again.
///
/// ```
/// # use cvm_journey::model::Journey;
/// use cvm_journey::edit::{Command, Editor};
/// # let journey = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}},
/// #     "nodes": [], "edges": []}"#)?;
/// let mut editor = Editor::new(journey);
/// editor.apply(Command::SetName { name: "Winter".into() })?;
/// editor.undo()?;
/// assert_eq!(editor.journey().name, "A");
/// editor.redo()?;
/// assert_eq!(editor.journey().name, "Winter");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Editor {
    journey: Journey,
    /// What was done, and what undoes it.
    done: Vec<(Command, Command)>,
    undone: Vec<Command>,
}

impl Editor {
    /// Begins with a journey as it is.
    #[must_use]
    pub const fn new(journey: Journey) -> Self {
        Self { journey, done: Vec::new(), undone: Vec::new() }
    }

    /// The journey as it is now.
    #[must_use]
    pub const fn journey(&self) -> &Journey {
        &self.journey
    }

    /// The edits that were made and not undone, in their order: the same edits make the same journey.
    pub fn log(&self) -> impl Iterator<Item = &Command> {
        self.done.iter().map(|(command, _)| command)
    }

    /// Makes an edit. What was undone before can't be made again afterwards.
    ///
    /// # Errors
    /// Why it can't be made.
    pub fn apply(&mut self, command: Command) -> Result<(), Refused> {
        let inverse = command.clone().apply(&mut self.journey)?;
        self.done.push((command, inverse));
        self.undone.clear();
        Ok(())
    }

    /// Undoes the last edit.
    ///
    /// # Errors
    /// [`Refused::NothingToUndo`].
    pub fn undo(&mut self) -> Result<(), Refused> {
        let (command, inverse) = self.done.pop().ok_or(Refused::NothingToUndo)?;
        inverse.apply(&mut self.journey)?;
        self.undone.push(command);
        Ok(())
    }

    /// Makes the edit again that was undone last.
    ///
    /// # Errors
    /// [`Refused::NothingToRedo`].
    pub fn redo(&mut self) -> Result<(), Refused> {
        let command = self.undone.pop().ok_or(Refused::NothingToRedo)?;
        let inverse = command.clone().apply(&mut self.journey)?;
        self.done.push((command, inverse));
        Ok(())
    }
}
