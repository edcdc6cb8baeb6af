use serde_json::json;

use super::*;
use crate::engine::scene::{OrganizationFixture, address, change, deny};
use crate::model::{Action, Body, Owner, Presence, Wanted};

/// `boss` and `log` in the root, `a` and `b` in `ou/A`, `c` in `ou/A/Inner`, `d` in `ou/AB`.
fn scene() -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("A/Inner").unit("AB");
    for (account, place) in [("log", "root"), ("a", "ou/A"), ("b", "ou/A"), ("c", "ou/A/Inner"), ("d", "ou/AB")] {
        scene.account(account, place);
    }
    scene
}

fn reached(scene: &OrganizationFixture, kind: &str, at: &str, parent: Option<&str>) -> Vec<String> {
    let mut changed = change(Action::Update, kind, at);
    changed.parent = parent.map(address);
    scene.places().reached(&changed).into_iter().map(Address::name).collect()
}

#[test]
fn a_unit_reaches_what_lies_at_or_below_it_by_whole_names() {
    assert_eq!(reached(&scene(), "organizational-unit", "ou/A", None), ["a", "b", "c"]);
    assert_eq!(reached(&scene(), "organizational-unit", "ou/A/Inner", None), ["c"]);
    assert_eq!(reached(&scene(), "account", "account/d", None), ["d"]);
    assert_eq!(reached(&scene(), "account", "account/boss", None), ["boss"]);
}

#[test]
fn service_and_resource_control_policies_do_not_bind_the_management_account() {
    for policy in ["scp/p", "rcp/p"] {
        assert_eq!(reached(&scene(), "attachment", &format!("{policy}@root"), None), ["a", "b", "c", "d", "log"]);
        assert!(reached(&scene(), "attachment", &format!("{policy}@account/boss"), None).is_empty());
    }
}

#[test]
fn other_policies_bind_the_management_account_too() {
    let all = ["a", "b", "boss", "c", "d", "log"];
    assert_eq!(reached(&scene(), "attachment", "tag-policy/p@root", None), all);
    assert_eq!(reached(&scene(), "attachment", "assignment/x/group/g@account/boss", None), ["boss"]);
}

#[test]
fn a_policy_reaches_what_it_is_or_will_be_attached_to() {
    let mut scene = scene();
    scene.policy("scp/p", deny("s3:*"), &["ou/AB"]);
    assert_eq!(reached(&scene, "policy", "scp/p", Some("organization")), ["d"]);
    scene.attaches("scp/p", "ou/A/Inner");
    assert_eq!(reached(&scene, "policy", "scp/p", Some("organization")), ["c", "d"]);
    scene.policy("scp/q", deny("s3:*"), &[]);
    assert!(reached(&scene, "policy", "scp/q", Some("organization")).is_empty());
    scene.policy("tag-policy/t", deny("s3:*"), &["account/boss"]);
    assert_eq!(reached(&scene, "policy", "tag-policy/t", Some("organization")), ["boss"]);
}

#[test]
fn a_policy_binds_no_account_where_none_is_before_or_after_the_plan() {
    let binds_none = |scene: &OrganizationFixture, kind: &str, at: &str| {
        scene.places().binds_no_account(&change(Action::Delete, kind, at))
    };
    let mut scene = scene();
    scene.unit("Empty");
    assert!(binds_none(&scene, "attachment", "scp/p@ou/Empty"));
    assert!(!binds_none(&scene, "attachment", "scp/p@ou/A"));
    assert!(!binds_none(&scene, "attachment", "scp/p@account/a"));
    assert!(binds_none(&scene, "attachment", "scp/p@account/boss"), "no SCP applies to the management account");
    assert!(!binds_none(&scene, "attachment", "tag-policy/p@account/boss"));
    assert!(!binds_none(&scene, "organizational-unit", "ou/Empty"), "it is no policy");
    scene.policy("scp/p", deny("s3:*"), &["ou/Empty"]);
    assert!(binds_none(&scene, "policy", "scp/p"));
    scene.moves("d", "ou/Empty");
    assert!(!binds_none(&scene, "policy", "scp/p"), "an account comes");
    assert!(!binds_none(&scene, "attachment", "scp/p@ou/AB"), "an account leaves");
}

#[test]
fn a_stack_set_reaches_its_units_and_never_the_management_account() {
    let mut scene = scene();
    let set = Wanted::new("stack-set", address("stack-set/s"), Body::new());
    scene.wants(set.needing([address("ou/A"), address("stack/boss/x/eu-west-1")]));
    assert_eq!(reached(&scene, "stack-set", "stack-set/s", None), ["a", "b", "c"]);
    scene.finds("stack-set", "stack-set/s", Owner::This { stale: None }, None, json!({})).attached_to =
        vec![address("root")];
    assert_eq!(reached(&scene, "stack-set", "stack-set/s", None), ["a", "b", "c", "d", "log"]);
}

#[test]
fn what_is_in_an_account_reaches_that_one() {
    assert_eq!(reached(&scene(), "stack", "stack/a/s/eu-west-1", Some("account/a")), ["a"]);
    assert_eq!(reached(&scene(), "stack", "stack/management/s/eu-west-1", Some("management")), ["boss"]);
    assert_eq!(reached(&scene(), "trusted-access", "trusted-access/x", Some("organization")).len(), 6);
}

#[test]
fn accounts_are_counted_where_the_plan_leaves_them() {
    let mut scene = scene();
    scene.moves("a", "ou/AB");
    scene.wants(Wanted::new("account", address("account/new"), Body::new()).under(address("ou/AB")));
    assert_eq!(reached(&scene, "organizational-unit", "ou/AB", None), ["a", "d", "new"]);
    assert_eq!(reached(&scene, "organizational-unit", "ou/A", None), ["b", "c"]);
    assert_eq!(scene.places().before[&address("account/a")], address("ou/A"));
}

#[test]
fn an_account_that_is_to_be_closed_and_does_not_exist_is_nowhere() {
    let mut scene = scene();
    let wanted = Wanted::new("account", address("account/gone"), Body::new()).under(address("ou/AB"));
    scene.wants(Wanted { presence: Presence::Absent, ..wanted });
    assert_eq!(reached(&scene, "organizational-unit", "ou/AB", None), ["d"]);
}

#[test]
fn the_management_account_is_known_by_its_id() {
    let places = scene().places();
    assert!(places.is_management(&address("account/boss")));
    assert!(!places.is_management(&address("account/log")));
    assert_eq!(places.management(), Some(&address("account/boss")));
}
