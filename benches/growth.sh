#!/usr/bin/env bash
# What 1,000 more entries cost in archives of several sizes: `load` and `build` of them, beside the first build of all.
# Whole processes; the median of three, each on a copy of the same database.
#
#   benches/growth.sh [MILLIONS...]     1 4 16 unless told otherwise; 16 million need 30 GB of disk
set -euo pipefail
gardener=${GARDENER:-${CARGO_TARGET_DIR:-target}/release/gardener}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sizes=("$@")
[ $# -gt 0 ] || sizes=(1 4 16)

seconds() { # COMMAND...
  /usr/bin/time -f '%e' -o "$folder/time" "$@" >/dev/null
  cat "$folder/time"
}
printf '%10s %14s %14s %14s %8s\n' entries 'first build s' '1,000 more s' 'of them build' ratio
for millions in "${sizes[@]}"; do
  entries=$((millions * 1000000))
  "$gardener" sample --entries $((entries + 1000)) >"$folder/all.ndjson"
  head -n "$entries" "$folder/all.ndjson" >"$folder/first.ndjson"
  tail -n 1000 "$folder/all.ndjson" >"$folder/more.ndjson"
  rm "$folder/all.ndjson"
  "$gardener" load -q --db "$folder/base.duckdb" "$folder/first.ndjson"
  first=$(seconds "$gardener" build -q --db "$folder/base.duckdb")
  for _ in 1 2 3; do
    cp "$folder/base.duckdb" "$folder/grown.duckdb"
    load=$(seconds "$gardener" load -q --db "$folder/grown.duckdb" "$folder/more.ndjson")
    build=$(seconds "$gardener" build -q --db "$folder/grown.duckdb")
    echo "$load $build" | awk '{ print $1 + $2, $2 }'
    rm -f "$folder"/grown.duckdb*
  done | sort -n | sed -n 2p >"$folder/more"
  read -r more build <"$folder/more"
  awk -v n="$entries" -v first="$first" -v more="$more" -v build="$build" \
    'BEGIN { printf "%10d %14.2f %14.2f %14.2f %8.3f\n", n, first, more, build, more / first }'
  rm -f "$folder"/base.duckdb* "$folder"/*.ndjson
done
