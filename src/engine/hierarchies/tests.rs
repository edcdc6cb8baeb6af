use landing_policy::{Asking, Decision};
use serde_json::json;

use super::*;
use crate::engine::scene::{OrganizationFixture, address, body, change, deny};
use crate::model::{Body, Owner, Presence, Wanted};

fn hierarchies(scene: &OrganizationFixture) -> Hierarchies {
    looked(scene).expect("all is known")
}

fn looked(scene: &OrganizationFixture) -> Option<Hierarchies> {
    scene.guarded(|guarded, look| {
        Hierarchies::look(guarded.desired, guarded.observed, guarded.places, guarded.changes, look)
    })
}

/// What is decided of deleting a bucket, before and after the plan.
fn decided(scene: &OrganizationFixture, account: &str) -> (Decision, Decision) {
    let asking = Asking { principal: "role/x".into(), action: "s3:DeleteBucket".into(), ..Asking::default() };
    let Hierarchies { before, after } = hierarchies(scene);
    let decide = |hierarchy: &Hierarchy| hierarchy.decide(&asking, &address(account)).decision;
    (decide(&before), decide(&after))
}

/// The account `a` in `ou/A` and a policy that denies, attached so.
fn scene(targets: &[&str]) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("B").account("a", "ou/A").policy("scp/guard", deny("s3:DeleteBucket"), targets);
    scene
}

use Decision::{Allow, Deny};

#[test]
fn what_is_attached_decides_before_and_after() {
    assert_eq!(decided(&scene(&[]), "account/a"), (Allow, Allow));
    for target in ["root", "ou/A", "account/a"] {
        assert_eq!(decided(&scene(&[target]), "account/a"), (Deny, Deny), "{target}");
    }
    assert_eq!(decided(&scene(&["ou/B"]), "account/a"), (Allow, Allow));
}

#[test]
fn attaching_and_detaching_count_only_after() {
    let mut attached = scene(&[]);
    attached.attaches("scp/guard", "ou/A");
    assert_eq!(decided(&attached, "account/a"), (Allow, Deny));
    let mut detached = scene(&["ou/A"]);
    detached.detaches("scp/guard", "ou/A");
    assert_eq!(decided(&detached, "account/a"), (Deny, Allow));
}

#[test]
fn an_account_that_moves_is_under_other_policies_after() {
    let mut scene = scene(&["ou/B"]);
    scene.moves("a", "ou/B");
    assert_eq!(decided(&scene, "account/a"), (Allow, Deny));
}

#[test]
fn a_policy_says_what_it_will_say_only_after() {
    let mut scene = scene(&["ou/A"]);
    let content = json!({"Version": "2012-10-17", "Statement": [deny("sqs:*")]});
    scene.wants(Wanted::new("policy", address("scp/guard"), body(json!({"content": content}))));
    scene.changes.push(change(Action::Update, "policy", "scp/guard"));
    assert_eq!(decided(&scene, "account/a"), (Deny, Allow));
    // What goes is not changed first.
    scene.changes[0].action = Action::Delete;
    assert_eq!(decided(&scene, "account/a"), (Deny, Deny));
}

#[test]
fn policies_of_others_decide_as_well() {
    let mut scene = scene(&[]);
    scene.policy_of(Owner::Unmanaged, "scp/theirs", deny("s3:*"), &["ou/A"]);
    assert_eq!(decided(&scene, "account/a"), (Deny, Deny));
}

#[test]
fn the_management_account_is_not_bound() {
    assert_eq!(decided(&scene(&["root"]), "account/boss"), (Allow, Allow));
}

fn absent_full_access(scene: &mut OrganizationFixture) {
    let wanted = Wanted::new("attachment", address("scp/FullAWSAccess@ou/A"), Body::new()).under(address("ou/A"));
    scene.wants(Wanted { presence: Presence::Absent, ..wanted });
}

#[test]
fn full_access_that_is_missing_allows_nothing_and_counts_from_when_it_goes() {
    let mut missing = scene(&[]);
    absent_full_access(&mut missing);
    assert_eq!(decided(&missing, "account/a"), (Deny, Deny));
    let mut there = scene(&[]);
    absent_full_access(&mut there);
    there.finds("attachment", "scp/FullAWSAccess@ou/A", Owner::Shared, Some("ou/A"), json!({}));
    assert_eq!(decided(&there, "account/a"), (Allow, Allow));
    there.changes.push(change(Action::Delete, "attachment", "scp/FullAWSAccess@ou/A"));
    assert_eq!(decided(&there, "account/a"), (Allow, Deny));
}

#[test]
fn full_access_that_is_missed_comes_back() {
    let mut scene = scene(&[]);
    let wanted = Wanted::new("attachment", address("scp/FullAWSAccess@ou/A"), Body::new()).under(address("ou/A"));
    scene.desired.add(wanted);
    scene.changes.push(change(Action::Create, "attachment", "scp/FullAWSAccess@ou/A"));
    assert_eq!(decided(&scene, "account/a"), (Deny, Allow));
}

#[test]
fn what_is_still_to_be_made_has_full_access() {
    let mut scene = scene(&[]);
    scene.wants(Wanted::new("organizational-unit", address("ou/New"), Body::new()).under(address("root")));
    let missing = Wanted::new("attachment", address("scp/FullAWSAccess@ou/New"), Body::new()).under(address("ou/New"));
    scene.wants(Wanted { presence: Presence::Absent, ..missing });
    scene.wants(Wanted::new("account", address("account/new"), Body::new()).under(address("ou/New")));
    assert_eq!(decided(&scene, "account/new").1, Allow);
}

#[test]
fn nothing_is_decided_before_all_is_known() {
    let mut scene = scene(&[]);
    scene.finds("policy", "scp/unread", Owner::Unmanaged, None, json!({}));
    assert!(looked(&scene).is_none());
    // Types that decide about no request are not asked about.
    scene.observed.found.remove(&address("scp/unread"));
    scene.finds("policy", "tag-policy/unread", Owner::Unmanaged, None, json!({}));
    assert!(looked(&scene).is_some());
}

#[test]
fn where_full_access_is_is_asked_once_service_control_policies_are_on() {
    let mut scene = scene(&[]);
    scene.observed.bindings.bind(full_access(), "p-FullAWSAccess");
    assert!(looked(&scene).is_none());
    scene.full_access_on(&["root", "ou/A", "account/a", "account/boss"]);
    assert_eq!(decided(&scene, "account/a"), (Allow, Allow));
    for missing in [["root", "ou/A"], ["root", "account/a"], ["ou/A", "account/a"]] {
        scene.full_access_on(&missing);
        assert_eq!(decided(&scene, "account/a"), (Deny, Deny), "{missing:?}");
    }
    scene.observed.found.remove(&address("policy-type/SERVICE_CONTROL_POLICY"));
    assert_eq!(decided(&scene, "account/a"), (Allow, Allow));
}
