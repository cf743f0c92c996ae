//! Tests of texts.

use super::Checker;
use super::compare::Compared;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Case, Literal, Operand, Operator};
use crate::predicate::{Needle, Pattern, Test, TextTest};
use crate::value::{Value, fold_case};

impl Checker<'_> {
    /// The test of a text operator, and whether it is turned round.
    pub(super) fn text(&self, compared: &Compared<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<(Test, bool)> {
        let Some(Operand::One(Literal::Str(text))) = compared.value else {
            let finding = match compared.value {
                Some(Operand::One(literal)) => {
                    let mut finding = *super::literal::mismatch(literal, &crate::catalog::FieldType::String);
                    finding.path = path.pointer();
                    finding
                }
                _ => {
                    let message = format!("`{}` needs a text to look for", compared.op);
                    Diagnostic::error(Code::TypeMismatch, path.pointer(), message)
                }
            };
            out.push(finding);
            return None;
        };
        let fold = compared.case == Case::Insensitive;
        if text.is_empty() {
            out.push(
                Diagnostic::error(Code::InvalidValue, path.pointer(), "the empty text is part of every text")
                    .help("to ask for any value use `is_set`"),
            );
            return None;
        }
        if text.contains('\0') {
            let message = "the text holds a NUL character, which databases can't store";
            out.push(Diagnostic::error(Code::InvalidValue, path.pointer(), message));
            return None;
        }
        let wanted = if fold { fold_case(text) } else { text.clone() };
        let needle = match compared.op {
            Operator::Contains | Operator::NotContains => Needle::Contains(wanted),
            Operator::StartsWith | Operator::NotStartsWith => Needle::Starts(wanted),
            Operator::EndsWith | Operator::NotEndsWith => Needle::Ends(wanted),
            _ => match Pattern::new(text, fold) {
                Ok(pattern) => Needle::Matches(pattern),
                Err(message) => {
                    out.push(Diagnostic::error(Code::InvalidPattern, path.pointer(), format!("`{text}`: {message}")));
                    return None;
                }
            },
        };
        let negated = matches!(
            compared.op,
            Operator::NotContains | Operator::NotStartsWith | Operator::NotEndsWith | Operator::NotMatches
        );
        Some((Test::Text(TextTest { needle, fold }), negated))
    }
}

/// Equality after folding.
pub(super) fn equals_folded(values: &[Value]) -> Test {
    let texts = values.iter().filter_map(|value| match value {
        Value::Str(text) => Some(fold_case(text)),
        _ => None,
    });
    Test::Text(TextTest { needle: Needle::Equals(texts.collect()), fold: true })
}
