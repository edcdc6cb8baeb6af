#!/usr/bin/env bash
# Ends the action with landing's exit code, once everything is posted.
#   CODE               exit code of the command
#   FAIL_ON_FINDINGS   true: 2, that something differs or was found, fails as well
set -euo pipefail
if [ "${CODE:?}" = 2 ] && [ "${FAIL_ON_FINDINGS:-false}" != true ]; then
    exit 0
fi
if [ "$CODE" = 3 ]; then
    echo '::error::landing refuses this; its message and the report say why'
fi
exit "$CODE"
