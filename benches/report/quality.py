"""What optimisers leave of each input: counts conditions, asks SQLite for the rows, writes quality.json.

`quality.py CACHE [CORPUS]`. Runs once: the outputs are the same in every round.
"""

import json
import sys
from pathlib import Path

import sqlglot
from leaves import leaves, merged_leaves
from members import Members
from sqlglot import exp

TOOLS = ("cvm", "sqlglot_simplify", "sqlglot_optimize", "datafusion_simplify", "datafusion")
SHOWN = 4


def condition(statement: str, dialect: str) -> exp.Expr:
    """The statement's WHERE; columns go by their name alone."""
    where = sqlglot.parse_one(statement, read=dialect).find(exp.Where)
    if where is None:
        return exp.true()
    return where.this.copy().transform(lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node)


def read(path: Path, dialect: str) -> list[exp.Expr]:
    return [condition(line, dialect) for line in path.read_text(encoding="utf-8").splitlines()]


def judged(inputs: list[exp.Expr], outputs: list[exp.Expr], ideals: list[int] | None) -> dict:
    members = Members()
    rows = [members.differences(*pair) for pair in zip(inputs, outputs, strict=True)]
    written, merged = list(map(leaves, outputs)), list(map(merged_leaves, outputs))
    result = {
        "written": sum(written),
        "merged": sum(merged),
        "each": merged,
        "rows": rows,
        "gained": sum(gained > 0 for gained, _ in rows),
        "lost": sum(lost > 0 for _, lost in rows),
    }
    if ideals:
        result["ideal_written"] = sum(left <= ideal for left, ideal in zip(written, ideals, strict=True))
        result["ideal_merged"] = sum(left <= ideal for left, ideal in zip(merged, ideals, strict=True))
    return result


def compared(tools: dict[str, dict], inputs: list[exp.Expr], outputs: dict[str, list[exp.Expr]]) -> dict[str, list]:
    """How often each comes out smallest, and what shows where others do better or go wrong."""
    best = [min(counts) for counts in zip(*(tool["each"] for tool in tools.values()), strict=True)]
    examples: dict[str, list] = {"smaller": [], "wrong": []}
    for name, tool in tools.items():
        tool["smallest"] = sum(left == fewest for left, fewest in zip(tool["each"], best, strict=True))
        smaller = [n for n, left in enumerate(tool["each"]) if left < tools["cvm"]["each"][n]]
        wrong = [n for n, rows in enumerate(tool["rows"]) if any(rows)]
        tool["smaller"] = len(smaller)
        for kind, places in (("smaller", smaller), ("wrong", wrong)):
            for n in places[:SHOWN]:
                texts = [part.sql() for part in (inputs[n], outputs["cvm"][n], outputs[name][n])]
                examples[kind].append([name, *texts])
    for tool in tools.values():
        del tool["each"], tool["rows"]
    return examples


def of_set(cache: Path, name: str, ideals: list[int] | None) -> dict:
    texts = (cache / "inputs" / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    inputs = [condition(f"SELECT id FROM t WHERE {text}", "sqlite") for text in texts]
    outputs = {tool: read(cache / "optimised" / tool / f"{name}.sql", "sqlite") for tool in TOOLS}
    tools = {tool: judged(inputs, out, ideals) for tool, out in outputs.items()}
    examples = compared(tools, inputs, outputs)
    before = {"predicates": len(inputs), "written": sum(map(leaves, inputs)), "merged": sum(map(merged_leaves, inputs))}
    return {**before, "ideal": sum(ideals) if ideals else None, "tools": tools, "examples": examples}


def of_filter(cache: Path) -> dict:
    """The big filter: each in the SQL that it was given, so what comes out is set beside what went in."""
    result = {}
    for tool in TOOLS:
        statement = "datafusion.sql" if tool.startswith("datafusion") else "statement.sql"
        paths = cache / "inputs" / statement, cache / "optimised" / tool / "filter.sql"
        (before,), (after,) = (read(path, "postgres") for path in paths)
        result[tool] = [leaves(before), leaves(after), merged_leaves(before), merged_leaves(after)]
    return result


def main() -> None:
    cache = Path(sys.argv[1])
    sets = {"redundant": of_set(cache, "redundant", None)}
    if len(sys.argv) > 2:
        lines = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
        sets["fold"] = of_set(cache, "fold", [case["ideal"] for case in lines if "sql" in case])
    own = {}
    for line in (cache / "optimised/cvm/conditions.txt").read_text(encoding="utf-8").splitlines():
        name, before, after = line.split()
        own[name] = [int(before), int(after)]
    quality = {"filter": of_filter(cache), "sets": sets, "own": own}
    (cache / "quality.json").write_text(json.dumps(quality), encoding="utf-8")


main()
