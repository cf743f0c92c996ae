#!/bin/sh
# Measures journeys on a real disk and in PostgreSQL, beside a row for each customer, and writes the tables of
# journeys/RESULTS.md.
#
#   benches/journeys/run.sh [CUSTOMERS] [ROUNDS]      10000000 3 if not said otherwise
#
# In PostgreSQL there are a fifth of the customers. Needs cargo, python3 and PostgreSQL 14 or newer (its programs; a server
# is started for the run and gone afterwards). Ten million customers take about 2 GB of memory, 2 GB of disk below TMPDIR,
# and some minutes a round. TMPDIR must be on a real disk, not in memory.
set -eu
cd "$(dirname "$0")"
customers=${1:-10000000} rounds=${2:-3}
cache=$PWD/../.cache/journeys
mkdir -p "$cache"
if [ "$(df -Pk "${TMPDIR:-/tmp}" | awk 'NR == 2 { print $4 }')" -lt 3000000 ]; then
    echo "less than 3 GB are free in ${TMPDIR:-/tmp}: make room, or set TMPDIR to a folder with more" >&2
    exit 1
fi

cargo build --locked --quiet --release --package cvm-benches --example journey_durable --example journey_postgres
programs=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/examples
lines=$cache/$customers.jsonl
rm -f "$lines"
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    "$programs/journey_durable" "$customers" >>"$lines"
    "$programs/journey_postgres" "$((customers / 5))" >>"$lines"
done
python3 report.py "$lines" RESULTS.md "$customers"
