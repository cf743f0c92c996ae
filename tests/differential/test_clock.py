"""Statements that go by the database's own clock select whom the frozen clock selects at the same moment."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import cvm
import engines
import population
import pytest
from audience import engine_of

#: How far from now things happened, in minutes: nothing near the edge of a window, as seconds pass while this runs.
FAR = [-5, -200, -26 * 60, -76 * 60, -9 * 1440 - 45, -40 * 1440 - 45, -100 * 1440, -400 * 1440, 30, 2 * 1440 + 45, 40 * 1440]

FILTERS = [
    "at within last 90 minutes or seen within last 2 days",
    "not (at within last 30 days)",
    "at within coming 2 hours",
    "seen within last 3 months",
    "at within this week or seen within previous 2 months",
    "at >= start of year or seen before 3 days ago",
    "seen > now",
    "day within last 30 days",
    "day within previous 1 quarter or other_day within next 1 month",
    "day < 1 month ago or other_day = now",
    "count(purchase) >= 1",
    "count(purchase within last 10 days) = 0",
    "sum(purchase.qty within this year) > 0 or last time(purchase) before 3 days ago",
    "days since(purchase) >= 2 and days since(purchase) < 50",
    "regularly(purchase, 1 of last 3 weeks)",
    "stopped(purchase, active 90 days, inactive 5 days)",
    "restarted(purchase, pause 20 days, within 12 days)",
    "sequence(purchase, purchase within 60 days)",
    "top 5 by count(purchase within last 60 days)",
]


@pytest.fixture(scope="module")
def present() -> tuple[dt.datetime, population.Data]:
    """Now, and rows with things that happened and will happen around it."""
    now = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
    if now.hour == 23 and now.minute >= 50 or now.hour == 22 and now.minute >= 50:
        pytest.skip("SKIPPED: a day ends in a moment, in UTC or in Paris")
    rng = random.Random("clock")
    data = population.data(rng, 80)

    def moment() -> dt.datetime | None:
        return None if rng.random() < 0.1 else now + dt.timedelta(minutes=rng.choice(FAR))

    def date() -> dt.date | None:
        found = moment()
        return found.date() if found else None

    for row in data["customers"]:
        row.update(at=moment(), seen=moment(), day=date(), other_day=date())
    for row in data["purchases"]:
        row["at"] = moment()
    return now, data


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris"])
def test_clock(database: engines.Database, present: tuple[dt.datetime, population.Data], zone: str) -> None:
    now, data = present
    stored = database.as_stored(data)
    engine = engine_of(stored, now.isoformat(), {"zone": zone})
    database.show("clock", data)
    refused: list[str] = []
    some = 0
    for text in FILTERS:
        want = set(engine.reference_members(text))
        some += 0 < len(want) < len(data["customers"])
        try:
            query: Any = engine.sql(text, database.dialect, parameters=False, clock="database")
        except cvm.NotSupportedError as error:
            assert "use the frozen clock" in str(error), error
            refused.append(text)
            continue
        found = set(database.keys(query.sql))
        assert found == want, f"{zone}: {text}\nmissing: {want - found}\ntoo many: {found - want}\n{query.sql}"
    assert some > len(FILTERS) / 2
    print(f"\n{database.name}, {zone}: {len(FILTERS) - len(refused)} of {len(FILTERS)} agree, {len(refused)} refused")
    assert len(refused) < len(FILTERS) or database.dialect in ("sqlite", "mysql")
