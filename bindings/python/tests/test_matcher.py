"""One customer at a time, without an engine."""

from __future__ import annotations

import datetime as dt

import cvm
import pytest

CATALOG = {
    "customers": {
        "table": "customers",
        "key": "id",
        "fields": [{"name": "id", "type": "int", "nullable": False}, {"name": "plan", "type": "string"}],
    },
    "events": [
        {
            "name": "purchase",
            "table": "purchases",
            "customer": "id",
            "time": "at",
            "fields": [{"name": "amount", "type": "decimal(10,2)"}],
        }
    ],
    "zone": "Europe/Paris",
}
EVENTS = [{"event": "purchase", "time": "2024-05-01T10:00:00Z", "properties": {"amount": "20.00"}}]


def test_one_customer_at_an_instant() -> None:
    matcher = cvm.Matcher("plan = 'gold' and sum(purchase.amount within last 30 days) >= '20.00'", CATALOG)
    assert matcher.matches({"id": 7, "plan": "gold"}, EVENTS, "2024-05-31T10:00:00Z")
    assert not matcher.matches({"id": 7, "plan": "gold"}, EVENTS, "2024-05-31T10:00:01Z")
    assert not matcher.matches({"id": 7}, EVENTS, "2024-05-31")
    # Without a history nothing was bought; without an instant it is asked now.
    assert not matcher.matches({"id": 7, "plan": "gold"})
    change = matcher.next_change({"id": 7, "plan": "gold"}, EVENTS, "2024-05-31")
    assert change == dt.datetime(2024, 5, 31, 10, 0, 0, 1, tzinfo=dt.timezone.utc)
    assert matcher.next_change({"id": 7}, EVENTS, "2024-05-31") is None


def test_what_is_wrong_is_said_with_its_place() -> None:
    matcher = cvm.Matcher("plan = 'gold'", CATALOG)
    with pytest.raises(cvm.FilterError, match="plan") as caught:
        matcher.matches({"id": 7, "plam": "gold"})
    assert (caught.value.code, caught.value.path) == ("CVM_UNKNOWN_FIELD", "/plam")
    with pytest.raises(cvm.FilterError) as caught:
        matcher.matches({"id": 7}, [{"event": "purchace", "time": "2024-05-01"}])
    assert caught.value.diagnostics[0]["suggestion"] == "purchase"
    with pytest.raises(cvm.NotSupportedError, match="ranking"):
        cvm.Matcher("top 10 by id", CATALOG)
    with pytest.raises(cvm.FilterError):
        cvm.Matcher("plann = 'gold'", CATALOG)
