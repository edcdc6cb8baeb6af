use serde_json::json;

use super::*;
use crate::model::Address;
use crate::report::line::Line;
use crate::report::plan::Layout;
use crate::report::tests::example::{change, eventful, quiet};

fn texts(plan: &Plan, width: usize, verbose: bool) -> Vec<String> {
    let lines = summary_lines(&risk_summary(plan), Layout { width, verbose });
    lines.iter().map(Line::to_plain).collect()
}

fn risky(address: &str, kind: &str, action: Action, risk: Risk, reason: &str) -> Change {
    let parent = address.strip_prefix("stack/").and_then(|rest| rest.split('/').next()).map(Address::account);
    Change { risk, reason: reason.into(), parent, ..change(address, kind, action, "") }
}

#[test]
fn every_change_is_counted_once() {
    let plan = eventful();
    let summary = risk_summary(&plan);
    let rest: usize = summary.rest.iter().map(|tally| tally.changes).sum();
    assert_eq!(summary.groups.iter().map(RiskGroup::number).sum::<usize>() + rest, plan.changes.len());
    let numbers = [Risk::Irreversible, Risk::Destructive, Risk::Disruptive].map(|risk| summary.number(risk));
    assert_eq!(numbers, [1, 2, 4]);
}

#[test]
fn the_riskiest_is_first_and_each_is_named_with_its_reason() {
    let reason = "the blueprint says `state: closed`";
    let closed = risky("account/x", "account", Action::Delete, Risk::Irreversible, reason);
    let closed = closed.with("state", json!("open"), json!("closed"));
    let changes = vec![
        risky("ou/Old", "organizational-unit", Action::Delete, Risk::Destructive, "the blueprint does not have it"),
        closed,
        risky("ou/Older", "organizational-unit", Action::Delete, Risk::Destructive, "the blueprint does not have it"),
        risky("scp/a@ou/A", "attachment", Action::Create, Risk::Disruptive, "it is not attached here"),
        risky("account/new", "account", Action::Create, Risk::None, ""),
        risky("account/newer", "account", Action::Create, Risk::None, ""),
        risky("scp/b", "policy", Action::Create, Risk::None, ""),
        risky("trusted-access/ram.amazonaws.com", "trusted-access", Action::Create, Risk::None, ""),
        risky("scp/c", "policy", Action::Adopt, Risk::None, "no blueprint owns it"),
    ];
    assert_eq!(
        texts(&Plan { changes, ..quiet() }, 100, false),
        [
            "Summary",
            "  irreversible: 1 change",
            "  - close account/x: the blueprint says `state: closed`",
            "  destructive: 2 changes",
            "  - delete ou/Old, ou/Older: the blueprint does not have it",
            "  disruptive: 1 change",
            "  + attach scp/a to ou/A",
            "  the rest: create 2 accounts, 1 SCP; enable 1 trusted access; adopt 1 SCP",
        ]
    );
}

#[test]
fn what_is_alike_in_many_accounts_is_one_name() {
    let stack = |account: &str, name: &str, region: &str| {
        let address = format!("stack/{account}/{name}/{region}");
        risky(&address, "stack", Action::Delete, Risk::Destructive, "gone")
    };
    let mut changes: Vec<Change> = (0..40)
        .flat_map(|nth| ["eu-west-1", "us-east-1"].map(|region| stack(&format!("a{nth}"), "budget", region)))
        .collect();
    changes.push(stack("a1", "network", "eu-west-1"));
    let expected = "  - delete stack budget in 40 accounts × 2 regions, stack/a1/network/eu-west-1: gone";
    assert_eq!(texts(&Plan { changes, ..quiet() }, 100, false)[2], expected);
}

#[test]
fn long_lists_end_in_a_count_unless_all_is_wanted() {
    let many = |nth: usize, reason: &str| {
        risky(&format!("ou/U{nth:02}"), "organizational-unit", Action::Delete, Risk::Destructive, reason)
    };
    let alike = Plan { changes: (0..20).map(|nth| many(nth, "gone")).collect(), ..quiet() };
    assert!(texts(&alike, 200, false)[2].contains("ou/U05 and 14 more (-v): gone"));
    assert!(texts(&alike, 400, true)[2].contains("ou/U19: gone"));
    let distinct = Plan { changes: (0..20).map(|nth| many(nth, &format!("reason {nth}"))).collect(), ..quiet() };
    assert_eq!(texts(&distinct, 100, false)[12], "    and 10 more (-v)");
    assert_eq!(texts(&distinct, 100, true).len(), 22);
}

#[test]
fn accounts_that_several_changes_reach_count_once() {
    let attached = |address: &str, accounts: &[&str]| {
        let accounts: Vec<String> = accounts.iter().map(|name| (*name).to_owned()).collect();
        let change = risky(address, "attachment", Action::Delete, Risk::Disruptive, "the blueprint does not attach it");
        Change { reaches: accounts.len(), accounts, ..change }
    };
    let changes = vec![attached("scp/a@ou/A", &["x", "y"]), attached("scp/b@ou/A", &["y", "z"])];
    let expected = "  - detach scp/a from ou/A, scp/b from ou/A: the blueprint does not attach it · reaches 3 accounts";
    assert_eq!(texts(&Plan { changes, ..quiet() }, 120, false)[2], expected);
}

#[test]
fn nothing_is_summed_up_where_nothing_changes() {
    assert_eq!(texts(&quiet(), 80, false), [""; 0]);
}

#[test]
fn anyone_who_destroys_says_so() {
    let changes = vec![risky("account/x", "account", Action::Create, Risk::None, "")];
    let harmless = Plan { changes, ..quiet() };
    assert_eq!(consent_text(&harmless), ("Apply 1 change? Only `yes` is accepted: ".to_owned(), "yes"));
    let question = "Apply 16 changes, 1 irreversible and 2 destructive? Only `destroy` is accepted: ";
    assert_eq!(consent_text(&eventful()), (question.to_owned(), "destroy"));
}

#[test]
fn what_a_stack_loses_is_named_at_the_end() {
    let stack = |name: &str| {
        risky(&format!("stack/a/{name}/eu-west-1"), "stack", Action::Update, Risk::Destructive, "it loses resources")
    };
    let losing = stack("net").with("takes_away", json!(["Vpc", "A", "B", "C", "D"]), json!(null));
    let following = stack("app").with("may_replace", json!(["Role"]), json!(null));
    assert_eq!(
        texts(&Plan { changes: vec![losing, following], ..quiet() }, 200, false)[2],
        "  ~ update stack/a/app/eu-west-1 (may replace Role), stack/a/net/eu-west-1 (deletes or replaces Vpc, A, B and 2 more): \
         it loses resources"
    );
}
