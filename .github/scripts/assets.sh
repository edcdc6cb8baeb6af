#!/usr/bin/env bash
# Writes what a release has beside its archives: the installers, the Homebrew formula, the JSON Schema of blueprints, and
# SHA256SUMS over everything.
# usage: assets.sh VERSION DIST      DIST has the archives of every target, and the SBOM
#   GITHUB_SERVER_URL, GITHUB_REPOSITORY   the repository [default: that of Cargo.toml]
set -euo pipefail
version=${1:?usage: assets.sh VERSION DIST}
dist=${2:?usage: assets.sh VERSION DIST}
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

package=$(cargo metadata --format-version 1 --no-deps --locked --manifest-path "$top/Cargo.toml" |
    jq '.packages[] | select(.name == "landing")')
repository=$(jq --raw-output .repository <<<"$package")
if [ -n "${GITHUB_REPOSITORY:-}" ]; then
    repository=${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY
fi
description=$(jq --raw-output .description <<<"$package")

sha256() {
    sha256sum "$dist/$1" | cut -d ' ' -f 1
}

# A text with @NAME@ replaced; the formula needs the checksum of each archive as well.
filled() {
    local text archive
    text=$(cat "$top/$1")
    text=${text//@REPOSITORY@/"$repository"}
    text=${text//@VERSION@/"$version"}
    text=${text//@DESCRIPTION@/"$description"}
    while [[ $text =~ @SHA256:([a-z0-9_.-]+)@ ]]; do
        archive=${BASH_REMATCH[1]}
        text=${text//@SHA256:$archive@/$(sha256 "$archive")}
    done
    printf '%s\n' "$text"
}

filled ci/install/install.sh >"$dist/install.sh"
filled ci/install/install.ps1 >"$dist/install.ps1"
filled ci/homebrew/landing.rb >"$dist/landing.rb"

linux=landing-$(uname -m)-unknown-linux-musl
tar -xzOf "$dist/$linux.tar.gz" "$linux/landing" >"$dist/landing"
chmod 755 "$dist/landing"
"$dist/landing" schema >"$dist/landing.schema.json"
for output in plan drift replay simulate lint; do
    "$dist/landing" schema "$output" >"$dist/landing-$output.schema.json"
done
rm "$dist/landing"

cd "$dist"
rm -f SHA256SUMS
sha256sum -- * >SHA256SUMS
