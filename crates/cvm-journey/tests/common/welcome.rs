//! A good journey, and what it speaks of.

use cvm_core::{Catalog, Timestamp};
use cvm_journey::Known;
use cvm_journey::model::{Journey, Offer, Template};
use serde_json::{Value, json};

/// Entry → segment → wait → send → branch → end, with a loop that has a pause and a cap.
pub fn good() -> Value {
    let node = |id: &str, ty: &str, data: Value| json!({"id": id, "type": ty, "data": data});
    let filter = json!({"type": "condition", "field": "age", "op": "gte", "value": 18});
    let bought = json!({"type": "condition", "field": "orders", "op": "gte", "value": 1});
    let edge = |id: &str, source: &str, handle: &str, target: &str| json!({"id": id, "source": source, "sourceHandle": handle, "target": target});
    json!({
        "id": "welcome", "version": 1, "name": "Welcome",
        "entry": {"trigger": {"type": "event", "event": "signup"}, "reentry": {"type": "never"}},
        "settings": {
            "start": "2026-12-01T08:00:00Z", "end": "2027-03-01T08:00:00Z",
            "zone": {"field": "zone", "fallback": "Europe/Paris"},
            "quiet_hours": [{"from": "21:00", "to": "08:00"}],
            "send_windows": {"email": [{"from": "09:00", "to": "18:00", "days": ["monday", "tuesday", "friday"]}]},
            "caps": [{"channel": "email", "limit": 3, "within": {"amount": 1, "unit": "week"}}],
            "consent": {"email": {"type": "condition", "field": "consent", "op": "eq", "value": true}},
            "suppression": ["complained"], "holdout": 5, "audience_cap": 20000, "budget": "1000.00",
            "goals": [{"name": "bought", "filter": filter}],
        },
        "nodes": [
            node("in", "entry", json!({})),
            node("adults", "segment", json!({"filter": filter})),
            node("pause", "wait", json!({"until": "duration", "duration": {"amount": 1, "unit": "day"}})),
            node("arms", "split", json!({"arms": [{"name": "a", "percent": 50}, {"name": "b", "percent": 50}]})),
            node("mail", "send", json!({"channel": "email", "template": "welcome", "offer": "ten"})),
            node("bought", "branch", json!({"cases": [{"name": "yes", "filter": bought}]})),
            node("again", "jump", json!({"times": 2})),
            node("out", "end", json!({"reason": "done"})),
        ],
        "edges": [
            edge("e1", "in", "next", "adults"),
            edge("e2", "adults", "yes", "pause"),
            edge("e3", "adults", "no", "out"),
            edge("e4", "pause", "next", "arms"),
            edge("e5", "arms", "a", "mail"),
            edge("e6", "arms", "b", "out"),
            edge("e7", "mail", "next", "bought"),
            edge("e8", "bought", "yes", "out"),
            edge("e9", "bought", "default", "again"),
            edge("e10", "again", "again", "pause"),
            edge("e11", "again", "done", "out"),
        ],
    })
}

/// What the journeys speak of.
pub struct World {
    catalog: Catalog,
    offers: Vec<Offer>,
    templates: Vec<Template>,
    journeys: Vec<Journey>,
}

impl World {
    pub fn known(&self) -> Known<'_> {
        Known {
            offers: &self.offers,
            templates: &self.templates,
            journeys: &self.journeys,
            audience: Some(10_000),
            now: Timestamp::parse_utc("2026-11-30T12:00:00Z"),
            ..Known::catalog(&self.catalog)
        }
    }
}

pub fn world() -> World {
    let catalog = Catalog::from_json(
        r#"{"customers": {"table": "customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"},
            {"name": "orders", "type": "int"}, {"name": "consent", "type": "bool"}, {"name": "zone", "type": "string"},
            {"name": "birthday", "type": "date"}, {"name": "first_name", "type": "string"},
            {"name": "balance", "type": "decimal(12,2)"}]},
        "events": [
            {"name": "signup", "table": "signups", "customer": "id", "time": "at", "fields": [
                {"name": "source", "type": "string"}]},
            {"name": "visit", "table": "visits", "customer": "id", "time": "at"},
            {"name": "order", "table": "orders", "customer": "id", "time": "at", "fields": [
                {"name": "order_id", "type": "string"}, {"name": "amount", "type": "float"}]}],
        "lists": [{"name": "complained"}, {"name": "friends"}]}"#,
    );
    let offers = json!([
        {"id": "ten", "name": "Ten", "benefit": {"type": "discount_percent", "percent": 10}, "cost": "0.50"},
        {"id": "brief", "name": "Brief", "benefit": {"type": "free_item", "item": "cup"}, "valid_until": "2026-12-01"},
        {"id": "early", "name": "Early", "benefit": {"type": "free_item", "item": "cup"}, "valid_from": "2026-12-04"},
        {"id": "code", "name": "Code", "benefit": {"type": "voucher", "code": {"type": "made"}}, "cost": 1},
        {"id": "old", "name": "Old", "benefit": {"type": "free_item", "item": "cup"}, "archived": true}]);
    let templates = json!([
        {"id": "welcome", "content": {"email": {"subject": "Hello", "body": "Welcome"}}},
        {"id": "unread", "content": {"email": {"subject": "Hello", "body": "Hello\n{{ customer.first_name"}}},
        {"id": "order", "content": {"email": {"body": "Your {{ event.order_id }}"}}},
        {"id": "order or none", "content": {"email": {"body": "Your {{ event.order_id }}"}}, "fallbacks": {"event.order_id": "order"}},
        {"id": "asked", "content": {"email": {"body": "{% if event.order_id %}{{ event.order_id }}{% endif %}"}}},
        {"id": "no event", "content": {"email": {"body": "Your {{ event.order }}"}}},
        {"id": "voucher", "content": {"email": {"body": "Your {{ offer.code }} for {{ customer.first_name | default('you') }}"}}},
        {"id": "typo", "content": {"email": {"body": "{{ customer.fist_name }}"}}},
        {"id": "nothing", "content": {"email": {"body": "{{ user.first_name }}"}}},
        {"id": "past", "content": {"email": {"body": "…"}}, "archived": true}]);
    let other = |id: &str, sub: &str| {
        json!({"id": id, "name": id, "entry": {"trigger": {"type": "api"}}, "edges": [],
            "nodes": [{"id": "in", "type": "entry"}, {"id": "sub", "type": "sub_journey", "data": {"journey": sub}}]})
    };
    let journeys = [other("loop", "back"), other("back", "welcome"), other("aside", "aside")];
    World {
        catalog: catalog.expect("a catalog"),
        offers: serde_json::from_value(offers).expect("offers"),
        templates: serde_json::from_value(templates).expect("templates"),
        journeys: journeys.map(|journey| Journey::from_value(journey).expect("a journey")).into(),
    }
}
