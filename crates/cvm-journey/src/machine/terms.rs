//! What a machine must know of offers.

use cvm_core::{Date, Decimal};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::model::{Benefit, Offer, VoucherCode};

/// Money is counted in parts of this size: 10⁻⁶ of the unit.
pub(super) const MONEY_SCALE: u8 = 6;

/// What a machine must know of an offer: what it costs, when it holds, how many codes there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The offer's id.
    pub offer: String,
    /// What it costs each time, in millionths of the unit of money.
    pub cost: i128,
    /// The first instant at which it holds: microseconds since 1970.
    pub from: i64,
    /// The first instant at which it no longer holds.
    pub until: i64,
    /// How many codes there are, where each customer gets one of its own out of a pool.
    pub codes: Option<u32>,
}

impl Terms {
    /// The terms of an offer, whose days are those of a zone.
    ///
    /// ```
    /// use cvm_journey::machine::Terms;
    /// use cvm_journey::model::Offer;
    /// let offer: Offer = serde_json::from_str(r#"{"id": "ten", "name": "Ten", "cost": "0.50", "valid_until": "2026-12-31",
    ///     "benefit": {"type": "discount_percent", "percent": 10}}"#)?;
    /// let terms = Terms::new(&offer, &jiff::tz::TimeZone::UTC);
    /// assert_eq!((terms.cost, terms.codes), (500_000, None));
    /// assert_eq!(terms.until, 1_798_761_600_000_000); // 2027-01-01T00:00:00Z
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn new(offer: &Offer, zone: &TimeZone) -> Self {
        let day = |day: &Option<String>| day.as_deref().and_then(Date::parse);
        let start = |day: Date| day.start(zone).map(cvm_core::Timestamp::micros);
        let codes = match &offer.benefit {
            Benefit::Voucher { code: VoucherCode::Pool { codes } } => {
                Some(u32::try_from(codes.len()).unwrap_or(u32::MAX))
            }
            _ => None,
        };
        Self {
            offer: offer.id.clone(),
            cost: offer.cost.map_or(0, money),
            from: day(&offer.valid_from).and_then(start).unwrap_or(i64::MIN),
            until: day(&offer.valid_until).and_then(Date::tomorrow).and_then(start).unwrap_or(i64::MAX),
            codes,
        }
    }
}

/// Money in millionths, rounded up: what is not counted can't be held back.
pub(super) fn money(amount: Decimal) -> i128 {
    let amount = amount.normalized();
    match amount.rescale(MONEY_SCALE) {
        Some(exact) => exact.digits(),
        None => {
            let factor = 10_i128.checked_pow(u32::from(amount.scale().saturating_sub(MONEY_SCALE)));
            factor.map_or(i128::MAX, |factor| amount.digits().div_euclid(factor) + 1)
        }
    }
}
