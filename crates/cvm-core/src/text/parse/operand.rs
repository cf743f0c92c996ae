//! What a subject is compared with.

use super::cursor::shown;
use super::{Error, Kind, Parsed, Parser, Token};
use crate::diagnostic::Code;
use crate::filter::{Duration, Literal, Nothing, Operand, Operator, StartOf, Window};
use crate::text::words::{Quoted, unquote};

impl Parser<'_> {
    /// Any operand; `before` is what it stands after, for messages.
    pub(super) fn operand(&mut self, before: &str) -> Parsed<Operand> {
        let start = self.peek();
        if let Some(literal) = self.optional_literal()? {
            return match literal {
                Literal::Int(n) if self.starts_unit() => self.relative(n, start),
                Literal::Float(_) if self.starts_unit() => {
                    let message = format!("a length of time is a whole number of units, not {}", shown(start));
                    Err(self.error(start, Code::InvalidValue, message).into())
                }
                literal => Ok(Operand::One(literal)),
            };
        }
        if self.eat(&["("]) {
            return self.list_items();
        }
        if self.eat(&[":"]) {
            return Ok(Operand::Param { param: self.name("the name of a parameter")? });
        }
        if self.eat(&["now"]) {
            return Ok(Operand::Now { now: Nothing {} });
        }
        if self.eat(&["field", "("]) {
            let field = self.name("the name of a field")?;
            self.expect(")")?;
            return Ok(Operand::Field { field });
        }
        if self.eat(&["start", "of"]) {
            return Ok(Operand::StartOf { start_of: self.start_of()? });
        }
        match self.optional_window()? {
            Some(window) => Ok(Operand::Window(window)),
            None => Err(self.no_operand(before)),
        }
    }

    /// `18 and 30`; anything else than a literal stands for both ends.
    pub(super) fn range(&mut self, op: Operator) -> Parsed<Operand> {
        let low = self.operand(op.text())?;
        let Operand::One(low) = low else {
            // `between :low and :high`: what follows is no filter.
            let next = self.peek_at(1);
            let starts_operand =
                matches!(next.kind, Kind::Number | Kind::Text) || next.is(":") || next.is("-") || next.is("now");
            return if self.ahead(&["and"]) && starts_operand { Err(self.no_range(op)) } else { Ok(low) };
        };
        if !self.eat(&["and"]) {
            let error = self.expected(&format!("`and` with the upper end of `{}`", op.text()));
            return Err(self.suggest_word(error, &["and"]));
        }
        match self.operand("and")? {
            Operand::One(high) => Ok(Operand::Many(vec![low, high])),
            _ => Err(self.no_range(op)),
        }
    }

    fn no_range(&self, op: Operator) -> Error {
        let message = format!("the ends of `{}` must be numbers or texts", op.text());
        Box::new(self.error(self.peek(), Code::TextSyntax, message).help("write two comparisons with `>=` and `<=`"))
    }

    /// A literal that says `what`.
    pub(super) fn literal(&mut self, what: &str) -> Parsed<Literal> {
        match self.optional_literal()? {
            Some(literal) => Ok(literal),
            None => {
                let error = self.expected(what);
                Err(with_quotes(error, self.peek()))
            }
        }
    }

    fn optional_literal(&mut self) -> Parsed<Option<Literal>> {
        let token = self.peek();
        let literal = if token.kind == Kind::Text {
            Literal::Str(unquote(token.text))
        } else if token.is("true") || token.is("false") {
            Literal::Bool(token.is("true"))
        } else {
            return self.optional_number();
        };
        self.bump();
        Ok(Some(literal))
    }

    /// The rest of a list, or of a window from one time to another.
    fn list_items(&mut self) -> Parsed<Operand> {
        if self.eat(&[")"]) {
            return Ok(Operand::Many(Vec::new()));
        }
        let mut items = Vec::new();
        loop {
            items.push(self.literal("a value of the list")?);
            if self.eat(&[")"]) {
                return Ok(Operand::Many(items));
            }
            if let [from] = items.as_slice()
                && self.eat(&["to"])
            {
                let window = Window::Between { from: from.clone(), to: self.literal("the end of the window")? };
                self.expect(")")?;
                return Ok(Operand::Window(window));
            }
            if !self.eat(&[","]) {
                return Err(self.expected("`,` or `)` in the list"));
            }
        }
    }

    /// The rest of `90 days ago` or `7 days ahead`.
    fn relative(&mut self, n: i64, number: Token<'_>) -> Parsed<Operand> {
        let unit = self.unit()?;
        let Ok(n) = u32::try_from(n) else {
            let message = format!("`{n} {}s` is no length of time", unit.as_str());
            let error = self.error(number, Code::InvalidValue, message);
            return Err(Box::new(error.help("`ago` counts back, `ahead` counts on")));
        };
        let length = Duration { n, unit };
        if self.eat(&["ago"]) {
            return Ok(Operand::Ago { ago: length });
        }
        if self.eat(&["ahead"]) {
            return Ok(Operand::Ahead { ahead: length });
        }
        let written = crate::text::print::Text(&length);
        let error = self.expected(&format!("`ago` or `ahead` after `{written}`"));
        Err(self.hint(error, format!("a window of time is written `last {written}` or `coming {written}`")))
    }

    /// The rest of `start of month - 1`; `this`, `previous` and `next` may be said in words.
    fn start_of(&mut self) -> Parsed<StartOf> {
        if self.eat(&["previous"]) || self.eat(&["last"]) {
            return Ok(StartOf { unit: self.unit()?, offset: -1 });
        }
        if self.eat(&["next"]) {
            return Ok(StartOf { unit: self.unit()?, offset: 1 });
        }
        self.eat(&["this"]);
        let unit = self.unit()?;
        let sign = match self.peek() {
            token if token.is("+") => 1,
            token if token.is("-") => -1,
            _ => return Ok(StartOf { unit, offset: 0 }),
        };
        self.bump();
        let token = self.peek();
        let distance = i64::from(self.whole("how many units on or back")?);
        match i32::try_from(sign * distance) {
            Ok(offset) => Ok(StartOf { unit, offset }),
            Err(_) => Err(self.error(token, Code::InvalidValue, format!("{} units are too many", shown(token))).into()),
        }
    }

    /// Why there is no operand here.
    fn no_operand(&self, before: &str) -> Error {
        let token = self.peek();
        let over = token.kind == Kind::End
            || [")", ",", "and", "or", "ignoring", "with", "without"].iter().any(|end| token.is(end));
        if over {
            let message = format!("`{before}` needs a value after it, found {}", shown(token));
            return self.error(token, Code::ValueCount, message).into();
        }
        if before.ends_with("within") {
            return self.no_window(before);
        }
        with_quotes(self.expected(&format!("a value after `{before}`")), token)
    }
}

/// What to write for a word or a name that stands where a value should.
fn with_quotes(error: Error, token: Token<'_>) -> Error {
    let text = match token.kind {
        Kind::Word if token.is("null") => return Box::new(error.help("to find missing values write `is not set`")),
        Kind::Word => token.text.to_owned(),
        Kind::Name => unquote(token.text),
        _ => return error,
    };
    let help = "text stands in single quotes, and another field in `field(…)`";
    Box::new(error.suggest(Quoted(&text, '\'').to_string()).help(help))
}
