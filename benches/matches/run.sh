#!/bin/sh
# Measures the matcher and engines that judge one customer at a time turn by turn, and writes matches/RESULTS.md.
#
#   benches/matches/run.sh [ROUNDS]      7 if not said otherwise
#
# Needs cargo and python3.
set -eu
cd "$(dirname "$0")"
rounds=${1:-7}
cache=$PWD/../.cache/matches
mkdir -p "$cache"
cargo build --quiet --release --locked
matches=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/matches
"$matches" "$rounds" 200 >"$cache/lines.jsonl"
"$matches" "$rounds" 10000 >>"$cache/lines.jsonl"
python3 report.py "$cache/lines.jsonl" RESULTS.md
