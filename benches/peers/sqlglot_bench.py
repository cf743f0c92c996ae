"""sqlglot on the statement that CVM makes of the filter. Prints one JSON object: nanoseconds per call, by name."""

import json
import sys
from pathlib import Path
from statistics import median
from time import perf_counter_ns, thread_time_ns
from typing import Callable

import sqlglot

SAMPLES = 100
SAMPLE_NS = 5e6
WARM_UP_NS = 500e6


def per_call(run: Callable[[], object]) -> float:
    """The median of samples after a warm-up; the garbage collector stays on, as in real use.

    One call takes longer than the slices of time that a busy system gives out, so it is the thread's own time that
    counts: interruptions by others would be held against sqlglot.
    """
    start, calls = perf_counter_ns(), 0
    while perf_counter_ns() - start < WARM_UP_NS:
        run()
        calls += 1
    batch = max(1, round(calls * SAMPLE_NS / WARM_UP_NS))
    samples = []
    for _ in range(SAMPLES):
        start = thread_time_ns()
        for _ in range(batch):
            run()
        samples.append((thread_time_ns() - start) / batch)
    return median(samples)


def main() -> None:
    statement, name = Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]
    tree = sqlglot.parse_one(statement, read="postgres")
    times = {
        "parse": per_call(lambda: sqlglot.parse_one(statement, read="postgres")),
        "generate": per_call(lambda: tree.sql("postgres")),
        "parse_and_generate": per_call(lambda: sqlglot.transpile(statement, read="postgres", write="postgres")),
        "transpile": per_call(lambda: sqlglot.transpile(statement, read="postgres", write="duckdb")),
    }
    print(json.dumps({f"{name}/{what}": time for what, time in times.items()}))


main()
