use insta::assert_snapshot;
use serde_json::json;

use super::example::{change, drifted, eventful, quiet};
use crate::engine::{Applied, Failure, Outcome};
use crate::model::{Action, Address, Depth, Governed, GovernedNote, Plan, Summary, Waiting};
use crate::report::{
    Context, Layout, Run, applied_json, applied_text, drift_markdown, drift_text, plan_markdown, plan_text,
};

fn at(width: usize) -> Layout {
    Layout { width, verbose: false }
}

const NEXT: Context<'_> = Context { aws: None, next: Some("landing apply") };

fn plain(plan: &Plan, layout: Layout) -> String {
    anstream::adapter::strip_str(&plan_text(plan, None, layout, NEXT)).to_string()
}

#[test]
fn a_plan_has_the_tree_as_its_spine() {
    assert_snapshot!(plain(&eventful(), at(80)));
}

#[test]
fn colours_add_to_what_the_marks_say() {
    let plan = Plan { changes: eventful().changes.drain(3..6).collect(), ..quiet() };
    assert_snapshot!(plan_text(&plan, None, at(80), Context::default()).replace('\u{1b}', "␛"));
}

#[test]
fn a_plan_without_changes_is_one_line() {
    assert_snapshot!(plain(&quiet(), at(100)));
}

/// A new organization of which only a unit is looked at, with groups that wait, and an account that is closed.
fn waiting() -> Plan {
    let waits = |address: &str, kind: &str, cause: &str| Waiting {
        change: change(address, kind, Action::Create, "landing.yaml:9"),
        waits_for: Address::parse(cause),
    };
    let waiting = vec![
        waits("account/closed", "account", "account/closed"),
        waits("assignment/admin/group/team@account/a", "assignment", "identity-center"),
        waits("group/team", "group", "identity-center"),
    ];
    let summary = Summary { waiting: 3, outside: 2, ..quiet().summary };
    let depth = Depth { deep: false, pairs: 7, units: 0 };
    let targets = vec![Address::parse("ou/A"), Address::parse("identity-center")];
    Plan { waiting, summary, depth, targets, manual: eventful().manual, ..quiet() }
}

#[test]
fn what_waits_is_shown_with_what_it_waits_for() {
    let drift = anstream::adapter::strip_str(&drift_text(&waiting(), None, at(80), Context::default())).to_string();
    assert_snapshot!(format!("{}\n---\n{drift}\n---\n{}", plain(&waiting(), at(80)), plan_markdown(&waiting())));
}

#[test]
fn a_plan_for_targets_says_so_and_what_it_leaves_out() {
    let targets = |names: &[&str]| names.iter().map(|name| Address::parse(name)).collect();
    let summary = Summary { outside: 1, ..quiet().summary };
    let agreeing = Plan { targets: targets(&["ou/A"]), summary, ..quiet() };
    let differing = Plan { targets: targets(&["ou/A", "ou/B", "ou/C", "ou/D"]), summary, ..eventful() };
    let last = |plan: &Plan| plain(plan, at(200)).lines().last().unwrap_or_default().to_owned();
    assert_eq!(
        last(&agreeing),
        "Nothing to do: ou/A matches the blueprint (12 resources). 1 other change is outside of the targets. 37 AWS calls."
    );
    let text = plain(&Plan { refusals: Vec::new(), ..differing.clone() }, at(200));
    assert!(text.lines().next().is_some_and(|first| first.ends_with(", only ou/A, ou/B, ou/C and 1 more")), "{text}");
    assert!(text.contains("Plan for ou/A, ou/B, ou/C and 1 more: "), "{text}");
    assert!(plan_markdown(&differing).contains("only ou/A, ou/B, ou/C and 1 more · 1 other change is outside"));
}

#[test]
fn markdown_shows_the_same_plan() {
    assert_snapshot!(plan_markdown(&eventful()));
}

fn plain_drift(plan: &Plan, layout: Layout) -> String {
    anstream::adapter::strip_str(&drift_text(plan, None, layout, NEXT)).to_string()
}

#[test]
fn drift_says_what_has_become_of_each_resource() {
    assert_snapshot!(plain_drift(&drifted(), at(80)));
}

#[test]
fn markdown_shows_the_same_drift() {
    assert_snapshot!(drift_markdown(&drifted()));
}

#[test]
fn without_drift_it_says_so_and_what_could_not_be_looked_at() {
    let plan = Plan { undetected: drifted().undetected, unmanaged: drifted().unmanaged, ..quiet() };
    assert_snapshot!(plain_drift(&plan, at(80)));
}

#[test]
fn nothing_in_a_name_is_markdown_or_moves_the_cursor() {
    let mut plan = quiet();
    let name = "a|b`</code><script>\u{1b}[2J\n@everyone";
    plan.changes = vec![change("", "account", Action::Create, "")];
    plan.changes[0].address = Address::account(name);
    plan.changes[0].reason = name.into();
    plan.unmanaged = vec![Address::account(name)];
    let markdown = plan_markdown(&plan);
    for forbidden in ["<script>", "`</code>", "\u{1b}", "@everyone", "a|b"] {
        assert!(!markdown.contains(forbidden), "{forbidden} in {markdown}");
    }
    assert!(!plain(&plan, at(80)).contains('\u{1b}'));
}

#[test]
fn the_json_of_a_plan_keeps_its_contract() {
    let json = serde_json::to_value(eventful()).unwrap();
    assert_eq!(json["format"], "landing-plan/1");
    assert_eq!(json["blueprint"], json!({"name": "ml", "sha256": "00"}));
    assert_eq!(json["organization"], json!({"id": "o-a1b2c3d4e5", "management_account": "111122223333"}));
    for key in ["create", "update", "delete", "adopt", "move", "unchanged", "waiting", "outside"] {
        assert!(json["summary"][key].is_u64(), "summary.{key}");
    }
    let change = &json["changes"][0];
    for key in ["address", "kind", "action", "fields", "risk", "reason", "source", "reaches", "needs"] {
        assert!(change.get(key).is_some(), "changes[].{key}");
    }
    assert_eq!(json["changes"][1]["action"], "adopt");
    assert_eq!(json["changes"][0]["risk"], "disruptive");
    for key in ["path", "before", "after"] {
        assert!(json["changes"][2]["fields"][0].get(key).is_some(), "fields[].{key}");
    }
    assert!(json["manual"][0]["link"].is_string());
    assert_eq!(json["unmanaged"][0], "account/by-hand-1");
    assert_eq!(json["api_calls"]["by_operation"]["organizations:ListAccounts"], 37);
    assert_eq!(serde_json::from_value::<Plan>(json).unwrap(), eventful());
    let json = serde_json::to_value(waiting()).unwrap();
    assert_eq!(json["waiting"][1]["address"], "assignment/admin/group/team@account/a");
    assert_eq!(json["waiting"][1]["waits_for"], "identity-center");
    assert_eq!(serde_json::from_value::<Plan>(json).unwrap(), waiting());
    let json = serde_json::to_value(drifted()).unwrap();
    assert_eq!(json["undetected"][1]["address"], "stack/ml-dev/network/eu-west-1");
}

/// An apply of which a part failed, a part waits and a part was not tried.
pub(super) fn in_part() -> Applied {
    let outcome = Outcome {
        done: vec![(Address::unit(["Workloads"]), Action::Update), (Address::account("log-archive"), Action::Create)],
        failed: vec![Failure {
            address: Address::parse("scp/region-guard@root"),
            action: Action::Create,
            error: "organizations:AttachPolicy was refused: AccessDeniedException: not \u{1b}[1mallowed".into(),
            cause: "was refused: AccessDeniedException: not allowed".into(),
            help: Some("allow organizations:AttachPolicy for this principal".into()),
        }],
        skipped: vec![Address::account("ml-dev")],
        skipped_because: [(Address::account("ml-dev"), Address::parse("scp/region-guard@root"))].into(),
        ..Outcome::default()
    };
    Applied { plan: eventful(), outcome, lost_lease: false, unseen: Vec::new(), caller: None, unrecorded: None }
}

pub(super) const RUN: Run<'_> = Run { milliseconds: 4_230, throttled: 3, next: Some("landing apply") };

#[test]
fn an_apply_in_part_says_what_failed_what_waits_and_what_to_do() {
    let text = applied_text(&in_part(), RUN, at(80));
    assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

/// An apply that an outage stopped: 13 changes failed, 49 need them.
pub(super) fn cut_off() -> Applied {
    let failure = |nth: usize| Failure {
        address: Address::unit([format!("U{nth:02}")]),
        action: Action::Create,
        error: format!("organizations:CreateOrganizationalUnit could not reach AWS: no route (attempt {nth})"),
        cause: "could not reach AWS: no route".into(),
        help: Some("check the network".into()),
    };
    let skipped: Vec<Address> = (0..49).map(|nth| Address::account(&format!("a{nth:02}"))).collect();
    let because =
        skipped.iter().enumerate().map(|(nth, it)| (it.clone(), Address::unit([format!("U{:02}", nth % 13)])));
    let outcome = Outcome {
        failed: (0..13).map(failure).collect(),
        skipped_because: because.collect(),
        skipped,
        ..Outcome::default()
    };
    Applied {
        plan: Plan { manual: Vec::new(), ..eventful() },
        outcome,
        lost_lease: false,
        unseen: Vec::new(),
        caller: None,
        unrecorded: None,
    }
}

#[test]
fn an_outage_is_one_message_with_a_count() {
    let text = applied_text(&cut_off(), RUN, at(80));
    let text = anstream::adapter::strip_str(&text).to_string();
    assert_eq!(text.matches("could not reach AWS").count(), 1, "{text}");
    assert_eq!(text.matches("check the network").count(), 1, "{text}");
    assert_snapshot!(text);
    let json = applied_json(&cut_off(), RUN);
    assert_eq!((json["failed"].as_array().unwrap().len(), json["skipped"].as_array().unwrap().len()), (13, 49));
    assert_eq!(json["skipped_because"]["account/a14"], "ou/U01");
}

#[test]
fn what_has_other_causes_is_not_counted_together() {
    let mut applied = cut_off();
    applied.outcome.failed[1].cause = "was refused: no right".into();
    applied.outcome.failed.truncate(2);
    let text = anstream::adapter::strip_str(&applied_text(&applied, RUN, at(120))).to_string();
    assert!(text.contains("error: create ou/U00: ") && text.contains("error: create ou/U01: "), "{text}");
    assert!(text.contains("stopped 4 changes that need it: account/a01, account/a14"), "{text}");
}

#[test]
fn an_apply_without_flaws_is_one_line() {
    let applied = Applied {
        outcome: Outcome { failed: Vec::new(), skipped: Vec::new(), ..in_part().outcome },
        plan: Plan { manual: Vec::new(), ..eventful() },
        lost_lease: false,
        unseen: Vec::new(),
        caller: None,
        unrecorded: None,
    };
    let text = applied_text(&applied, Run { throttled: 0, next: None, ..RUN }, at(80));
    assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

#[test]
fn programs_learn_the_same_of_an_apply() {
    let json = applied_json(&in_part(), RUN);
    assert_eq!(json["complete"], false);
    assert_eq!(json["done"][1], json!({"address": "account/log-archive", "action": "create"}));
    assert_eq!(json["failed"][0]["address"], "scp/region-guard@root");
    assert_eq!(json["skipped"], json!(["account/ml-dev"]));
    assert_eq!(json["waits"][0]["address"], "account/legacy");
    assert_eq!((&json["milliseconds"], &json["throttled"]), (&json!(4230), &json!(3)));
}

#[test]
fn what_is_control_towers_is_named_with_what_it_makes_of_the_plan() {
    let note =
        |address: Option<&str>, what: &str| GovernedNote { address: address.map(Address::parse), what: what.into() };
    let notes = vec![
        note(None, "write `control_tower: true` under `organization`"),
        note(Some("account/app"), "moved out of ou/Sandbox, which is registered"),
    ];
    let items = vec![Address::parse("ou/Security"), Address::parse("scp/aws-guardrails-aB3dE9")];
    let governed = Governed { items, notes: notes.clone() };
    let plan = Plan { control_tower: Some(governed), unmanaged: vec![Address::account("by-hand")], ..quiet() };
    assert_snapshot!(format!("{}\n---\n{}", plain(&plan, at(80)), plan_markdown(&plan)));
    let nothing = Plan { control_tower: Some(Governed { items: Vec::new(), notes }), ..quiet() };
    assert!(plain(&nothing, at(80)).contains("AWS Control Tower\n! write"), "without a count");
}
