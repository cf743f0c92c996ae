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

PACKAGES = {"duckdb": "duckdb", "polars": "polars", "clickhouse": "chdb"}


def processor() -> str:
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.processor()


def agree(counted: list[list[int]]) -> None:
    """Everybody counts the same, some of them only the first segments."""
    longest = max(counted, key=len)
    for counts in counted:
        for at, (count, other) in enumerate(zip(counts, longest)):
            if count != other:
                sys.exit(f"segment {at}: not everybody counts the same: {count} and {other}")


def main() -> None:
    lines, target, customers, events = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    built, ours, more = [], collections.defaultdict(list), {}
    theirs, counted = collections.defaultdict(lambda: collections.defaultdict(list)), []
    for line in map(json.loads, open(lines)):
        if "step" in line:
            ours[line["step"], line["segments"]].append(line["ms"])
            if line["more"]:
                more[line["step"]] = line["more"]
            if line["step"] == "fresh" and line["more"]:
                counted.append(line["more"]["counts"])
        elif "way" in line:
            for part, ms in line["parts"].items():
                theirs[line["peer"], line["way"], line["segments"]][part].append(ms)
            counted.append(line["counts"])
        else:
            built.append(line)
    agree(counted)
    middle = statistics.median
    number = len(counted[0])
    fresh, warm = middle(ours["fresh", number]), middle(ours["warm", number])
    rounds = len(built)
    out = [
        f"### {customers:,} customers, {events:,} events",
        "",
        f"- {dt.date.today()}; {rounds} round{'s' if rounds > 1 else ''}; {processor()}, {os.cpu_count()} cores, 2 threads"
        f" for everybody",
        "- " + ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES.values()),
        f"- {number:,} segments select {min(counted[0]):,} to {max(counted[0]):,} customers, the middle one"
        f" {sorted(counted[0])[number // 2]:,}; everybody counts the same",
        f"- the index takes {built[0]['index_bytes'] / 1e6:,.1f} MB and was made in"
        f" {middle(line['build_s'] for line in built):.1f} s; the kept answers of all conditions take"
        f" {more['fresh']['kept_bytes'] / 1e6:,.1f} MB; the texts of the segments were parsed in"
        f" {middle(line['parse_ms'] for line in built):.1f} ms",
        "",
        "Milliseconds, medians. *First*: with everything that must be made for these segments; *again*: what was made is"
        " there, only the counting is left.",
        "",
        "| who, how | segments | features | marks | counting | first | again | first ÷ CVM | again ÷ CVM |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        f"| **CVM** | {number:,} | | | | **{fresh:,.1f}** | **{warm:,.1f}** | | |",
    ]
    best = [float("inf"), float("inf")]
    for (peer, way, many), parts in theirs.items():
        parts = {part: middle(ms) for part, ms in parts.items()}
        first, again = sum(parts.values()), parts["scan"]
        cells = [f"{parts[part]:,.0f}" if part in parts else "" for part in ("features", "marks")]
        if way == "separate, over the events":
            # Nothing is made beforehand: beside CVM asking one by one and keeping nothing.
            alone = middle(ours["one by one, each fresh", many])
            ratios = f"{first / alone:,.1f} (CVM one by one, nothing kept: {alone:,.0f} ms) | "
        else:
            same = [first / middle(ours["fresh", many]), again / middle(ours["warm", many])]
            ratios = f"{same[0]:,.1f} | {same[1]:,.1f}"
            if many == number:
                best = [min(best[0], first), min(best[1], again)]
        out.append(
            f"| {peer}: {way} | {many:,} | {cells[0]} | {cells[1]} | {parts['scan']:,.0f} | {first:,.0f} | {again:,.0f}"
            f" | {ratios} |"
        )
    out += [
        "",
        f"**Best peer ÷ CVM: {best[0] / fresh:.1f} the first time, {best[1] / warm:.1f} again.**",
        "",
        "| CVM, conditions kept | ms |",
        "|---|---:|",
    ]
    for (step, many), ms in ours.items():
        if step == "warm":
            out.append(f"| counts of {many:,} | {middle(ms):,.2f} |")
    for (step, many), ms in ours.items():
        if step in ("overlap", "waterfall", "members"):
            name = {"overlap": "overlap of {}, each with each", "waterfall": "waterfall of {}"}.get(step, "members of {}")
            out.append(f"| {name.format(f'{many:,}')} | {middle(ms):,.1f} |")
    held = more["members"]
    out += [
        "",
        f"The members of all segments as compressed bitmaps: {held['bytes'] / 1e6:,.1f} MB for {held['members']:,}"
        f" memberships, {8 * held['bytes'] / held['members']:.1f} bits each.",
    ]
    mark = f"<!-- {customers} {events}: written by run.sh -->"
    text = target.read_text() if target.exists() else ""
    head, _, rest = text.partition(mark)
    _, _, after = rest.partition("<!-- end -->\n")
    target.write_text(head + mark + "\n\n" + "\n".join(out) + "\n\n<!-- end -->\n" + after)


if __name__ == "__main__":
    main()
