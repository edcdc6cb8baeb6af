//! The program as people and scripts run it, on the sandbox.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail at once")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

#[path = "cli/accounts.rs"]
mod accounts;
#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/mistakes.rs"]
mod mistakes;
#[path = "cli/plans.rs"]
mod plans;
#[path = "cli/snapshots.rs"]
mod snapshots;
#[cfg(unix)]
#[path = "cli/stop.rs"]
mod stop;

/// A folder of its own for one test, deleted in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("landing-cli-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// A folder with a blueprint that has one unit with one account.
    fn with_blueprint(name: &str) -> Folder {
        let folder = Folder::new(name);
        folder.write("landing.yaml", BLUEPRINT);
        folder
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    /// How many accounts AWS lets the organization in `state.json` have.
    fn set_account_quota(&self, accounts: u64) {
        self.edit_state(|state| state["quotas"]["accounts"] = accounts.into());
    }

    /// Changes the simulated AWS in `state.json` behind everybody's back.
    fn edit_state(&self, edit: impl FnOnce(&mut Value)) {
        let mut state: Value = serde_json::from_str(&self.read("state.json")).unwrap();
        edit(&mut state);
        self.write("state.json.new", &state.to_string());
        fs::rename(self.0.join("state.json.new"), self.0.join("state.json")).unwrap();
    }

    /// Has everybody call as this principal, without the actions that it is denied.
    fn set_principal(&self, arn: &str, deny: &[&str]) {
        self.edit_state(|state| state["principals"] = json!({"*": {"arn": arn, "deny": deny}}));
    }

    fn landing(&self, arguments: &str) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landing"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_") || name.starts_with("CLICOLOR")) {
            command.env_remove(name);
        }
        command.env_remove("NO_COLOR");
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const BLUEPRINT: &str = r#"
version: 1
name: test
organization:
  home_region: eu-west-1
  account_email: "aws+{name}@example.com"
organizational_units:
  Workloads:
    policies: [no-leaving]
    accounts: [app]
policies:
  no-leaving:
    content:
      Version: "2012-10-17"
      Statement: [{Sid: Stay, Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}]
"#;

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or_else(|| panic!("{}", output.status));
        Ended { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[track_caller]
    fn code(self, expected: i32) -> Ended {
        assert_eq!(self.code, expected, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn says(self, part: &str) -> Ended {
        assert!(self.stdout.contains(part), "no {part:?} in stdout:\n{}", self.stdout);
        self
    }

    #[track_caller]
    fn complains(self, part: &str) -> Ended {
        assert!(self.stderr.contains(part), "no {part:?} in stderr:\n{}", self.stderr);
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

#[test]
fn from_nothing_to_an_organization_that_agrees_with_its_blueprint() {
    let folder = Folder::new("whole-way");
    folder.landing("init").code(0).says("minimal");
    folder.landing("init --from minimal").code(0).says("+ landing.yaml");
    folder.landing("validate").code(0).says("landing.yaml is valid");
    folder.landing("plan --sandbox").code(0).says("Next: landing apply --sandbox");
    folder.landing("apply --sandbox --yes").code(0).says("Applied in");
    folder.landing("plan --sandbox --detailed-exitcode").code(0).says("Nothing to do");
    folder.landing("--sandbox apply").code(0).says("Nothing to do");
    folder.landing("doctor --sandbox").code(0).says("✓ management account");
}

#[test]
fn global_flags_stand_before_or_after_the_command() {
    let folder = Folder::with_blueprint("flags");
    let before = folder.landing("--sandbox=a.json --format json plan").code(0).json();
    let after = folder.landing("plan --format json --sandbox=b.json").code(0).json();
    assert_eq!(before["changes"], after["changes"]);
    assert!(folder.0.join("a.json").exists() && folder.0.join("b.json").exists());
    folder.landing("plan --latency-ms 1").code(0);
    assert!(folder.0.join(".landing/sandbox.json").exists(), "who says how it behaves means the sandbox");
}

#[test]
fn init_overwrites_nothing() {
    let folder = Folder::with_blueprint("init");
    folder.landing("init --from minimal").code(1).complains("exists already").complains("help: ");
    assert_eq!(folder.read("landing.yaml"), BLUEPRINT);
    folder.landing("init --from minimum").code(1).complains("did you mean minimal?");
    folder.landing("init new --from minimal").code(0).says("cd new && landing plan --sandbox");
}

#[test]
fn differences_have_an_exit_code_where_it_is_asked_for() {
    let folder = Folder::with_blueprint("differences");
    folder.landing("plan --sandbox").code(0);
    folder.landing("plan --sandbox --detailed-exitcode").code(2);
}

#[test]
fn drift_exits_with_2_until_apply_has_repaired_it() {
    let folder = Folder::with_blueprint("drift");
    let run = |command: &str| folder.landing(&format!("{command} --sandbox=state.json"));
    run("apply --yes").code(0);
    run("drift").code(0).says("No drift: the organization matches the blueprint");
    folder.edit_state(|state| {
        for policy in state["organization"]["policies"].as_object_mut().unwrap().values_mut() {
            let content = policy["content"].as_str().unwrap().replace("LeaveOrganization", "ListRoots");
            policy["content"] = content.into();
        }
    });
    run("drift")
        .code(2)
        .says("Drift: test → organization o-")
        .says("SCP changed")
        .says("Drift: 1 changed, ")
        .says("Next: landing apply --sandbox=state.json");
    let json = run("drift --format json").code(2).json();
    assert_eq!(json["format"], "landing-plan/1");
    assert_eq!(
        (&json["changes"][0]["address"], &json["changes"][0]["action"]),
        (&json!("scp/no-leaving"), &json!("update"))
    );
    run("drift --format markdown").code(2).says("### Drift from `test`").says("| SCP changed |");
    let log = run("drift --format sarif").code(2).json();
    let result = &log["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!((&result["ruleId"], &place["artifactLocation"]["uri"]), (&json!("differs"), &json!("landing.yaml")));
    assert_eq!(json["changes"][0]["source"], format!("landing.yaml:{}", place["region"]["startLine"]));
    assert!(run("drift --color always").stdout.contains("\u{1b}["));
    run("apply --yes").code(0);
    run("drift").code(0).says("No drift");
}

#[test]
fn what_is_unmanaged_is_listed_by_drift_and_differs_from_nothing() {
    let folder = Folder::with_blueprint("drift-unmanaged");
    folder.landing("apply --yes --sandbox=state.json").code(0);
    folder.edit_state(|state| {
        let root = state["organization"]["root"].clone();
        state["organization"]["units"]["ou-ours-bybyhand"] = json!({"name": "By hand", "parent": root});
    });
    folder
        .landing("drift --sandbox=state.json")
        .code(0)
        .says("Unmanaged: 2, left alone: account/management, ou/By hand")
        .says("No drift");
}

const STACK: &str = r#"
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: alarms}}
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
"#;

#[test]
fn drift_has_aws_look_into_stacks_unless_it_shall_not() {
    let folder = Folder::new("drift-stacks");
    folder.write("topic.yaml", STACK);
    folder
        .write("landing.yaml", &format!("{BLUEPRINT}stacks: {{topic: {{template: topic.yaml, in: [management]}}}}\n"));
    let run = |command: &str| folder.landing(&format!("{command} --sandbox=state.json"));
    run("apply --yes").code(0);
    run("drift").code(0).says("Handle (AWS::CloudFormation::WaitConditionHandle)").says("No drift");
    folder.edit_state(|state| {
        for topic in
            state["resources"]["111111111111"]["eu-west-1"]["AWS::SNS::Topic"].as_object_mut().unwrap().values_mut()
        {
            topic["properties"]["DisplayName"] = "by hand".into();
        }
    });
    run("drift --no-detect").code(0).says("No drift");
    run("drift").code(2).says("stack drifted").says("drift.Topic.DisplayName  by hand → alarms");
    run("drift --no-detect").code(2).says("stack drifted");
    run("apply --yes").code(0);
    run("drift").code(0).says("No drift");
}

#[test]
fn nothing_is_applied_without_a_yes() {
    let folder = Folder::with_blueprint("consent");
    folder.landing("apply --sandbox").code(3).complains("--yes").complains("+ organization");
    folder.landing("plan --sandbox --detailed-exitcode").code(2);
}

#[test]
fn mistakes_are_shown_with_their_place_and_exit_with_1() {
    let folder = Folder::new("mistakes");
    folder.write("landing.yaml", "version: 1\nname: x\norganisation: {}\n");
    folder.landing("validate").code(1).complains("landing.yaml:3").complains("organisation");
    folder.landing("plan --sandbox").code(1).complains("organisation");
    let json = folder.landing("validate --format json").code(1).json();
    assert_eq!(json["valid"], false);
    assert_eq!(json["diagnostics"][0]["line"], 3);
    folder.landing("plan missing.yaml --sandbox").code(1).complains("there is no blueprint missing.yaml");
}

#[test]
fn wrong_usage_exits_with_64_and_help_with_0() {
    let folder = Folder::new("usage");
    folder.landing("plann").code(64).complains("plan");
    folder.landing("validate --region us-eats-1").code(64).complains("did you mean `us-east-1`?");
    folder.landing("plan --faults x").code(64).complains("SEED:RATE");
    folder.landing("doctor --format json").code(64).complains("--format text");
    folder.landing("--help").code(0).says("Exit codes:");
    folder.landing("--version").code(0).says("landing ");
}

#[test]
fn destruction_needs_its_flag_and_otherwise_nothing_at_all_is_done() {
    let folder = Folder::with_blueprint("destruction");
    folder.landing("apply --sandbox --yes").code(0);
    folder.write(
        "landing.yaml",
        &BLUEPRINT
            .replace("policies: [no-leaving]", "policies: []")
            .replace("policies:\n  no-leaving:", "policies:\n  new-one:"),
    );
    let plan = folder.landing("plan --sandbox").code(0).says("--allow-destroy permits it.");
    plan.says("Next: landing apply --sandbox --allow-destroy");
    let refused = folder.landing("apply --sandbox --yes").code(3).complains("refused[destruction]");
    assert!(refused.complains("--allow-destroy").stdout.is_empty());
    folder.landing("apply --sandbox --yes --allow-destroy").code(0).says("1 created, 2 deleted");
}

#[test]
fn a_plan_that_would_lock_landing_out_prints_itself_and_exits_with_3() {
    let folder = Folder::with_blueprint("lock-out");
    let deny_all = BLUEPRINT.replace("organizations:LeaveOrganization", "*");
    folder.write("landing.yaml", &deny_all);
    folder.landing("plan --sandbox").code(3).says("+ organization").says("refused[lock-out]").says("help: ");
    folder.landing("plan --sandbox --format json").code(3).says("\"code\": \"lock-out\"");
    folder.landing("apply --sandbox --yes").code(3).complains("refused[lock-out]");
    folder.write("landing.yaml", BLUEPRINT);
    folder.landing("plan --sandbox").code(0).says("+ organization");
}

#[test]
fn callers_that_landing_does_not_work_for_are_refused_with_3() {
    let folder = Folder::with_blueprint("callers");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    for (arn, code) in [
        ("arn:aws:iam::111111111111:root", "credentials of the root user"),
        ("arn:aws:iam::222222222222:user/member", "account 222222222222 is a member"),
    ] {
        folder.set_principal(arn, &[]);
        if arn.contains("2222") {
            folder.edit_state(|state| {
                let accounts = state["organization"]["accounts"].as_object_mut().unwrap();
                let member = accounts.values().find(|account| account["name"] == "app").unwrap().clone();
                accounts.insert("222222222222".into(), member);
            });
        }
        folder.landing("plan --sandbox=state.json").code(3).complains(code).complains("help: ");
        folder.landing("apply --sandbox=state.json --yes").code(3).complains(code);
    }
}

#[test]
fn a_missing_permission_exits_with_1_and_names_operation_account_and_request() {
    let folder = Folder::with_blueprint("denied");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.set_principal("arn:aws:iam::111111111111:user/reader", &["organizations:ListAccounts"]);
    let denied = folder.landing("plan --sandbox=state.json").code(1);
    let denied = denied.complains("organizations:ListAccounts in account 111111111111 was refused: AccessDenied");
    denied.complains("(request").complains("allow organizations:ListAccounts");
}

#[test]
fn an_apply_that_may_write_nothing_exits_with_1() {
    let folder = Folder::with_blueprint("read-only");
    folder.landing("plan --sandbox=state.json").code(0);
    folder.set_principal("arn:aws:iam::111111111111:user/reader", &["organizations:CreateOrganization"]);
    folder.landing("apply --sandbox=state.json --yes").code(1).says("organizations:CreateOrganization");
}

#[test]
fn what_another_blueprint_owns_is_refused_with_3() {
    let folder = Folder::with_blueprint("another");
    folder.landing("apply --sandbox --yes").code(0);
    folder.write("landing.yaml", &BLUEPRINT.replace("name: test", "name: other"));
    folder.landing("plan --sandbox").code(3).says("refused[another-blueprint]").says("belongs to the blueprint test");
    folder.landing("apply --sandbox --yes").code(3).complains("refused[another-blueprint]");
}

#[test]
fn a_lease_that_someone_renews_is_refused_with_3_and_the_holders_name() {
    let folder = Folder::with_blueprint("held");
    folder.landing("plan --sandbox=state.json").code(0);
    let hold = |version: u64| {
        let note = json!({"id": "1", "holder": "ci of someone", "held": true, "version": version}).to_string();
        let parameter = json!({"value": note, "type": "String", "version": version});
        folder.edit_state(|state| {
            state["parameters"] = json!({"111111111111": {"eu-west-1": {"/landing/lock": parameter}}});
        });
    };
    hold(1);
    let mut apply = folder.command("apply --sandbox=state.json --yes");
    let apply = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    hold(2);
    Ended::of(apply.wait_with_output().unwrap()).code(3).complains("ci of someone");
}

/// How a command ends whose results no one reads.
#[cfg(target_os = "linux")]
fn unread(folder: &Folder, arguments: &str) -> Ended {
    let mut command = folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(command.stdout.take());
    Ended::of(command.wait_with_output().unwrap())
}

/// How a command ends whose results go to a full disk.
#[cfg(target_os = "linux")]
fn on_a_full_disk(folder: &Folder, arguments: &str) -> Ended {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    Ended::of(folder.command(arguments).stdout(full).output().unwrap())
}

#[test]
#[cfg(target_os = "linux")]
fn changes_whose_result_cannot_be_printed_exit_with_4() {
    let folder = Folder::with_blueprint("unread");
    let said = |ended: Ended| ended.code(4).complains("all changes were made, but the result could not be written");
    said(unread(&folder, "apply --sandbox=a.json --yes")).complains("landing plan --sandbox=a.json");
    said(on_a_full_disk(&folder, "apply --sandbox=b.json --yes"));
    said(on_a_full_disk(&folder, "apply --sandbox=c.json --yes --format json"));
    // Nothing was changed: there is nothing to be known but that.
    unread(&folder, "apply --sandbox=a.json --yes").code(0);
    on_a_full_disk(&folder, "apply --sandbox=a.json --yes").code(1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_plan_that_no_one_reads_is_no_panic() {
    let folder = Folder::with_blueprint("unread-plan");
    for arguments in ["plan --sandbox", "plan --sandbox --format json", "schema", "completions bash", "man", "init"] {
        let ended = unread(&folder, arguments).code(0);
        assert_eq!(ended.stderr, "", "{arguments}");
        on_a_full_disk(&folder, arguments).code(1).complains("standard output cannot be written");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_saved_plan_is_its_owners_and_written_as_it_can_be() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_blueprint("saved-mode");
    let mode = |file: &str| fs::metadata(folder.0.join(file)).unwrap().permissions().mode() & 0o777;
    folder.landing("plan --sandbox=state.json --out plan.json").code(0);
    assert_eq!((mode("plan.json"), mode("state.json")), (0o600, 0o600));
    folder.landing("plan --sandbox=state.json --out /dev/null").code(0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    folder.landing("plan --sandbox=state.json --out /dev/full").code(1).complains("/dev/full cannot be written");
    folder.landing("plan --sandbox=state.json --out /dev/stdout --quiet").code(0).says("landing-plan/1");
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[test]
fn what_is_not_seen_is_in_no_output_and_escaped_in_json() {
    let folder = Folder::with_blueprint("hidden");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    let hidden = ['\u{9b}', '\u{202e}', '\u{200b}', '\u{e0041}'];
    let name: String = hidden.iter().collect();
    folder.edit_state(|state| {
        let units = state["organization"]["units"].as_object_mut().unwrap();
        let unit = units.values().next().unwrap().clone();
        let mut unit = unit;
        unit["name"] = json!(format!("Other{name}"));
        unit["tags"] = json!({});
        units.insert("ou-abcd-99999999".into(), unit);
    });
    for format in ["text", "json", "markdown"] {
        let ended = folder.landing(&format!("plan --sandbox=state.json --format {format}")).code(0).says("Other");
        assert!(!ended.stdout.contains(hidden), "{format}: {:?}", ended.stdout);
        if format == "json" {
            assert!(ended.stdout.contains(r"Other\u009b\u202e\u200b\udb40\udc41"), "{}", ended.stdout);
            let found = ended.json()["unmanaged"].as_array().unwrap().clone();
            assert!(found.iter().any(|it| it.as_str().unwrap().contains(&name)), "{found:?}");
        }
    }
}

#[test]
fn the_page_of_a_proxy_is_named_and_never_an_empty_organization() {
    use std::io::{Read, Write};
    let folder = Folder::with_blueprint("proxy");
    for (reply, words) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n<html><title>Sign in first</title></html", "Sign in first"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "an empty one"),
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let _ = stream.read(&mut [0; 64 * 1024]);
                let _ = stream.write_all(reply.as_bytes());
            }
        });
        let mut command = folder.command(&format!("plan --endpoint-url {url}"));
        command.envs([("AWS_ACCESS_KEY_ID", "an-id"), ("AWS_SECRET_ACCESS_KEY", "a-secret")]);
        let ended = Ended::of(command.output().unwrap()).code(1);
        let ended = ended.complains("was not answered by AWS").complains(words);
        ended.complains("HTTPS_PROXY");
    }
}

#[test]
fn a_poisoned_parameter_of_whereabouts_is_named_with_what_to_do() {
    let folder = Folder::with_blueprint("poisoned");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.edit_state(|state| {
        let parameter = json!({"value": "eu-west-1.attacker.example *", "type": "String", "version": 1});
        state["parameters"]["111111111111"]["eu-west-1"]["/landing/whereabouts/test"] = parameter;
    });
    let ended = folder.landing("plan --sandbox=state.json").code(1).complains("/landing/whereabouts/test says");
    ended.complains("eu-west-1.attacker.example").complains("correct the parameter");
}

#[test]
fn no_credentials_and_no_one_at_the_endpoint_exit_with_1_and_what_to_do() {
    let folder = Folder::with_blueprint("nobody");
    let plan = |keys: &[(&str, &str)]| {
        let mut command = folder.command("plan --endpoint-url http://127.0.0.1:1");
        command.env("HOME", &folder.0).env("AWS_EC2_METADATA_DISABLED", "true").envs(keys.iter().copied());
        Ended::of(command.output().unwrap())
    };
    plan(&[]).code(1).complains("no AWS credentials").complains("--sandbox");
    let keys = [("AWS_ACCESS_KEY_ID", "an-id"), ("AWS_SECRET_ACCESS_KEY", "a-secret")];
    let nobody = plan(&keys).code(1).complains("could not reach AWS").complains("--endpoint-url");
    assert!(!nobody.stderr.contains("a-secret"));
}

#[test]
fn a_target_is_planned_with_what_lies_below_it_and_what_it_needs() {
    let folder = Folder::with_blueprint("target");
    folder.write(
        "landing.yaml",
        &BLUEPRINT.replace("organizational_units:", "organizational_units:\n  Sandbox: {accounts: [toy]}"),
    );
    let addresses = |target: &str| {
        let plan = folder.landing(&format!("plan --sandbox --format json --target {target}")).code(0).json();
        let changes = plan["changes"].as_array().unwrap().iter();
        changes.map(|change| change["address"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(addresses("ou/Sandbox"), ["account/toy", "organization", "ou/Sandbox"]);
    assert_eq!(
        addresses("ou/Workloads"),
        [
            "account/app",
            "organization",
            "ou/Workloads",
            "policy-type/SERVICE_CONTROL_POLICY",
            "scp/no-leaving",
            "scp/no-leaving@ou/Workloads",
        ]
    );
    folder.landing("apply --sandbox --yes --target ou/Sandbox").code(0);
    folder.landing("apply --sandbox --yes").code(0);
    folder.landing("plan --sandbox --detailed-exitcode").code(0);
}

#[test]
fn a_saved_plan_is_carried_out_and_refused_when_the_organization_has_changed() {
    let folder = Folder::with_blueprint("saved");
    folder.landing("plan --sandbox --out plan.json").code(0).says("Next: landing apply plan.json --sandbox");
    let saved: Value = serde_json::from_str(&folder.read("plan.json")).unwrap();
    assert_eq!(saved["format"], "landing-plan/1");
    assert!(saved["desired"]["resources"].is_object());
    folder.landing("apply plan.json --sandbox --yes").code(0).says("Applied in");
    // What it made itself is no difference.
    folder.landing("apply plan.json --sandbox --yes").code(0).says("Nothing to do");
    folder.write("landing.yaml", &BLUEPRINT.replace("Workloads:", "Others: {}\n  Workloads:"));
    folder.landing("apply --sandbox --yes").code(0);
    folder.landing("apply plan.json --sandbox --yes").code(3).complains("ou/Others is new").complains("plan again");
    folder.landing("apply plan.json --sandbox --target root").code(64);
    folder.write("other.json", r#"{"format": "landing-plan/99"}"#);
    folder.landing("apply other.json --sandbox").code(1).complains("landing-plan/99");
}

#[test]
fn an_apply_that_ends_part_way_exits_with_4_and_the_next_one_finishes_it() {
    let folder = Folder::with_blueprint("part-way");
    folder.landing("plan --sandbox=state.json").code(0);
    folder.set_account_quota(1);
    let part = folder.landing("apply --sandbox=state.json --yes --log events.jsonl").code(4);
    part.says("Applied in part").says("error: create account/app").says("Next: landing apply --sandbox=state.json");
    folder.set_account_quota(10);
    folder.landing("apply --sandbox=state.json --yes").code(0).says("Applied in");
    folder.landing("plan --sandbox=state.json --detailed-exitcode").code(0);
    let events: Vec<Value> =
        folder.read("events.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().all(|event| event["time"].is_string()));
    assert!(events.iter().any(|event| event["event"] == "failed" && event["address"] == "account/app"));
}

#[test]
fn apply_shows_programs_what_it_did() {
    let folder = Folder::with_blueprint("json");
    let applied = folder.landing("apply --sandbox --yes --format json").code(0).json();
    assert_eq!(applied["format"], "landing-applied/1");
    assert_eq!(applied["complete"], true);
    assert!(applied["done"].as_array().unwrap().iter().any(|done| done["address"] == "account/app"));
    let quiet = folder.landing("plan --sandbox --format json").code(0).json();
    assert_eq!(quiet["changes"], serde_json::json!([]));
    assert!(quiet["api_calls"]["by_operation"]["organizations:ListAccounts"].as_u64() > Some(0));
}

#[test]
fn quiet_leaves_only_results_and_colours_are_as_asked_for() {
    let folder = Folder::with_blueprint("quiet");
    assert!(!folder.landing("plan --sandbox").code(0).stdout.contains('\u{1b}'));
    assert!(folder.landing("plan --sandbox --color always").code(0).stdout.contains("\u{1b}[32m"));
    let no_color = folder.command("plan --sandbox").env("NO_COLOR", "1").output().unwrap();
    assert!(!Ended::of(no_color).code(0).stdout.contains('\u{1b}'));
    let applied = folder.landing("apply --sandbox --yes --quiet").code(0);
    assert_eq!(applied.stderr, "");
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = Folder::with_blueprint("pipe");
    for arguments in ["plan --sandbox", "schema", "--help", "permissions"] {
        let mut child = folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = Ended::of(child.wait_with_output().unwrap()).code(0);
        assert!(!ended.stderr.contains("panicked"), "{arguments}: {}", ended.stderr);
    }
}

#[test]
fn policies_are_rendered_as_files() {
    let folder = Folder::with_blueprint("render");
    folder.landing("render --out out").code(0).says("no-leaving.json");
    let policy: Value = serde_json::from_str(&folder.read("out/policies/scp/no-leaving.json")).unwrap();
    assert_eq!(policy["Statement"][0]["Sid"], "Stay");
}

#[test]
fn everything_that_a_blueprint_has_aws_take_is_rendered_as_files() {
    let folder = Folder::new("rendered");
    folder.landing("init --from ml-landing-zone").code(0);
    let reported = folder.landing("render --out out").code(0).stdout;
    let files: Vec<&str> = reported.lines().filter_map(|line| line.strip_prefix("+ out/")).collect();
    let policies = files.iter().filter(|file| file.starts_with("policies/")).copied().collect::<Vec<_>>();
    let expected = [
        "policies/ai-opt-out-policy/no-ai-training.json",
        "policies/permission-set/ml-data-engineer.json",
        "policies/permission-set/ml-data-scientist.json",
        "policies/permission-set/ml-devops.json",
        "policies/rcp/guardrails.json",
        "policies/s3-policy/public-access-blocked.json",
        "policies/scp/guardrails-2.json",
        "policies/scp/guardrails-Suspended.json",
        "policies/scp/guardrails-Workloads.json",
        "policies/scp/guardrails-account.data-private.json",
        "policies/scp/guardrails.json",
    ];
    assert_eq!(policies, expected);
    for stack in ["guardrails", "guardrails-global", "guardrails-Workloads", "log-archive", "ml-network", "studio"] {
        for end in [".json", ".parameters.json"] {
            assert!(files.contains(&format!("stacks/{stack}{end}").as_str()), "{stack}{end} in {files:#?}");
        }
    }
    let given: Value = serde_json::from_str(&folder.read("out/stacks/organization-trail.parameters.json")).unwrap();
    let bucket = "${stack/log-archive/log-archive/eu-west-1.TrailBucketName}";
    assert_eq!(given["stack/management/organization-trail/eu-west-1"]["BucketName"], bucket);
}

#[test]
fn the_sandbox_is_shown_and_reset() {
    let folder = Folder::with_blueprint("sandbox");
    folder.landing("sandbox show").code(1).complains("there is no sandbox");
    folder.landing("apply --sandbox --yes").code(0);
    folder.landing("sandbox show").code(0).says("Workloads");
    folder.landing("sandbox reset").code(0).says("is empty now");
    assert!(!Path::new(&folder.0.join(".landing/sandbox.json")).exists());
    folder.landing("sandbox reset").code(0).says("was empty already");
}

#[test]
fn a_broken_state_file_is_explained() {
    let folder = Folder::with_blueprint("broken");
    folder.write("state.json", "no json");
    folder.landing("plan --sandbox=state.json").code(1).complains("is not a sandbox state").complains("help: ");
}

#[test]
fn shells_editors_and_packagers_get_what_they_need() {
    let folder = Folder::new("shells");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        folder.landing(&format!("completions {shell}")).code(0).says("landing");
    }
    folder.landing("man").code(0).says(".TH");
    folder.landing("schema").code(0).says("organizational_units");
    let policy = folder.landing("permissions --read-only").code(0).json();
    assert_eq!(policy["Version"], "2012-10-17");
}

#[test]
fn a_picture_shows_the_blueprint_the_organization_and_what_the_plan_makes_of_it() {
    let folder = Folder::with_blueprint("graph");
    folder.landing("graph --offline").code(0).says("<svg ").says("no-leaving").says("as the blueprint says");
    folder
        .landing("graph --sandbox --format mermaid")
        .code(0)
        .says("as the plan leaves it")
        .says("<b>app</b><br/>(new)");
    folder.landing("graph --sandbox --live --format dot").code(0).says("graph \"organization\"");
    folder.landing("apply --sandbox --yes").code(0);
    let live = folder.landing("graph --sandbox --live --format dot").code(0);
    let live = live.says("Policies: SCP no-leaving").says("\"app\\n").says("as it is");
    assert!(!live.stdout.contains("(new)"), "{}", live.stdout);
    folder.landing("graph --sandbox --out pictures/zone.html").code(0).complains("wrote pictures/zone.html");
    let page = folder.read("pictures/zone.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<b>app</b>") && !page.contains("<ins>"), "{page}");
    folder.landing("graph --offline --format json").code(64).complains("--format svg or html or mermaid or dot");
    folder.landing("graph --offline --live").code(64);
    folder.landing("graph nothing.yaml --offline").code(1).complains("there is no blueprint nothing.yaml");
}

/// What is there is known without the blueprint that made it.
#[test]
fn the_picture_of_an_organization_is_that_of_its_blueprint() {
    let folder = Folder::new("graph-live");
    folder.landing("init --from ml-landing-zone").code(0);
    folder.landing("apply --sandbox --yes -q").code(0);
    let held = |arguments: &str| {
        let drawn = folder.landing(&format!("graph --format html {arguments}")).code(0);
        let sorts = ["stops", "finds", "set", "stack", "shared"].map(|sort| format!("<dt class=\"{sort}\">"));
        let reported = |line: &&str| sorts.iter().any(|sort| line.starts_with(sort));
        drawn.stdout.lines().filter(reported).map(str::to_owned).collect::<Vec<_>>()
    };
    let declared = held("--offline");
    assert!(declared.len() > 15, "{declared:#?}");
    assert_eq!(held("--sandbox"), declared);
    assert_eq!(held("--sandbox --live --region eu-west-1"), declared);
}

/// A blueprint with so many accounts, of which AWS makes five at a time.
#[cfg(unix)]
fn with_accounts(name: &str, number: usize) -> Folder {
    let folder = Folder::with_blueprint(name);
    folder.landing("apply -q --yes --sandbox=state.json").code(0);
    folder.set_account_quota(400);
    let accounts: Vec<String> = (0..number).map(|nth| format!("a{nth:03}")).collect();
    folder.write("landing.yaml", &BLUEPRINT.replace("[app]", &format!("[app, {}]", accounts.join(", "))));
    folder
}

/// Applies until AWS has been asked for the first accounts, sends SIGINT so many times, and says how long it took to end.
#[cfg(unix)]
fn interrupted(folder: &Folder, times: usize) -> (Ended, std::time::Duration) {
    let mut command = folder.command("apply --yes --sandbox=state.json --latency-ms 200 --log events.jsonl");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let log = folder.0.join("events.jsonl");
    let is_asked = || fs::read_to_string(&log).is_ok_and(|log| log.contains(r#"AWS creates the account"#));
    let patience = std::time::Instant::now();
    while !is_asked() {
        assert!(patience.elapsed().as_secs() < 120, "no account is asked for");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let start = std::time::Instant::now();
    for _ in 0..times {
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    let ended = Ended::of(child.wait_with_output().unwrap());
    (ended, start.elapsed())
}

#[cfg(unix)]
#[test]
fn reported_to_stop_apply_waits_only_for_the_accounts_that_aws_was_asked_for() {
    let folder = with_accounts("stop", 300);
    let (ended, took) = interrupted(&folder, 1);
    let ended = ended.code(130).complains("AWS was asked for account/a0").complains("press Ctrl-C again");
    eprintln!("stopped after {took:?}");
    assert!(took.as_secs() < 30, "{took:?}");
    assert!(ended.stdout.contains("Interrupted in") && ended.stdout.contains("Not begun"), "{}", ended.stdout);
    let made = folder.read("state.json").matches("@example.com").count();
    assert!(made < 20, "{made} accounts were made");
}

#[cfg(unix)]
#[test]
fn reported_to_stop_twice_apply_leaves_at_once_and_says_what_is_under_way() {
    let folder = with_accounts("leave", 300);
    let (ended, took) = interrupted(&folder, 2);
    ended
        .code(130)
        .complains("stopped at once: ")
        .complains("AWS was asked for account/a0")
        .complains("run apply again");
    eprintln!("left after {took:?}");
    assert!(took.as_secs() < 2, "{took:?}");
}
