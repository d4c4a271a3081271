#!/usr/bin/env bash
# `fuzz/run.sh [SECONDS]`: runs each target over its corpus, and then for so many seconds, 60 if nothing is said; as many at
# a time as there are processors. Ends with a table, and fails if a target has found something. ONLY=tls runs that one,
# RUNS=1000 ends each after so many inputs. What is new is forgotten, unless CORPUS names a folder that has, or gets, a
# folder for each target.
set -uo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
target_dir=$(realpath -m "${CARGO_TARGET_DIR:-../target}")/fuzz
logs=$target_dir/logs
host=$(rustc -vV | sed -n 's/^host: //p')
read -ra targets <<<"${ONLY:-$(cargo fuzz list | tr '\n' ' ')}"
mkdir -p "$logs"
cargo fuzz build --sanitizer none --target-dir "$target_dir" >"$logs/build" 2>&1 || { cat "$logs/build"; exit 1; }

# Where libFuzzer puts what is new, and what it has found.
run() {
    local target=$1 kept
    kept=${CORPUS:+$CORPUS/$target}
    kept=${kept:-$logs/new/$target}
    mkdir -p "$kept" "corpus/$target" "artifacts/$target"
    "$target_dir/$host/release/$target" "$kept" "corpus/$target" -artifact_prefix="artifacts/$target/" \
        -runs="${RUNS:--1}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 >"$logs/$target" 2>&1 ||
        touch "$logs/$target.failed"
}

# A line of the table.
line() {
    awk -v target="$1" '
        function edges() { for (i = 1; i < NF; i++) if ($i == "cov:") return $(i + 1) }
        /INITED/ { before = edges() }
        / cov: / { after = edges() }
        /stat::number_of_executed_units/ { count = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        END { printf "%-12s %12d %10d %8d %8d\n", target, count, rate, after, after - before }' "$logs/$1"
}

rm -rf "$logs"/*.failed "$logs/new"
for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    run "$target" &
done
wait

status=0
for target in "${targets[@]}"; do
    [ -e "$logs/$target.failed" ] || continue
    status=1
    printf '\n== %s\n' "$target"
    tail -n 40 "$logs/$target"
done
printf '%-12s %12s %10s %8s %8s\n' target executions 'a second' edges new
for target in "${targets[@]}"; do line "$target"; done
exit "$status"
