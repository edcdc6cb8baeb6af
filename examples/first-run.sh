#!/usr/bin/env bash
# Builds landing as the tests do, and sets up the built-in blueprint `ml-landing-zone` in a simulated AWS, in a folder of its own.
# usage: examples/first-run.sh [DIR]     DIR must not hold a landing.yaml; a new temporary folder unless given
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cargo build --locked --manifest-path "$here/Cargo.toml"
target=$(cargo metadata --format-version 1 --no-deps --manifest-path "$here/Cargo.toml" |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
PATH=$target/debug:$PATH
dir=${1:-$(mktemp -d)}

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

run landing init "$dir" --from ml-landing-zone
run cd "$dir"
# As in AWS, what is done shows only later: a new account is usable after seconds here, after minutes there.
run landing apply --sandbox --yes --lags short
run landing plan --sandbox --detailed-exitcode
