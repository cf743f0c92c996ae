"""RESULTS.md from the lines that `matches` printed.

python report.py LINES RESULTS.md
"""

import collections
import datetime as dt
import json
import os
import pathlib
import platform
import re
import statistics
import sys

OURS = "cvm"
EACH = "cvm, an instant each call"
REFERENCE = "cvm reference"
PEERS = ("datalogic-rs", "jsonlogic-rs", "cel", "rhai")

HEAD = """# One customer at a time: how fast

A filter of ten conditions, compiled once, is asked of one customer after another: `Matcher` beside engines for rules that
judge one record at a time, each in the best form that was found for it (`peers.rs`): the rule compiled where the engine
can, each customer's data prepared before the clock runs. All find the same customers. The customers are random and seeded
(`shop.rs`): nine fields, all of them there, up to 20 visits, 10 purchases and 2 refunds a year.

**Again, in one command:** `benches/matches/run.sh`.

- *selective* filters turn most customers away after a condition or two; of the *unselective* ones nearly all conditions
  are asked.
- *instant each call* settles the times of the filter anew for each customer, as a request path does; otherwise they are
  settled once for all.
- The *reference* is the plain evaluator that everything else is tested against, bound at one instant.
- Times are those of the thread on its core (not the clock on the wall), medians of the rounds. The machine is virtual and
  shared, so caches and memory are not its own: read the ratios first.
- 200 customers stay in the core's caches, as the data of a request does that has just been read; 10,000 come from memory.
"""


def processor() -> str:
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.processor()


def versions() -> str:
    lock = pathlib.Path(__file__).with_name("Cargo.lock").read_text()
    found = dict(re.findall(r'name = "([^"]+)"\nversion = "([^"]+)"', lock))
    return ", ".join(f"{peer} {found[peer]}" for peer in PEERS)


def rate(ns: float) -> str:
    return f"{1e3 / ns:.2f}" if ns >= 1e3 else f"{1e3 / ns:.1f}"


def main() -> None:
    times, shares, rounds = collections.defaultdict(list), {}, 0
    for line in map(json.loads, open(sys.argv[1])):
        times[line["customers"], line["question"], line["contender"]].append(line["ns"])
        shares[line["customers"], line["question"]] = line["share"]
        rounds = max(rounds, line["round"] + 1)
    out = [
        HEAD,
        f"- {dt.date.today()}; {rounds} rounds; {processor()}, {os.cpu_count()} cores, one of them used",
        f"- {versions()}",
        "",
    ]
    for customers in sorted({key[0] for key in shares}):
        out += [
            f"## {customers:,} customers",
            "",
            "Millions of evaluations a second on one core.",
            "",
            "| filter | share inside | CVM | instant each call | reference | "
            + " | ".join(PEERS)
            + " | CVM ÷ best peer |",
            "|---|---:|---:|---:|---:|" + "---:|" * len(PEERS) + "---:|",
        ]
        for (count, question), share in shares.items():
            if count != customers:
                continue
            median = {
                name: statistics.median(times[customers, question, name]) for name in (OURS, EACH, REFERENCE, *PEERS)
            }
            best = min(median[peer] for peer in PEERS) / median[OURS]
            cells = " | ".join(rate(ns) for ns in median.values())
            out.append(f"| {question} | {share:.1%} | {cells} | {best:.1f} |")
        out.append("")
    pathlib.Path(sys.argv[2]).write_text("\n".join(out).rstrip() + "\n")


if __name__ == "__main__":
    main()
