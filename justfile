# `just` lists what there is; the recipes are short enough to type without it.

# DuckDB is compiled once for all checkouts
export CARGO_TARGET_DIR := env("CARGO_TARGET_DIR", env("XDG_CACHE_HOME", home_directory() / ".cache") / "log-gardener/target")

[private]
default:
    @just --list --unsorted

# Types alone, without compiling DuckDB
check *FLAGS:
    CC="$PWD/.ci/no-compiler" CXX="$PWD/.ci/no-compiler" cargo check --all-targets --target-dir "$CARGO_TARGET_DIR/check" {{ FLAGS }}

# The program as it is released
build *FLAGS:
    cargo build --release {{ FLAGS }}

# Tests whose name holds FILTER, built for a short wait
quick *FILTER:
    cargo quick --lib --test it -- {{ FILTER }}

# All tests, optimised as released
test *FILTER:
    cargo test --release {{ FILTER }}

# One case: a file of tests/cases, NAME without its ending, or MODEL/NAME
case NAME:
    @ls tests/cases/*/{{ NAME }}.*
    {{ if NAME =~ '/' { "CASE='" + NAME + "' cargo quick --test it models_answer" } else { "INSTA_GLOB_FILTER='" + NAME + ".*' cargo quick --test it read_as_the_cases_show" } }}

# Accept what tests whose name holds FILTER print now, and show the difference
snapshots *FILTER:
    INSTA_UPDATE=always cargo quick --test it -- {{ FILTER }}
    git diff --stat -- tests

# Format, Clippy, spelling, licences, SQL
lint:
    cargo fmt --check
    cargo clippy --release --config .cargo/quick.toml --all-targets -- -D warnings
    .ci/lints

# How fast messages are mined and files are loaded, and what more entries cost
bench:
    cargo bench --bench mine
    benches/load.sh
    benches/growth.sh 1 4

# The worklogs of the sample archive, into worklogs/
worklog:
    cargo run --release -- run data/sample.ndjson --config data/gardener.toml

# Feed made-up input to a reader: json or traces
fuzz TARGET SECONDS="300":
    fuzz/run {{ TARGET }} -max_total_time={{ SECONDS }}

# All that has to pass before a change lands
ci:
    .ci/run
