#!/bin/sh
# Measures CVM and its peers turn by turn and writes the table of RESULTS.md.
#
#   benches/run.sh [ROUNDS]        5 rounds if not said otherwise, about two minutes each
#
# Needs cargo, node with npm, python3 with venv. The peers come from npm and PyPI, in the versions of peers/, and stay
# with everything else in benches/.cache. The corpus of predicates is looked for in the folder that CVM_SHARED names, or
# beside the checkout.
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
rm -rf "$cache/inputs" "$cache/optimised" "$cache/quality.json"
cargo run --quiet --release --package cvm-benches --example peer_inputs -- "$cache/inputs"
python3 peers/redundant.py 240 >"$cache/inputs/redundant.sql"
corpus=${CVM_SHARED:-../../shared}/cases/fold.jsonl
if [ -f "$corpus" ]; then
    python3 peers/corpus.py "$corpus" >"$cache/inputs/fold.sql"
else
    echo "SKIPPED: $corpus is not here; set CVM_SHARED to the folder that holds cases/" >&2
    corpus=
fi
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
    "$cache/plain/bin/python" peers/sqlglot_optimize.py "$cache/inputs" sqlglot "$cache/optimised" \
        >"$cache/plain_optimize.json"
    "$cache/compiled/bin/python" peers/sqlglot_optimize.py "$cache/inputs" sqlglot_c >"$cache/compiled_optimize.json"
    "$cache/plain/bin/python" peers/datafusion_optimize.py "$cache/inputs" "$cache/optimised" \
        >"$cache/datafusion_optimize.json"
    python3 report/collect.py "$cache"
done

# 3. What the optimisers left, and the tables.
cargo run --quiet --release --package cvm-benches --example optimized -- "$cache/optimised/cvm"
"$cache/plain/bin/python" report/quality.py "$cache" ${corpus:+"$corpus"}
python3 report/write.py "$cache" RESULTS.md
