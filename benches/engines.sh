#!/usr/bin/env bash
# How counting in place grows: DuckDB, and Sail with one and with two workers, on archives of 1, 2, 4 and 8 million entries.
# usage: benches/engines.sh SAIL [MILLIONS...], SAIL being the program `sail`; gardener has to be built with `--features sail`.
set -euo pipefail
cd "$(dirname "$0")/.."

sail="$1"; shift
gardener="${CARGO_TARGET_DIR:-target}/release/gardener"
folder=$(mktemp -d)
trap 'stop; rm -rf "$folder"' EXIT
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; }; server=; }
peak() { awk '/VmHWM/ {printf "%d", $2 / 1024}' "/proc/$1/status"; }

printf '| entries | MB | engine | s | of them queries | MB moved | peak MB of the engine |\n|---|---|---|---|---|---|---|\n'
for millions in "${@:-1 2 4 8}"; do
  for count in $millions; do
    # files of a million entries each, as a sink writes many
    entries="$folder/entries"
    mkdir "$entries"
    "$gardener" sample --entries $((count * 1000000)) --days "$count" | split -l 1000000 --additional-suffix=.ndjson - "$entries/"
    size=$(($(cat "$entries"/* | wc -c) / 1000000))
    row() {
      local name="$1"; shift
      rm -f "$folder/db"*
      local start end said
      start=$(date +%s.%N)
      said=$(/usr/bin/env "$gardener" build --db "$folder/db" "$@" --source "$entries" 2>&1) || { echo "| ${count} M | $size | $name | failed: ${said//$'\n'/ } |"; return; }
      end=$(date +%s.%N)
      printf '| %s M | %s | %s | %.1f | %s | %s | %s |\n' "$count" "$size" "$name" "$(echo "$end - $start" | bc)" \
        "$(sed -n 's/.* moved, \([0-9.]*\) s$/\1/p' <<<"$said")" "$(sed -n 's/.*; \([0-9.]*\) MB moved.*/\1/p' <<<"$said")" \
        "${server:+$(peak "$server")}"
    }
    row duckdb --engine duckdb
    for workers in 1 2; do
      SAIL_MODE=local-cluster SAIL_CLUSTER__WORKER_INITIAL_COUNT=$workers SAIL_CLUSTER__WORKER_MAX_COUNT=$workers \
        SAIL_RUNTIME__MEMORY_POOL__TYPE=greedy SAIL_RUNTIME__MEMORY_POOL__GREEDY__MAX_SIZE=8000000000 \
        "$sail" flight server --ip 127.0.0.1 --port 32019 >"$folder/sail.log" 2>&1 &
      server=$!
      until (exec 3<>/dev/tcp/127.0.0.1/32019) 2>/dev/null; do sleep 0.2; done
      row "Sail, workers: $workers" --engine sail --url grpc://127.0.0.1:32019
      stop
    done
    rm -r "$entries"
  done
done
