//! Comparisons: of fields, of measures over events, of counts and sums over related rows.

use super::cursor::shown;
use super::event::Events;
use super::{Kind, Parsed, Parser};
use crate::diagnostic::Code;
use crate::filter::{
    Case, Condition, Event, Filter, Measure, Missing, Operand, Operator, Quantifier, Related, SizeTest, Takes,
};
use crate::text::words::is_reserved;

/// What is compared.
enum Subject {
    Field(String),
    Measure(Measure, Events),
    Related(Quantifier, String, Option<Box<Filter>>),
}

impl Parser<'_> {
    /// `age >= 25 with missing`, `count(purchase) >= 2`, `size(tags) > 3`.
    pub(super) fn comparison(&mut self) -> Parsed<Filter> {
        let start = self.peek();
        let sized = self.eat(&["size", "("]);
        let subject = self.subject()?;
        let (op, value) = if sized {
            self.expect(")")?;
            (Operator::Size, Some(Operand::Size(self.size_test()?)))
        } else {
            let name = match &subject {
                Subject::Field(_) => shown(start),
                Subject::Measure(measure, _) => format!("`{}(…)`", measure.as_str().replace('_', " ")),
                Subject::Related(..) => format!("`{} related(…)`", start.text.to_ascii_lowercase()),
            };
            let op = self.operator(&name)?;
            (op, self.value_of(op)?)
        };
        let case = if matches!(subject, Subject::Field(_)) { self.case() } else { Case::Sensitive };
        let missing = if matches!(subject, Subject::Related(..)) { None } else { self.missing() };
        self.no_further_suffix()?;
        Ok(match subject {
            Subject::Field(field) => Filter::Condition(Condition { field, op, value, case, missing }),
            Subject::Measure(measure, Events { event, filter, window }) => {
                Filter::Event(Event { event, window, filter, measure, op, value, missing })
            }
            Subject::Related(quantifier, table, filter) => {
                Filter::Related(Related { table, quantifier, filter, op: Some(op), value })
            }
        })
    }

    fn subject(&mut self) -> Parsed<Subject> {
        if let Some((measure, events)) = self.optional_measure()? {
            return Ok(Subject::Measure(measure, events));
        }
        if self.eat(&["count", "related"]) {
            self.expect("(")?;
            let table = self.part("the name of a table")?;
            return Ok(Subject::Related(Quantifier::Count, table, self.rows()?));
        }
        if self.eat(&["sum", "related"]) {
            self.expect("(")?;
            let (table, field) = self.property_of("table", "sum")?;
            return Ok(Subject::Related(Quantifier::Sum { field }, table, self.rows()?));
        }
        let token = self.peek();
        // A word before a parenthesis is meant to be a keyword.
        if token.kind == Kind::Word && self.peek_at(1).is("(") && !is_reserved(token.text) {
            return Err(self.unknown_function());
        }
        if token.is(":") || matches!(token.kind, Kind::Number | Kind::Text) || token.is("-") {
            let error = self.expected("a condition");
            return Err(Box::new(error.help("conditions start with a field: `age >= 25`")));
        }
        self.name("a condition").map(Subject::Field)
    }

    /// What the operator takes.
    fn value_of(&mut self, op: Operator) -> Parsed<Option<Operand>> {
        match op.takes() {
            Takes::Nothing => Ok(None),
            Takes::Two => self.range(op).map(Some),
            _ => self.operand(op.text()).map(Some),
        }
    }

    fn size_test(&mut self) -> Parsed<SizeTest> {
        let token = self.peek();
        let op = self.operator("`size(…)`")?;
        let n = |parser: &mut Self| parser.whole("how many items");
        Ok(match op {
            Operator::Eq => SizeTest::Eq(n(self)?),
            Operator::Ne => SizeTest::Ne(n(self)?),
            Operator::Lt => SizeTest::Lt(n(self)?),
            Operator::Lte => SizeTest::Lte(n(self)?),
            Operator::Gt => SizeTest::Gt(n(self)?),
            Operator::Gte => SizeTest::Gte(n(self)?),
            other => {
                let message = format!("a size is compared by `=` or `>=` and their kin, not by `{}`", other.text());
                return Err(self.error(token, Code::OperatorNotApplicable, message).into());
            }
        })
    }

    fn case(&mut self) -> Case {
        if self.eat(&["ignoring", "case"]) { Case::Insensitive } else { Case::Sensitive }
    }

    fn missing(&mut self) -> Option<Missing> {
        if self.eat(&["with", "missing"]) {
            Some(Missing::Include)
        } else if self.eat(&["without", "missing"]) {
            Some(Missing::Exclude)
        } else {
            None
        }
    }

    /// Says what is wrong with a suffix that was not taken.
    fn no_further_suffix(&mut self) -> Parsed<()> {
        let token = self.peek();
        let message = if self.ahead(&["ignoring", "case"]) {
            "`ignoring case` stands once, after a condition on a field and before `with missing`"
        } else if self.ahead(&["with", "missing"]) || self.ahead(&["without", "missing"]) {
            "`with missing` and `without missing` stand once, after a condition on a field or on events"
        } else if self.eat(&["ignoring"]) {
            return self.expect("case");
        } else if self.eat(&["with"]) {
            return self.expect("missing");
        } else {
            return Ok(());
        };
        Err(self.error(token, Code::NotMeaningful, message.to_owned()).into())
    }
}
