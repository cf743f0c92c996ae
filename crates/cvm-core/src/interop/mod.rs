//! Filters in the JSON of other tools: [react-querybuilder](https://react-querybuilder.js.org) and
//! [JsonLogic](https://jsonlogic.com), in and out.
//!
//! What is read means for every customer what it means there; what can't be kept exactly is refused, with the construct
//! and its JSON pointer. Nothing is dropped, and nothing widens.
//!
//! - A **react-querybuilder** query selects the customers for whom the SQL that its `formatQuery` writes is true:
//!   [`Filter::from_react_querybuilder`](crate::Filter::from_react_querybuilder),
//!   [`Filter::to_react_querybuilder`](crate::Filter::to_react_querybuilder).
//! - A **JsonLogic** rule selects the customers for whom its result is truthy:
//!   [`Filter::from_json_logic`](crate::Filter::from_json_logic),
//!   [`Filter::to_json_logic`](crate::Filter::to_json_logic).
//!
//! Reading takes a catalog where there is one: the types of fields settle what `"15"` or a date means. Without one, a
//! field is taken to hold values of the type that it is compared with, or nothing, and what depends on more is refused.

mod export;
mod fields;
mod group;
mod json_logic;
mod number;
mod react_querybuilder;
