//! The filters, in the words of each language. All put their cheap conditions first.

use serde_json::{Value as Json, json};

use crate::shop::{COUNTRIES, DAY, as_of};

pub struct Question {
    pub name: &'static str,
    /// In the text form of filters.
    pub text: String,
    pub json_logic: Json,
    pub cel: String,
    pub rhai: String,
}

/// How much each condition lets through.
struct Limits {
    name: &'static str,
    ages: (i64, i64),
    countries: usize,
    spent: i64,
    score: &'static str,
    visits: i64,
    channels: &'static [&'static str],
    plan: &'static str,
    email: &'static str,
    days: (i64, i64, i64),
    amount: i64,
}

/// Each condition takes about half of those who are left; each lets nearly all pass.
const SELECTIVE: Limits = Limits {
    name: "selective",
    ages: (30, 60),
    countries: 6,
    spent: 500,
    score: "0.6",
    visits: 20,
    channels: &["web", "app"],
    plan: "free",
    email: "@mail.",
    days: (30, 90, 200),
    amount: 50,
};
const UNSELECTIVE: Limits = Limits {
    name: "unselective",
    ages: (17, 84),
    countries: 11,
    spent: 40,
    score: "0.98",
    visits: 1,
    channels: &["web", "app", "shop", "phone"],
    plan: "none",
    email: "customer",
    days: (250, 300, 10),
    amount: 10,
};

pub fn questions() -> Vec<Question> {
    [SELECTIVE, UNSELECTIVE].into_iter().flat_map(|limits| [fields(&limits), events(&limits)]).collect()
}

fn list(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ")
}

/// Ten conditions on fields.
fn fields(l: &Limits) -> Question {
    let (low, high) = l.ages;
    let countries = &COUNTRIES[..l.countries];
    let (spent, score, visits, plan, email) = (l.spent, l.score, l.visits, l.plan, l.email);
    let quoted = list(countries).replace('\'', "\"");
    let channels = list(l.channels).replace('\'', "\"");
    let number: f64 = score.parse().expect("a number");
    Question {
        name: if l.name == "selective" { "fields, selective" } else { "fields, unselective" },
        text: format!(
            "(newsletter = true or id >= 100) and age >= {low} and age < {high} and visits >= {visits} \
             and spent > {spent} and score <= {score} and plan != '{plan}' and channel in ({}) and country in ({}) \
             and email contains '{email}'",
            list(l.channels),
            list(countries)
        ),
        json_logic: json!({"and": [
            {"or": [{"==": [{"var": "newsletter"}, true]}, {">=": [{"var": "id"}, 100]}]},
            {">=": [{"var": "age"}, low]},
            {"<": [{"var": "age"}, high]},
            {">=": [{"var": "visits"}, visits]},
            {">": [{"var": "spent"}, spent]},
            {"<=": [{"var": "score"}, number]},
            {"!=": [{"var": "plan"}, plan]},
            {"in": [{"var": "channel"}, l.channels]},
            {"in": [{"var": "country"}, countries]},
            {"in": [email, {"var": "email"}]}]}),
        cel: format!(
            "(newsletter || id >= 100) && age >= {low} && age < {high} && visits >= {visits} && spent > {spent}.0 \
             && score <= {score} && plan != \"{plan}\" && channel in [{channels}] && country in [{quoted}] \
             && email.contains(\"{email}\")"
        ),
        rhai: format!(
            "(newsletter || id >= 100) && age >= {low} && age < {high} && visits >= {visits} && spent > {spent}.0 \
             && score <= {score} && plan != \"{plan}\" && channel in [{channels}] && country in [{quoted}] \
             && email.contains(\"{email}\")"
        ),
    }
}

/// Seven conditions on fields, three on events.
fn events(l: &Limits) -> Question {
    let (low, high) = l.ages;
    let countries = &COUNTRIES[..l.countries];
    let (spent, visits, plan, amount) = (l.spent, l.visits, l.plan, l.amount);
    let quoted = list(countries).replace('\'', "\"");
    let after = |days: i64| as_of().micros() - days * DAY;
    let (seen, bought, refunded) = l.days;
    let (seen_at, bought_at, refunded_at) = (after(seen), after(bought), after(refunded));
    Question {
        name: if l.name == "selective" { "fields and events, selective" } else { "fields and events, unselective" },
        text: format!(
            "(newsletter = true or id >= 100) and age >= {low} and age < {high} and visits >= {visits} \
             and spent > {spent} and plan != '{plan}' and country in ({}) \
             and count(refund within last {refunded} days) = 0 \
             and count(purchase within last {bought} days where amount > {amount}) >= 1 \
             and count(visit within last {seen} days) >= 2",
            list(countries)
        ),
        json_logic: json!({"and": [
            {"or": [{"==": [{"var": "newsletter"}, true]}, {">=": [{"var": "id"}, 100]}]},
            {">=": [{"var": "age"}, low]},
            {"<": [{"var": "age"}, high]},
            {">=": [{"var": "visits"}, visits]},
            {">": [{"var": "spent"}, spent]},
            {"!=": [{"var": "plan"}, plan]},
            {"in": [{"var": "country"}, countries]},
            {"none": [{"var": "refund"}, {">=": [{"var": "time"}, refunded_at]}]},
            {"some": [{"var": "purchase"},
                {"and": [{">=": [{"var": "time"}, bought_at]}, {">": [{"var": "amount"}, amount]}]}]},
            {">=": [{"reduce": [{"var": "visit"},
                {"+": [{"var": "accumulator"}, {"if": [{">=": [{"var": "current.time"}, seen_at]}, 1, 0]}]}, 0]}, 2]}]}),
        cel: format!(
            "(newsletter || id >= 100) && age >= {low} && age < {high} && visits >= {visits} && spent > {spent}.0 \
             && plan != \"{plan}\" && country in [{quoted}] && !refund.exists(e, e.time >= {refunded_at}) \
             && purchase.exists(e, e.time >= {bought_at} && e.amount > {amount}) \
             && size(visit.filter(e, e.time >= {seen_at})) >= 2"
        ),
        rhai: format!(
            "(newsletter || id >= 100) && age >= {low} && age < {high} && visits >= {visits} && spent > {spent}.0 \
             && plan != \"{plan}\" && country in [{quoted}] && !refund.some(|e| e.time >= {refunded_at}) \
             && purchase.some(|e| e.time >= {bought_at} && e.amount > {amount}) \
             && visit.filter(|e| e.time >= {seen_at}).len >= 2"
        ),
    }
}
