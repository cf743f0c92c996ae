#!/bin/sh
# Measures the resident index and its peers turn by turn on a generated shop, and writes the tables of resident/RESULTS.md.
#
#   benches/resident/run.sh [CUSTOMERS] [EVENTS] [ROUNDS]      1000000 5000000 3 if not said otherwise
#
# Needs cargo and python3 with venv. Ten million customers with fifty million events take about 12 GB of memory, 2 GB on
# disk and ten minutes a round.
set -eu
cd "$(dirname "$0")"
customers=${1:-1000000} events=${2:-5000000} rounds=${3:-3}
cache=$PWD/../.cache/resident
mkdir -p "$cache/$customers-$events"
python=$cache/venv/bin/python
[ -x "$python" ] || python3 -m venv "$cache/venv"
"$cache/venv/bin/pip" install --quiet --requirement requirements.txt

# A plain release build: what matters here is inside one crate.
cargo build --quiet --release --package cvm-benches --example resident
resident=$(cargo metadata --format-version 1 --no-deps | "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/examples/resident
[ -f "$cache/$customers-$events/questions.json" ] || "$resident" "$customers" "$events" "$cache/$customers-$events"
lines=$cache/$customers-$events/lines.jsonl
rm -f "$lines"
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    "$resident" "$customers" "$events" "" "$cache/$customers-$events/index" >>"$lines"
    for peer in duckdb polars clickhouse datafusion; do
        "$python" peers.py "$cache/$customers-$events" "$peer" memory >>"$lines"
    done
    for peer in duckdb polars clickhouse datafusion tables; do
        "$python" peers.py "$cache/$customers-$events" "$peer" parquet >>"$lines"
    done
done
"$python" report.py "$lines" RESULTS.md "$customers" "$events"
