#!/usr/bin/env bash
# Shows a report in one comment of a pull request, which every later run updates.
#   GH_TOKEN            may write pull requests
#   GITHUB_REPOSITORY   OWNER/NAME
#   PULL_REQUEST        number
#   MARK                HTML comment by which the comment is found again
#   REPORT              file
set -euo pipefail
# shellcheck source=ci/github/post.sh
source "$(dirname "${BASH_SOURCE[0]}")/post.sh"

text=$(mktemp)
trap 'rm -f "$text"' EXIT
body "$REPORT" >"$text"
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
id=$(gh api --paginate "$comments?per_page=100" | own id)
if [ -n "$id" ]; then
    url=$(gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$text" --jq .html_url)
else
    url=$(gh api --method POST "$comments" --field "body=@$text" --jq .html_url)
fi
echo "url=$url" >>"$GITHUB_OUTPUT"
