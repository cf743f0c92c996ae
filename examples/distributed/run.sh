#!/bin/sh
# The same segments on this machine and on a Ballista cluster of a scheduler and two executors:
#
#     sh examples/distributed/run.sh [CUSTOMERS] [EVENTS]
#
# PROFILE=release builds slowly and answers faster.
set -eu
manifest=$(cd "$(dirname "$0")" && pwd)/Cargo.toml
profile=${PROFILE:-dev}
# Not --locked: what the crates of this repository need anew is added to the lock, everything else stays as it is there.
cargo build --profile "$profile" --manifest-path "$manifest"
target=$(cargo metadata --no-deps --format-version 1 --manifest-path "$manifest" |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
[ "$profile" = dev ] && profile=debug
program=$target/$profile/cvm-distributed

folder=$(mktemp -d)
processes=
stop() {
    status=$?
    trap - EXIT INT TERM
    if [ "$status" != 0 ]; then
        for log in "$folder"/*.log; do
            [ -s "$log" ] && echo "--- $(basename "$log")" && tail -n 20 "$log"
        done
    fi
    # The executors first: they take leave of the scheduler. Whoever does not go within ten seconds is ended.
    (sleep 10 && kill -9 $processes) >/dev/null 2>&1 &
    watch=$!
    for process in $processes; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    kill "$watch" 2>/dev/null || true
    rm -rf "$folder"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

"$program" shop "$folder" "${1:-20000}" "${2:-200000}"
"$program" scheduler "$folder" 2>"$folder/scheduler.log" &
processes=$!
for number in 1 2; do
    "$program" executor "$folder" "$number" 2>"$folder/executor-$number.log" &
    processes="$! $processes"
done
# In the background too: a shell that waits can be stopped.
"$program" ask "$folder" &
asking=$!
processes="$asking $processes"
wait "$asking"
