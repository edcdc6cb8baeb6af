# Shared by comment.sh and issue.sh: what is posted, and which post is the action's own.
# shellcheck shell=bash

# The mark, and the report, which is never longer than GitHub takes.
body() {
    printf '%s\n' "$MARK"
    cat "$1"
}

# The number or id of the first post that begins with the mark, of those on standard input, one JSON array a page. Anyone can
# write a mark, so that posts of people without write access are left alone.
own() {
    jq --raw-output --slurp --arg mark "$MARK" --arg key "$1" '
        [.[][]
         | select((.body // "") | startswith($mark))
         | select(.user.type == "Bot" or (.author_association | IN("OWNER", "MEMBER", "COLLABORATOR")))
         | .[$key]] | first // empty'
}
