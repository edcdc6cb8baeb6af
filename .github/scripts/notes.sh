#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a version, for the page of its release.
# usage: notes.sh VERSION
set -euo pipefail
awk -v heading="## [${1:?usage: notes.sh VERSION}]" '
    index($0, heading) == 1 { inside = 1; next }
    /^## / { inside = 0 }
    inside' CHANGELOG.md
