//! Workflows as PostHog draws them (actions joined by edges of the kinds `continue` and `branch`), and pictures as React Flow
//! has them. The examples are our own; what each action became is said beside it.

use serde_json::{Value, json};

fn node(id: &str, ty: &str, data: Value) -> Value {
    json!({"id": id, "type": ty, "data": data})
}

fn edges(list: &[(&str, &str, &str)]) -> Vec<Value> {
    let edge = |(source, handle, target): &(&str, &str, &str)| json!({"id": format!("{source} {handle}"), "source": source, "sourceHandle": handle, "target": target});
    list.iter().map(edge).collect()
}

fn duration(amount: u32, unit: &str) -> Value {
    json!({"amount": amount, "unit": unit})
}

fn condition(field: &str, op: &str, to: Value) -> Value {
    json!({"type": "condition", "field": field, "op": op, "value": to})
}

fn mail(template: &str) -> Value {
    json!({"channel": "email", "template": template})
}

fn journey(id: &str, trigger: Value, nodes: Vec<Value>, list: &[(&str, &str, &str)]) -> Value {
    let consent = condition("consent", "eq", json!(true));
    json!({"id": id, "name": id, "entry": {"trigger": trigger}, "settings": {"consent": {"email": consent}},
        "nodes": nodes, "edges": edges(list)})
}

pub fn workflows() -> Vec<(&'static str, Value)> {
    vec![
        (
            // trigger (event) · delay (2h) · wait_until_condition (max 3d; branch 0: it holds, continue: it never did) ·
            // function_email · exit
            "first steps",
            journey(
                "first-steps",
                json!({"type": "event", "event": "signup"}),
                vec![
                    node("trigger", "entry", json!({})),
                    node("delay", "wait", json!({"until": "duration", "duration": duration(2, "hour")})),
                    node(
                        "until ordered",
                        "wait",
                        json!({"until": "filter", "filter": condition("orders", "gte", json!(1)), "timeout": duration(3, "day")}),
                    ),
                    node("thanks", "send", mail("welcome")),
                    node("nudge", "send", mail("welcome")),
                    node("exit", "end", json!({"reason": "default exit"})),
                ],
                &[
                    ("trigger", "next", "delay"),
                    ("delay", "next", "until ordered"),
                    ("until ordered", "happened", "thanks"),
                    ("until ordered", "timeout", "nudge"),
                    ("thanks", "next", "exit"),
                    ("nudge", "next", "exit"),
                ],
            ),
        ),
        (
            // trigger (schedule over a cohort) · conditional_branch (two conditions, continue: none) · random_cohort_branch
            // (50/50) · function_email in each · delay · exit
            "back again",
            journey(
                "back-again",
                json!({"type": "schedule", "rule": "FREQ=WEEKLY;BYDAY=MO", "from": "2026-12-07", "at": "10:00",
                    "filter": condition("orders", "gte", json!(0))}),
                vec![
                    node("trigger", "entry", json!({})),
                    node(
                        "conditions",
                        "branch",
                        json!({"cases": [
                            {"name": "often", "filter": condition("orders", "gte", json!(10))},
                            {"name": "some", "filter": condition("orders", "gte", json!(1))}]}),
                    ),
                    node(
                        "cohorts",
                        "split",
                        json!({"arms": [{"name": "0", "percent": 50}, {"name": "1", "percent": 50}]}),
                    ),
                    node("short", "send", mail("welcome")),
                    node("long", "send", json!({"channel": "email", "template": "voucher", "offer": "code"})),
                    node("delay", "wait", json!({"until": "duration", "duration": duration(1, "week")})),
                    node("exit", "end", json!({})),
                ],
                &[
                    ("trigger", "next", "conditions"),
                    ("conditions", "often", "long"),
                    ("conditions", "some", "cohorts"),
                    ("conditions", "default", "exit"),
                    ("cohorts", "0", "short"),
                    ("cohorts", "1", "long"),
                    ("short", "next", "delay"),
                    ("long", "next", "delay"),
                    ("delay", "next", "exit"),
                ],
            ),
        ),
        (
            // trigger (event with a property filter) · wait_until_time_window (weekdays, 9 to 17) · function (a call) ·
            // function_email that speaks of the event · exit; on_error: continue
            "after an order",
            journey(
                "after-an-order",
                json!({"type": "event", "event": "order", "filter": condition("amount", "gt", json!(20))}),
                vec![
                    node("trigger", "entry", json!({})),
                    node(
                        "office hours",
                        "wait",
                        json!({"until": "window", "window": {"from": "09:00", "to": "17:00",
                            "days": ["monday", "tuesday", "wednesday", "thursday", "friday"]}}),
                    ),
                    node(
                        "function",
                        "webhook",
                        json!({"url": "https://example.com/orders", "body": r#"{"order": "{{ event.order_id }}"}"#}),
                    ),
                    node("mail", "send", mail("order")),
                    node("exit", "end", json!({})),
                ],
                &[
                    ("trigger", "next", "office hours"),
                    ("office hours", "next", "function"),
                    ("function", "next", "mail"),
                    ("function", "failed", "mail"),
                    ("mail", "next", "exit"),
                ],
            ),
        ),
    ]
}

/// Nodes with places and what a canvas keeps beside; edges of which those with one way out have no handle.
pub fn pictures() -> Vec<(&'static str, Value)> {
    let place = |mut node: Value, x: i32, y: i32| {
        node["position"] = json!({"x": x, "y": y});
        node["measured"] = json!({"width": 180, "height": 60});
        node["selected"] = json!(false);
        node
    };
    let line =
        |id: &str, source: &str, target: &str| json!({"id": id, "source": source, "target": target, "animated": true});
    let from = |id: &str, source: &str, handle: &str, target: &str| json!({"id": id, "source": source, "sourceHandle": handle, "target": target, "type": "smoothstep"});
    vec![
        (
            "a line",
            json!({
                "nodes": [
                    place(node("1", "entry", json!({})), 0, 0),
                    place(node("2", "wait", json!({"until": "duration", "duration": duration(1, "day")})), 0, 100),
                    place(node("3", "send", mail("welcome")), 0, 200),
                    place(node("4", "end", json!({})), 0, 300),
                ],
                "edges": [line("e1-2", "1", "2"), line("e2-3", "2", "3"), line("e3-4", "3", "4")],
                "viewport": {"x": 0, "y": 0, "zoom": 1},
            }),
        ),
        (
            "a diamond with a way back",
            json!({
                "nodes": [
                    place(node("start", "entry", json!({})), 200, 0),
                    place(node("gate", "segment", json!({"filter": condition("age", "gte", json!(18))})), 200, 80),
                    place(node("left", "wait", json!({"until": "date", "field": "birthday", "at": "09:00"})), 100, 160),
                    place(node("right", "wait", json!({"until": "duration", "duration": duration(3, "day")})), 300, 160),
                    place(node("mail", "send", mail("welcome")), 200, 240),
                    place(node("retry", "jump", json!({"times": 3})), 400, 240),
                    place(node("stop", "end", json!({})), 200, 320),
                ],
                "edges": [
                    line("a", "start", "gate"),
                    from("b", "gate", "yes", "left"),
                    from("c", "gate", "no", "right"),
                    line("d", "left", "mail"),
                    line("e", "right", "mail"),
                    line("f", "mail", "stop"),
                    from("g", "mail", "failed", "retry"),
                    from("h", "retry", "again", "right"),
                    from("i", "retry", "done", "stop"),
                ],
            }),
        ),
    ]
}
