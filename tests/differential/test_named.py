"""Differences that were found once, each as the smallest filter that showed it. They must agree for good."""

from __future__ import annotations

import cvm
import engines
import pytest

CASES = {
    "DataFusion takes a pattern without operators for LIKE, and the backslash in it for an escape": "s matches '\\\\'",
    "EXISTS is false, not unknown, over a missing list": "tags has none ('a''b', '') without missing",
    "both zeros are meant whichever is written": "x in (0.1, 9007199254740992.0, 0.2, -0.0)",
    "a float column's NaN is missing, also above every bound": "x > 1.5 or not (y <= 1.5)",
    "a collation that ignores case, accents and trailing spaces": "s in ('a', 'ab') or t = 'A'",
    "a collation that does not sort by code point": "s < 'a' and not (t >= 'B')",
    "a doubled quote inside a literal": "s = '''''' or t contains ''''",
    "percent, underscore and backslash are letters": "s contains '%' or s starts with '_' or t ends with '\\'",
    "an integer beside a float beyond 2^53": "i = field(x) or i != field(y)",
    "29 February comes round on the 28th": "day anniversary within coming 2 days",
    "a day of 23 hours in the catalog's zone": "at on '2024-03-31' or seen within last 24 hours",
    "in a document 1 is 1.0, and neither is \"1\" nor true": "attributes.plan.seats = 1 or attributes.plan.seats not in (1, '1')",
    "in a document null is missing": "attributes is set and attributes.plan.tier is not set",
    "an index into a text of a document finds nothing": "attributes.flags.0 = 'a' without missing",
    "an item of a document may be written with escapes": "attributes.flags has any ('A', 'it''s') and attributes.name != 'á'",
    "items of lists whatever their case": "tags has none ('VIP', 'new') ignoring case without missing",
    "more digits than the column has": "d >= 0.105 or e < 100.001",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CASES.items()])
def test_named(engine: cvm.Engine, database: engines.Database, text: str) -> None:
    assert engine.validate(text) == []
    want = set(engine.reference_members(text))
    assert {row["id"] for row in engine.members(text).to_dicts()} == want
    for parameters in (True, False):
        try:
            query = engine.sql(text, dialect=database.dialect, parameters=parameters)
        except NotImplementedError:
            # SQLite has no regular expressions; everything else is said everywhere.
            assert database.dialect == "sqlite" and "matches" in text
            continue
        assert set(database.keys(query.sql, list(query.params))) == want, query.sql
