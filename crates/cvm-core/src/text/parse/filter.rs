//! Groups: `or` binds least, then `and`, then `not`.

use super::{Kind, Parsed, Parser};
use crate::filter::Filter;
use crate::text::words::is_reserved;

impl Parser<'_> {
    /// A whole filter.
    pub(super) fn filter(&mut self) -> Parsed<Filter> {
        self.chain("or", Self::conjunction, |children| Filter::Or { children })
    }

    fn conjunction(&mut self) -> Parsed<Filter> {
        self.chain("and", Self::negation, |children| Filter::And { children })
    }

    /// One filter, or several with the word between them: one group, however long the chain.
    fn chain(
        &mut self,
        word: &str,
        next: fn(&mut Self) -> Parsed<Filter>,
        group: fn(Vec<Filter>) -> Filter,
    ) -> Parsed<Filter> {
        let first = next(self)?;
        if !self.ahead(&[word]) {
            return Ok(first);
        }
        let mut children = vec![first];
        while self.eat(&[word]) {
            children.push(next(self)?);
        }
        Ok(group(children))
    }

    fn negation(&mut self) -> Parsed<Filter> {
        if self.eat(&["not"]) {
            let child = Box::new(self.nested(Self::negation)?);
            return Ok(Filter::Not { child });
        }
        self.primary()
    }

    fn primary(&mut self) -> Parsed<Filter> {
        if self.eat(&["("]) {
            return self.nested(|parser| {
                let filter = parser.filter()?;
                parser.close(&["and", "or"], ")")?;
                Ok(filter)
            });
        }
        if self.eat(&["everyone"]) {
            return Ok(Filter::Everyone);
        }
        if self.eat(&["nobody"]) {
            return Ok(Filter::Nobody);
        }
        if self.eat(&["all", "of"]) {
            return Ok(Filter::And { children: self.members()? });
        }
        if self.eat(&["any", "of"]) {
            return Ok(Filter::Or { children: self.members()? });
        }
        if self.eat(&["at", "least"]) {
            let n = self.whole("how many must hold")?;
            self.expect("of")?;
            return Ok(Filter::AtLeast { n, children: self.members()? });
        }
        match self.special() {
            Some(rule) => rule(self),
            None => self.comparison(),
        }
    }

    /// The filters of a group, in parentheses.
    fn members(&mut self) -> Parsed<Vec<Filter>> {
        self.expect("(")?;
        if self.eat(&[")"]) {
            return Ok(Vec::new());
        }
        self.nested(|parser| {
            let mut children = vec![parser.filter()?];
            while parser.eat(&[","]) {
                children.push(parser.filter()?);
            }
            parser.close(&["and", "or", ","], ")")?;
            Ok(children)
        })
    }

    /// `where` and a filter, if it stands here.
    pub(super) fn optional_where(&mut self) -> Parsed<Option<Box<Filter>>> {
        if !self.eat(&["where"]) {
            return Ok(None);
        }
        Ok(Some(Box::new(self.nested(Self::filter)?)))
    }

    /// The rule for the leaf that starts here, unless it is a comparison. Their keywords are no reserved words: it
    /// takes what follows to tell them from fields of the same name.
    fn special(&self) -> Option<fn(&mut Self) -> Parsed<Filter>> {
        let (word, next) = (self.peek(), self.peek_at(1));
        // A text can't follow a field either: it is a name in the wrong quotes.
        let starts_name = match next.kind {
            Kind::Name | Kind::Text => true,
            Kind::Word => !is_reserved(next.text),
            _ => false,
        };
        let starts_take = next.kind == Kind::Number || next.is("-") || next.is("part") || self.peek_at(2).is("by");
        Some(match () {
            () if word.is("segment") && starts_name => Self::segment,
            () if word.is("list") && starts_name => Self::list,
            () if (word.is("top") || word.is("bottom")) && starts_take => Self::rank,
            () if (word.is("any") || word.is("all") || word.is("no")) && next.is("related") => Self::quantified,
            () if next.is("(") => match () {
                () if word.is("sequence") => Self::sequence,
                () if word.is("regularly") => Self::regularly,
                () if word.is("stopped") => Self::stopped,
                () if word.is("restarted") => Self::restarted,
                () if word.is("bucket") => Self::bucket,
                () if word.is("distance") => Self::distance,
                () => return None,
            },
            () => return None,
        })
    }
}
