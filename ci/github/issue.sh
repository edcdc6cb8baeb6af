#!/usr/bin/env bash
# Keeps one issue about drift: opens or updates it where something differs, and closes it once nothing does.
#   GH_TOKEN            may write issues
#   GITHUB_REPOSITORY   OWNER/NAME
#   DIFFERS             true or false
#   LABEL, TITLE        of a new issue
#   MARK                HTML comment by which the issue is found again
#   REPORT              file
#   RUN_URL             page of this run
set -euo pipefail
# shellcheck source=ci/github/post.sh
source "$(dirname "${BASH_SOURCE[0]}")/post.sh"

text=$(mktemp)
trap 'rm -f "$text"' EXIT
body "$REPORT" >"$text"
issues=repos/$GITHUB_REPOSITORY/issues
number=$(gh api --paginate --method GET "$issues" --raw-field "labels=$LABEL" --raw-field state=open \
    --raw-field per_page=100 | own number)

if [ "$DIFFERS" = true ] && [ -n "$number" ]; then
    url=$(gh api --method PATCH "$issues/$number" --field "body=@$text" --jq .html_url)
elif [ "$DIFFERS" = true ]; then
    url=$(gh api --method POST "$issues" --raw-field "title=$TITLE" --raw-field "labels[]=$LABEL" \
        --field "body=@$text" --jq .html_url)
elif [ -n "$number" ]; then
    gh api --method POST "$issues/$number/comments" --raw-field "body=Nothing differs any more: $RUN_URL" --silent
    url=$(gh api --method PATCH "$issues/$number" --raw-field state=closed --jq .html_url)
else
    exit 0
fi
echo "url=$url" >>"$GITHUB_OUTPUT"
