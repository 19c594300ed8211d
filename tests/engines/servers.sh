#!/usr/bin/env bash
# Starts the servers that tests of engines need, from Python's packages: Sail with a driver and two workers, and an emulator of
# BigQuery. Says what to export; a server that is up already is left alone. `servers.sh FOLDER` keeps the packages there.
set -euo pipefail

folder="${1:?a folder for the packages}"
mkdir -p "$folder"
is_up() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
await() { for _ in $(seq 100); do is_up "$1" && return; sleep 0.3; done; echo "no server on port $1" >&2; return 1; }
venv() {
  [ -x "$folder/$1/bin/$2" ] && return
  python3 -m venv "$folder/$1"
  "$folder/$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:3}"
}

if ! is_up 32010; then
  venv sail sail pysail==0.7.2
  SAIL_MODE=local-cluster SAIL_CLUSTER__WORKER_INITIAL_COUNT=2 SAIL_CLUSTER__WORKER_MAX_COUNT=2 \
    SAIL_RUNTIME__MEMORY_POOL__TYPE=greedy SAIL_RUNTIME__MEMORY_POOL__GREEDY__MAX_SIZE=6000000000 \
    setsid nohup "$folder/sail/bin/sail" flight server --ip 127.0.0.1 --port 32010 >"$folder/sail.log" 2>&1 </dev/null &
fi
if ! is_up 9050; then
  venv bigquery bqemulator bqemulator==1.4.0 duckdb==1.5.5 duckdb-extension-spatial==1.5.5 numpy
  extensions="$HOME/.duckdb/extensions/v1.5.5/linux_amd64"
  mkdir -p "$extensions"
  find "$folder/bigquery" -name '*.duckdb_extension' -exec cp -n {} "$extensions" \;
  setsid nohup "$folder/bigquery/bin/bqemulator" start --rest-port 9050 --grpc-port 9060 --project test \
    >"$folder/bigquery.log" 2>&1 </dev/null &
fi
await 32010
await 9050
echo "export GARDENER_TEST_SAIL=grpc://127.0.0.1:32010 GARDENER_TEST_BIGQUERY=http://127.0.0.1:9050"
