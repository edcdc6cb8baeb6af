//! Who applied what and when.

use serde_json::json;

use super::{BLUEPRINT, Ended, Folder};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

impl Folder {
    /// Where CI would say another commit.
    fn run(&self, arguments: &str) -> Ended {
        let mut command = self.command(arguments);
        Ended::of(command.env("GITHUB_SHA", "f".repeat(40)).output().unwrap())
    }
}

#[test]
fn applies_are_shown_with_who_made_them_from_which_commit() {
    let folder = Folder::with_blueprint("history");
    folder.run("history --sandbox=state.json").code(0).says("No apply of test has left a record yet.");
    std::fs::create_dir(folder.0.join(".git")).unwrap();
    folder.write(".git/HEAD", COMMIT);
    folder.run("apply --sandbox=state.json --yes").code(0);
    folder.run("apply --sandbox=state.json --yes").code(0).says("Nothing to do");
    folder.write("landing.yaml", &BLUEPRINT.replace("LeaveOrganization", "ListRoots"));
    // What is planned at one commit and applied at another is what was planned.
    folder.run("plan --sandbox=state.json --out plan.json").code(0);
    folder.write(".git/HEAD", &"e".repeat(40));
    folder.run("apply plan.json --sandbox=state.json --yes").code(0);
    std::fs::remove_dir_all(folder.0.join(".git")).unwrap();
    folder.write("landing.yaml", BLUEPRINT);
    folder.run("apply --sandbox=state.json --yes").code(0);
    let list = folder.run("history --sandbox=state.json").code(0);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", list.stdout);
    assert!(
        lines[0].trim_start().starts_with("3  20") && lines[0].contains("complete (1 to update) at ffffffffff"),
        "{}",
        list.stdout
    );
    assert!(
        lines[1].trim_start().starts_with("2  20") && lines[1].contains("complete (1 to update) at 0123456789"),
        "{}",
        list.stdout
    );
    assert!(lines[2].trim_start().starts_with("1  20") && lines[2].contains(" to create"), "{}", list.stdout);
    let one =
        folder.run("history 2 --sandbox=state.json").code(0).says("Apply 2 of test").says("  update scp/no-leaving");
    one.says(&format!("commit      {COMMIT}"));
    let json = folder.run("history landing.yaml 1 --sandbox=state.json --format json").code(0).json();
    assert_eq!((&json["format"], &json["blueprint"]), (&json!("landing-history/1"), &json!("test")));
    let record = &json["records"][0]["record"];
    assert_eq!((&record["outcome"], &record["blueprint"]["commit"]), (&json!("complete"), &json!(COMMIT)));
    assert!(record["done"].as_array().unwrap().contains(&json!("create account/app")), "{record}");
    let all = folder.run("history --sandbox=state.json --format json").code(0).json();
    assert_eq!(all["records"].as_array().unwrap().len(), 3);
    folder.run("history --sandbox=state.json --format markdown").code(0).says("### History of `test`").says("| 3 | 20");
    folder.run("history 2 --sandbox=state.json --format markdown").code(0).says("- `update scp/no-leaving`");
    folder.run("history 9 --sandbox=state.json").code(1).complains("no record 9").complains("AWS keeps 1 to 3");
    folder.run("history 1 2 --sandbox=state.json").code(64);
}

#[test]
fn an_apply_ends_as_it_would_where_its_record_is_refused() {
    let folder = Folder::with_blueprint("unrecorded");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.edit_state(|state| {
        let regions = state["parameters"]["111111111111"].as_object_mut().unwrap();
        let parameter = regions.values_mut().find_map(|it| it.get_mut("/landing/history/test")).unwrap();
        let labelled = |n: u64| json!({"value": "x", "version": n, "modified": 1, "labels": ["keep"]});
        parameter["version"] = json!(100);
        parameter["history"] = (1..100).map(labelled).collect();
    });
    folder.write("landing.yaml", &BLUEPRINT.replace("LeaveOrganization", "ListRoots"));
    let applied = folder.landing("apply --sandbox=state.json --yes").code(0);
    applied.says("warning: `landing history` has no record").says("ParameterMaxVersionLimitExceeded");
    let record = folder.landing("history 100 --sandbox=state.json").code(0);
    record.says("outcome");
    folder.landing("history 1 --sandbox=state.json").code(0).says("not written by landing");
}
