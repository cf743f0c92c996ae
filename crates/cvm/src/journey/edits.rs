//! Edits of a journey, many at once.

use cvm_journey::edit::Command;
use cvm_journey::model::Journey;

use super::error::JourneyError;

/// A journey after edits, one after the other, and what undoes them, in the order in which to apply it.
///
/// ```
/// use cvm::journey::{Builder, edit_journey, edit::Command, model::{End, NodeKind, Trigger}};
/// let journey = Builder::new("hello", "Hello", Trigger::Api).then("out", NodeKind::End(End::default())).build()?;
/// let reason = NodeKind::End(End { reason: Some("done".into()) });
/// let (edited, undo) = edit_journey(&journey, vec![Command::set("out", reason)])?;
/// assert_ne!(edited, journey);
/// assert_eq!(edit_journey(&edited, undo)?.0, journey);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first edit that can't be made, with its place: then none is.
pub fn edit_journey(journey: &Journey, edits: Vec<Command>) -> Result<(Journey, Vec<Command>), JourneyError> {
    let mut edited = journey.clone();
    let mut undo = Vec::with_capacity(edits.len());
    for (i, edit) in edits.into_iter().enumerate() {
        undo.push(
            edit.apply(&mut edited).map_err(|refused| JourneyError::given(format!("/{i}"), refused.to_string()))?,
        );
    }
    undo.reverse();
    Ok((edited, undo))
}
