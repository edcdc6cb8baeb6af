#!/usr/bin/env bash
# Commits the formula of a release to a Homebrew tap.
# usage: tap.sh VERSION FORMULA
#   TAP                 OWNER/NAME of the tap's repository
#   TAP_TOKEN           token that may write there
#   GITHUB_SERVER_URL   [default: https://github.com]
set -euo pipefail
version=${1:?usage: tap.sh VERSION FORMULA}
formula=$(realpath "${2:?usage: tap.sh VERSION FORMULA}")
url=${GITHUB_SERVER_URL:-https://github.com}/${TAP:?}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# In the environment, where no list of processes and no file shows it.
basic=$(printf 'x-access-token:%s' "${TAP_TOKEN:?}" | base64 | tr -d '\n')
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$url.extraheader" GIT_CONFIG_VALUE_0="Authorization: Basic $basic"

git clone --quiet --depth 1 "$url" "$work/tap"
cd "$work/tap"
mkdir -p Formula
cp "$formula" Formula/landing.rb
git add Formula/landing.rb
if git diff --cached --quiet; then
    echo 'the tap has this formula already'
    exit 0
fi
git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
    commit --quiet --message "landing $version"
git push --quiet
