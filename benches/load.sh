#!/usr/bin/env bash
# How long loading takes beside DuckDB's bare `create table as select * from read_json(...)`, which neither checks,
# drops copies nor mines. Whole processes in turn on one archive; medians, ranges and peak memory.
#
#   benches/load.sh [ENTRIES] [RUNS] [FOLDER]     1,000,000 entries are 1.08 GB
set -euo pipefail
entries=${1:-1000000} runs=${2:-5} folder=${3:-$(mktemp -d)}
gardener=${GARDENER:-${CARGO_TARGET_DIR:-target}/release/gardener}
mkdir -p "$folder"
[ -s "$folder/a.ndjson" ] || "$gardener" sample --entries "$entries" >"$folder/a.ndjson"
[ -s "$folder/a.json" ] || "$gardener" sample --entries "$entries" --layout array >"$folder/a.json"
[ -s "$folder/a.ndjson.gz" ] || gzip -kf -6 "$folder/a.ndjson"
columns="{insertId:'VARCHAR', timestamp:'VARCHAR', receiveTimestamp:'VARCHAR', severity:'VARCHAR', logName:'VARCHAR',
  resource:'JSON', labels:'JSON', textPayload:'VARCHAR', jsonPayload:'JSON', protoPayload:'JSON', httpRequest:'JSON',
  trace:'VARCHAR', spanId:'VARCHAR'}"

# a database to run the bare query in: the same DuckDB
bare() {
  rm -f "$folder"/bare.duckdb*
  "$gardener" sample | "$gardener" load - --db "$folder/bare.duckdb" -q
}
timed() { # NAME COMMAND...
  local name=$1
  shift
  /usr/bin/time -f "$name %e %M" -a -o "$folder/times" "$@" >/dev/null
}
rm -f "$folder/times"
for _ in $(seq "$runs"); do
  for form in newline_delimited:a.ndjson array:a.json; do
    bare
    timed "duckdb:${form#*:}" "$gardener" sql --unsafe --db "$folder/bare.duckdb" \
      "create table t as select * from read_json('$folder/${form#*:}', format = '${form%:*}', columns = $columns)"
  done
  for input in a.ndjson a.json a.ndjson.gz; do
    rm -f "$folder"/g.duckdb*
    timed "$input" "$gardener" load -q --db "$folder/g.duckdb" "$folder/$input"
  done
done
sort -k1,1 -k2,2n "$folder/times" | awk '
  { n[$1]++; seconds[$1, n[$1]] = $2; if ($3 > peak[$1]) peak[$1] = $3 }
  END {
    printf "%-16s %8s %17s %7s %9s\n", "", "median s", "range s", "ratio", "peak MB"
    for (name in n) {
      median = seconds[name, int((n[name] + 1) / 2)]
      other = name ~ /a.json/ ? "duckdb:a.json" : "duckdb:a.ndjson"
      base = seconds[other, int((n[other] + 1) / 2)]
      printf "%-16s %8.2f %8.2f %8.2f %7.2f %9.0f\n", name, median, seconds[name, 1], seconds[name, n[name]], median / base, peak[name] / 1024
    }
  }' | sort
