#!/usr/bin/env bash
# Checks workflows, the action, the GitLab component, forms, hooks, the Dockerfile and all shell scripts.
# The linters must be on the path: shellcheck, actionlint, and those of lint-requirements.txt beside this file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

shellcheck --external-sources examples/first-run.sh .github/scripts/*.sh ci/*/*.sh
shellcheck --severity warning .ci/run
actionlint .github/workflows/*.yml examples/ci/github.yml
zizmor --offline --persona pedantic --config .github/zizmor.yml .github action.yml
zizmor --offline --config .github/zizmor.yml examples/ci/github.yml
yamllint --strict --config-file .github/yamllint.yml \
    .github action.yml .pre-commit-hooks.yaml ci/gitlab examples/ci
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/ci/github.yml
check-jsonschema --builtin-schema vendor.github-actions action.yml
check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/idea.yml
check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci examples/ci/gitlab.yml
pre-commit validate-manifest .pre-commit-hooks.yaml
hadolint Dockerfile
