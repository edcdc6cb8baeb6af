use serde_json::json;

use super::super::diff::{Differences, compare};
use super::{OURS, absent, at, desired, found, names, observed, wanted};
use crate::model::{Action, Desired, Observed, Owner, TAG_ADDRESS};

fn actions(differences: &Differences) -> Vec<(&str, Action)> {
    differences.changes.iter().map(|change| (change.address.as_str(), change.action)).collect()
}

fn unit(name: &str) -> serde_json::Value {
    json!({"name": name, "tags": {}})
}

/// What a unit that is wanted and found comes to, by its owner.
fn of_owner(owner: Owner, name: &str) -> Differences {
    let wanted = desired([wanted("ou/A", "root", unit("A"))]);
    compare(&wanted, &observed([found("ou/A", "root", owner, unit(name))]))
}

#[test]
fn what_is_missing_is_created_with_the_fields_that_it_has() {
    let fields = json!({"name": "A", "note": null, "text": "", "list": [], "tags": {}});
    let differences = compare(&desired([wanted("ou/A", "root", fields)]), &Observed::default());
    assert_eq!(actions(&differences), [("ou/A", Action::Create)]);
    let change = &differences.changes[0];
    let fields: Vec<_> = change.fields.iter().map(|field| (field.path.as_str(), &field.before, &field.after)).collect();
    assert_eq!(fields, [("name", &json!(null), &json!("A"))]);
    assert_eq!(change.parent, Some(at("root")));
}

#[test]
fn what_exists_is_adopted_updated_or_left_by_its_owner() {
    for (owner, name, expected) in [
        (Owner::Unmanaged, "A", Some(Action::Adopt)),
        (Owner::Unmanaged, "B", Some(Action::Adopt)),
        (OURS, "A", None),
        (OURS, "B", Some(Action::Update)),
        (Owner::Shared, "A", None),
        (Owner::Shared, "B", Some(Action::Update)),
        (Owner::ControlTower, "A", None),
        (Owner::ControlTower, "B", None),
        (Owner::Other("theirs".into()), "A", None),
        (Owner::Other("theirs".into()), "B", None),
    ] {
        let differences = of_owner(owner.clone(), name);
        let expected: Vec<_> = expected.map(|action| ("ou/A", action)).into_iter().collect();
        assert_eq!(actions(&differences), expected, "{owner:?} {name}");
    }
}

#[test]
fn what_others_own_under_the_same_name_is_refused() {
    for (owner, name, expected) in [
        (Owner::Other("theirs".into()), "A", Some("another-blueprint")),
        (Owner::ControlTower, "B", Some("control-tower")),
        (Owner::ControlTower, "A", None),
        (Owner::Unmanaged, "B", None),
        (OURS, "B", None),
    ] {
        let differences = of_owner(owner.clone(), name);
        let codes: Vec<&str> = differences.refusals.iter().map(|refusal| refusal.code.as_str()).collect();
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{owner:?} {name}");
        assert!(differences.refusals.iter().all(|refusal| refusal.address == Some(at("ou/A"))));
    }
    let gone = desired([absent(wanted("ou/A", "root", unit("A")))]);
    let differences = compare(&gone, &observed([found("ou/A", "root", Owner::ControlTower, unit("A"))]));
    assert_eq!(differences.refusals[0].code, "control-tower");
    assert!(differences.changes.is_empty());
}

#[test]
fn only_what_is_ours_is_deleted_where_the_blueprint_does_not_have_it() {
    for (owner, deleted, unmanaged) in [
        (OURS, true, false),
        (Owner::Unmanaged, false, true),
        (Owner::Shared, false, false),
        (Owner::ControlTower, false, false),
        (Owner::Other("theirs".into()), false, false),
    ] {
        let differences = compare(&Desired::default(), &observed([found("ou/A", "root", owner.clone(), unit("A"))]));
        let expected: &[_] = if deleted { &[("ou/A", Action::Delete)] } else { &[] };
        assert_eq!(actions(&differences), expected, "{owner:?}");
        assert_eq!(!differences.unmanaged.is_empty(), unmanaged, "{owner:?}");
        assert_eq!(!differences.control_tower.is_empty(), owner == Owner::ControlTower, "{owner:?}");
    }
}

#[test]
fn what_must_not_be_there_goes_and_is_unchanged_once_it_is_gone() {
    let gone = desired([absent(wanted("trusted-access/x.amazonaws.com", "organization", json!({})))]);
    let there = observed([found("trusted-access/x.amazonaws.com", "organization", Owner::Shared, json!({}))]);
    assert_eq!(actions(&compare(&gone, &there)), [("trusted-access/x.amazonaws.com", Action::Delete)]);
    let differences = compare(&gone, &Observed::default());
    assert!(differences.changes.is_empty());
    assert_eq!(names(differences.unchanged.iter().map(|(address, _)| address)), ["trusted-access/x.amazonaws.com"]);
}

#[test]
fn another_place_is_a_move_and_an_old_address_tag_an_update() {
    let account = || json!({"name": "x", "email": "x@example.com", "tags": {}});
    let wanted = desired([wanted("account/x", "ou/A", account())]);
    let elsewhere = observed([found("account/x", "root", OURS, account())]);
    assert_eq!(actions(&compare(&wanted, &elsewhere)), [("account/x", Action::Move)]);
    let stale = Owner::This { stale: Some("account/old".into()) };
    let differences = compare(&wanted, &observed([found("account/x", "ou/A", stale, account())]));
    assert_eq!(actions(&differences), [("account/x", Action::Update)]);
    let field = differences.changes[0].field(&format!("tags.{TAG_ADDRESS}")).expect("its tag differs");
    assert_eq!((&field.before, &field.after), (&json!("account/old"), &json!("account/x")));
}

#[test]
fn references_are_compared_as_what_they_stand_for() {
    let wanted = desired([wanted("ou/A", "root", json!({"name": "${account/x}"}))]);
    let mut observed = observed([found("ou/A", "root", OURS, json!({"name": "222222222222"}))]);
    observed.bindings.bind(at("account/x"), "222222222222");
    assert!(compare(&wanted, &observed).changes.is_empty());
    observed.bindings.unbind(&at("account/x"));
    assert_eq!(compare(&wanted, &observed).changes[0].fields[0].after, json!("${account/x}"));
}

#[test]
fn what_waits_and_all_that_needs_it_is_reported_with_its_cause() {
    let desired = desired([
        wanted("account/x", "root", json!({"name": "x"})),
        wanted("scp/p@account/x", "account/x", json!({})).needing([at("scp/p"), at("account/x")]),
        wanted("group/g", "organization", json!({"description": "d"})).needing([at("identity-center")]),
        wanted("assignment/s/group/g@account/y", "account/y", json!({})).needing([at("group/g")]),
        wanted("ou/A", "root", unit("A")).needing([at("account/x")]),
        wanted("ou/B", "root", unit("B")),
    ]);
    let mut observed = observed([found("ou/A", "root", OURS, unit("A"))]);
    observed.waiting.extend([at("account/x"), at("identity-center")]);
    let differences = compare(&desired, &observed);
    let waiting: Vec<_> =
        differences.waiting.iter().map(|it| (it.change.address.as_str(), it.waits_for.as_str())).collect();
    assert_eq!(
        waiting,
        [
            ("account/x", "account/x"),
            ("assignment/s/group/g@account/y", "identity-center"),
            ("group/g", "identity-center"),
            ("scp/p@account/x", "account/x"),
        ]
    );
    // Of the account it is not known what will be left to do once a person has acted.
    let fields: Vec<usize> = differences.waiting.iter().map(|it| it.change.fields.len()).collect();
    assert_eq!(fields, [0, 0, 1, 0]);
    assert_eq!(actions(&differences), [("ou/B", Action::Create)]);
    assert_eq!(
        names(differences.unchanged.iter().map(|(address, _)| address)),
        ["ou/A"],
        "what is there does not wait"
    );
}

#[test]
fn what_hangs_on_a_unit_that_goes_goes_with_it_and_nothing_else_does() {
    let found = observed([
        found("ou/A", "root", OURS, unit("A")),
        found("scp/p", "organization", OURS, json!({"name": "p"})),
        found("scp/p@ou/A", "ou/A", OURS, json!({})),
        found("scp/p@root", "root", OURS, json!({})),
    ]);
    let differences = compare(&Desired::default(), &found);
    assert_eq!(
        actions(&differences),
        [("ou/A", Action::Delete), ("scp/p", Action::Delete), ("scp/p@root", Action::Delete)]
    );
}

/// The account `a` that is closed in `ou/Old`, where the blueprint has it closed in this unit.
fn closed_in(unit: &str) -> Differences {
    let account = absent(wanted("account/a", unit, json!({"name": "new name", "email": "a@example.com"})));
    let mut found_there = Observed::default();
    let closed = found("account/a", "ou/Old", OURS, json!({"name": "old name", "state": "SUSPENDED"}));
    found_there.closed.insert(at("account/a"), closed);
    compare(&desired([account]), &found_there)
}

#[test]
fn a_closed_account_moves_where_the_blueprint_has_it_and_nothing_else_of_it_changes() {
    let differences = closed_in("ou/New");
    assert_eq!(actions(&differences), [("account/a", Action::Move)]);
    let fields: Vec<_> = differences.changes[0].fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(fields, ["parent"]);
    assert_eq!(differences.changes[0].parent, Some(at("ou/New")));
    assert_eq!(names(differences.unchanged.iter().map(|(address, _)| address)), [""; 0]);
}

#[test]
fn a_closed_account_that_is_where_the_blueprint_has_it_is_as_wanted() {
    let differences = closed_in("ou/Old");
    assert_eq!(actions(&differences), []);
    assert_eq!(names(differences.unchanged.iter().map(|(address, _)| address)), ["account/a"]);
}

#[test]
fn other_resources_stay_unchanged_when_a_closed_account_moves() {
    let account = absent(wanted("account/a", "ou/New", json!({"name": "a"})));
    let mut there = observed([found("ou/New", "root", OURS, unit("New"))]);
    there.closed.insert(at("account/a"), found("account/a", "ou/Old", OURS, json!({"name": "a"})));
    let differences = compare(&desired([account, wanted("ou/New", "root", unit("New"))]), &there);
    assert_eq!(actions(&differences), [("account/a", Action::Move)]);
    assert_eq!(names(differences.unchanged.iter().map(|(address, _)| address)), ["ou/New"]);
}
