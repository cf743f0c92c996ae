"""Every value that databases are known to disagree on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

UTC = dt.timezone.utc

#: The instant at which filters are evaluated: half past ten at night in Paris, on a leap day.
AS_OF_TEXT = "2024-02-29T21:30:00Z"
AS_OF = dt.datetime(2024, 2, 29, 21, 30, tzinfo=UTC)
ZONE = "Europe/Paris"

TEXTS = [
    "", " ", "A", "a", "á", "a\u0301", "a ", "%", "_", "\\", "!", "'", "''", '"', "a\nb", "İ", "ß", "ſ", "\u212a", "🦀",
    "a%b", "ab", "abc", "2024", "a\\'b", "A'", "ÁB", "null", "NULL", "[x]", "a_b", "a\tb", "{p:String}", ":p", "?", "$1",
]
INTS = [0, 1, -1, 2, 3, 25, 9_007_199_254_740_993, 2**63 - 1, -(2**63), 100]
FLOATS = [0.0, -0.0, 0.1, 0.2, 0.3, 0.1 + 0.2, 1.5, -2.5, 1e300, 9_007_199_254_740_992.0, float("nan")]
DECIMALS = [Decimal(d) for d in ["0.00", "0.10", "0.30", "-0.01", "100.00", "99.99", "9999999999.99", "1.05"]]
DATES = [
    dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2024, 1, 31), dt.date(1899, 12, 31), dt.date(2200, 1, 1),
    dt.date(2024, 3, 31), dt.date(2023, 3, 1), dt.date(2000, 2, 29), dt.date(2024, 3, 1),
]
TIMES = [
    dt.datetime.fromisoformat(t).replace(tzinfo=UTC)
    for t in [
        "2024-02-29T21:30:00", "2024-02-29T21:30:00.000001", "2024-02-28T23:00:00", "2024-02-28T22:59:59.999999",
        "2024-03-31T01:30:00", "2023-10-29T00:30:00", "2023-11-30T21:30:00", "1899-12-31T00:00:00",
        "2200-01-01T00:00:00", "2023-12-31T23:59:59.999999",
    ]
]
GRADES = ["a", "A", "b", "it's", ""]
PLANS = ["free", "gold", "Gold", "%"]
CARRIERS = ["post", "Post", "bike"]
TAGS = ["vip", "VIP", "a'b", "é", "new", "", "a ", 'q"', "b\\s", "x,y", "{}"]

# Events: where windows begin and end, a microsecond before and after, and what lies after AS_OF and so is not seen.
_MICRO = dt.timedelta(microseconds=1)
_EDGES = [AS_OF - dt.timedelta(days=days) for days in (0, 1, 7, 30, 90)] + [
    dt.datetime.fromisoformat(t).replace(tzinfo=UTC)
    for t in [
        "2024-02-28T23:00:00",  # today begins in Paris
        "2024-02-24T23:00:00",  # the week, on a Sunday
        "2024-01-31T23:00:00",  # the month
        "2023-12-31T23:00:00",  # the year, and the last quarter of the fiscal one
        "2023-03-31T22:00:00",  # the fiscal year, in summer time
        "2024-01-29T21:30:00",  # a month before AS_OF
        "2023-02-28T21:30:00",  # a year before: there is no 29th
        "2023-10-29T00:30:00",  # half past two in Paris, for the first time
        "2023-10-29T01:30:00",  # and for the second
    ]
]
EVENT_TIMES = [
    *_EDGES, *(t - _MICRO for t in _EDGES), *(t + _MICRO for t in _EDGES[:6]),
    AS_OF + dt.timedelta(days=3), TIMES[7], TIMES[8],
    *(AS_OF - dt.timedelta(days=days, hours=5) for days in (2, 3, 5, 9, 12, 20, 33, 45, 60, 75, 100, 150, 200, 400)),
]

# The same for events that have a day only.
EVENT_DATES = sorted({t.date() for t in EVENT_TIMES} | set(DATES)) + [AS_OF.date(), AS_OF.date() - dt.timedelta(days=1)] * 3

#: Amounts that sum exactly in any order.
QUARTERS = [k / 4 for k in (0, 1, 2, 3, 5, 8, 10, 40, 101, -2)]
AMOUNTS = [Decimal(d) for d in ["0.00", "0.10", "0.20", "0.30", "-0.01", "19.99", "20.00", "20.01", "99.99", "100.00"]]

#: Places: round numbers of degrees, the poles, both sides of the date line, the antipode of Paris.
PLACES: list[tuple[float | None, float | None]] = [
    (48.8566, 2.3522), (48.85, 2.35), (48.9, 2.4), (45.764, 4.8357), (51.5074, -0.1278), (0.0, 0.0), (-0.0, -0.0),
    (90.0, 0.0), (90.0, 135.0), (-90.0, 0.0), (0.0, 180.0), (0.0, -180.0), (0.0, 179.9), (0.0, -179.9),
    (-48.8566, -177.6478), (float("nan"), 2.0), (48.0, None), (None, None), (None, 2.0),
]

