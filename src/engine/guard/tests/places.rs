use std::collections::BTreeMap;

use serde_json::json;

use crate::engine::scene::{OrganizationFixture, address, change, deny};
use crate::model::{Action, Body, Owner, PolicyQuota, Presence, Wanted};

/// A unit that takes so many service control policies, with some of the blueprint's and FullAWSAccess on it.
fn scene(places: usize, policies: usize) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("B");
    let quota = PolicyQuota { size: None, per_target: Some(places) };
    scene.desired.settings.quotas = BTreeMap::from([("SERVICE_CONTROL_POLICY".into(), quota)]);
    for nth in 0..policies {
        scene.policy(&format!("scp/p{nth}"), deny("s3:DeleteBucket"), &["ou/A"]);
    }
    scene
}

fn codes(scene: &OrganizationFixture) -> Vec<String> {
    scene.refusals().into_iter().map(|it| format!("{}@{}", it.code, it.address.expect("a target"))).collect()
}

#[test]
fn as_many_policies_as_there_are_places_may_be_attached() {
    let mut scene = scene(4, 2);
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/A");
    assert!(scene.refused().is_empty());
}

#[test]
fn one_more_than_there_are_places_is_refused() {
    let mut scene = scene(3, 2);
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/A");
    assert_eq!(
        scene.refused(),
        [
            "places-taken: ou/A takes 3 policies of type SERVICE_CONTROL_POLICY; 4 are needed on the way, now there are scp/FullAWSAccess, \
          scp/p0, scp/p1"
        ]
    );
}

#[test]
fn full_access_that_is_missing_takes_no_place() {
    let mut scene = scene(3, 2);
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/A");
    scene.observed.without_full_access.insert(address("ou/A"));
    assert_eq!(scene.refused(), [""; 0]);
    scene.changes.clear();
    scene.detaches("scp/p0", "ou/A").detaches("scp/p1", "ou/A");
    assert_eq!(codes(&scene), ["last-policy@ou/A"]);
}

#[test]
fn a_replacement_needs_a_place_of_its_own_for_a_while() {
    let mut scene = scene(3, 2);
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/A").detaches("scp/p0", "ou/A");
    assert_eq!(codes(&scene), ["places-taken@ou/A"]);
}

#[test]
fn places_are_counted_for_each_target_and_type() {
    let mut scene = scene(3, 2);
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/B");
    let rcp = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    scene.policy("rcp/new", rcp, &[]).attaches("rcp/new", "ou/A");
    assert!(scene.refused().is_empty());
}

#[test]
fn policies_of_others_take_places_too() {
    let mut scene = scene(3, 1);
    scene.policy_of(Owner::Unmanaged, "scp/theirs", deny("kms:*"), &["ou/A"]);
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/A");
    assert_eq!(codes(&scene), ["places-taken@ou/A"]);
}

#[test]
fn more_policies_than_the_quota_says_are_no_reason_to_refuse_where_none_is_added() {
    let mut scene = scene(2, 3);
    scene.detaches("scp/p0", "ou/A");
    assert!(scene.refused().is_empty());
}

/// The unit has an allow-list, and FullAWSAccess is known to be missing.
fn allow_list() -> OrganizationFixture {
    let mut scene = scene(5, 0);
    let missing = Wanted::new("attachment", address("scp/FullAWSAccess@ou/A"), Body::new()).under(address("ou/A"));
    scene.wants(Wanted { presence: Presence::Absent, ..missing });
    scene.policy("scp/allow", json!({"Effect": "Allow", "Action": "*", "Resource": "*"}), &["ou/A"]);
    scene
}

#[test]
fn the_last_policy_is_not_detached() {
    let mut scene = allow_list();
    scene.detaches("scp/allow", "ou/A");
    assert_eq!(
        scene.refused(),
        ["last-policy: ou/A would lose its last policy of type SERVICE_CONTROL_POLICY, which AWS refuses"]
    );
}

#[test]
fn the_last_policy_may_be_replaced() {
    let mut scene = allow_list();
    scene.policy("scp/other", json!({"Effect": "Allow", "Action": "*", "Resource": "*"}), &[]);
    scene.detaches("scp/allow", "ou/A").attaches("scp/other", "ou/A");
    assert!(scene.refused().is_empty());
}

#[test]
fn full_access_that_is_missed_comes_back_and_takes_a_place() {
    let mut scene = allow_list();
    scene.desired.resources.remove(&address("scp/FullAWSAccess@ou/A"));
    let wanted = Wanted::new("attachment", address("scp/FullAWSAccess@ou/A"), Body::new()).under(address("ou/A"));
    scene.desired.add(wanted);
    let mut back = change(Action::Create, "attachment", "scp/FullAWSAccess@ou/A");
    back.parent = Some(address("ou/A"));
    scene.changes.push(back);
    scene.detaches("scp/allow", "ou/A");
    assert!(scene.refused().is_empty());
    let quota = PolicyQuota { size: None, per_target: Some(1) };
    scene.desired.settings.quotas = BTreeMap::from([("SERVICE_CONTROL_POLICY".into(), quota)]);
    assert_eq!(codes(&scene), ["places-taken@ou/A"]);
}

#[test]
fn full_access_counts_as_the_policy_that_stays() {
    let mut scene = scene(5, 1);
    scene.detaches("scp/p0", "ou/A");
    assert!(scene.refused().is_empty());
}

#[test]
fn other_types_have_no_last_policy() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").policy("tag-policy/t", deny("s3:*"), &["ou/A"]).detaches("tag-policy/t", "ou/A");
    assert!(scene.refused().is_empty());
}

/// A unit with one resource control policy of the blueprint's, and the one of AWS's that is on every target.
fn with_rcp(places: usize) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A");
    let quota = PolicyQuota { size: None, per_target: Some(places) };
    scene.desired.settings.quotas = BTreeMap::from([("RESOURCE_CONTROL_POLICY".into(), quota)]);
    scene.policy("rcp/p", rcp(), &["ou/A"]);
    scene
}

fn rcp() -> serde_json::Value {
    json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
}

#[test]
fn the_full_access_of_resource_control_policies_is_always_there() {
    let mut scene = with_rcp(5);
    scene.detaches("rcp/p", "ou/A");
    assert!(scene.refused().is_empty(), "RCPFullAWSAccess stays");
    for (places, expected) in [(3, vec![]), (2, vec!["places-taken@ou/A"])] {
        let mut scene = with_rcp(places);
        scene.policy("rcp/new", rcp(), &[]).attaches("rcp/new", "ou/A");
        assert_eq!(codes(&scene), expected, "of {places} places RCPFullAWSAccess takes one");
    }
}

#[test]
fn as_many_policies_as_are_attached_may_go_down_to_the_minimum() {
    let mut scene = scene(5, 3);
    scene.detaches("scp/p0", "ou/A").detaches("scp/p1", "ou/A").detaches("scp/p2", "ou/A");
    assert!(scene.refused().is_empty());
    scene.changes.push(change(Action::Delete, "attachment", "scp/FullAWSAccess@ou/A"));
    assert_eq!(codes(&scene), ["last-policy@ou/A"]);
}

#[test]
fn full_access_that_comes_back_takes_one_place_and_only_where_it_is_missed() {
    let back = |target: &str| {
        Wanted::new("attachment", address(&format!("scp/FullAWSAccess@{target}")), Body::new()).under(address(target))
    };
    let mut scene = allow_list();
    scene.desired.resources.remove(&address("scp/FullAWSAccess@ou/A"));
    scene.desired.add(back("ou/A"));
    scene.changes.push(change(Action::Create, "attachment", "scp/FullAWSAccess@ou/A"));
    let quota = PolicyQuota { size: None, per_target: Some(2) };
    scene.desired.settings.quotas = BTreeMap::from([("SERVICE_CONTROL_POLICY".into(), quota)]);
    assert!(scene.refused().is_empty(), "the list and FullAWSAccess");
    let mut scene = self::scene(3, 2);
    scene.desired.add(back("ou/B"));
    scene.policy("scp/new", deny("sqs:*"), &[]).attaches("scp/new", "ou/A");
    assert_eq!(codes(&scene), ["places-taken@ou/A"], "it is on A");
}
