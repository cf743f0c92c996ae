//! Related tables, other segments, rankings, samples, places.

use super::event::Events;
use super::{Kind, Parsed, Parser};
use crate::diagnostic::Code;
use crate::filter::{Bucket, Filter, Geo, ListRef, Order, Point, Quantifier, Rank, RankBy, Related, SegmentRef, Take};

impl Parser<'_> {
    /// `any related(orders where total > 100)`, also with `all` and `no`.
    pub(super) fn quantified(&mut self) -> Parsed<Filter> {
        let quantifier = match self.bump() {
            word if word.is("any") => Quantifier::Any,
            word if word.is("all") => Quantifier::All,
            _ => Quantifier::None,
        };
        self.expect("related")?;
        self.expect("(")?;
        let table = self.part("the name of a table")?;
        Ok(Filter::Related(Related { table, quantifier, filter: self.rows()?, op: None, value: None }))
    }

    /// `segment vip`.
    pub(super) fn segment(&mut self) -> Parsed<Filter> {
        self.expect("segment")?;
        Ok(Filter::Segment(SegmentRef { segment: self.name("the name of a segment")? }))
    }

    /// `list blocked`.
    pub(super) fn list(&mut self) -> Parsed<Filter> {
        self.expect("list")?;
        Ok(Filter::List(ListRef { list: self.name("the name of a list")? }))
    }

    /// `top 10% by total_spent per country among (segment vip)`.
    pub(super) fn rank(&mut self) -> Parsed<Filter> {
        let order = if self.bump().is("top") { Order::Top } else { Order::Bottom };
        let take = self.take()?;
        self.expect("by")?;
        let by = match self.optional_measure()? {
            Some((measure, Events { event, filter, window })) => RankBy::Event { event, window, filter, measure },
            None if self.peek().kind == Kind::Word && self.peek_at(1).is("(") => return Err(self.unknown_function()),
            None => RankBy::Field { field: self.name("a field or a measure")? },
        };
        let per = if self.eat(&["per"]) { Some(self.name("the name of a field")?) } else { None };
        let among = if self.eat(&["among"]) {
            self.expect("(")?;
            let filter = self.nested(Self::filter)?;
            self.close(&["and", "or"], ")")?;
            Some(Box::new(filter))
        } else {
            None
        };
        Ok(Filter::Rank(Rank { by, order, take, per, among }))
    }

    fn take(&mut self) -> Parsed<Take> {
        if self.eat(&["part"]) {
            let part = self.whole("which part")?;
            self.expect("of")?;
            return Ok(Take::Tile { part, of: self.whole("how many parts")? });
        }
        // A percentage may have any number, a count only a whole one: what follows decides.
        let number = 1 + usize::from(self.peek().is("-"));
        if self.peek_at(number).is("%") {
            let percent = self.float("how many per cent")?;
            self.expect("%")?;
            return Ok(Take::Percent(percent));
        }
        Ok(Take::N(self.whole("how many customers")?))
    }

    /// `bucket('newsletter', 0, 5000)`.
    pub(super) fn bucket(&mut self) -> Parsed<Filter> {
        self.expect("bucket")?;
        self.expect("(")?;
        let salt = self.string("the salt, a text in single quotes")?;
        self.expect(",")?;
        let from = self.whole("the first bucket")?;
        self.expect(",")?;
        let to = self.whole("one past the last bucket")?;
        self.expect(")")?;
        Ok(Filter::Bucket(Bucket { salt, from, to }))
    }

    /// `distance(lat, lon) to (48.85, 2.35) <= 5000 m`.
    pub(super) fn distance(&mut self) -> Parsed<Filter> {
        self.expect("distance")?;
        self.expect("(")?;
        let latitude = self.name("the field with the latitude")?;
        self.expect(",")?;
        let longitude = self.name("the field with the longitude")?;
        self.expect(")")?;
        self.expect("to")?;
        self.expect("(")?;
        let lat = self.float("degrees of latitude")?;
        self.expect(",")?;
        let lon = self.float("degrees of longitude")?;
        self.expect(")")?;
        self.expect("<=")?;
        let radius_m = self.float("a number of metres")?;
        if !self.eat(&["m"]) {
            let error = self.expected("`m`");
            let unit = self.peek();
            return Err(match unit.kind {
                Kind::Word => {
                    Box::new(self.error(unit, Code::UnknownWord, error.message.clone()).help("distances are in metres"))
                }
                _ => error,
            });
        }
        Ok(Filter::Geo(Geo { latitude, longitude, center: Point { lat, lon }, radius_m }))
    }
}
