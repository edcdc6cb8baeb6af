//! `landing why` on an organization and a blueprint, on the sandbox.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::folder::Folder;

const BLUEPRINT: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com', access_role: Access}
guardrails: [region-restriction]
organizational_units:
  Work:
    accounts: [dev, test]
    policies:
      - file: policies/no-queues.json
";

const NO_QUEUES: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "NoQueues", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
  ]
}
"#;

const FORMS: &str = "it reads access-denied messages of AWS";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("why-{name}"));
    folder.write_text("landing.yaml", BLUEPRINT);
    folder.write_text("policies/no-queues.json", NO_QUEUES);
    folder
}

fn applied(name: &str) -> Folder {
    let folder = folder(name);
    let (code, _, stderr) = folder.landing("apply --sandbox --yes -q");
    assert_eq!(code, 0, "{stderr}");
    folder
}

/// An account's or policy's id by its name.
fn id(folder: &Folder, of: &str, name: &str) -> String {
    let state: Value = serde_json::from_str(&folder.read(".landing/sandbox.json")).expect("JSON");
    let all = state["organization"][of].as_object().expect("a map");
    all.iter().find(|(_, it)| it["name"] == name).expect("it is there").0.clone()
}

fn message(account: &str, rest: &str) -> String {
    format!(
        "User: arn:aws:sts::{account}:assumed-role/ci/42 is not authorized to perform: sqs:SendMessage on resource: \
             arn:aws:sqs:eu-west-1:{account}:q {rest}"
    )
}

/// Exit code and both streams of `why` with a text as one argument, or as standard input.
fn why(folder: &Folder, text: &str, flags: &str, piped: bool) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_landing"));
    command.args(["why", if piped { "-" } else { text }]).args(flags.split_whitespace());
    command.current_dir(&folder.0).env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the program runs");
    let mut input = child.stdin.take().expect("it is piped");
    if piped {
        std::io::Write::write_all(&mut input, text.as_bytes()).expect("it is read");
    }
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("an exit code"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_message_is_explained_by_the_organization_and_the_patch_applies_and_lifts_it() {
    let folder = applied("message");
    let (dev, policy) = (id(&folder, "accounts", "dev"), id(&folder, "policies", "no-queues"));
    let arn = format!("arn:aws:organizations::111111111111:policy/o-x/service_control_policy/{policy}");
    let text = message(&dev, &format!("with an explicit deny in a service control policy: {arn}"));
    let wrapped = format!("An error occurred (AccessDenied) when calling the SendMessage operation: {text}");
    let (code, stdout, stderr) = why(&folder, &wrapped, "--sandbox --out exempt.patch", false);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.lines().all(|line| line.chars().count() <= 80 || line.starts_with(['+', '-', ' '])), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "{stdout}");
    let end: Vec<&str> = stdout.trim_end().lines().rev().take(4).collect();
    assert!(
        end[0].contains("policies/no-queues.json:4") && end.iter().any(|line| line.contains("NoQueues")),
        "{stdout}"
    );
    assert!(stdout.contains("opens to this principal"), "{stdout}");
    let patch = folder.read("exempt.patch");
    assert!(stdout.contains(&patch), "{stdout}");

    let applied = Command::new("patch").args(["-p1", "-i", "exempt.patch"]).current_dir(&folder.0).output();
    assert!(applied.expect("there is patch").status.success());
    assert!(folder.read("policies/no-queues.json").contains("arn:aws:iam::${account/dev}:role/ci"));
    assert_eq!(folder.landing("validate").0, 0);
    assert_eq!(folder.landing("apply --sandbox --yes -q").0, 0);
    let (code, stdout, _) = why(&folder, &text, "--sandbox", true);
    assert!(code == 2 && stdout.contains("Unexplained"), "{stdout}");
}

#[test]
fn events_files_and_other_policies_are_explained_in_every_format() {
    let folder = applied("events");
    let dev = id(&folder, "accounts", "dev");
    let event = json!({"eventID": "e-1", "eventSource": "sqs.amazonaws.com", "eventName": "SendMessage", "awsRegion": "ap-south-1",
        "errorCode": "AccessDenied", "errorMessage": "Access denied", "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::{dev}:user/ann"),
            "accountId": dev, "userName": "ann", "principalId": "AIDA"}});
    folder.write("events.json", &json!({"Records": [event]}));
    let found = folder.json("why events.json --sandbox", 0);
    let policies: Vec<&str> =
        found[0]["statements"].as_array().unwrap().iter().filter_map(|it| it["policy"].as_str()).collect();
    assert_eq!(policies, ["scp/guardrails", "scp/no-queues"]);
    assert_eq!((&found[0]["verdict"], &found[0]["account"]["address"]), (&json!("denied"), &json!("account/dev")));
    assert_eq!(found[0]["statements"][0]["guardrails"], json!(["region-restriction"]));
    assert_eq!(found[0]["statements"][0]["source"], "landing.yaml:4");
    assert!(found[0]["exemption"]["patch"].as_str().unwrap().starts_with("--- a/landing.yaml"), "{found}");
    let live = folder.json("why events.json --live --sandbox", 0);
    assert!(live[0]["exemption"].is_null() && live[0]["statements"][0]["source"].is_null());

    let other = message(&dev, "because no identity-based policy allows the sqs:SendMessage action");
    let (code, markdown, _) = why(&folder, &other, "--sandbox --format markdown", true);
    assert!(
        code == 0 && markdown.contains("identity-based policy denied it") && markdown.contains("NoQueues"),
        "{markdown}"
    );
    let outside = message("999999999999", "with an explicit deny in a service control policy");
    let (code, stdout, _) = why(&folder, &outside, "--sandbox", false);
    assert!(code == 2 && stdout.contains("999999999999 is not of this organization"), "{stdout}");
}

#[test]
fn the_blueprint_alone_explains_where_it_is_reported_the_account() {
    let folder = folder("offline");
    let text = message("222222222222", "with an explicit deny in a service control policy");
    let (code, _, stderr) = why(&folder, &text, "--offline", false);
    assert!(code == 64 && stderr.contains("--in ACCOUNT"), "{stderr}");
    let (code, _, stderr) = why(&folder, &text, "--offline --in nobody", false);
    assert!(code == 64 && stderr.contains("no account of the blueprint is called `nobody`"), "{stderr}");
    let (code, stdout, _) = why(&folder, &text, "--offline --in test", false);
    assert!(
        code == 0 && stdout.contains("policies/no-queues.json:4") && stdout.contains("${account/test}"),
        "{stdout}"
    );
}

#[test]
fn what_is_no_denial_is_refused_with_what_is_read() {
    let folder = folder("refused");
    for (text, said) in [
        ("the bucket does not exist", FORMS),
        ("", FORMS),
        (
            "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
            "CloudTrail's event history",
        ),
        (
            "You are not authorized to perform this operation. Encoded authorization failure message: abc-_1",
            "aws sts decode-authorization-message --encoded-message abc-_1",
        ),
    ] {
        let (code, stdout, stderr) = why(&folder, text, "--offline", true);
        let joined = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(code == 64 && stdout.is_empty() && joined.contains(said), "{text}: {stderr}");
    }
    folder.write(
        "fine.json",
        &json!({"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "userIdentity": {"type": "Root"}}),
    );
    let (code, stdout, stderr) = folder.landing("why fine.json --offline");
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("its event was not denied"), "{stderr}");
}
