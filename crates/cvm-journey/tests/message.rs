//! What becomes of templates, whatever customers' values contain.

#![expect(clippy::expect_used, reason = "tests may")]

use std::collections::BTreeMap;

use cvm_core::{Date, Value};
use cvm_journey::message::{Context, RenderError, Renderer, TemplateError};
use cvm_journey::model::Template;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn template(content: &Json) -> Template {
    let template = json!({"id": "t", "content": content, "fallbacks": {"customer.name": "friend"}});
    serde_json::from_value(template).expect("a template")
}

fn one(part: &str, text: &str) -> Result<Renderer, TemplateError> {
    Renderer::new(&template(&json!({"email": {part: text}})))
}

fn context(value: &str) -> Context {
    let list = Value::List(vec![Value::Str(value.to_owned()), Value::Int(2)]);
    let document = json!({"street": value, "floors": [{"n": 1}, {"n": value}], "none": null});
    let values = [
        ("name", Value::Str(value.to_owned())),
        ("tags", list),
        ("home", Value::Json(document)),
        ("age", Value::Int(36)),
        ("rate", Value::Float(3.0)),
        ("share", Value::Float(0.25)),
        ("balance", Value::Decimal("19.90".parse().expect("a decimal"))),
        ("born", Value::Date(Date::parse("1815-12-10").expect("a date"))),
        ("nan", Value::Float(f64::NAN)),
    ];
    Context::new("welcome", "Welcome").customer(values).event([("product", Value::Str(value.to_owned()))])
}

/// The part of a message; what is wrong as text.
fn render(part: &str, text: &str, value: &str) -> Result<String, String> {
    let renderer = one(part, text).map_err(|error| error.to_string())?;
    let mut parts = renderer.render("email", &context(value)).map_err(|error| error.to_string())?;
    Ok(parts.remove(part).unwrap_or_default())
}

#[test]
fn values_print_plainly() {
    let text = "{{ customer.age }} {{ customer.rate }} {{ customer.share }} {{ customer.balance }} {{ customer.born }} \
                {{ customer.tags }} {{ customer.home.street|upper }} {{ customer.home.floors[0].n }} \
                {% for floor in customer.home.floors %}{{ loop.index }}:{{ floor.n }};{% endfor %} {{ event.product }}\n";
    let expected = "36 3 0.25 19.90 1815-12-10 Ada, 2 ADA 1 1:1;2:Ada; Ada\n";
    assert_eq!(render("body", text, "Ada").as_deref(), Ok(expected));
    let balance = "{% if customer.balance | float > 10 %}much{% else %}little{% endif %}";
    assert_eq!(render("body", balance, "").as_deref(), Ok("much"));
}

#[test]
fn there_is_never_an_empty_gap() {
    for gap in [
        "{{ customer.city }}",
        "{{ customer.home.none }}",
        "{{ customer.nan }}",
        "{{ offer.code }}",
        "{{ event['city'] }}",
        "{{ customer.city | upper }}",
        "{{ 'a' ~ customer.city }}",
        "{{ 'a' if customer.city }}",
        "{{ none }}",
        "{% for x in customer.city %}{% endfor %}",
        "{{ customer.home.street }}",
        "{{ event.product }}",
    ] {
        for part in ["body", "html", "json"] {
            assert!(render(part, gap, " ").is_err(), "{part}: {gap} became {:?}", render(part, gap, " "));
        }
    }
    assert_eq!(render("body", "{{ customer.name }}", " ").as_deref(), Ok("friend"));
    assert_eq!(render("body", "{{ customer.city | default('here') }}", " ").as_deref(), Ok("here"));
    assert_eq!(render("body", "{% if customer.city %}x{% else %}y{% endif %}", "").as_deref(), Ok("y"));
    let missing = one("body", "\n\n{{ customer.city }}").expect("a template").render("email", &context("x"));
    let expected = RenderError::Missing { part: "email/body".into(), line: 3, token: "customer.city".into() };
    assert_eq!(missing, Err(expected));
}

#[test]
fn what_is_wrong_says_where_and_what_to_do() {
    let said = |text: &str| render("body", text, "x").expect_err(text);
    for (text, expected) in [
        ("a\n{{ customer.name", "line 2 of `email/body` can't be read: "),
        (
            "{{ name }}",
            "`email/body` has the token `name`, which nothing is known of: tokens begin with customer, event",
        ),
        ("{{ offer.prize }}", "the offer has id, name, code, percent"),
        ("{{ range(9) }}", "has the token `range`"),
        (
            "{{ customer.name | uper }}",
            "line 1 of `email/body` has `uper`, which messages can't use: did you mean `upper`?",
        ),
        ("\n{% include 'x' %}", "line 2 of `email/body` has `include`"),
        ("{{ customer }}", "prints more than one value"),
        ("{{ customer.home }}", "prints more than one value"),
        ("{{ customer.name + 1 }}", "line 1 of `email/body` can't be computed: "),
    ] {
        assert!(said(text).contains(expected), "{}", said(text));
    }
    let other = one("body", "x").expect("a template").render("sms", &context("x")).expect_err("no text");
    assert_eq!(other.to_string(), "the template `t` says nothing for the channel `sms`: add a text for it");
}

#[test]
fn messages_and_work_have_limits() {
    let long = one("body", &"x".repeat(Renderer::MAX_TEMPLATE + 1));
    assert!(matches!(long, Err(TemplateError::TooLong { .. })));
    let large = render("body", &"{{ customer.name }}".repeat(20), &"x".repeat(100_000));
    assert!(large.as_ref().is_err_and(|error| error.contains("longer than")), "{large:?}");
    let items = Value::List(vec![Value::Int(1); 300]);
    let context = Context::new("a", "A").event([("items", items)]);
    let loops = "{% for a in event.items %}{% for b in event.items %}{{ a }}{% endfor %}{% endfor %}";
    let renderer = one("body", loops).expect("a template");
    assert_eq!(renderer.render("email", &context), Err(RenderError::TooManySteps { part: "email/body".into() }));
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(one("body", &deep).is_err());
}

#[test]
fn a_line_stays_one_line() {
    let to = render("to", "{{ customer.name }}\r\n", "a@example.com\r\nBcc: b@example.com\u{2028}\0x");
    assert_eq!(to.as_deref(), Ok("a@example.com Bcc: b@example.com x"));
    assert_eq!(render("body_text", "{{ customer.name }}", "a\r\nb").as_deref(), Ok("a\r\nb"));
}

#[test]
fn json_takes_values_within_quotes_and_outside() {
    let body = r#"{"a": "{{ customer.name }} \" {{ customer.age }}", "b": {{ customer.name }}, "c": {{ customer.tags }}, "d": [{% for x in customer.tags %}{{ x }},{% endfor %}0]}"#;
    let made = render("json", body, "\"},{\\").expect("a body");
    let expected = json!({"a": "\"},{\\ \" 36", "b": "\"},{\\", "c": ["\"},{\\", 2], "d": ["\"},{\\", 2, 0]});
    assert_eq!(serde_json::from_str::<Json>(&made).expect("JSON"), expected);
    for wrong in [r#"{"a": {{ customer.age }}"#, r#"["{{ customer.tags }}"]"#, r#"["\{{ customer.name }}"]"#] {
        assert!(render("json", wrong, "x").is_err_and(|error| error.contains("becomes no JSON")), "{wrong}");
    }
}

#[test]
fn one_renderer_serves_all_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&one("body", "x").expect("a template"));
    shared(&context("x"));
}

#[test]
fn tokens_are_told() {
    let renderer =
        one("body", "{{ customer.name }}{% if event.x %}{% endif %}{% for a in customer.tags %}{{ a.b }}{% endfor %}");
    let tokens: Vec<String> = renderer.expect("a template").tokens().iter().cloned().collect();
    assert_eq!(tokens, ["customer.name", "customer.tags", "event.x"]);
}

/// Texts with what markup, templates, JSON and headers are made of.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[<>&\"'/\\\\{}%#\r\n\u{1}\u{2}\u{0}]{1,4}",
        Just("{{ customer.age }}".to_owned()),
        Just("{% if 1 %}".to_owned()),
        Just("<script>alert(1)</script>".to_owned()),
        Just("&amp;".to_owned()),
        Just("\",\"admin\":\"".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn values_are_words_and_nothing_else(value in hostile()) {
        prop_assume!(!value.trim().is_empty());
        let text = "[{{ customer.name }}|{{ customer.tags }}|{{ customer.home.street }}|{{ event.product ~ customer.name }}\
                    |{{ customer.name | upper }}|{{ customer.name | default('x') }}|{{ customer.tags | join('-') }}]";
        let plain = render("body", text, &value).expect("a text");
        let upper = value.to_uppercase();
        prop_assert_eq!(&plain, &format!("[{value}|{value}, 2|{value}|{value}{value}|{upper}|{value}|{value}-2]"));
        let html = render("html", text, &value).expect("a text");
        prop_assert!(!html.contains(['<', '>', '"', '\'']), "{}", html);
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/")];
        let read = entities.iter().fold(html.clone(), |html, (entity, sign)| html.replace(entity, sign));
        // What is left of `&` begins entities of its own, so that reading it gives back what was written.
        prop_assert_eq!(read.replace("&amp;", "&"), plain);
        let ampersands: Vec<&str> = html.split('&').skip(1).collect();
        let known = ["lt;", "gt;", "quot;", "#x27;", "#x2f;", "amp;"];
        prop_assert!(ampersands.iter().all(|after| known.iter().any(|entity| after.starts_with(entity))));
        let subject = render("subject", text, &value).expect("a text");
        prop_assert!(!subject.contains(char::is_control));
        let json = render("json", r#"{"a": "{{ customer.name }}", "b": {{ customer.name }}, "c": "x"}"#, &value).expect("JSON");
        let expected = BTreeMap::from([("a", value.as_str()), ("b", &value), ("c", "x")]);
        prop_assert_eq!(serde_json::from_str::<Json>(&json).expect("JSON"), json!(expected));
    }

    #[test]
    fn no_text_of_a_template_panics(text in hostile()) {
        let _ = render("html", &text, "x");
        let _ = render("json", &text, "x");
    }
}
