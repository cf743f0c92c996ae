//! What all customers have together is shared out: the parts together are the whole.

use cvm_core::Decimal;
use cvm_journey::durable::postgres::{Share, partition_of};
use cvm_journey::model::{Benefit, Journey, NodeKind, Offer, VoucherCode};
use proptest::prelude::*;
use serde_json::json;

use crate::server::Server;

fn shares(of: u32) -> impl Iterator<Item = Share> {
    (0..of).map(move |partition| Share { partition, of })
}

fn journey(limit: u64, budget: i64, cap: u64) -> Journey {
    let value = json!({
        "id": "slow", "version": 1, "name": "Slow", "entry": {"trigger": {"type": "api"}, "reentry": {"type": "never"}},
        "settings": {"budget": budget.to_string(), "audience_cap": cap},
        "nodes": [{"id": "in", "type": "entry", "data": {}},
            {"id": "gate", "type": "throttle", "data": {"limit": limit, "per": "hour"}},
            {"id": "out", "type": "end", "data": {}}],
        "edges": [{"id": "a", "source": "in", "sourceHandle": "next", "target": "gate"},
            {"id": "b", "source": "gate", "sourceHandle": "next", "target": "out"}],
    });
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

proptest! {
    #[test]
    fn parts_are_the_whole(limit in 64_u64..u64::MAX, budget in 0_i64..i64::MAX, cap in 0_u64..u64::MAX, of in 1_u32..64) {
        let journey = journey(limit, budget, cap);
        let (mut limits, mut budgets, mut caps) = (0_u64, Decimal::from(0_i64), 0_u64);
        for share in shares(of) {
            let own = share.journey(&journey).expect("a share");
            for node in &own.nodes {
                if let NodeKind::Throttle(throttle) = &node.kind {
                    prop_assert!(throttle.limit > 0);
                    limits += throttle.limit;
                }
            }
            budgets = budgets.checked_add(own.settings.budget.expect("a budget")).expect("a sum");
            caps += own.settings.audience_cap.expect("a cap");
        }
        prop_assert_eq!((limits, budgets.normalized(), caps), (limit, Decimal::from(budget).normalized(), cap));
    }

    #[test]
    fn every_code_is_in_one_part(many in 0_usize..300, of in 1_u32..64) {
        let codes: Vec<String> = (0..many).map(|code| format!("code-{code}")).collect();
        let offer: Offer = serde_json::from_value(json!({"id": "o", "name": "O",
            "benefit": {"type": "voucher", "code": {"type": "pool", "codes": codes}}})).expect("an offer");
        let mut together = Vec::new();
        for share in shares(of) {
            for own in share.offers(std::slice::from_ref(&offer)) {
                if let Benefit::Voucher { code: VoucherCode::Pool { codes } } = own.benefit {
                    together.extend(codes);
                }
            }
        }
        prop_assert_eq!(together, codes);
    }
}

#[test]
fn a_throttle_too_narrow_for_all_partitions_is_refused() {
    let error = Share { partition: 0, of: 16 }.journey(&journey(15, 1, 1)).expect_err("too narrow");
    assert!(error.starts_with("`gate` lets 15 pass at a time, fewer than there are partitions (16)"), "{error}");
}

/// The database finds the same partition, so that others can write letters with SQL alone.
#[test]
fn the_database_knows_the_partition_too() {
    let server = Server::start();
    let mut client = server.connect().expect("a connection");
    for key in ["", "c1", "customer 42", "Zoë", "日本"] {
        let sql = "SELECT ((('x' || left(md5($1), 8))::bit(32)::bigint) % 13)::int";
        let there: i32 = client.query_one(sql, &[&key]).expect("a row").get(0);
        assert_eq!(there.unsigned_abs(), partition_of(key, 13), "{key}");
    }
}
