//! What a message is made with.

use std::sync::Arc;

use cvm_core::Value;

use super::token::Fields;
use crate::model::{Benefit, Offer, VoucherCode};

/// What is known when a message is made: tokens begin with `customer`, `event`, `offer` or `journey`.
///
/// ```
/// use cvm_core::Value;
/// use cvm_journey::message::Context;
/// use cvm_journey::model::Offer;
/// let offer: Offer = serde_json::from_str(r#"{"id": "ten", "name": "Ten percent",
///     "benefit": {"type": "discount_percent", "percent": 10}}"#)?;
/// let context = Context::new("welcome", "Welcome")
///     .customer([("first_name", Value::Str("Ada".to_owned()))])
///     .offer(&offer, None);
/// # let _ = context;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Context {
    pub(super) customer: Arc<Fields>,
    pub(super) event: Arc<Fields>,
    pub(super) offer: Arc<Fields>,
    pub(super) journey: Arc<Fields>,
}

impl Context {
    /// A journey's id and name: `{{ journey.id }}`, `{{ journey.name }}`. Nothing is known of a customer yet.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        let none = Arc::<Fields>::default();
        let journey = fields([("id", text(id)), ("name", text(name))]);
        Self { customer: Arc::clone(&none), event: Arc::clone(&none), offer: none, journey }
    }

    /// The same with the fields of a customer: `{{ customer.first_name }}`. Fields that hold documents are gone into by
    /// points: `{{ customer.address.city }}`.
    ///
    /// Whole numbers and floats are numbers; decimals, dates and timestamps print as they are written and are compared as
    /// texts (`{{ customer.balance | float > 10 }}` compares numbers). A blank text is a missing value.
    #[must_use]
    pub fn customer<N: Into<String>>(mut self, values: impl IntoIterator<Item = (N, Value)>) -> Self {
        self.customer = fields(values);
        self
    }

    /// The same with the properties of the event that let the customer in: `{{ event.product }}`.
    #[must_use]
    pub fn event<N: Into<String>>(mut self, values: impl IntoIterator<Item = (N, Value)>) -> Self {
        self.event = fields(values);
        self
    }

    /// The same with an offer: `id`, `name`, `valid_from`, `valid_until`, and what it gives: `percent`; `amount` and
    /// `currency`; `item`; `code`. The customer's own code is given here; a code that all share is the offer's.
    #[must_use]
    pub fn offer(mut self, offer: &Offer, code: Option<&str>) -> Self {
        let mut values = vec![("id", text(&offer.id)), ("name", text(&offer.name))];
        let days = [("valid_from", &offer.valid_from), ("valid_until", &offer.valid_until)];
        values.extend(days.into_iter().filter_map(|(name, day)| Some((name, text(day.as_ref()?)))));
        match &offer.benefit {
            Benefit::DiscountPercent { percent } => values.push(("percent", Value::Float((*percent).into()))),
            Benefit::DiscountAmount { amount, currency } => {
                values.extend([("amount", Value::Decimal(*amount)), ("currency", text(currency))]);
            }
            Benefit::FreeItem { item } => values.push(("item", text(item))),
            Benefit::Voucher { code: VoucherCode::Shared { code } } => values.push(("code", text(code))),
            Benefit::Voucher { .. } => {}
        }
        values.extend(code.map(|code| ("code", text(code))));
        self.offer = fields(values);
        self
    }
}

/// What is known of offers and journeys: other tokens are mistakes.
pub(super) const OFFER: [&str; 9] =
    ["id", "name", "code", "percent", "amount", "currency", "item", "valid_from", "valid_until"];
pub(super) const JOURNEY: [&str; 2] = ["id", "name"];

fn fields<N: Into<String>>(values: impl IntoIterator<Item = (N, Value)>) -> Arc<Fields> {
    Arc::new(values.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn text(text: &str) -> Value {
    Value::Str(text.to_owned())
}
