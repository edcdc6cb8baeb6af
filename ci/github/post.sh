# Shared by comment.sh and issue.sh: what is posted, and which post is the action's own.
# shellcheck shell=bash

# GitHub takes 65,536 characters. Bytes are counted, of which there are never fewer.
LIMIT=65000

# The mark, and the report as far as it fits.
body() {
    local file=$1
    printf '%s\n' "$MARK"
    if [ "$(wc -c <"$file")" -le $LIMIT ]; then
        cat "$file"
    else
        # Not half a line, nor half a character.
        head -c $LIMIT "$file" | sed '$d'
        printf '\n…\n\nThe whole report is in the summary of the [run](%s).\n' "$RUN_URL"
    fi
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
