//! Examples for every command's help. Tests parse all of them and run those that need no AWS account.

/// What it does, and the command.
pub(super) struct Example(pub &'static str, pub &'static str);

pub(super) const INIT: &[Example] = &[
    Example("List the built-in blueprints", "landing init"),
    Example("Start with a small organization", "landing init --from minimal"),
    Example("Write into another folder", "landing init zone --from startup"),
];

pub(super) const VALIDATE: &[Example] = &[
    Example("Check landing.yaml", "landing validate"),
    Example("Check another blueprint", "landing validate zone/landing.yaml"),
    Example("Report errors to a program", "landing validate --format json"),
];

pub(super) const IMPORT: &[Example] = &[
    Example("Write landing.yaml for an existing organization", "landing import --profile management"),
    Example("Import the simulated AWS", "landing import --sandbox --out imported.yaml"),
    Example(
        "Keep the names and comments of Landing Zone Accelerator",
        "landing import --profile management --from lza config --out zone.yaml",
    ),
    Example("Propose a patch for what a blueprint does not have", "landing import --into landing.yaml"),
];

pub(super) const DOCTOR: &[Example] = &[
    Example("Check the credentials of a profile", "landing doctor --profile management"),
    Example("Check the simulated AWS", "landing doctor --sandbox"),
];

pub(super) const PERMISSIONS: &[Example] = &[
    Example("Print the policy for plan and apply", "landing permissions"),
    Example("Print the policy for plan alone", "landing permissions --read-only"),
    Example("Use the role and bucket names of a blueprint", "landing permissions landing.yaml"),
];

pub(super) const PLAN: &[Example] = &[
    Example("Try it without an AWS account", "landing plan --sandbox"),
    Example("Save a plan for apply", "landing plan --profile management --out plan.json"),
    Example("Comment on a pull request", "landing plan --format markdown --detailed-exitcode"),
    Example("Plan one OU and what it needs", "landing plan --target ou/Workloads"),
];

pub(super) const APPLY: &[Example] = &[
    Example("Show the plan, ask, and apply it", "landing apply"),
    Example("Apply a saved plan without a question", "landing apply plan.json --yes"),
    Example("Apply to the simulated AWS", "landing apply --sandbox --yes"),
    Example("Allow deletions too", "landing apply --allow-destroy"),
];

pub(super) const DRIFT: &[Example] = &[
    Example("Exit with 2 where the organization differs", "landing drift"),
    Example("Report to a code host", "landing drift --format sarif"),
    Example("Skip CloudFormation's drift detection", "landing drift --no-detect"),
];

pub(super) const EXPLAIN: &[Example] = &[
    Example("Explain an account", "landing explain account/app"),
    Example("Explain an OU by the blueprint alone", "landing explain ou/Workloads --offline"),
    Example("Explain an account without a blueprint", "landing explain management --live --region eu-west-1"),
];

pub(super) const GRAPH: &[Example] = &[
    Example("Draw the blueprint without AWS", "landing graph --offline --out organization.svg"),
    Example("Write a page that can be searched", "landing graph --out organization.html"),
    Example("Draw the organization as it is", "landing graph --live --region eu-west-1 --format mermaid"),
];

pub(super) const ACCOUNTS: &[Example] = &[
    Example("List the accounts", "landing accounts"),
    Example("Print them as CSV", "landing accounts --format csv"),
    Example("Write AWS CLI profiles", "landing accounts --format aws-config --permission-set read-only"),
];

pub(super) const HISTORY: &[Example] = &[
    Example("List the applies", "landing history"),
    Example("Show one of them", "landing history 1"),
    Example("Keep them as JSON", "landing history --format json"),
];

pub(super) const SNAPSHOT: &[Example] = &[
    Example("Save what a plan reads", "landing snapshot --out snapshot.json"),
    Example("Plan from it without credentials", "landing plan --against snapshot.json"),
];

pub(super) const SIMULATE: &[Example] = &[
    Example("Ask about a role in one OU", "landing simulate --principal role/ci --action s3:PutObject --in Workloads"),
    Example(
        "Evaluate the blueprint alone, without AWS",
        "landing simulate --offline --principal root --action s3:PutObject",
    ),
    Example("Ask about one region", "landing simulate --principal root --action s3:GetObject --region us-west-2"),
];

pub(super) const WHY: &[Example] = &[
    Example("Explain a CloudTrail event", "landing why event.json"),
    Example("Explain an error message from standard input", "landing why -"),
    Example("Use the blueprint alone", "landing why event.json --offline --in app"),
];

pub(super) const REPLAY: &[Example] = &[
    Example("Replay the logs in a folder", "landing replay logs"),
    Example("Report in Markdown", "landing replay logs --format markdown"),
    Example("Show it below a plan", "landing plan --replay logs"),
];

pub(super) const LINT: &[Example] = &[
    Example("Lint all policies of landing.yaml", "landing lint"),
    Example("Lint a folder of policies for a code host", "landing lint policies --format sarif"),
    Example("Lint one RCP", "landing lint --type rcp perimeter.json"),
];

pub(super) const GUARDRAILS: &[Example] = &[
    Example("List all guardrails", "landing guardrails"),
    Example("Explain one", "landing guardrails imdsv2"),
    Example("List those of a level", "landing guardrails mandatory"),
];

pub(super) const RENDER: &[Example] = &[
    Example("Write the templates and policies of landing.yaml", "landing render --out rendered"),
    Example("Write those of another blueprint", "landing render zone/landing.yaml --out rendered"),
];

pub(super) const SANDBOX: &[Example] = &[
    Example("Answer the AWS CLI and boto3 on a port", "landing sandbox serve --port 4599"),
    Example("Show the state of the simulated AWS", "landing sandbox show"),
    Example("Delete it", "landing sandbox reset"),
];

pub(super) const SCHEMA: &[Example] = &[
    Example("Print the schema", "landing schema"),
    Example("Save it for an editor", "landing schema > landing.schema.json"),
    Example("Print the schema of a plan as JSON", "landing schema plan"),
];

pub(super) const COMPLETIONS: &[Example] = &[
    Example("Complete in bash", "landing completions bash > /etc/bash_completion.d/landing"),
    Example("Complete in zsh", "landing completions zsh > ~/.zfunc/_landing"),
];

pub(super) const MAN: &[Example] = &[
    Example("Read the page of plan", "landing man plan | man -l -"),
    Example("Write all pages into a folder", "landing man --out man"),
];
