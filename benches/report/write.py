"""Puts the tables between the markers of RESULTS.md."""

import json
import sys
from datetime import date
from pathlib import Path
from statistics import median

import optimisers
from machine import hardware, versions
from optimisers import factor, micros
from rows import BARS, OURS, PEERS

MARKS = ("<!-- measured: written by run.sh -->", "<!-- end -->")
OPTIMISERS = ("<!-- optimisers: written by run.sh -->", "<!-- end of optimisers -->")
Rounds = dict[str, list[float]]


def spread(times: list[float]) -> str:
    return f"{micros(min(times))} | {micros(median(times))} | {micros(max(times))}"


def ours(rounds: Rounds) -> list[str]:
    lines = ["| CVM | min | median | max | bar |", "|---|---:|---:|---:|---|"]
    for name, label in OURS.items():
        bar = BARS.get(name)
        verdict = "" if bar is None else f"< {micros(bar)}: {'met' if median(rounds[name]) < bar else 'missed'}"
        lines.append(f"| {label} | {spread(rounds[name])} | {verdict} |")
    return lines


def dialects(rounds: Rounds) -> list[str]:
    lines = ["| filter → SQL, median | parameters | literals |", "|---|---:|---:|"]
    for name in rounds:
        if name.startswith("cvm/sql_parameters/"):
            literals = rounds[name.replace("parameters", "literals")]
            dialect = name.rsplit("/", 1)[1]
            lines.append(f"| {dialect} | {micros(median(rounds[name]))} | {micros(median(literals))} |")
    return lines


def peers(rounds: Rounds) -> list[str]:
    """The ratio is taken in each round and the median is shown: both sides then met the same machine."""
    lines = ["| peer | min | median | max | beside | times our time |", "|---|---:|---:|---:|---|---:|"]
    for name, (label, beside) in PEERS.items():
        ratio = median(theirs / mine for theirs, mine in zip(rounds[name], rounds[beside], strict=True))
        mine = OURS[beside].replace("**", "")
        lines.append(f"| {label} | {spread(rounds[name])} | {mine} | {factor(ratio)} |")
    return lines


def put(text: str, marks: tuple[str, str], blocks: list[list[str]]) -> str:
    """The text with the blocks between the marks, in place of what was there."""
    measured = "\n\n".join("\n".join(block) for block in blocks)
    before, rest = text.split(marks[0])
    after = rest.split(marks[1])[1]
    return f"{before}{marks[0]}\n\n{measured}\n\n{marks[1]}{after}"


def main() -> None:
    cache, results = Path(sys.argv[1]), Path(sys.argv[2])
    lines = [json.loads(line) for line in (cache / "rounds.jsonl").read_text().splitlines()]
    rounds: Rounds = {name: [line[name] for line in lines] for name in lines[0]}
    count = f"{len(lines)} round{'s' if len(lines) > 1 else ''}"
    facts = [f"- {date.today()}; {count}", f"- {hardware()}", *(f"- {line}" for line in versions(cache))]
    quality = json.loads((cache / "quality.json").read_text(encoding="utf-8"))
    text = results.read_text(encoding="utf-8")
    tables = [facts, ["Microseconds per call."], ours(rounds), dialects(rounds), peers(rounds)]
    text = put(text, MARKS, tables)
    text = put(text, OPTIMISERS, optimisers.blocks(rounds, quality))
    results.write_text(text, encoding="utf-8")


main()
