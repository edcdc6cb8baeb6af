#!/usr/bin/env bash
# Builds with the oldest Rust that Cargo.toml promises, `rust-version`.
set -euo pipefail
version=$(cargo metadata --format-version 1 --no-deps --locked |
    jq --raw-output '[.packages[].rust_version] | unique | join(" ")')
rustup toolchain install "$version" --profile minimal --no-self-update
cargo "+$version" check --locked --workspace
