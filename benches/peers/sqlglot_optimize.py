"""sqlglot's `simplify` and `optimize` on the inputs. Writes what they make of each statement, prints nanoseconds.

`sqlglot_optimize.py INPUTS NAME [OUTPUTS]`. Statements are parsed before the clock starts. Both work on a copy, as
`simplify` changes its tree in place: the copy is timed alone and taken off.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import sqlglot
from inputs import Set, sets
from sqlglot import exp
from sqlglot.optimizer import optimize
from sqlglot.optimizer.simplify import simplify
from timing import per_call

DIALECTS = {"filter": "postgres"}


def schema(inputs: Set) -> dict:
    """The columns as `optimize` wants them: nested by the parts of the table's name."""
    nested: dict = {name: kind.removesuffix(" NOT NULL") for name, kind in inputs.columns().items()}
    for part in reversed(inputs.table().split(".")):
        nested = {part: nested}
    return nested


def runs(inputs: Set) -> dict[str, Callable[[exp.Expr], exp.Expr]]:
    tables, dialect = schema(inputs), DIALECTS.get(inputs.name)
    return {
        "simplify": lambda tree: simplify(tree, dialect=dialect),
        "optimize": lambda tree: optimize(tree, schema=tables, dialect=dialect, copy=False),
    }


def measured(inputs: Set) -> dict[str, float]:
    dialect = DIALECTS.get(inputs.name)
    trees = [sqlglot.parse_one(statement, read=dialect) for statement in inputs.statements]
    copies = per_call(lambda: [tree.copy() for tree in trees])
    times = {
        what: per_call(lambda run=run: [run(tree.copy()) for tree in trees]) - copies
        for what, run in runs(inputs).items()
    }
    simplified = runs(inputs)["simplify"]

    def sql_to_sql() -> list[str]:
        return [simplified(sqlglot.parse_one(text, read=dialect)).sql(dialect) for text in inputs.statements]

    return times | {"copy": copies, "sql_to_sql": per_call(sql_to_sql)}


def write(inputs: Set, outputs: Path) -> None:
    dialect = DIALECTS.get(inputs.name, "sqlite")
    for what, run in runs(inputs).items():
        trees = [run(sqlglot.parse_one(statement, read=DIALECTS.get(inputs.name))) for statement in inputs.statements]
        (outputs / f"sqlglot_{what}").mkdir(parents=True, exist_ok=True)
        text = "\n".join(tree.sql(dialect) for tree in trees)
        (outputs / f"sqlglot_{what}" / f"{inputs.name}.sql").write_text(text, encoding="utf-8")


def main() -> None:
    directory, name = Path(sys.argv[1]), sys.argv[2]
    times = {}
    for inputs in sets(directory, "statement.sql"):
        times |= {f"{name}/{inputs.name}/{what}": time for what, time in measured(inputs).items()}
        if len(sys.argv) > 3:
            write(inputs, Path(sys.argv[3]))
    print(json.dumps(times))


main()
