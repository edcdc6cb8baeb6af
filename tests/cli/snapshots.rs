//! Looking at a snapshot in place of AWS.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::{BLUEPRINT, Ended, Folder};

/// People, a contact, a stack in every account and one in the management account.
const MORE: &str = r#"
identity:
  permission_sets: {admin: {managed_policies: [AdministratorAccess]}}
  assignments: {team: {admin: [Workloads]}}
stacks:
  topic: {template: topic.yaml, in: [management]}
"#;

const TOPIC: &str = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: alarms}}}\n";

impl Folder {
    /// A folder with a blueprint that has been applied.
    fn with_more(name: &str) -> Folder {
        let folder = Folder::new(name);
        folder.write("topic.yaml", TOPIC);
        folder.write("landing.yaml", &format!("{BLUEPRINT}{MORE}"));
        folder.landing("apply --sandbox=state.json --yes").code(0);
        folder
    }

    /// Without a simulated AWS and without credentials: anyone who connects would fail.
    fn offline(&self, arguments: &str) -> Ended {
        let mut command = self.command(arguments);
        command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("HOME", &self.0).env("AWS_MAX_ATTEMPTS", "1");
        Ended::of(command.output().unwrap())
    }
}

/// A plan without what says how it was made.
fn essence(mut plan: Value) -> Value {
    for member in ["api_calls", "against"] {
        plan.as_object_mut().unwrap().remove(member);
    }
    plan
}

#[test]
fn a_plan_against_a_snapshot_is_the_plan_that_aws_gives() {
    let folder = Folder::with_more("against");
    let changed = format!("{BLUEPRINT}{MORE}").replace("accounts: [app]", "accounts: [app, web]");
    folder.write("changed.yaml", &changed.replace("LeaveOrganization", "ListRoots").replace("[Workloads]", "[root]"));
    let taken = folder.landing("snapshot --sandbox=state.json --out facts.json").code(0);
    assert!(taken.stdout.is_empty(), "{}", taken.stdout);
    taken.complains("Snapshot: facts.json of organization o-").complains("landing plan --against facts.json");
    for blueprint in ["landing.yaml", "changed.yaml"] {
        for flags in ["", "--deep"] {
            let live = folder.landing(&format!("plan {blueprint} {flags} --sandbox=state.json --format json")).code(0);
            let against = folder.offline(&format!("plan {blueprint} {flags} --against facts.json --format json"));
            let against = against.code(0).json();
            assert_eq!(against["against"]["not_known"], json!([]), "{blueprint}");
            assert_eq!(against["api_calls"]["total"], 0);
            assert_eq!(essence(against), essence(live.json()), "{blueprint} {flags}");
        }
    }
    folder.offline("plan --against facts.json --detailed-exitcode").code(0).says("Against the snapshot of");
    folder.offline("drift --against facts.json").code(0).says("No drift").says("Against the snapshot of");
    let changed = folder.offline("drift changed.yaml --against facts.json").code(2);
    assert!(!changed.stdout.contains("Next:"), "{}", changed.stdout);
    let markdown = folder.offline("plan changed.yaml --against facts.json --format markdown").code(0);
    markdown.says("Against the snapshot of");
    let simulate = "simulate --principal role/x --action organizations:LeaveOrganization --in app --against facts.json";
    folder.offline(simulate).code(0).says("Deny");
    folder.offline(&format!("{simulate} --live")).code(0).says("Deny");
    let drawn = folder.offline("graph --live --against facts.json --format dot").code(0);
    assert_eq!(
        drawn.stdout,
        folder.landing("graph --live --sandbox=state.json --region eu-west-1 --format dot").stdout
    );
    folder.offline("graph --against facts.json --format mermaid").code(0).says("Workloads");
}

#[test]
fn a_snapshot_has_the_same_bytes_for_the_same_facts_and_is_for_its_owner_alone() {
    let folder = Folder::with_more("bytes");
    let take = |file: &str| {
        let mut command = folder.command(&format!("snapshot --sandbox=state.json --out {file}"));
        Ended::of(command.env("SOURCE_DATE_EPOCH", "1795964645").output().unwrap()).code(0);
        folder.read(file)
    };
    let (one, other) = (take("one.json"), take("other.json"));
    assert_eq!(one, other);
    let snapshot: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(snapshot["format"], "landing-snapshot/1");
    assert_eq!(snapshot["taken"], "2026-11-29T15:04:05Z");
    assert_eq!(snapshot["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(snapshot["organization"]["management_account"], "111111111111");
    assert_eq!(snapshot["blueprint"]["name"], "test");
    assert_eq!(snapshot["home_region"], "eu-west-1");
    let mode = std::fs::metadata(folder.0.join("one.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_a_snapshot_does_not_know_is_said_and_never_missing() {
    let folder = Folder::new("gaps");
    folder.write("landing.yaml", BLUEPRINT);
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.write("topic.yaml", TOPIC);
    let more = format!("{BLUEPRINT}{MORE}").replace(
        "  account_email",
        "  contacts: {security: {name: S, title: T, email: s@example.com, phone: \"+1\"}}\n  account_email",
    );
    folder.write("more.yaml", &more);
    std::fs::create_dir(folder.0.join("elsewhere")).unwrap();
    let mut command = folder.command("snapshot --sandbox=../state.json --region eu-west-1 --out ../facts.json");
    Ended::of(command.current_dir(folder.0.join("elsewhere")).output().unwrap())
        .code(0)
        .complains("without a blueprint");
    let plan = folder.offline("plan more.yaml --against facts.json --format json --detailed-exitcode").code(2).json();
    let gaps = plan["against"]["not_known"].as_array().unwrap();
    let of = |kind: &str| gaps.iter().find(|gap| gap["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {gaps:#?}"));
    assert!(of("stack")["questions"].to_string().contains("cloudformation/stacks-in/management/eu-west-1"));
    let shown: Vec<&str> = plan["changes"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert!(!shown.contains(&"stack"), "{shown:?}");
    assert!(shown.contains(&"permission-set"), "{shown:?}");
    let text = folder.offline("plan more.yaml --against facts.json").code(0);
    text.says("Not known to the snapshot")
        .says("stacks-in/management/eu-west-1")
        .says("landing snapshot BLUEPRINT --out FILE");
    folder
        .offline("plan more.yaml --against facts.json --format markdown")
        .code(0)
        .says("**Not known to the snapshot**");
}

#[test]
fn nothing_is_applied_of_a_snapshot() {
    let folder = Folder::with_more("apply-against");
    folder.landing("snapshot --sandbox=state.json --out facts.json").code(0);
    folder
        .landing("apply --against facts.json --yes --sandbox=state.json")
        .code(3)
        .complains("apply changes the organization");
    folder.write("changed.yaml", &format!("{BLUEPRINT}{MORE}").replace("LeaveOrganization", "ListRoots"));
    let plan = folder.offline("plan changed.yaml --against facts.json --out plan.json").code(0);
    assert!(!plan.stdout.contains("Next:"), "{}", plan.stdout);
    let refused = folder.landing("apply plan.json --yes --sandbox=state.json").code(3);
    refused.complains("the plan was made against the snapshot of 20").complains("landing plan --out FILE");
    folder.landing("plan --sandbox=state.json --detailed-exitcode").code(0);
}

#[test]
fn other_files_and_edited_ones_are_refused_by_name() {
    let folder = Folder::with_more("other-files");
    folder.landing("snapshot --sandbox=state.json --out facts.json").code(0);
    let text = folder.read("facts.json");
    folder.write("old.json", &text.replace("landing-snapshot/1", "landing-snapshot/0"));
    folder.write("edited.json", &text.replace("eu-west-1", "eu-west-2"));
    folder.write("half.json", &text[..text.len() / 2]);
    folder.landing("plan --sandbox=state.json --out plan.json").code(0);
    let against = |file: &str| folder.offline(&format!("plan --against {file}"));
    against("old.json").code(1).complains("its format is `landing-snapshot/0`").complains("take a snapshot again");
    against("plan.json").code(1).complains("its format is `landing-plan/1`");
    against("edited.json").code(3).complains("the snapshot was edited");
    against("half.json").code(1).complains("or not all of one");
    against("landing.yaml").code(1).complains("is no snapshot");
    against("missing.json").code(1).complains("missing.json cannot be read");
    folder.write("elsewhere.yaml", &BLUEPRINT.replace("eu-west-1", "eu-west-2"));
    let elsewhere = folder.offline("plan elsewhere.yaml --against facts.json").code(3);
    elsewhere.complains("looked from the home region eu-west-1");
}

#[test]
fn an_interrupted_snapshot_writes_nothing() {
    let folder = Folder::with_more("interrupted");
    let mut running =
        folder.command("snapshot --sandbox=state.json --latency-ms 1000 --out facts.json").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let id = running.id().to_string();
    std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(130));
    let left: Vec<String> = std::fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("facts") || name.starts_with(".landing-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
