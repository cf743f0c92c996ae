//! What subjects are compared with.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{List, Name, Text};
use crate::filter::{Literal, Operand, Operator, SizeTest, StartOf};
use crate::text::words::Quoted;

impl Display for Text<'_, Literal> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Literal::Bool(value) => write!(f, "{value}"),
            Literal::Int(value) => write!(f, "{value}"),
            // Always with a point or an exponent, and as many digits as it takes to read the same number again.
            Literal::Float(value) => write!(f, "{value:?}"),
            Literal::Str(value) => Quoted(value, '\'').fmt(f),
        }
    }
}

impl Display for Text<'_, Operand> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Operand::One(literal) => Text(literal).fmt(f),
            Operand::Many(literals) => {
                f.write_char('(')?;
                List(literals).fmt(f)?;
                f.write_char(')')
            }
            Operand::Field { field } => write!(f, "field({})", Name(field)),
            Operand::Param { param } => write!(f, ":{}", Name(param)),
            Operand::Now { .. } => f.write_str("now"),
            Operand::Ago { ago } => write!(f, "{} ago", Text(ago)),
            Operand::Ahead { ahead } => write!(f, "{} ahead", Text(ahead)),
            Operand::StartOf { start_of } => Text(start_of).fmt(f),
            Operand::Size(test) => write!(f, "size {}", Text(test)),
            Operand::Window(window) => Text(window).fmt(f),
        }
    }
}

impl Display for Text<'_, StartOf> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let StartOf { unit, offset } = self.0;
        write!(f, "start of {}", unit.as_str())?;
        match offset {
            0 => Ok(()),
            _ => write!(f, " {} {}", if *offset < 0 { '-' } else { '+' }, offset.unsigned_abs()),
        }
    }
}

impl Display for Text<'_, SizeTest> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (op, n) = match self.0 {
            SizeTest::Eq(n) => (Operator::Eq, n),
            SizeTest::Ne(n) => (Operator::Ne, n),
            SizeTest::Lt(n) => (Operator::Lt, n),
            SizeTest::Lte(n) => (Operator::Lte, n),
            SizeTest::Gt(n) => (Operator::Gt, n),
            SizeTest::Gte(n) => (Operator::Gte, n),
        };
        write!(f, "{} {n}", op.text())
    }
}
