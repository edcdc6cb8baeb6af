#!/usr/bin/env bash
# Creates the release of a tag with all its files. It stays a draft until every file is uploaded, so that no incomplete
# release can be installed.
# usage: publish.sh TAG DIST NOTES      NOTES is a file with the text of the release
#   GH_TOKEN     may write the contents of the repository
#   PRERELEASE   true for a version such as 1.0.0-rc.1
set -euo pipefail
tag=${1:?usage: publish.sh TAG DIST NOTES}
dist=${2:?usage: publish.sh TAG DIST NOTES}
notes=${3:?usage: publish.sh TAG DIST NOTES}

flags=()
if [ "${PRERELEASE:-false}" = true ]; then
    flags+=(--prerelease)
fi
gh release create "$tag" --draft --verify-tag --title "$tag" --notes-file "$notes" ${flags[@]+"${flags[@]}"} "$dist"/*
gh release edit "$tag" --draft=false
