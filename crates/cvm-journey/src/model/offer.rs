//! What is offered, and the messages that say so.

use std::collections::BTreeMap;

use cvm_core::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::percent::Percent;

/// Something that a customer gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Its name: sends name it so.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub benefit: Benefit,
    /// The first day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub valid_from: Option<String>,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub valid_until: Option<String>,
    /// What it costs each time that it is made, in the money of the budget.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "super::text::decimal::option")]
    #[schemars(with = "Option<String>")]
    pub cost: Option<Decimal>,
    /// No longer to be used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

/// What an offer gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Benefit {
    /// So much less, in parts of the price.
    DiscountPercent {
        /// The share of the price.
        percent: Percent,
    },
    /// So much less.
    DiscountAmount {
        /// How much.
        #[serde(with = "super::text::decimal")]
        #[schemars(with = "String")]
        amount: Decimal,
        /// Of which money (ISO 4217), `"EUR"`.
        currency: String,
    },
    /// Something for nothing.
    FreeItem {
        /// What.
        item: String,
    },
    /// A code.
    Voucher {
        /// Which.
        code: VoucherCode,
    },
}

/// The code of a voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum VoucherCode {
    /// The same for everybody.
    Shared {
        /// The code.
        code: String,
    },
    /// One of its own for each customer, out of a pool in its order. Who comes when it is empty gets no message.
    Pool {
        /// The codes.
        codes: Vec<String>,
    },
    /// One of its own for each customer, made of the seed and the customer's key.
    Made {
        /// What it begins with.
        #[serde(default)]
        prefix: String,
    },
}

/// A message: what is said on a channel, with tokens such as `{{ customer.first_name }}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its name: sends name it so.
    pub id: String,
    /// For each channel, its parts: `{"email": {"subject": "…", "body": "…"}}`.
    pub content: BTreeMap<String, BTreeMap<String, String>>,
    /// What stands in for tokens without a value: `{"customer.first_name": "friend"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fallbacks: BTreeMap<String, String>,
    /// No longer to be used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}
