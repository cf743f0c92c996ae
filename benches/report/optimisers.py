"""The tables that set CVM's optimiser beside others: how long they take, and what they leave."""

from statistics import median

SETS = {"filter": "the 50 conditions", "fold": "corpus", "redundant": "random"}

# What is timed, and which of ours it is set beside; `{}` is the set.
OURS, OURS_SQL = "cvm/{}/optimize", "cvm/{}/sql_to_sql"
TIMES = {
    "CVM, `optimize`": (OURS, OURS),
    "sqlglot, `simplify`": ("sqlglot/{}/simplify", OURS),
    "sqlglot, `optimize` with schema": ("sqlglot/{}/optimize", OURS),
    "sqlglot compiled, `simplify`": ("sqlglot_c/{}/simplify", OURS),
    "sqlglot compiled, `optimize` with schema": ("sqlglot_c/{}/optimize", OURS),
    "DataFusion, all rules": ("datafusion/{}/rules", OURS),
    "DataFusion, only the rules that simplify": ("datafusion/{}/simplify", OURS),
    "DataFusion, all rules, no `WHERE`": ("datafusion/{}/plan", OURS),
    "CVM, SQL → `optimize` → SQL": (OURS_SQL, OURS_SQL),
    "sqlglot, SQL → `simplify` → SQL": ("sqlglot/{}/sql_to_sql", OURS_SQL),
    "sqlglot compiled, SQL → `simplify` → SQL": ("sqlglot_c/{}/sql_to_sql", OURS_SQL),
    "DataFusion, SQL → all rules → SQL": ("datafusion/{}/sql_to_sql", OURS_SQL),
}
TOOLS = {
    "cvm": "CVM, `optimize`",
    "sqlglot_simplify": "sqlglot, `simplify`",
    "sqlglot_optimize": "sqlglot, `optimize` with schema",
    "datafusion_simplify": "DataFusion, only the rules that simplify",
    "datafusion": "DataFusion, all rules",
}


def key(pattern: str, name: str) -> str:
    return "cvm/read/optimize" if (pattern, name) == (OURS, "filter") else pattern.format(name)


def micros(ns: float) -> str:
    return f"{ns / 1000:,.3g}" if ns < 1e6 else f"{ns / 1000:,.0f}"


def factor(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:,.2g}"


def times(rounds: dict[str, list[float]]) -> list[str]:
    """Medians; the ratio is taken in each round, as for the other peers."""
    lines = [
        f"| | {' | times ours | '.join(SETS.values())} | times ours |",
        f"|---|{'---:|---:|' * len(SETS)}",
    ]
    for label, (pattern, beside) in TIMES.items():
        cells = []
        for name in SETS:
            theirs, mine = rounds.get(key(pattern, name)), rounds.get(key(beside, name))
            ratio = median(a / b for a, b in zip(theirs, mine, strict=True)) if theirs and mine else None
            cells += [micros(median(theirs)) if theirs else "", factor(ratio) if ratio and pattern != beside else ""]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines


def big_filter(quality: dict) -> list[str]:
    lines = ["| the 50 conditions, as SQL | before | after | spelling forgiven |", "|---|---:|---:|---:|"]
    for tool, label in TOOLS.items():
        before, after, _, merged = quality["filter"][tool]
        lines.append(f"| {label} | {before} | {after} | {merged} |")
    return lines


def one_set(name: str, found: dict) -> list[str]:
    title, ideal = f"{SETS[name]}, {found['predicates']} predicates", found["ideal"]
    lines = [
        f"| {title} | left | spelling forgiven | {'ideal | forgiven | ' if ideal else ''}smallest | wrong rows |",
        f"|---|---:|---:|{'---:|---:|' if ideal else ''}---:|---:|",
        f"| before | {found['written']} | {found['merged']} | {'| | ' if ideal else ''}| |",
    ]
    for tool, label in TOOLS.items():
        got = found["tools"][tool]
        reached = f"{got['ideal_written']} | {got['ideal_merged']} | " if ideal else ""
        wrong = f"{got['gained']} + {got['lost']}" if got["gained"] or got["lost"] else "0"
        lines.append(f"| {label} | {got['written']} | {got['merged']} | {reached}{got['smallest']} | {wrong} |")
    if ideal:
        lines.append(f"| thought to be possible | {ideal} | | {found['predicates']} | | | |")
    return lines


def examples(quality: dict, kind: str) -> list[str]:
    """Where others leave fewer conditions than CVM, or select other rows than the original."""
    shown: dict[tuple[str, str], list[str]] = {}
    for found in quality["sets"].values():
        for tool, before, ours, theirs in found["examples"][kind]:
            shown.setdefault((before, ours), []).append(f"  - {TOOLS[tool]}: `{theirs}`")
    lines = []
    for (before, ours), theirs in shown.items():
        lines += [f"- `{before}`", f"  - CVM: `{ours}`", *theirs]
    return lines


def blocks(rounds: dict[str, list[float]], quality: dict) -> list[list[str]]:
    counts = ", ".join(f"{name} {before} → {after}" for name, (before, after) in quality["own"].items())
    made = [
        ["Microseconds, medians; for a set, of all its predicates together."],
        times(rounds),
        big_filter(quality),
    ]
    if "fold" not in quality["sets"]:
        made.append(["**The corpus was not here: SKIPPED.**"])
    made += [one_set(name, quality["sets"][name]) for name in SETS if name in quality["sets"]]
    made.append([f"CVM's own conditions, of which one may be two in SQL: {counts}."])
    smaller, wrong = examples(quality, "smaller"), examples(quality, "wrong")
    made.append(["Where another leaves fewer conditions than CVM (at most four a set and tool are shown):"])
    made.append(smaller or ["- nowhere"])
    made.append(["Where what comes out selects other rows than what went in:"])
    made.append(wrong or ["- nowhere"])
    return made
