use serde_json::json;

use super::*;
use crate::engine::scene::{OrganizationFixture, address, body, change, deny};
use crate::model::{Owner, Presence, Wanted};

/// The account `a` goes from `ou/Dev` to `ou/Prod`.
fn scene() -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("Dev").unit("Dev/Inner").unit("Prod").account("a", "ou/Dev");
    scene
}

/// What the first change says that its account gains, loses and, with the risk, why.
fn reported(scene: &mut OrganizationFixture) -> (Vec<String>, Vec<String>, Risk, String) {
    let facts = scene.facts();
    let OrganizationFixture { desired, observed, changes, .. } = scene;
    super::explain_moves(changes, desired, observed, &Look::new(&facts));
    let names = |addresses: &[Address]| addresses.iter().map(ToString::to_string).collect();
    let first = &changes[0];
    (names(&first.gains), names(&first.loses), first.risk, first.reason.clone())
}

fn passage(scene: &mut OrganizationFixture) -> (Vec<String>, Vec<String>) {
    let (gains, loses, _, _) = reported(scene);
    (gains, loses)
}

fn nothing() -> (Vec<String>, Vec<String>) {
    (Vec::new(), Vec::new())
}

#[test]
fn policies_of_the_old_and_the_new_unit_are_lost_and_gained() {
    let mut scene = scene();
    scene
        .policy("scp/dev", deny("s3:*"), &["ou/Dev"])
        .policy("scp/prod", deny("sqs:*"), &["ou/Prod"])
        .moves("a", "ou/Prod");
    assert_eq!(passage(&mut scene), (vec!["scp/prod".into()], vec!["scp/dev".into()]));
}

#[test]
fn the_same_policy_by_another_way_is_neither() {
    let mut both = scene();
    both.policy("scp/guard", deny("s3:*"), &["ou/Dev", "ou/Prod"]).moves("a", "ou/Prod");
    assert_eq!(passage(&mut both), nothing());
    let mut above = scene();
    above.policy("scp/guard", deny("s3:*"), &["root"]).moves("a", "ou/Prod");
    assert_eq!(passage(&mut above), nothing());
    let mut own = scene();
    own.policy("scp/guard", deny("s3:*"), &["account/a"]).moves("a", "ou/Prod");
    assert_eq!(passage(&mut own), nothing());
    let mut below = scene();
    below.policy("scp/guard", deny("s3:*"), &["ou/Dev"]).moves("a", "ou/Dev/Inner");
    assert_eq!(passage(&mut below), nothing());
}

#[test]
fn what_the_plan_attaches_and_detaches_counts() {
    let mut scene = scene();
    scene.policy("scp/guard", deny("s3:*"), &["ou/Dev"]).moves("a", "ou/Prod");
    scene.attaches("scp/guard", "ou/Prod").detaches("scp/guard", "ou/Dev");
    assert_eq!(passage(&mut scene), nothing());
}

#[test]
fn a_new_unit_has_full_access_from_the_start() {
    let mut scene = scene();
    // It was asked about, since a policy goes: the unit that is new has it by AWS's doing, which no change says.
    scene.finds("attachment", "scp/FullAWSAccess@ou/Dev", Owner::Shared, Some("ou/Dev"), json!({}));
    scene.wants(Wanted::new("organizational-unit", address("ou/New"), body(json!({}))).under(address("root")));
    scene.moves("a", "ou/New");
    scene.changes.push(change(Action::Create, "organizational-unit", "ou/New"));
    assert_eq!(passage(&mut scene), nothing());
}

#[test]
fn policies_of_others_hold_as_well() {
    let mut scene = scene();
    scene.policy_of(Owner::Unmanaged, "scp/theirs", deny("s3:*"), &["ou/Prod"]).moves("a", "ou/Prod");
    assert_eq!(passage(&mut scene), (vec!["scp/theirs".into()], vec![]));
}

fn stack_set(retains: bool) -> serde_json::Value {
    json!({
        "deployment_targets": {"ou/Dev": ["eu-west-1"]},
        "auto_deployment": {"enabled": true, "retain_stacks_on_account_removal": retains}
    })
}

#[test]
fn a_move_that_changes_nothing_else_keeps_its_risk_and_reason() {
    let mut scene = scene();
    scene.policy("scp/dev", deny("s3:*"), &["ou/Dev"]).moves("a", "ou/Prod");
    scene.changes[0].risk = Risk::Disruptive;
    scene.changes[0].reason = "it is in ou/Dev".into();
    let (_, loses, risk, reason) = reported(&mut scene);
    assert_eq!((loses.len(), risk, reason.as_str()), (1, Risk::Disruptive, "it is in ou/Dev"));
}

#[test]
fn an_account_that_is_closed_or_goes_loses_nothing() {
    let mut going = scene();
    going.policy("scp/dev", deny("s3:*"), &["ou/Dev"]).moves("a", "ou/Prod");
    going.changes[0].action = Action::Delete;
    assert_eq!(passage(&mut going), nothing());
    let mut closed = scene();
    closed.policy("scp/dev", deny("s3:*"), &["ou/Dev"]).moves("a", "ou/Prod");
    let found = closed.observed.found.remove(&address("account/a")).expect("it was added");
    closed.observed.closed.insert(address("account/a"), found);
    assert_eq!(passage(&mut closed), nothing());
}

#[test]
fn adopting_that_moves_shows_it_too() {
    let mut scene = scene();
    scene.policy("scp/dev", deny("s3:*"), &["ou/Dev"]).moves("a", "ou/Prod");
    scene.changes[0].action = Action::Adopt;
    assert_eq!(passage(&mut scene), (vec![], vec!["scp/dev".into()]));
}

#[test]
fn an_attachment_that_must_not_be_there_gives_nothing() {
    let mut scene = scene();
    scene.policy("scp/prod", deny("s3:*"), &["ou/Prod"]).moves("a", "ou/Prod");
    let at = address("scp/prod@ou/Prod");
    let wanted = Wanted::new("attachment", at, body(json!({})));
    scene.wants(Wanted { presence: Presence::Absent, ..wanted });
    scene.changes.push(change(Action::Delete, "attachment", "scp/prod@ou/Prod"));
    assert_eq!(passage(&mut scene), nothing());
}

#[test]
fn stacks_that_go_with_the_account_make_its_move_destructive() {
    for (retains, expected) in [(true, Risk::Disruptive), (false, Risk::Destructive)] {
        let mut scene = scene();
        let owner = Owner::This { stale: None };
        scene.finds("stack-set", "stack-set/spend", owner, None, stack_set(retains));
        scene.moves("a", "ou/Prod");
        scene.changes[0].risk = Risk::Disruptive;
        scene.changes[0].reason = "it is in ou/Dev".into();
        let (_, loses, risk, reason) = reported(&mut scene);
        assert_eq!((loses, risk), (vec!["stack-set/spend".to_owned()], expected));
        assert_eq!(reason.contains("the move takes stack-set/spend from it"), !retains, "{reason}");
    }
}
