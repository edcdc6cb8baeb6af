use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::plan::Draft;
use super::super::shown::{stale, unseen};
use super::{OURS, at, change, draft, found, observed, plan, waiting};
use crate::model::{Action, Change, Found, Observed, Owner, Plan, Risk};

const BEFORE: [(&str, &str); 2] = [("root", "r0"), ("ou/A", "a0")];

/// A plan of some changes, made where there are the root and `ou/A`.
fn shown(changes: &[Change]) -> Plan {
    plan(changes.to_vec(), &BEFORE)
}

/// What would be planned now: these changes are left, these digests and resources are found.
fn now(left: &[Change], digests: &[(&str, &str)], resources: impl IntoIterator<Item = Found>) -> Draft {
    draft(plan(left.to_vec(), digests), observed(resources))
}

fn ours(address: &str) -> Found {
    found(address, "root", OURS, json!({}))
}

fn create_unit() -> Change {
    change("ou/B", Action::Create, &[("name", Value::Null, json!("B")), ("tags", Value::Null, json!({"k": "v"}))])
}

fn update_unit() -> Change {
    change("ou/A", Action::Update, &[("name", json!("a"), json!("A")), ("tags.k", json!("1"), json!("2"))])
}

const NOTHING: [&str; 0] = [];

#[test]
fn what_changed_elsewhere_is_named() {
    let plan = shown(&[create_unit()]);
    for (digests, expected) in [
        (&BEFORE[..], &[][..]),
        (&[("root", "r0"), ("ou/A", "a1")], &["ou/A has changed"]),
        (&[("root", "r0")], &["ou/A is gone"]),
        (&[("root", "r0"), ("ou/A", "a0"), ("ou/C", "c0")], &["ou/C is new"]),
        (&[("root", "r1"), ("ou/C", "c0")], &["ou/A is gone", "ou/C is new", "root has changed"]),
    ] {
        assert_eq!(stale(&plan, &now(&[create_unit()], digests, [ours("ou/A")])), expected);
    }
}

#[test]
fn another_organization_or_account_is_refused_first() {
    let elsewhere = |id: Option<&str>, account: &str| {
        let mut now = now(&[create_unit()], &BEFORE, [ours("ou/A")]);
        now.plan.organization.id = id.map(str::to_owned);
        now.plan.organization.management_account = Some(account.into());
        stale(&shown(&[create_unit()]), &now)
    };
    assert_eq!(elsewhere(Some("o-1"), "111111111111"), NOTHING);
    assert_eq!(elsewhere(Some("o-2"), "111111111111"), ["the plan was made for organization o-1, this is o-2"]);
    assert_eq!(elsewhere(None, "111111111111"), ["the plan was made for organization o-1, this is none"]);
    let account = "the plan was made for management account 111111111111, this is 222222222222";
    assert_eq!(elsewhere(Some("o-1"), "222222222222"), [account]);
}

/// What becomes of a plan that creates `ou/B`, where that is found as `owner` has it and this is left.
fn with_unit_made(owner: Owner, left: &[Change]) -> Vec<String> {
    let digests = [("root", "r0"), ("ou/A", "a0"), ("ou/B", "b0")];
    let resources = [ours("ou/A"), found("ou/B", "root", owner, json!({}))];
    stale(&shown(&[create_unit()]), &now(left, &digests, resources))
}

#[test]
fn what_the_plan_made_itself_is_no_difference() {
    assert_eq!(with_unit_made(OURS, &[]), NOTHING);
    let left = change("ou/B", Action::Update, &[("tags.k", Value::Null, json!("v"))]);
    assert_eq!(with_unit_made(OURS, &[left]), NOTHING, "a tag is still to be written");
}

#[test]
fn what_another_made_in_its_place_is_a_difference() {
    let adopted = change("ou/B", Action::Adopt, &[("tags.k", Value::Null, json!("v"))]);
    assert_eq!(with_unit_made(Owner::Unmanaged, &[adopted]), ["ou/B is new"]);
    assert_eq!(with_unit_made(Owner::Unmanaged, &[]), ["ou/B no longer needs the change that the plan shows"]);
    assert_eq!(with_unit_made(Owner::Other("b".into()), &[]), ["ou/B no longer needs the change that the plan shows"]);
}

#[test]
fn what_was_made_and_then_changed_by_hand_is_a_difference() {
    for (path, before, after) in [
        // Renamed since.
        ("name", json!("Hacked"), json!("B")),
        // Tagged otherwise since.
        ("tags.k", json!("w"), json!("v")),
        // Not what the plan says.
        ("tags.k", Value::Null, json!("other")),
        ("tags.other", Value::Null, json!("v")),
        ("content", Value::Null, json!("v")),
    ] {
        let left = change("ou/B", Action::Update, &[(path, before, after)]);
        assert_eq!(with_unit_made(OURS, std::slice::from_ref(&left)), ["ou/B is new"], "{left:?}");
    }
    let deleted = change("ou/B", Action::Delete, &[]);
    assert_eq!(with_unit_made(OURS, &[deleted]), ["ou/B is new"]);
}

#[test]
fn a_stack_set_that_was_not_deployed_to_all_accounts_is_and_what_failed_since_is_a_difference() {
    let planned = change("stack-set/s", Action::Create, &[]);
    let digests = [("root", "r0"), ("ou/A", "a0"), ("stack-set/s", "s0")];
    for (before, expected) in [("MISSING", &[][..]), ("OUTDATED FAILED: it stopped", &["stack-set/s is new"][..])] {
        let left = change("stack-set/s", Action::Update, &[("instances.account/a.r", json!(before), json!("CURRENT"))]);
        let set = found("stack-set/s", "organization", OURS, json!({}));
        assert_eq!(stale(&shown(std::slice::from_ref(&planned)), &now(&[left], &digests, [set])), expected, "{before}");
    }
}

#[test]
fn an_account_that_was_made_and_not_moved_is_moved() {
    let planned = Change { parent: Some(at("ou/A")), ..change("account/x", Action::Create, &[]) };
    let digests = [("root", "r0"), ("ou/A", "a0"), ("account/x", "x0")];
    for (from, to, expected) in
        [("root", "ou/A", &[][..]), ("ou/C", "ou/A", &["account/x is new"]), ("root", "ou/C", &["account/x is new"])]
    {
        let left = change("account/x", Action::Move, &[("parent", json!(from), json!(to))]);
        let now = now(&[left], &digests, [ours("ou/A"), ours("account/x")]);
        assert_eq!(stale(&shown(std::slice::from_ref(&planned)), &now), expected, "{from} {to}");
    }
}

#[test]
fn a_stack_that_was_being_made_is_finished() {
    let planned = change("stack/x/y/eu-west-1", Action::Create, &[]);
    let left = change("stack/x/y/eu-west-1", Action::Update, &[("status", json!("CREATE_IN_PROGRESS"), Value::Null)]);
    let digests = [("root", "r0"), ("ou/A", "a0"), ("stack/x/y/eu-west-1", "s0")];
    let now = now(&[left], &digests, [ours("ou/A"), ours("stack/x/y/eu-west-1")]);
    assert_eq!(stale(&shown(&[planned]), &now), NOTHING);
}

/// What becomes of a plan that renames and tags `ou/A`, where this is left of it.
fn with_update_left(left: &[Change]) -> Vec<String> {
    stale(&shown(&[update_unit()]), &now(left, &[("root", "r0"), ("ou/A", "a1")], [ours("ou/A")]))
}

#[test]
fn a_half_made_update_is_completed_and_a_changed_one_is_not() {
    let left = |fields: &[(&str, Value, Value)]| [change("ou/A", Action::Update, fields)];
    assert_eq!(with_update_left(&[]), NOTHING);
    assert_eq!(with_update_left(&[update_unit()]), NOTHING);
    assert_eq!(with_update_left(&left(&[("name", json!("a"), json!("A"))])), NOTHING);
    assert_eq!(with_update_left(&left(&[("name", json!("b"), json!("A"))])), ["ou/A has changed"]);
    assert_eq!(with_update_left(&left(&[("name", json!("a"), json!("C"))])), ["ou/A has changed"]);
    assert_eq!(with_update_left(&left(&[("tags.other", Value::Null, json!("2"))])), ["ou/A has changed"]);
    let deleted = change("ou/A", Action::Delete, &[]);
    assert_eq!(with_update_left(&[deleted]), ["ou/A has changed"]);
}

#[test]
fn a_list_that_was_changed_in_part_is_completed() {
    let planned = change("permission-set/s", Action::Update, &[("managed_policies", json!(["a", "b"]), json!(["c"]))]);
    for (list, to, expected) in [
        (json!(["a", "b", "c"]), json!(["c"]), true),
        (json!(["b", "c"]), json!(["c"]), true),
        (json!([]), json!(["c"]), true),
        (json!(["c", "d"]), json!(["c"]), false),
        (json!(["d"]), json!(["c"]), false),
        (json!(["a", "b"]), json!(["d"]), false),
        (json!("a"), json!(["c"]), false),
    ] {
        let left = change("permission-set/s", Action::Update, &[("managed_policies", list.clone(), to)]);
        let now = now(&[left], &[("permission-set/s", "s1")], [ours("permission-set/s")]);
        let planned = plan(vec![planned.clone()], &[("permission-set/s", "s0")]);
        assert_eq!(stale(&planned, &now).is_empty(), expected, "{list}");
    }
}

#[test]
fn what_an_interruption_leaves_beside_the_fields_is_finished() {
    let planned = change("permission-set/s", Action::Update, &[("session", json!("PT1H"), json!("PT2H"))]);
    for (path, after, expected) in [
        ("provisioned", json!("latest"), true),
        ("provisioned", json!("other"), false),
        ("status", Value::Null, true),
        ("status", json!("x"), false),
        ("other", Value::Null, false),
    ] {
        let left =
            change("permission-set/s", Action::Update, &[(path, json!("an older version in 2 accounts"), after)]);
        let now = now(&[left], &[("permission-set/s", "s1")], [ours("permission-set/s")]);
        let planned = plan(vec![planned.clone()], &[("permission-set/s", "s0")]);
        assert_eq!(stale(&planned, &now).is_empty(), expected, "{path}");
    }
}

#[test]
fn the_same_change_at_another_risk_is_another_change() {
    let destructive = Change { risk: Risk::Destructive, ..update_unit() };
    let now = now(&[destructive], &BEFORE, [ours("ou/A")]);
    assert_eq!(stale(&shown(&[update_unit()]), &now), ["ou/A would be changed differently from what the plan shows"]);
}

#[test]
fn a_deletion_is_done_once_it_is_gone_with_what_hung_on_it() {
    let planned = shown(&[change("ou/A", Action::Delete, &[])]);
    let planned = Plan {
        observed: [("root", "r0"), ("ou/A", "a0"), ("scp/p@ou/A", "p0")].map(|(a, d)| (at(a), d.into())).into(),
        ..planned
    };
    assert_eq!(stale(&planned, &now(&[], &[("root", "r0")], [])), NOTHING);
    let left = change("ou/A", Action::Delete, &[]);
    let half = now(&[left], &[("root", "r0"), ("ou/A", "a0")], [ours("ou/A")]);
    assert_eq!(stale(&planned, &half), NOTHING);
    let still = now(&[], &[("root", "r0"), ("ou/A", "a0")], [ours("ou/A")]);
    assert_eq!(stale(&planned, &still), ["ou/A no longer needs the change that the plan shows"]);
    let other = shown(&[change("ou/C", Action::Delete, &[])]);
    let other = Plan { observed: planned.observed.clone(), ..other };
    let gone = now(&[], &[("root", "r0"), ("ou/A", "a0")], [ours("ou/A")]);
    assert_eq!(stale(&other, &gone), ["scp/p@ou/A is gone"]);
}

#[test]
fn a_change_that_was_not_shown_is_refused_even_where_nothing_else_differs() {
    let extra = change("scp/p@root", Action::Delete, &[]);
    let now = now(&[create_unit(), extra], &BEFORE, [ours("ou/A")]);
    assert_eq!(
        stale(&shown(&[create_unit()]), &now),
        ["scp/p@root would be changed differently from what the plan shows"]
    );
}

/// A plan of a new organization whose groups wait for Identity Center, where the organization is there by now.
fn new_organization(left: &[Change], more: &[Found]) -> Vec<String> {
    let group = change("group/g", Action::Create, &[("description", Value::Null, json!("of ${account/x}"))]);
    let assigned = change("assignment/s/group/g@management", Action::Create, &[]);
    let mut planned = plan(vec![change("organization", Action::Create, &[])], &[]);
    planned.organization.id = None;
    planned.waiting = vec![waiting(group, "identity-center"), waiting(assigned, "identity-center")];
    let management = Found { id: "111111111111".into(), ..found("account/payer", "root", Owner::Unmanaged, json!({})) };
    let mut resources = vec![
        found("organization", "root", Owner::Shared, json!({})),
        found("root", "organization", Owner::Shared, json!({})),
        management,
    ];
    resources.extend(more.iter().cloned());
    let digests: Vec<(&str, &str)> = resources.iter().map(|found| (found.address.as_str(), "new")).collect();
    let mut now = now(left, &digests, resources.clone());
    now.observed.bindings.bind(at("account/x"), "222222222222");
    stale(&planned, &now)
}

#[test]
fn what_comes_with_a_new_organization_is_no_difference() {
    assert_eq!(new_organization(&[], &[]), NOTHING);
    let full_access = found("scp/FullAWSAccess@root", "root", Owner::Shared, json!({}));
    let on_management = found("scp/FullAWSAccess@account/payer", "account/payer", Owner::Shared, json!({}));
    let trusted = found("trusted-access/sso.amazonaws.com", "elsewhere", Owner::Shared, json!({}));
    assert_eq!(new_organization(&[], &[full_access, on_management, trusted]), NOTHING);
    for (address, owner) in [
        ("account/theirs", Owner::Unmanaged),
        ("ou/Theirs", Owner::Unmanaged),
        ("scp/p@root", OURS),
        ("scp/theirs@ou/Theirs", Owner::Unmanaged),
    ] {
        let other = found(address, "root", owner, json!({}));
        assert_eq!(new_organization(&[], &[other]), [format!("{address} is new")]);
    }
    let trusted = found("trusted-access/other.amazonaws.com", "elsewhere", Owner::Shared, json!({}));
    assert_eq!(new_organization(&[], &[trusted]), ["trusted-access/other.amazonaws.com is new"]);
}

#[test]
fn what_waited_is_done_as_it_was_shown() {
    let group = |text: &str| change("group/g", Action::Create, &[("description", Value::Null, json!(text))]);
    let assigned = change("assignment/s/group/g@account/payer", Action::Create, &[]);
    assert_eq!(new_organization(&[group("of 222222222222"), assigned], &[]), NOTHING);
    let otherwise = |address: &str| [format!("{address} would be changed differently from what the plan shows")];
    assert_eq!(new_organization(&[group("of 333333333333")], &[]), otherwise("group/g"));
    assert_eq!(new_organization(&[change("group/g", Action::Adopt, &[])], &[]), otherwise("group/g"));
    assert_eq!(new_organization(&[change("group/h", Action::Create, &[])], &[]), otherwise("group/h"));
    let elsewhere = change("assignment/s/group/g@account/x", Action::Create, &[]);
    assert_eq!(new_organization(&[elsewhere], &[]), otherwise("assignment/s/group/g@account/x"));
}

#[test]
fn what_is_waited_for_by_now_was_done() {
    let mut now = now(&[], &BEFORE, [ours("ou/A")]);
    let invited = change("account/x", Action::Create, &[]);
    assert_eq!(
        stale(&shown(std::slice::from_ref(&invited)), &now),
        ["account/x no longer needs the change that the plan shows"]
    );
    now.observed.waiting.insert(at("account/x"));
    assert_eq!(stale(&shown(&[invited]), &now), NOTHING);
}

#[test]
fn stacks_that_a_set_gives_to_new_accounts_are_no_difference() {
    let set = |planned: &[Change]| {
        let planned = plan(planned.to_vec(), &[("stack-set/s", "s0")]);
        let mut resources = vec![ours("stack-set/s")];
        resources.extend(planned.changes.iter().map(|change| ours(change.address.as_str())));
        let digests: Vec<(&str, &str)> = resources.iter().map(|found| (found.address.as_str(), "new")).collect();
        stale(&planned, &draft(plan(Vec::new(), &digests), observed(resources.clone())))
    };
    assert_eq!(set(&[change("account/x", Action::Create, &[])]), NOTHING);
    assert_eq!(set(&[change("account/x", Action::Move, &[])]), NOTHING);
    assert_eq!(set(&[change("account/x", Action::Update, &[])]), ["stack-set/s has changed"]);
    assert_eq!(set(&[change("ou/B", Action::Create, &[])]), ["stack-set/s has changed"]);
}

#[test]
fn what_was_not_shown_is_left_out_with_all_that_needs_it() {
    let needing = |address: &str, need: &str| {
        let change = change(address, Action::Create, &[]);
        Change { needs: vec![at(need)], ..change }
    };
    let left = [
        create_unit(),
        needing("ou/B/C", "ou/B"),
        change("scp/other", Action::Create, &[]),
        needing("scp/other@ou/B", "scp/other"),
        needing("account/x", "scp/other@ou/B"),
    ];
    let planned = shown(&[create_unit(), left[1].clone(), left[3].clone(), left[4].clone()]);
    let unseen = unseen(&planned, &draft(plan(left.to_vec(), &BEFORE), Observed::default()));
    assert_eq!(unseen, BTreeSet::from(["account/x", "scp/other", "scp/other@ou/B"].map(at)));
}
