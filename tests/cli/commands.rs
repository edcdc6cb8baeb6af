//! Examples of the help, and what each command advises to do next, run as they stand.

use std::process::{Command, Stdio};

use super::{BLUEPRINT, Ended, Folder};

const COMMANDS: [&str; 23] = [
    "init",
    "validate",
    "import",
    "doctor",
    "permissions",
    "plan",
    "apply",
    "drift",
    "explain",
    "graph",
    "accounts",
    "history",
    "snapshot",
    "simulate",
    "why",
    "replay",
    "lint",
    "guardrails",
    "render",
    "sandbox",
    "schema",
    "completions",
    "man",
];

/// Examples that need an AWS account, a terminal, another tool's files or a port, or write outside the folder.
const NOT_RUN: [&str; 7] = ["--profile", "sandbox serve", "--live", "why -", "--from lza", "/etc/", "~/"];

const PEOPLE: &str = "identity:\n  permission_sets: [read-only]\n  assignments: {team: {read-only: [Workloads]}}\n";

/// A denial as CloudTrail records it.
const EVENT: &str = r#"{"eventVersion": "1.08", "eventSource": "s3.amazonaws.com", "eventName": "PutObject",
"awsRegion": "eu-west-1", "recipientAccountId": "222222222222", "errorCode": "AccessDenied",
"errorMessage": "User: arn:aws:sts::222222222222:assumed-role/Deploy/x is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy",
"userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::222222222222:assumed-role/Deploy/x", "accountId": "222222222222",
"sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::222222222222:role/Deploy", "userName": "Deploy"}}},
"eventID": "1", "eventTime": "2026-11-01T00:00:00Z", "requestID": "r"}"#;

impl Folder {
    /// Everything that the examples name.
    fn with_examples() -> Folder {
        let folder = Folder::new("examples");
        folder.write("landing.yaml", &format!("{BLUEPRINT}{PEOPLE}"));
        for inside in ["zone", "policies", "logs"] {
            std::fs::create_dir(folder.0.join(inside)).unwrap();
        }
        folder.write("zone/landing.yaml", BLUEPRINT);
        let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#;
        folder.write("perimeter.json", policy);
        folder.write("policies/perimeter.json", policy);
        folder.write("event.json", EVENT);
        folder.write("logs/events.json", &format!(r#"{{"Records": [{EVENT}]}}"#));
        folder.landing("apply --sandbox --yes").code(0);
        folder.landing("plan --sandbox --out plan.json").code(0);
        folder
    }

    /// Runs a line as a shell does, with the program in its path.
    fn shell(&self, line: &str) -> Ended {
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_landing")).parent().unwrap();
        let path = std::env::join_paths(
            [program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(&self.0).stdin(Stdio::null()).env("PATH", path.unwrap());
        Ended::of(command.output().unwrap())
    }
}

/// The commands below `Examples:`.
fn examples(help: &str) -> Vec<&str> {
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    examples.lines().filter_map(|line| line.strip_prefix("    ")).collect()
}

#[cfg(unix)]
#[test]
fn every_example_that_needs_no_aws_account_works() {
    let folder = Folder::with_examples();
    let live = [
        "import", "plan", "apply", "drift", "explain", "graph", "accounts", "history", "snapshot", "simulate", "why",
        "replay",
    ];
    let empty = Folder::new("init-examples");
    let mut number = 0;
    for command in COMMANDS {
        let place = if command == "init" { &empty } else { &folder };
        let help = folder.landing(&format!("help {command}")).code(0).stdout;
        for example in examples(&help).into_iter().filter(|line| !NOT_RUN.iter().any(|part| line.contains(part))) {
            // One import does not replace the report of another.
            let _ = std::fs::remove_file(place.0.join("import.md"));
            let is_live = live.iter().any(|name| example.starts_with(&format!("landing {name}")));
            let yes = if example.starts_with("landing apply") && !example.contains("--yes") { " --yes" } else { "" };
            let sandbox = if is_live && !example.contains("--sandbox") { " --sandbox" } else { "" };
            let line = example.replace(" | man -l -", "");
            let ended = place.shell(&format!("{line}{sandbox}{yes}"));
            assert!(matches!(ended.code, 0 | 2), "{line}: {}\n{}{}", ended.code, ended.stdout, ended.stderr);
            number += 1;
        }
    }
    assert!(number > 40, "{number}");
}

/// The command after `Next: `.
fn next(stdout: &str) -> Option<&str> {
    stdout.lines().find_map(|line| line.strip_prefix("Next: "))
}

#[cfg(unix)]
#[test]
fn what_each_command_advises_next_works_as_it_stands() {
    let folder = Folder::new("next");
    let mut line = "landing init 'my zone'".to_owned();
    let mut run = Vec::new();
    loop {
        // Nobody is there to be asked.
        let yes = if line.contains("landing apply") { " --yes" } else { "" };
        let stdout = folder.shell(&format!("{line}{yes}")).code(0).stdout;
        run.push(line);
        let Some(next) = next(&stdout) else { break };
        let moved = run.iter().any(|line| line.starts_with("cd ")) && !next.starts_with("cd ");
        line = if moved { format!("cd 'my zone' && {next}") } else { next.to_owned() };
    }
    assert_eq!(
        run,
        [
            "landing init 'my zone'",
            "landing init 'my zone' --from minimal",
            "cd 'my zone' && landing plan --sandbox",
            "cd 'my zone' && landing apply --sandbox",
        ]
    );
    for line in [
        "cd 'my zone' && landing validate",
        "cd 'my zone' && landing import --sandbox --out=-x/new.yaml",
        "cd 'my zone' && landing doctor --sandbox",
    ] {
        let ended = folder.shell(line);
        let next = next(&ended.stdout).unwrap_or_else(|| panic!("{line}: {}{}", ended.stdout, ended.stderr));
        let folder_first = if line.starts_with("cd ") { "cd 'my zone' && " } else { "" };
        let sandbox = if next.contains("--sandbox") { "" } else { " --sandbox" };
        folder.shell(&format!("{folder_first}{next}{sandbox}")).code(0);
    }
}

#[test]
fn manual_pages_are_printed_and_written() {
    let folder = Folder::new("man");
    folder.landing("man plan").code(0).says(".TH landing-plan 1").says(".SH \"EXAMPLES\"");
    folder.landing("man").code(0).says(".TH landing 1").says("landing\\-drift(1)").says(".SH \"EXIT CODES\"");
    folder.landing("man plann").code(64).complains("did you mean `plan`?");
    folder.landing("man --out pages").code(0).complains("wrote pages/landing-sandbox-serve.1");
    let names = ["", "sandbox-serve", "sandbox-show", "sandbox-reset"];
    for name in COMMANDS.iter().copied().chain(names) {
        let page = folder.read(&format!("pages/landing{}{name}.1", if name.is_empty() { "" } else { "-" }));
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}

#[test]
fn a_value_of_the_sandbox_behind_a_space_is_corrected() {
    let folder = Folder::with_blueprint("sandbox-value");
    let advice = "--sandbox=state.json";
    folder.landing("--sandbox state.json plan").code(64).complains(advice);
    folder.landing("plan --sandbox state.json").code(1).complains(advice);
    folder.landing("plan --sandbox=state.json").code(0);
    folder.landing("plan --sandbox state.json").code(1).complains(advice);
    folder.landing("plan --sandbox --out plan.json").code(0);
    folder.landing("apply --sandbox plan.json --yes").code(0);
}

#[test]
fn profiles_endpoints_and_credentials_are_explained_like_the_aws_cli_does() {
    let folder = Folder::with_blueprint("credentials");
    folder.write("config", "[default]\nregion = eu-west-1\n[profile management]\nregion = eu-west-1\n[profile portal]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = Admin\nregion = eu-west-1\n[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n");
    folder.write("credentials", "[old]\naws_access_key_id = A\naws_secret_access_key = B\n");
    let run = |arguments: &str| {
        let mut command = folder.command(arguments);
        command
            .env("AWS_CONFIG_FILE", folder.0.join("config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", folder.0.join("credentials"));
        command.env("HOME", &folder.0).env("AWS_EC2_METADATA_DISABLED", "true");
        let ended = Ended::of(command.output().unwrap());
        let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ended { code: ended.code, stdout: joined(&ended.stdout), stderr: joined(&ended.stderr) }
    };
    let plan = |more: &str| run(&format!("plan --endpoint-url http://127.0.0.1:1 {more}")).code(1);
    plan("--profile managment").complains("`managment` does not exist").complains("did you mean `management`?");
    plan("--profile nope").complains("profiles: default, management, old, portal");
    plan("--profile portal").complains("`aws sso login --profile portal`");
    plan("").complains("no AWS credentials").complains("profiles: default").complains("--sandbox");
    run("plan --endpoint-url localhost").code(64).complains("such as http://localhost:4566");
    let unreachable = plan("--profile old").complains("`landing doctor` tries each service");
    assert!(!unreachable.stderr.contains("sso login"));
    let doctor = run("doctor --profile old --endpoint-url http://127.0.0.1:1").code(1);
    assert!(!doctor.stdout.contains("landing doctor"), "{}", doctor.stdout);
    doctor.says("Not ready");
}
