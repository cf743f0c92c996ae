#!/bin/sh
# Measures CVM and its peers turn by turn and writes the table of RESULTS.md.
#
#   benches/run.sh [ROUNDS]        5 rounds if not said otherwise, about a minute each
#
# Needs cargo, node with npm, python3 with venv. The peers come from npm and PyPI, in the versions of peers/, and stay
# with everything else in benches/.cache.
set -eu
cd "$(dirname "$0")"
rounds=${1:-5}
cache=$PWD/.cache
mkdir -p "$cache"

# 1. The peers, and what they read.
cp peers/package.json peers/package-lock.json peers/.npmrc peers/*.mjs "$cache/"
(cd "$cache" && npm ci --silent --no-audit --no-fund)
for kind in plain compiled; do
    [ -x "$cache/$kind/bin/python" ] || python3 -m venv "$cache/$kind"
done
"$cache/plain/bin/pip" install --quiet --requirement peers/requirements.txt
"$cache/compiled/bin/pip" install --quiet --requirement peers/requirements-compiled.txt
cargo run --quiet --release --package cvm-benches --example peer_inputs -- "$cache/inputs"
cargo bench --quiet --package cvm-benches --no-run

# 2. Turn by turn, so that what else the machine does meets all of them alike. Samples are many and shorter than the
# slices of time that a busy system gives out: most of them are then measured without an interruption.
rm -rf "$cache/criterion" "$cache/rounds.jsonl"
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    CRITERION_HOME=$cache/criterion cargo bench --quiet --package cvm-benches --bench filters -- \
        --noplot --quiet --warm-up-time 0.3 --measurement-time 0.8 --sample-size 400 --nresamples 1000 >/dev/null
    node "$cache/format_query.mjs" "$cache/inputs/filter.json" >"$cache/node.json"
    "$cache/plain/bin/python" peers/sqlglot_bench.py "$cache/inputs/statement.sql" sqlglot >"$cache/plain.json"
    "$cache/compiled/bin/python" peers/sqlglot_bench.py "$cache/inputs/statement.sql" sqlglot_c >"$cache/compiled.json"
    python3 report/collect.py "$cache"
done

# 3. The table.
python3 report/write.py "$cache" RESULTS.md
