"""The tables of RESULTS.md from the lines that the index and its peers printed.

python report.py LINES RESULTS.md CUSTOMERS EVENTS
"""

import collections
import datetime as dt
import importlib.metadata as metadata
import json
import os
import pathlib
import platform
import statistics
import sys

PEERS = ("duckdb", "polars", "clickhouse", "datafusion")
PACKAGES = {"duckdb": "duckdb", "polars": "polars", "clickhouse": "chdb", "datafusion": "datafusion"}
ASKED = {
    "attributes": "five conditions on fields",
    "purchases": "at least two purchases in 90 days",
    "amount": "purchases in 90 days sum up to more than 300",
    "lapsed": "gold and no purchase in 90 days",
    "recent": "last visit within 7 days",
    "large": "a purchase above 150 within a year",
    "edited": "ten conditions, one of them edited",
}


def processor() -> str:
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    lines, target, customers, events = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    times, counts, build = collections.defaultdict(list), collections.defaultdict(set), []
    for line in map(json.loads, open(lines)):
        if "question" not in line:
            build.append(line)
            continue
        times[line["question"], line.get("peer", "cvm")].append(line["ms"])
        counts[line["question"]].add(line["count"])
    for question, found in counts.items():
        if len(found) > 1:
            sys.exit(f"{question}: not everybody counts the same: {sorted(found)}")
    rounds = len(build)
    out = [
        f"### {customers:,} customers, {events:,} events",
        "",
        f"- {dt.date.today()}; {rounds} round{'s' if rounds > 1 else ''}; {processor()}, {os.cpu_count()} cores",
        "- " + ", ".join(f"{PACKAGES[peer]} {metadata.version(PACKAGES[peer])}" for peer in PEERS),
        f"- the index takes {build[0]['index_bytes'] / 1e6:,.0f} MB, the same rows as Arrow arrays"
        f" {build[0]['arrow_bytes'] / 1e6:,.0f} MB; it was made of them in"
        f" {statistics.median(line['build_s'] for line in build):.1f} s, their generation included in neither",
        "",
        "Milliseconds, medians; everybody counts the same customers.",
        "",
        "| question | customers | CVM | " + " | ".join(PEERS) + " | best peer ÷ CVM |",
        "|---|---:|---:|" + "---:|" * len(PEERS) + "---:|",
    ]
    for question, text in ASKED.items():
        ours = statistics.median(times[question, "cvm"])
        theirs = [statistics.median(times[question, peer]) for peer in PEERS if times[question, peer]]
        cells = [f"{time:,.1f}" for time in theirs] or [""] * len(PEERS)
        ratio = f"{min(theirs) / ours:.1f}" if theirs else ""
        count = next(iter(counts[question]))
        out.append(f"| {text} | {count:,} | {ours:,.1f} | " + " | ".join(cells) + f" | {ratio} |")
    mark = f"<!-- {customers} {events}: written by run.sh -->"
    text = target.read_text() if target.exists() else ""
    head, _, rest = text.partition(mark)
    _, _, after = rest.partition("<!-- end -->\n")
    target.write_text(head + mark + "\n\n" + "\n".join(out) + "\n\n<!-- end -->\n" + after)


if __name__ == "__main__":
    main()
