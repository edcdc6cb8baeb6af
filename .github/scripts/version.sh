#!/usr/bin/env bash
# Refuses to release what a tag does not name: prints `version=` and `prerelease=` for $GITHUB_OUTPUT.
# usage: version.sh TAG      TAG is v and the version of every package of the workspace
set -euo pipefail
tag=${1:?usage: version.sh TAG}

versions=$(cargo metadata --format-version 1 --no-deps --locked | jq --raw-output '[.packages[].version] | unique | join(" ")')
if [ "v$versions" != "$tag" ]; then
    echo "version.sh: the tag is $tag, and the packages have the version $versions" >&2
    exit 1
fi
if ! grep -qF "## [$versions]" CHANGELOG.md; then
    echo "version.sh: CHANGELOG.md has no section ## [$versions]" >&2
    exit 1
fi
echo "version=$versions"
case $versions in
*-*) echo 'prerelease=true' ;;
*) echo 'prerelease=false' ;;
esac
