use serde_json::{Value, json};

use super::*;
use crate::engine::scene::{OrganizationFixture, change, field, id};

fn caller(arn: &str) -> CallerIdentity {
    CallerIdentity { account: "111111111111".into(), arn: arn.into() }
}

#[test]
fn only_a_principal_of_the_management_account_that_can_assume_roles_plans() {
    let code = |arn: &str, management: Option<&str>| check_caller(&caller(arn), management).map(|it| it.code);
    let role = "arn:aws:sts::111111111111:assumed-role/Admin/me";
    assert_eq!(code(role, Some("111111111111")), None);
    assert_eq!(code(role, None), None, "there is no organization yet");
    assert_eq!(code(role, Some("222222222222")).as_deref(), Some("not-the-management-account"));
    let root = "arn:aws:iam::111111111111:root";
    assert_eq!(code(root, Some("111111111111")).as_deref(), Some("root-user"));
    assert_eq!(code("arn:aws:iam::111111111111:user/root", Some("111111111111")), None);
}

/// Units, with the index of tags and what is known of the tags themselves.
fn units(count: usize, known: &[(&str, Value)], index: Option<Value>) -> (OrganizationFixture, Facts) {
    let mut scene = OrganizationFixture::new();
    for nth in 0..count {
        scene.unit(&format!("U{nth}"));
    }
    let mut facts = Facts::default();
    facts.put("tag/owned".into(), index.unwrap_or_default());
    for (unit, tags) in known {
        facts.put(format!("organizations/tags-of/{}", id(unit)), tags.clone());
    }
    (scene, facts)
}

fn unit_changes(count: usize, action: Action, path: &str) -> Vec<Change> {
    let of = |nth| change(action, "organizational-unit", &format!("ou/U{nth}"));
    let fields = || vec![field(path, json!("x"), json!("y"))];
    (0..count).map(|nth| Change { fields: fields(), ..of(nth) }).collect()
}

/// The units whose tags are asked for before these changes are believed.
fn asked(changes: &[Change], scene: &OrganizationFixture, facts: &Facts) -> Vec<String> {
    let look = Look::new(facts);
    confirm_tags(changes, &scene.observed, &look);
    let prefix = "organizations/tags-of/ou-ou-";
    look.into_missing().into_keys().map(|key| key.strip_prefix(prefix).expect("a unit").to_owned()).collect()
}

#[test]
fn nothing_is_deleted_before_its_own_tags_were_asked_for() {
    let (mut scene, facts) = units(7, &[], Some(json!({})));
    assert_eq!(asked(&unit_changes(7, Action::Delete, "name"), &scene, &facts).len(), 7);
    let attachment = change(Action::Delete, "attachment", "scp/p@ou/U0");
    assert_eq!(asked(&[attachment], &scene, &facts), [""; 0], "it has no tags");
    scene.observed.found.remove(&Address::unit(["U0"]));
    assert_eq!(asked(&unit_changes(1, Action::Delete, "name"), &scene, &facts), [""; 0], "it is not there");
}

#[test]
fn of_many_whose_tags_differ_five_say_whether_the_index_lags() {
    let (scene, facts) = units(7, &[], Some(json!({})));
    assert_eq!(asked(&unit_changes(7, Action::Update, "tags.owner"), &scene, &facts), ["U0", "U1", "U2", "U3", "U4"]);
    assert_eq!(asked(&unit_changes(7, Action::Update, "name"), &scene, &facts), [""; 0], "no tag differs");
}

#[test]
fn where_the_index_lags_the_tags_of_all_that_change_are_asked_for() {
    let index = json!({id("ou/U0"): {"owner": "x"}});
    let changes = unit_changes(7, Action::Update, "tags.owner");
    let (scene, facts) = units(7, &[("ou/U0", json!({"owner": "y"}))], Some(index.clone()));
    assert_eq!(asked(&changes, &scene, &facts), ["U1", "U2", "U3", "U4", "U5", "U6"]);
    let (scene, facts) = units(7, &[("ou/U0", json!({"owner": "x"}))], Some(index));
    assert_eq!(asked(&changes, &scene, &facts), ["U1", "U2", "U3", "U4"], "it is up to date");
    let (scene, facts) = units(7, &[("ou/U0", json!({"owner": "y"}))], None);
    assert_eq!(asked(&changes, &scene, &facts), ["U1", "U2", "U3", "U4"], "there is no index");
}
