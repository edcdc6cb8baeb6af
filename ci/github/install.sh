#!/usr/bin/env bash
# Installs landing for the steps that follow, of the release that the action itself is from unless another version is asked
# for.
#   INPUT_VERSION       version [default: that of the action]
#   INPUT_ATTESTATION   true: the archive must have an attestation of the repository's release workflow
#   ACTION_REPOSITORY   OWNER/NAME that the action is from; empty where it is used from its own checkout
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=${ACTION_REPOSITORY:-$GITHUB_REPOSITORY}

own_version() {
    awk -F '"' '/^\[/ { section = $0 } section == "[workspace.package]" && /^version = / { print $2 }' "$here/../../Cargo.toml"
}

export LANDING_VERSION=${INPUT_VERSION:-$(own_version)}
export LANDING_RELEASES=${LANDING_RELEASES:-${GITHUB_SERVER_URL:-https://github.com}/$repository/releases}
export LANDING_INSTALL_DIR=$RUNNER_TEMP/landing/bin
if [ "${INPUT_ATTESTATION:-true}" = true ]; then
    export LANDING_VERIFY=$repository
fi
"$here/../install/install.sh"
echo "$LANDING_INSTALL_DIR" >>"$GITHUB_PATH"
