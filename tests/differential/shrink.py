"""A difference, made small: first the filter, then the table."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cvm
from audience import engine_of
from checks import Case, Difference, Refused, check
from codec import to_json
from engines import Database
from filters import Filter, smaller
from population import TABLES, Data

FOUND = Path(__file__).parent / "found"


def difference_of(engine: cvm.Engine, database: Database, f: Filter) -> Difference | None:
    """The difference that a filter shows on a database, with parameters or with literals."""
    try:
        if engine.validate(f):
            return None
        (case,) = Case.of(engine, [f])
        return check(engine, database, case, parameters=False) or check(engine, database, case, parameters=True)
    except (Refused, NotImplementedError, cvm.CvmError):
        return None


def smallest_filter(f: Filter, wrong: Callable[[Filter], Any], deadline: float) -> Filter:
    """The smallest part of a filter that is still wrong."""
    shrunk = True
    while shrunk and time.monotonic() < deadline:
        shrunk = False
        for candidate in smaller(f):
            if time.monotonic() > deadline:
                break
            if wrong(candidate):
                f, shrunk = candidate, True
                break
    return f


def smallest_data(data: Data, keys: list[int], wrong: Callable[[Data], Any], deadline: float) -> Data:
    """Few rows and few values that still show what is wrong; `keys` are customers to try first."""

    def better(candidate: Data) -> bool:
        return time.monotonic() < deadline and bool(wrong(candidate))

    def of(chosen: set[int]) -> Data:
        return {
            name: [row for row in rows if row[TABLES[name].customer or "id"] in chosen] for name, rows in data.items()
        }

    for candidate in [of({keys[0]})] if keys else []:
        if better(candidate):
            data = candidate
    for name in TABLES:
        size = max(1, len(data[name]) // 2)
        while size and time.monotonic() < deadline:
            start = 0
            while start < len(data[name]):
                rows = data[name]
                candidate = {**data, name: rows[:start] + rows[start + size :]}
                if candidate["customers"] and better(candidate):
                    data = candidate
                else:
                    start += size
            size //= 2
    for name, table in TABLES.items():
        for column in table.columns:
            if column in table.required or column == table.customer or all(row[column] is None for row in data[name]):
                continue
            candidate = {**data, name: [{**row, column: None} for row in data[name]]}
            if better(candidate):
                data = candidate
    return data


def shrink(engine: cvm.Engine, database: Database, data: Data, found: Difference, seconds: float) -> dict[str, Any]:
    """The smallest case that shows a difference, as it is kept in a file. The database keeps its rows."""
    deadline = time.monotonic() + seconds
    f = smallest_filter(found.filter, lambda g: difference_of(engine, database, g), deadline)
    found = difference_of(engine, database, f) or found

    def wrong(candidate: Data) -> Difference | None:
        try:
            database.load(candidate)
            return difference_of(engine_of(database.as_stored(candidate)), database, f)
        except cvm.CvmError:
            return None

    deadline = time.monotonic() + seconds
    least = smallest_data(data, found.missing + found.too_many if not found.error else [0], wrong, deadline)
    shown = wrong(least) or found
    want: Any = None
    try:
        want = sorted(engine_of(database.as_stored(least)).reference_members(f))
    finally:
        database.load(data)
    return {
        "name": f"{database.name}: {shown.what}", "filter": f, "text": str(cvm.Filter(f)), "want": want,
        "missing": shown.missing, "too_many": shown.too_many, "error": shown.error, "sql": shown.sql,
        "params": [str(value) for value in shown.params], "rows": to_json(least),
    }


def keep(case: dict[str, Any], engine: str, seed: int, number: int) -> Path:
    """Writes a found case into a file."""
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{engine}-{seed}-{number}.json"
    path.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n")
    return path
