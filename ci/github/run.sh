#!/usr/bin/env bash
# Runs one command of landing for the action: its report goes to the job's summary, and what came of it to the outputs. It
# fails by itself only on wrong inputs; verdict.sh decides once comments, issues and findings are posted.
#   INPUT_COMMAND             plan, drift, lint or validate
#   INPUT_BLUEPRINT           file [default: landing.yaml]
#   INPUT_WORKING_DIRECTORY   folder that the command runs in [default: .]
#   INPUT_ARGUMENTS           further arguments, one on each line
#   INPUT_PLAN_FILE           file that plan saves the plan in
#   INPUT_SARIF               true: drift and lint write SARIF as well
set -euo pipefail
root=$PWD
folder=${INPUT_WORKING_DIRECTORY:-.}
cd "$folder"
out=$(mktemp -d "${RUNNER_TEMP:?}/landing-report.XXXXXX")
report=$out/report.md
sarif=$out/landing.sarif

arguments=()
while IFS= read -r line; do
    [ -z "$line" ] || arguments+=("$line")
done <<<"${INPUT_ARGUMENTS:-}"
if [ -n "${INPUT_PLAN_FILE:-}" ] && [ "$INPUT_COMMAND" = plan ]; then
    arguments+=(--out "$INPUT_PLAN_FILE")
fi
blueprint=()
if [ -n "${INPUT_BLUEPRINT:-}" ]; then
    blueprint=(-- "$INPUT_BLUEPRINT")
fi

# Runs landing with what was asked for, and keeps its exit code in `code`.
code=0
run() {
    code=0
    landing "$@" ${arguments[@]+"${arguments[@]}"} ${blueprint[@]+"${blueprint[@]}"} || code=$?
}

# Code scanning takes paths from the top of the repository.
from_the_top() {
    local prefix=${folder#./}
    prefix=${prefix%/}
    [ "$prefix" != . ] && [ -n "$prefix" ] || return 0
    jq --arg prefix "$prefix/" \
        '(.runs[].results[]?.locations[]?.physicalLocation.artifactLocation.uri) |= $prefix + .' "$sarif" >"$sarif.new"
    mv "$sarif.new" "$sarif"
}

case ${INPUT_COMMAND:?} in
plan)
    run plan --detailed-exitcode --format markdown >"$report"
    ;;
drift)
    run drift --format markdown >"$report"
    if [ "${INPUT_SARIF:-false}" = true ] && { [ $code = 0 ] || [ $code = 2 ]; }; then
        # CloudFormation has just looked for drift.
        first=$code
        run drift --no-detect --no-who --format sarif >"$sarif"
        [ $code = 2 ] || [ $code = 0 ] || rm "$sarif"
        code=$first
    fi
    ;;
lint)
    run lint
    if [ "${INPUT_SARIF:-false}" = true ] && { [ $code = 0 ] || [ $code = 2 ]; }; then
        run lint --format sarif >"$sarif"
    fi
    ;;
validate)
    run validate
    ;;
*)
    echo "::error::command: $INPUT_COMMAND is none of plan, drift, lint, validate, install"
    exit 64
    ;;
esac

cat "$report" >>"$GITHUB_STEP_SUMMARY" 2>/dev/null || true
{
    echo "exit-code=$code"
    [ $code = 2 ] && echo 'differs=true' || echo 'differs=false'
    [ ! -s "$report" ] || echo "report=$report"
    if [ -s "$sarif" ]; then
        from_the_top
        echo "sarif=$sarif"
    fi
    if [ "$INPUT_COMMAND" = plan ] && [ -n "${INPUT_PLAN_FILE:-}" ] && [ -f "$INPUT_PLAN_FILE" ]; then
        sum=$(sha256sum "$INPUT_PLAN_FILE" 2>/dev/null || shasum -a 256 "$INPUT_PLAN_FILE")
        echo "plan-sha256=${sum%% *}"
    fi
} >>"$GITHUB_OUTPUT"
cd "$root"
