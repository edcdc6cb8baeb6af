//! What plan says is what apply does, and what can be left to programs.

use serde_json::{Value, json};

use super::{BLUEPRINT, Folder};

/// One account, on which a policy of the blueprint's hangs, and people.
/// One group in two accounts: fewer groups than pairs of permission set and account, so that plans read by group.
const PEOPLE: &str = r#"
identity:
  permission_sets: {admin: {managed_policies: [AdministratorAccess]}}
  assignments: {team: {admin: [Workloads, management]}}
"#;

impl Folder {
    /// A folder with a blueprint that has been applied.
    fn applied(name: &str, text: &str) -> Folder {
        let folder = Folder::new(name);
        folder.write("landing.yaml", text);
        folder.landing("apply --sandbox=state.json --yes").code(0);
        folder
    }

    fn state(&self) -> Value {
        serde_json::from_str(&self.read("state.json")).unwrap()
    }

    /// The SHA-256 that plan prints for `plan.json`.
    fn planned(&self) -> String {
        let planned = self.landing("plan --sandbox=state.json --out plan.json").code(0);
        let line = planned.stderr.lines().find(|line| line.starts_with("Plan file: plan.json, SHA-256 ")).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    }
}

fn id_of<'s>(items: &'s Value, name: &str) -> &'s str {
    items.as_object().unwrap().iter().find(|(_, item)| item["name"] == name).unwrap().0
}

#[test]
fn full_aws_access_detached_by_hand_is_reported_and_attached_only_where_the_blueprint_says_so() {
    let folder = Folder::applied("full-access", BLUEPRINT);
    folder.edit_state(|state| {
        let unit = json!(id_of(&state["organization"]["units"], "Workloads"));
        let targets = state["organization"]["policies"]["p-FullAWSAccess"]["targets"].as_array_mut().unwrap();
        targets.retain(|target| *target != unit);
    });
    for command in ["plan --detailed-exitcode", "drift"] {
        let shown = folder.landing(&format!("{command} --format json --sandbox=state.json")).code(0).json();
        let note = &shown["notes"][0];
        assert_eq!((&shown["changes"], &note["address"]), (&json!([]), &json!("ou/Workloads")));
    }
    folder.landing("apply --sandbox=state.json --yes").code(0).says("Nothing to do");
    folder.write("landing.yaml", &BLUEPRINT.replace("  Workloads:\n", "  Workloads:\n    full_aws_access: true\n"));
    let shown = folder.landing("plan --detailed-exitcode --format json --sandbox=state.json").code(2).json();
    assert_eq!(shown["changes"][0]["address"], "scp/FullAWSAccess@ou/Workloads");
    folder.landing("apply --sandbox=state.json --yes").code(0).says("1 created");
    folder.landing("drift --sandbox=state.json").code(0).says("No drift");
}

#[test]
fn an_assignment_made_by_hand_is_named_as_not_checked_and_found_by_a_deep_look() {
    let folder = Folder::applied("by-hand", &(BLUEPRINT.to_owned() + PEOPLE));
    folder.edit_state(|state| {
        let account = id_of(&state["organization"]["accounts"], "app").to_owned();
        state["directory"]["groups"]["0000000000-aaaaaaaa-0000-4000-8000-000000000000"] = json!({"name": "by-hand"});
        let sets = state["identity_center"]["permission_sets"].as_object_mut().unwrap();
        let there = &mut sets.values_mut().next().unwrap()["accounts"][account]["principals"];
        there
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "GROUP", "id": "0000000000-aaaaaaaa-0000-4000-8000-000000000000"}));
    });
    let plan = folder.landing("plan --sandbox=state.json --detailed-exitcode").code(0);
    plan.says("Nothing to do").says("Not checked: other assignments in 2 pairs");
    folder.landing("apply --sandbox=state.json --yes").code(0).says("Nothing to do");
    let drift =
        folder.landing("drift --sandbox=state.json").code(2).says("Next: landing apply --sandbox=state.json --deep");
    assert!(!drift.stdout.contains("Not checked"), "{}", drift.stdout);
    let deep = folder.landing("plan --deep --sandbox=state.json").code(0).says("1 to delete");
    let deep = deep.says("Next: landing apply --sandbox=state.json --deep");
    assert!(!deep.stdout.contains("Not checked"), "{}", deep.stdout);
    folder.landing("apply --sandbox=state.json --deep --yes").code(0).says("1 deleted");
    folder.landing("drift --sandbox=state.json").code(0);
}

#[test]
fn a_saved_plan_remembers_how_far_it_looked() {
    let folder = Folder::applied("depth", &(BLUEPRINT.to_owned() + PEOPLE));
    for (flag, deep) in [("", false), ("--deep", true)] {
        folder.landing(&format!("plan --sandbox=state.json --out plan.json {flag}")).code(0);
        let plan: Value = serde_json::from_str(&folder.read("plan.json")).unwrap();
        assert_eq!(plan["depth"], json!({"deep": deep, "pairs": 2}));
        assert_eq!(plan["desired"]["settings"]["deep"], deep);
    }
    folder.landing("apply plan.json --sandbox=state.json --deep").code(64).complains("--deep does not go with it");
}

#[test]
fn a_closed_account_that_the_blueprint_wants_open_differs() {
    let folder = Folder::applied("closed", BLUEPRINT);
    folder.edit_state(|state| {
        let id = id_of(&state["organization"]["accounts"], "app").to_owned();
        state["organization"]["accounts"][id]["state"] = json!("SUSPENDED");
    });
    let plan = folder.landing("plan --sandbox=state.json --detailed-exitcode").code(2);
    plan.says("is closed (SUSPENDED)").says("1 manual step").says("Waiting for a manual step");
    let drift = folder.landing("drift --sandbox=state.json").code(2);
    drift.says("ask AWS Support to reopen");
    folder.landing("plan --sandbox=state.json").code(0);
    let markdown = folder.landing("drift --sandbox=state.json --format markdown").code(2).says("1 manual step");
    assert!(!markdown.stdout.contains("No drift:"), "{}", markdown.stdout);
    let json = folder.landing("drift --sandbox=state.json --format json").code(2).json();
    assert_eq!(json["summary"]["waiting"], 1);
    assert_eq!(json["waiting"][0]["address"], "account/app");
    assert_eq!(json["waiting"][0]["waits_for"], "account/app");
}

#[test]
fn targets_that_match_nothing_are_wrong_usage_each() {
    let folder = Folder::applied("no-target", BLUEPRINT);
    for command in ["plan", "apply --yes"] {
        let refused = folder.landing(&format!("{command} --sandbox=state.json --target ou/Wrkloads")).code(64);
        refused.complains("`ou/Wrkloads`").complains("did you mean `ou/Workloads`?");
        let named = folder.landing(&format!("{command} --sandbox=state.json --target Workloads")).code(64);
        named.complains("did you mean `ou/Workloads`?");
        let several = "--target account/app --target account/one --target zzz";
        let refused = folder.landing(&format!("{command} --sandbox=state.json {several}")).code(64);
        let refused = refused.complains("`account/one`").complains("`zzz`");
        assert!(!refused.stderr.contains("`account/app`:"), "{}", refused.stderr);
    }
}

#[test]
fn a_targeted_plan_says_so_and_what_it_leaves_out() {
    let folder = Folder::applied("targeted", BLUEPRINT);
    let more = BLUEPRINT.replace("Workloads:", "Others: {accounts: [o]}\n  Third: {}\n  Workloads:");
    folder.write("landing.yaml", &more);
    let agrees = folder.landing("plan --sandbox=state.json --detailed-exitcode --target ou/Workloads").code(0);
    agrees.says("Nothing to do: ou/Workloads matches the blueprint (3 resources). 3 other changes are outside of");
    let json = folder.landing("plan --sandbox=state.json --format json --target ou/Workloads").code(0).json();
    assert_eq!((&json["summary"]["unchanged"], &json["summary"]["outside"]), (&json!(3), &json!(3)));
    let differs = folder.landing("plan --sandbox=state.json --detailed-exitcode --target ou/Others").code(2);
    let differs =
        differs.says(", only ou/Others").says("Plan for ou/Others: 2 to create, 0 unchanged. 1 other change is");
    differs.says("Next: landing apply --sandbox=state.json --target ou/Others");
    folder.landing("apply --sandbox=state.json --yes --target ou/Others").code(0);
    let applied = folder.landing("apply --sandbox=state.json --yes --target ou/Others").code(0);
    applied.says("Nothing to do: ou/Others matches the blueprint (2 resources). 1 other change is");
    folder.landing("plan --sandbox=state.json --target ou/Others --format markdown").code(0).says("1 other change is");
}

#[test]
fn the_next_command_may_do_what_this_one_might() {
    let folder = Folder::with_blueprint("again");
    folder.landing("plan --sandbox=state.json").code(0);
    folder.set_account_quota(1);
    let part = folder.landing("apply --sandbox=state.json --yes --allow-destroy --target ou/Workloads --deep").code(4);
    part.says("Next: landing apply --sandbox=state.json --target ou/Workloads --deep --allow-destroy");
    let digest = folder.planned();
    let part = folder.landing(&format!("apply plan.json --sandbox=state.json --yes --expect-sha256 {digest}")).code(4);
    part.says(&format!("Next: landing apply plan.json --sandbox=state.json --expect-sha256 {digest}"));
    folder.set_account_quota(10);
    folder.landing(&format!("apply plan.json --sandbox=state.json --yes --expect-sha256 {digest}")).code(0);
    folder.landing("plan --sandbox=state.json --detailed-exitcode").code(0);
}

#[test]
fn a_whole_landing_zone_is_planned_saved_and_done_as_planned() {
    let folder = Folder::new("whole-plan");
    folder.landing("init --from ml-landing-zone").code(0);
    let plan = folder.landing("plan --sandbox --out p.json").code(0).says("Waiting for identity-center");
    plan.says(" waiting, 1 manual step, ");
    let saved: Value = serde_json::from_str(&folder.read("p.json")).unwrap();
    let count = |list: &str| saved[list].as_array().unwrap().len();
    let applied = folder.landing("apply --sandbox --yes --format json p.json").code(0).json();
    assert_eq!(applied["done"].as_array().unwrap().len(), count("changes") + count("waiting"));
    assert_eq!(applied["unseen"], json!([]));
    folder.landing("plan --sandbox --detailed-exitcode").code(0).says("Nothing to do");
}

#[test]
fn a_plan_file_that_is_not_whole_or_not_as_it_was_written_is_named() {
    let folder = Folder::with_blueprint("file");
    let digest = folder.planned();
    let whole = folder.read("plan.json");
    let apply = |more: &str| folder.landing(&format!("apply plan.json --sandbox=state.json --yes {more}"));
    folder.write("plan.json", &whole.replace("OrganizationAccountAccessRole", "Backdoor"));
    apply("").code(3).complains("the plan file was edited").complains("plan again");
    folder.write("plan.json", &whole[..whole.len() / 2]);
    apply("").code(1).complains("plan.json is truncated").complains("line ");
    folder.write("plan.json", "");
    apply("").code(1).complains("plan.json is truncated");
    folder.write("plan.json", "[1, 2]");
    apply("").code(1).complains("it holds a list");
    folder.write("plan.json", r#"{"AWSTemplateFormatVersion": "2010-09-09"}"#);
    apply("").code(1).complains("neither a plan nor a blueprint");
    let shown = folder.landing("plan --sandbox=state.json --format json").code(0).stdout;
    folder.write("plan.json", &shown);
    apply("").code(1).complains("without the bodies");
    // Whoever edits a file can seal it anew: then only the digest from elsewhere shows.
    folder.write("plan.json", &whole);
    apply(&format!("--expect-sha256 {}", "0".repeat(64)))
        .code(3)
        .complains("is not the expected plan file")
        .complains(&digest);
    apply("--expect-sha256 abc").code(64).complains("64 hexadecimal digits");
    let blueprint = format!("apply landing.yaml --sandbox=state.json --yes --expect-sha256 {digest}");
    folder.landing(&blueprint).code(3);
    assert!(folder.state()["organization"].is_null(), "nothing was changed");
    apply(&format!("--expect-sha256 {}", digest.to_uppercase())).code(0).says("Applied in");
    let blueprint = format!("--expect-sha256 {}", sha256_of(&folder, "landing.yaml"));
    folder.landing(&format!("apply --sandbox=state.json --yes {blueprint}")).code(64).complains("is for plan files");
}

/// As the program says it where another one is expected.
fn sha256_of(folder: &Folder, file: &str) -> String {
    let expected = "0".repeat(64);
    let refused =
        folder.landing(&format!("apply {file} --sandbox=state.json --yes --expect-sha256 {expected}")).code(3);
    let words: Vec<String> = refused.stderr.split_whitespace().map(str::to_owned).collect();
    words.into_iter().find(|word| word.len() == 64 && *word != expected).unwrap()
}

#[test]
fn ends_are_held_against_today_or_the_day_that_is_said() {
    let folder = Folder::new("until");
    let blueprint = "version: 1\nname: ours\norganization: {regions: [eu-west-1], account_email: \"{name}@example.com\"}\n\
                     accounts: [a]\nidentity:\n  permission_sets: {admin: {managed_policies: [AdministratorAccess]}}\n  \
                     assignments: {team: {admin: [{in: a, until: 2099-03-01}]}}\n";
    folder.write("landing.yaml", blueprint);
    folder.landing("apply --sandbox --yes").code(0);
    folder.landing("plan --sandbox --detailed-exitcode").code(0);
    let near = folder.landing("plan --sandbox --detailed-exitcode --today 2099-02-25");
    near.code(0).says("assignment/admin/group/team@account/a: assigned until 2099-03-01");
    let ended = folder.landing("plan --sandbox --detailed-exitcode --today 2099-03-01");
    ended
        .code(2)
        .says("the blueprint assigned it until 2099-03-01")
        .complains("the assignment has ended on 2099-03-01");
    folder.landing("plan --sandbox --today 2099-02-30").code(64).complains("such as 2027-03-01");
}
