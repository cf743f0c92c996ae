//! Rankings, samples, places.

use std::fmt::{self, Display, Formatter};

use super::{Name, Number, Text};
use crate::filter::{Bucket, Geo, Order, Point, Rank, Take};
use crate::text::words::Quoted;

impl Display for Text<'_, Rank> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Rank { by, order, take, per, among } = self.0;
        f.write_str(match order {
            Order::Top => "top ",
            Order::Bottom => "bottom ",
        })?;
        match take {
            Take::N(n) => write!(f, "{n}")?,
            Take::Percent(percent) => write!(f, "{}%", Number(*percent))?,
            Take::Tile { part, of } => write!(f, "part {part} of {of}")?,
        }
        write!(f, " by {}", Text(by))?;
        if let Some(per) = per {
            write!(f, " per {}", Name(per))?;
        }
        if let Some(among) = among {
            write!(f, " among ({})", Text(&**among))?;
        }
        Ok(())
    }
}

impl Display for Text<'_, Bucket> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Bucket { salt, from, to } = self.0;
        write!(f, "bucket({}, {from}, {to})", Quoted(salt, '\''))
    }
}

impl Display for Text<'_, Geo> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Geo { latitude, longitude, center: Point { lat, lon }, radius_m } = self.0;
        let (latitude, longitude, radius) = (Name(latitude), Name(longitude), Number(*radius_m));
        write!(f, "distance({latitude}, {longitude}) to ({}, {}) <= {radius} m", Number(*lat), Number(*lon))
    }
}
