"""Puts the tables between the markers of RESULTS.md."""

import json
import sys
from datetime import date
from pathlib import Path
from statistics import median

from machine import hardware, versions
from rows import BARS, OURS, PEERS

MARKS = ("<!-- measured: written by run.sh -->", "<!-- end -->")
Rounds = dict[str, list[float]]


def micros(ns: float) -> str:
    return f"{ns / 1000:,.3g}" if ns < 1e6 else f"{ns / 1000:,.0f}"


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
        ratio = median(theirs / mine for theirs, mine in zip(rounds[name], rounds[beside]))
        mine = OURS[beside].replace("**", "")
        lines.append(f"| {label} | {spread(rounds[name])} | {mine} | {ratio:,.2g} |")
    return lines


def main() -> None:
    cache, results = Path(sys.argv[1]), Path(sys.argv[2])
    lines = [json.loads(line) for line in (cache / "rounds.jsonl").read_text().splitlines()]
    rounds: Rounds = {name: [line[name] for line in lines] for name in lines[0]}
    facts = [f"- {date.today()}; {len(lines)} rounds", f"- {hardware()}", *(f"- {line}" for line in versions(cache))]
    blocks = [facts, ["Microseconds per call."], ours(rounds), dialects(rounds), peers(rounds)]
    measured = "\n\n".join("\n".join(block) for block in blocks)
    text = results.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    results.write_text(f"{before}{MARKS[0]}\n\n{measured}\n\n{MARKS[1]}{after}", encoding="utf-8")


main()
