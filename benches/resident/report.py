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
    scans, first, opened, after = collections.defaultdict(list), collections.defaultdict(list), [], []
    for line in map(json.loads, open(lines)):
        if "scanned" in line:
            scans[line["scanned"]].append((line["ms"], line["bytes"]))
        elif "index_bytes_after" in line:
            after.append(line["index_bytes_after"])
        elif "opened_ms" in line:
            opened.append(line["opened_ms"])
        elif "question" not in line:
            build.append(line)
        else:
            times[line["question"], line.get("peer", "cvm")].append(line["ms"])
            counts[line["question"]].add(line["count"])
            if "first" in line:
                first[line["question"]].append(line["first"])
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
        f"- with the last times of events that these questions made the index keep: {after[0] / 1e6:,.0f} MB",
        "",
        "Milliseconds, medians; everybody counts the same customers. *First* is the very first time, when last times of events are"
        " made that the index keeps from then on. *Scan* is a plain scan of as many bytes of memory as the"
        " question has to look at, each once, by two threads.",
        "",
        "| question | customers | first | CVM | " + " | ".join(PEERS) + " | best peer ÷ CVM | MB | scan | CVM ÷ scan |",
        "|---|---:|---:|---:|" + "---:|" * len(PEERS) + "---:|---:|---:|---:|",
    ]

    def row(question: str, ours: str, peers: list[str]) -> tuple[str, list[str]]:
        own = statistics.median(times[question, ours])
        theirs = [statistics.median(times[question, peer]) for peer in peers if times[question, peer]]
        cells = [f"{time:,.1f}" for time in theirs] or [""] * len(peers)
        ratio = f"{min(theirs) / own:.1f}" if theirs else ""
        count = next(iter(counts[question]))
        begun = (f"{statistics.median(first[question]):,.1f} | " if first[question] else " | ") if ours == "cvm" else ""
        return f"| {ASKED[question]} | {count:,} | {begun}{own:,.1f} | " + " | ".join(cells), [ratio]

    for question in ASKED:
        text, cells = row(question, "cvm", list(PEERS))
        if scans[question]:
            scan = statistics.median(ms for ms, _ in scans[question])
            ours = statistics.median(times[question, "cvm"])
            cells += [f"{scans[question][0][1] / 1e6:,.0f}", f"{scan:,.1f}", f"{ours / scan:.1f}"]
        else:
            cells += [""] * 3
        out.append(f"{text} | " + " | ".join(cells) + " |")
    files = [f"{peer} from files" for peer in PEERS]
    out += [
        "",
        f"From files: the index was saved and opened again in {statistics.median(opened):,.0f} ms, its files are mapped and in the"
        " page cache; the others read Parquet, one file for each kind of event. *CVM's SQL* is CVM without an index: what it"
        " sends to DataFusion, on the one file with all events.",
        "",
        "| question | customers | CVM, mapped | " + " | ".join(PEERS) + " | best peer ÷ CVM | CVM's SQL |",
        "|---|---:|---:|" + "---:|" * len(PEERS) + "---:|---:|",
    ]
    for question in ASKED:
        if times[question, "mapped"]:
            text, cells = row(question, "mapped", files)
            cells.append(f"{statistics.median(times[question, 'tables from files']):,.1f}")
            out.append(f"{text} | " + " | ".join(cells) + " |")
    mark = f"<!-- {customers} {events}: written by run.sh -->"
    text = target.read_text() if target.exists() else ""
    head, _, rest = text.partition(mark)
    _, _, after = rest.partition("<!-- end -->\n")
    target.write_text(head + mark + "\n\n" + "\n".join(out) + "\n\n<!-- end -->\n" + after)


if __name__ == "__main__":
    main()
