#!/bin/sh
# Counts a thousand generated segments with the index and with its peers, turn by turn, and writes the tables of
# segments/RESULTS.md.
#
#   benches/segments/run.sh [CUSTOMERS] [EVENTS] [ROUNDS] [SEGMENTS] [TIMES]      1000000 5000000 3 1000 3 if not said
#
# Needs cargo and python3 with venv. The shop is that of benches/resident, and so are the packages.
set -eu
cd "$(dirname "$0")"
customers=${1:-1000000} events=${2:-5000000} rounds=${3:-3} number=${4:-1000} times=${5:-3}
cache=$PWD/../.cache/resident
folder=$cache/$customers-$events
mkdir -p "$folder"
python=$cache/venv/bin/python
[ -x "$python" ] || python3 -m venv "$cache/venv"
"$cache/venv/bin/pip" install --quiet --requirement ../resident/requirements.txt

cargo build --quiet --release --package cvm-benches --example resident --example segments
programs=$(cargo metadata --format-version 1 --no-deps | "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/examples
[ -f "$folder/events.parquet" ] || "$programs/resident" "$customers" "$events" "$folder"
"$programs/segments" write "$folder" "$number"
lines=$folder/segments.jsonl
rm -f "$lines"
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    "$programs/segments" "$customers" "$events" "$number" >>"$lines"
    for peer in duckdb polars clickhouse; do
        "$python" peers.py "$folder" "$peer" "$number" "$times" >>"$lines"
    done
done
"$python" report.py "$lines" RESULTS.md "$customers" "$events"
