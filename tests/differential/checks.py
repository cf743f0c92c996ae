"""What must hold of a filter on a database, and where it does not."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cvm
from engines import Database
from filters import Filter, refilled

Keys = set[int]


@dataclass
class Case:
    """A filter and its members by the reference evaluator."""

    filter: Filter
    want: Keys
    #: Everyone else.
    rest: Keys
    #: The same members, by a smaller filter.
    optimized: Filter
    #: And by one whose values were given as parameters.
    filled: Filter

    @classmethod
    def of(cls, engine: cvm.Engine, filters: list[Filter]) -> list[Case]:
        """The cases of valid filters. That the reference splits the customers, and what is optimised, is checked here."""
        everyone: Filter = {"type": "everyone"}
        optimized = [engine.optimize(f).filter.to_dict() for f in filters]
        inverse = [{"type": "not", "child": f} for f in filters]
        # The same filter gets the same parameters, also when it shrinks.
        filled = [refilled(random.Random(json.dumps(f)), f) for f in filters]
        answers = [set(keys) for keys in engine.reference_members_of([everyone, *filters, *inverse, *optimized, *filled])]
        n, base = len(filters), answers.pop(0)
        cases = []
        for f, small, full, inside, outside, smaller, again in zip(
            filters, optimized, filled, *(answers[i * n : (i + 1) * n] for i in range(4)), strict=True
        ):
            assert outside == base - inside, f"the reference does not split the customers:\n{cvm.Filter(f).to_json()}"
            assert smaller == inside, f"optimised, other customers:\n{cvm.Filter(f).to_json()}\n{cvm.Filter(small)}"
            assert again == inside, f"with parameters, other customers:\n{cvm.Filter(f).to_json()}\n{cvm.Filter(full)}"
            cases.append(cls(f, inside, outside, small, full))
        return cases


@dataclass
class Difference:
    """A statement that does not give what it must."""

    filter: Filter
    what: str
    sql: str
    params: list[Any]
    missing: list[int]
    too_many: list[int]
    error: str = ""

    def __str__(self) -> str:
        wrong = self.error or f"missing: {self.missing[:20]}\ntoo many: {self.too_many[:20]}"
        return f"{self.what}\n{wrong}\n{self.sql}\n{self.params}"


class Refused(Exception):
    """The dialect can't say the filter exactly, and says so."""


@dataclass
class Statement:
    """A statement and what it must give."""

    what: str
    sql: str
    params: list[Any]
    want: Keys | int

    def judge(self, f: Filter, got: list[int]) -> Difference | None:
        """The difference of what it gave, if there is one."""
        if isinstance(self.want, int):
            if got == [self.want]:
                return None
            return Difference(f, self.what, self.sql, self.params, [self.want], list(got))
        keys = set(got)
        if len(got) != len(keys):
            return Difference(f, self.what + ": a customer twice", self.sql, self.params, [], sorted(got))
        if keys == self.want:
            return None
        return Difference(f, self.what, self.sql, self.params, sorted(self.want - keys), sorted(keys - self.want))


def statements(engine: cvm.Engine, dialect: str, case: Case, *, parameters: bool) -> list[Statement]:
    """Members by the filter with its values given as parameters, everyone else, number, and members when optimised."""
    wanted: list[tuple[str, Filter, str, bool, Keys | int]] = [
        ("members", case.filled, "members", parameters, case.want),
        ("not", {"type": "not", "child": case.filter}, "members", not parameters, case.rest),
        ("count", case.filter, "count", parameters, len(case.want)),
        ("optimised", case.optimized, "members", parameters, case.want),
    ]
    made = []
    for what, f, statement, bound, want in wanted:
        if what == "optimised" and f == case.filter:
            continue
        try:
            query = engine.sql(f, dialect=dialect, statement=statement, parameters=bound)
        except NotImplementedError as error:
            if getattr(error, "code", "") != "CVM_NOT_SUPPORTED":
                raise
            raise Refused(str(error)) from None
        made.append(Statement(what, query.sql, list(query.params), want))
    return made


def literal_statements(engine: cvm.Engine, dialect: str, case: Case) -> list[Statement]:
    """As `statements`, with literals only."""
    turned = statements(engine, dialect, case, parameters=False)
    for statement in turned:
        if statement.params:
            query = engine.sql({"type": "not", "child": case.filter}, dialect=dialect, parameters=False)
            statement.sql, statement.params = query.sql, []
    return turned


def check(engine: cvm.Engine, database: Database, case: Case, *, parameters: bool) -> Difference | None:
    """Runs every statement of a case by itself; where that costs much, only the first."""
    made = statements(engine, database.dialect, case, parameters=parameters)
    for statement in made if database.batch == 1 or not parameters else made[:1]:
        try:
            got = database.keys(statement.sql, statement.params)
        except Exception as error:
            return failed(case.filter, statement, error)
        difference = statement.judge(case.filter, got)
        if difference:
            return difference
    return None


def failed(f: Filter, statement: Statement, error: Exception) -> Difference:
    """A statement that the database refuses is a difference too."""
    return Difference(f, statement.what, statement.sql, statement.params, [], [], f"{type(error).__name__}: {error}"[:600])


def check_many(engine: cvm.Engine, database: Database, cases: list[Case]) -> Iterator[tuple[Case, Difference | None]]:
    """Runs the statements of many cases as one; where that fails, one by one."""
    by_case = [(case, literal_statements(engine, database.dialect, case)) for case in cases]
    flat = [statement for _, made in by_case for statement in made]
    try:
        results = iter(database.many([statement.sql for statement in flat]))
    except Exception:
        if len(cases) == 1:
            yield cases[0], check(engine, database, cases[0], parameters=False)
            return
        middle = len(cases) // 2
        yield from check_many(engine, database, cases[:middle])
        yield from check_many(engine, database, cases[middle:])
        return
    for case, made in by_case:
        found = [statement.judge(case.filter, next(results)) for statement in made]
        yield case, next((difference for difference in found if difference), None)
