"""DataFusion's logical optimiser on the inputs. Writes what it makes of each statement, prints nanoseconds.

`datafusion_optimize.py INPUTS OUTPUTS`. Statements are planned over an empty table before the clock starts. "rules" is
the analyser and the whole optimiser, as a query meets them; "simplify" the analyser and only the rules that make
conditions smaller; "plan" is all rules on the same SELECT without its WHERE.
"""

import json
import sys
from pathlib import Path

from datafusion import DataFrame, LogicalPlan, SessionContext
from datafusion.unparser import Dialect, Unparser
from inputs import Set, sets
from timing import per_call

# `push_down_filter` is among them because it drops comparisons that others imply.
SIMPLIFYING = ("simplify_expressions", "push_down_filter")
# Computes a condition that occurs twice below the filter, under a made-up name: off where conditions are counted.
NAMING = "common_sub_expression_eliminate"
MARK = "logical_plan after "


def context(inputs: Set) -> SessionContext:
    """A session with the table, empty, and all rules."""
    made = SessionContext()
    schema, _, _ = inputs.table().rpartition(".")
    if schema:
        made.sql(f"CREATE SCHEMA {schema}")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in inputs.columns().items())
    made.sql(f"CREATE TABLE {inputs.table()} ({columns})")
    return made


def only_simplifying(inputs: Set) -> SessionContext:
    made = context(inputs)
    explained = made.sql(f"EXPLAIN VERBOSE SELECT * FROM {inputs.table()}").to_pydict()["plan_type"]
    rules = {kind.removeprefix(MARK) for kind in explained if kind.startswith(MARK)}
    if not rules.issuperset(SIMPLIFYING):
        raise SystemExit(f"the optimiser has no rules of these names: {SIMPLIFYING}")
    for rule in rules.difference(SIMPLIFYING):
        # What is no optimiser's rule is the analyser's, which every plan needs.
        made.remove_optimizer_rule(rule)
    return made


def without_names(inputs: Set) -> SessionContext:
    made = context(inputs)
    if not made.remove_optimizer_rule(NAMING):
        raise SystemExit(f"the optimiser has no rule of this name: {NAMING}")
    return made


def to_sql(made: SessionContext, statement: str, dialect: Dialect) -> str:
    plan = made.sql(statement).optimized_logical_plan()
    if plan.display_indent().startswith("EmptyRelation"):
        return "SELECT id FROM t WHERE FALSE"
    return Unparser(dialect).plan_to_sql(plan)


def plans(frames: list[DataFrame]) -> list[LogicalPlan]:
    return [frame.optimized_logical_plan() for frame in frames]


def measured(inputs: Set, dialect: Dialect) -> dict[str, float]:
    every, few = context(inputs), only_simplifying(inputs)
    planned, planned_few = ([made.sql(text) for text in inputs.statements] for made in (every, few))
    bare = [every.sql(f"SELECT id FROM {inputs.table()}")] * len(inputs.statements)
    return {
        "rules": per_call(lambda: plans(planned)),
        "simplify": per_call(lambda: plans(planned_few)),
        "plan": per_call(lambda: plans(bare)),
        "sql_to_sql": per_call(lambda: [to_sql(every, text, dialect) for text in inputs.statements]),
    }


def main() -> None:
    directory, outputs = Path(sys.argv[1]), Path(sys.argv[2])
    times = {}
    for inputs in sets(directory, "datafusion.sql"):
        dialect = Dialect.postgres() if inputs.name == "filter" else Dialect.sqlite()
        for name, made in (("datafusion", without_names(inputs)), ("datafusion_simplify", only_simplifying(inputs))):
            (outputs / name).mkdir(parents=True, exist_ok=True)
            text = "\n".join(to_sql(made, statement, dialect) for statement in inputs.statements)
            (outputs / name / f"{inputs.name}.sql").write_text(text, encoding="utf-8")
        times |= {f"datafusion/{inputs.name}/{what}": time for what, time in measured(inputs, dialect).items()}
    print(json.dumps(times))


main()
