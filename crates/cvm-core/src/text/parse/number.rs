//! Numbers: whole ones for counts, and any.

use super::cursor::shown;
use super::{Kind, Parsed, Parser};
use crate::diagnostic::Code;
use crate::filter::Literal;

impl Parser<'_> {
    /// A whole number from 0 on, that says `what`.
    pub(super) fn whole(&mut self, what: &str) -> Parsed<u32> {
        let token = self.peek();
        if token.kind != Kind::Number {
            return Err(self.expected(&format!("a whole number ({what})")));
        }
        let number = token.text.parse().map_err(|_| {
            let message = format!("expected a whole number up to {} ({what}), found {}", u32::MAX, shown(token));
            self.error(token, Code::InvalidValue, message)
        })?;
        self.bump();
        Ok(number)
    }

    /// Any number, that says `what`.
    pub(super) fn float(&mut self, what: &str) -> Parsed<f64> {
        match self.optional_signed()? {
            Some((_, float)) => Ok(float),
            None => Err(self.expected(what)),
        }
    }

    /// A number, if one stands here: whole if it is written so and fits, else a float.
    pub(super) fn optional_number(&mut self) -> Parsed<Option<Literal>> {
        let number = self.optional_signed()?;
        Ok(number.map(|(written, float)| written.parse().map_or(Literal::Float(float), Literal::Int)))
    }

    /// A number with its sign, if one stands here: as it is written, and the nearest float.
    fn optional_signed(&mut self) -> Parsed<Option<(String, f64)>> {
        let minus = self.ahead(&["-"]);
        let token = self.peek_at(usize::from(minus));
        if token.kind != Kind::Number {
            return Ok(None);
        }
        let written = if minus { format!("-{}", token.text) } else { token.text.to_owned() };
        match written.parse::<f64>() {
            Ok(float) if float.is_finite() => {
                self.at += 1 + usize::from(minus);
                Ok(Some((written, float)))
            }
            _ => Err(self.error(token, Code::InvalidValue, format!("the number {} is too large", shown(token))).into()),
        }
    }
}
