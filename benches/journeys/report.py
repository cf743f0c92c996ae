"""The tables of RESULTS.md from the lines that the programs printed.

python report.py LINES RESULTS.md CUSTOMERS
"""

import collections
import datetime as dt
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

MARK, END = "<!-- written by run.sh -->", "<!-- end -->"
MILLION = 1_000_000
KEYS = {"walk": ("batch", "phase"), "events": ("batch", "together"), "size": ("when",), "disk": ("before",)}
middle = statistics.median


def spread(values: list[float], digits: int = 2) -> str:
    """The median, with the least and the most where there are several."""
    text = f"{middle(values):,.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def rates(lines: list[dict], what: str, unit: float = MILLION, without: bool = False) -> list[float]:
    """So many a second: by the clock on the wall, or without the time that the world took."""
    return [line[what] / (line["wall_s"] - (line["world_s"] if without else 0)) / unit for line in lines]


def row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def heads(first: str, *others: str) -> list[str]:
    return [row(first, *others), "|---|" + "---:|" * len(others)]


def targets(found: dict) -> list[str]:
    out = heads("target", "measured", "")

    def add(target: str, values: list[float], enough: bool, unit: str, digits: int = 2) -> None:
        out.append(row(target, f"{spread(values, digits)} {unit}", "met" if enough else "**not met**"))

    for phase, name in (("all", "all phases"), ("enrol", "entering alone")):
        batches = [(rates(lines, "steps"), key[0]) for key, lines in found["walk"].items() if key[1] == phase]
        rate, batch = max(batches, key=lambda one: middle(one[0]))
        add(f"10 M durable steps/s on one core: {name}, {batch:,} at once", rate, middle(rate) >= 10, "M/s")
    for (each, _), lines in found["events"].items():
        if each > 1:
            rate = rates(lines, "things")
            add(f"1 M events/s on one core: {each:,} at once", rate, middle(rate) >= 1, "M/s")
    for (when,), lines in found["size"].items():
        each = lines[0]["bytes"] / lines[0]["waiting"]
        add(f"24 bytes for each who waits: {when}", [each], each <= 24, "bytes", 1)
    lines = found["restart"][None,]
    again, waiting = [line["restart_s"] for line in lines], lines[0]["waiting"]
    if waiting >= 10 * MILLION:
        add("restart with 10 M who wait in less than 10 s", again, middle(again) < 10, "s")
    else:
        out.append(row("restart with 10 M who wait in less than 10 s", "", "not tried with so many"))
    for (batch,), lines in found["ours"].items():
        rate = rates(lines, "steps", 1e3)
        add(f"50 k steps/s in PostgreSQL: {batch:,} at once", rate, middle(rate) >= 50, "k/s", 0)
    return out


def on_disk(found: dict) -> list[str]:
    out = heads("at once, phase", "steps", "M steps/s", "without the world", "M entries or messages/s", "s",
                "of it world", "of it syncs", "syncs", "log, MB")  # fmt: skip
    for (batch, phase), lines in found["walk"].items():
        one, things = lines[0], "" if phase in ("ticks", "all") else spread(rates(lines, "things"))
        seconds, world, syncs = ([line[what] for line in lines] for what in ("wall_s", "world_s", "sync_s"))
        out.append(row(f"{batch:,}, {phase}", f"{one['steps']:,}", spread(rates(lines, "steps")),
                       spread(rates(lines, "steps", without=True)), things, spread(seconds), f"{middle(world):.2f}",
                       f"{middle(syncs):.2f}", f"{one['syncs']:,}", f"{one['log_bytes'] / 1e6:,.1f}"))  # fmt: skip
    out += ["", *heads("events", "in a command", "commands in a sync", "events/s", "without the world", "syncs",
                       "bytes of log each")]  # fmt: skip
    for (each, together), lines in found["events"].items():
        one = lines[0]
        out.append(row(f"{one['things']:,}", f"{each:,}", f"{together:,}", spread(rates(lines, "things", 1), 0),
                       spread(rates(lines, "things", 1, True), 0), f"{one['syncs']:,}",
                       f"{one['log_bytes'] / one['things']:.1f}"))  # fmt: skip
    out += ["", *heads("memory, without keys", "wait", "MB", "bytes for each who waits")]
    for (when,), (one, *_) in found["size"].items():
        size, waiting = one["bytes"], one["waiting"]
        out.append(row(when, f"{waiting:,}", f"{size / 1e6:,.1f}", f"{size / waiting:.1f}"))
    lines = found["restart"][None,]
    one = lines[0]
    snapshot, people = one["snapshot_bytes"], one["people_bytes"]
    seconds = lambda what: spread([line[what] for line in lines])
    replayed = f"{one['replayed']} records with {one['things_replayed']:,} messages after it"
    return out + [
        "",
        *heads(f"with {one['waiting']:,} who wait, of {one['customers']:,} customers", "s", "MB"),
        row("snapshot", seconds("snapshot_s"), f"{snapshot / 1e6:,.1f}"),
        row("snapshot, and who is where as Arrow files", seconds("with_people_s"), f"{(snapshot + people) / 1e6:,.1f}"),
        row(f"restart: the first snapshot, and {replayed}", seconds("restart_s"), ""),
        "",
        "After the restart the state has the same hash as before.",
    ]


def in_postgres(found: dict) -> list[str]:
    out = heads("how", "at once", "customers", "k steps/s, both workers", "commits/s", "rows written/s", "s",
                "bytes of WAL a step")  # fmt: skip
    for how, measured in (("CVM, 8 partitions", found["ours"]), ("a row for each customer", found["rows"])):
        for (batch,), lines in measured.items():
            one, per = lines[0], lambda what: f"{middle(rates(lines, what, 1)):,.0f}"
            wal = middle(line["wal_bytes"] for line in lines) / one["steps"]
            out.append(row(how, f"{batch:,}", f"{one['customers']:,}", spread(rates(lines, "steps", 1e3), 1),
                           per("commits"), per("rows"), spread([line["wall_s"] for line in lines]),
                           f"{wal:,.1f}"))  # fmt: skip
    out.append("")
    rows = {batch: middle(rates(lines, "steps")) for (batch,), lines in found["rows"].items()}
    best = max(rows, key=rows.__getitem__)
    for (batch,), lines in found["ours"].items():
        own = middle(rates(lines, "steps"))
        beside = "; ".join(f"{own / rows[other]:,.1f} × rows with {other:,} at once" for other in rows)
        world = middle(line["world_s"] / line["wall_s"] / 2 for line in lines)
        out.append(f"- **CVM with {batch:,} at once ÷ the best of rows ({best:,} at once): {own / rows[best]:,.1f}.**"
                   f" It is {beside}. {100 * world:.0f} % of the workers' time is the world's.")  # fmt: skip
    return out


def main() -> None:
    source, target, customers = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in map(json.loads, open(source)):
        found[line["kind"]][tuple(line.get(name) for name in KEYS.get(line["kind"], ("batch",)))].append(line)
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    server, rounds = found["server"][None,][0], len(found["restart"][None,])
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    synced = " and ".join(
        f"{spread([disk['median_us'] for disk in disks], 0)} µs before {'the disk' if before == 'durable' else 'PostgreSQL'}"
        for (before,), disks in found["disk"].items()
    )
    out = [
        f"- {dt.date.today()}; {rounds} round{'s' if rounds > 1 else ''}; {names[0] if names else platform.processor()},"
        f" {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        f"- rustc {rust}, PostgreSQL {server['version'].split()[0]} ({', '.join(server['settings'])})",
        f"- a sync of 4 KB (`fdatasync`, the median of 200) took {synced} was measured",
        "",
        "Medians; in brackets the least and the most. M is a million.",
        *["", "### Targets", "", *targets(found)],
        *["", f"### On a disk: {customers:,} customers, one thread", "", *on_disk(found)],
        *["", "### In PostgreSQL: two workers on one server", "", *in_postgres(found)],
    ]
    head, _, rest = target.read_text().partition(MARK)
    target.write_text(f"{head}{MARK}\n\n" + "\n".join(out) + f"\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
