"""Whether two conditions select the same rows, asked of SQLite over every combination of the values below."""

import itertools
import sqlite3

from sqlglot import exp

# Around what the predicates compare with, and NULL.
VALUES: dict[str, list[object]] = {
    "id": [1],
    "x": [None, *range(-1, 12)],
    "y": [None, *range(-1, 12)],
    "n": list(range(-1, 12)),
    "f": [None, *(quarter / 4 for quarter in range(-1, 14))],
    "s": [None, "", "a", "A", "aa", "ab", "aba", "abc", "abcd", "b", "ba", "bb", "c", "xbc"],
    "b": [None, 0, 1],
}


class Members:
    """A database with one table of values for each column; a condition is asked over the product of its own."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute("PRAGMA case_sensitive_like = ON")
        for column, values in VALUES.items():
            self.database.execute(f"CREATE TABLE values_{column} ({column})")
            self.database.executemany(f"INSERT INTO values_{column} VALUES (?)", ([value] for value in values))

    def differences(self, before: exp.Expr, after: exp.Expr) -> tuple[int, int]:
        """How many rows the second condition selects in addition, and how many it loses."""
        found = itertools.chain(before.find_all(exp.Column), after.find_all(exp.Column))
        columns = sorted({column.name for column in found} | {"id"})
        tables = ", ".join(f"values_{column}" for column in columns)
        was, now = (f"(({condition.sql('sqlite')}) IS TRUE)" for condition in (before, after))
        query = f"SELECT coalesce(sum({now} > {was}), 0), coalesce(sum({now} < {was}), 0) FROM {tables}"
        gained, lost = self.database.execute(query).fetchone()
        return gained, lost
