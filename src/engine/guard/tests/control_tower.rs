use serde_json::json;

use crate::engine::scene::{OrganizationFixture, address, body, change, deny, field, id};
use crate::model::{Action, CONTROL_TOWER, CONTROL_TOWER_EXECUTION, ControlTower, GovernedNote, Owner, Wanted};

/// An organization that Control Tower governs; `ou/Work` is registered, `ou/Free` is not.
fn governed() -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("Work").unit("Free");
    scene.observed.control_tower = Some(ControlTower { registered: [id("ou/Work")].into(), enrolls: None });
    scene.desired.settings.control_tower = true;
    scene
}

/// Whether a change is refused for Control Tower's sake.
fn refuses(scene: &mut OrganizationFixture, changed: crate::model::Change) -> bool {
    scene.changes = vec![changed];
    let codes: Vec<String> = scene.refusals().into_iter().map(|it| it.code).collect();
    codes.contains(&"control-tower".to_owned())
}

#[test]
fn registered_units_are_neither_deleted_nor_renamed() {
    let unit = |action, at| change(action, "organizational-unit", at);
    let renamed = |at| {
        let fields = vec![field("name", json!("x"), json!("y"))];
        crate::model::Change { fields, ..unit(Action::Update, at) }
    };
    assert!(refuses(&mut governed(), unit(Action::Delete, "ou/Work")));
    assert!(refuses(&mut governed(), renamed("ou/Work")));
    assert!(!refuses(&mut governed(), unit(Action::Delete, "ou/Free")));
    assert!(!refuses(&mut governed(), renamed("ou/Free")));
    let tagged = vec![field("tags.x", json!(null), json!("y"))];
    assert!(!refuses(&mut governed(), crate::model::Change { fields: tagged, ..unit(Action::Update, "ou/Work") }));
    let mut free = governed();
    free.observed.control_tower = None;
    assert!(!refuses(&mut free, unit(Action::Delete, "ou/Work")));
}

#[test]
fn its_policies_stay_where_they_are() {
    let mut scene = governed();
    scene.policy_of(Owner::ControlTower, "scp/aws-guardrails-x", deny("s3:*"), &["ou/Work"]);
    scene.policy("scp/own", deny("sqs:*"), &["ou/Work"]);
    for action in [Action::Create, Action::Delete] {
        assert!(refuses(&mut scene, change(action, "attachment", "scp/aws-guardrails-x@ou/Free")));
        assert!(!refuses(&mut scene, change(action, "attachment", "scp/own@ou/Work")));
    }
}

#[test]
fn registered_units_keep_full_access() {
    let full = |action, unit: &str| change(action, "attachment", &format!("scp/FullAWSAccess@{unit}"));
    let mut scene = governed();
    scene.policy("scp/own", deny("sqs:*"), &["ou/Work", "ou/Free"]);
    assert!(refuses(&mut scene, full(Action::Delete, "ou/Work")));
    assert!(!refuses(&mut scene, full(Action::Delete, "ou/Free")));
    assert!(!refuses(&mut scene, full(Action::Create, "ou/Work")));
}

#[test]
fn what_it_governs_by_is_not_switched_off() {
    let trusted = |action, service: &str| change(action, "trusted-access", &format!("trusted-access/{service}"));
    assert!(refuses(&mut governed(), trusted(Action::Delete, CONTROL_TOWER)));
    assert!(!refuses(&mut governed(), trusted(Action::Create, CONTROL_TOWER)));
    assert!(!refuses(&mut governed(), trusted(Action::Delete, "ram.amazonaws.com")));
    let of_type = |action, it: &str| change(action, "policy-type", &format!("policy-type/{it}"));
    assert!(refuses(&mut governed(), of_type(Action::Delete, "SERVICE_CONTROL_POLICY")));
    assert!(!refuses(&mut governed(), of_type(Action::Create, "SERVICE_CONTROL_POLICY")));
    assert!(!refuses(&mut governed(), of_type(Action::Delete, "TAG_POLICY")));
}

#[test]
fn names_of_its_stacks_are_its_own() {
    for (kind, prefix) in [("stack", "stack/boss"), ("stack-set", "stack-set")] {
        let made = |name: &str| change(Action::Create, kind, &format!("{prefix}/{name}/eu-west-1"));
        assert!(refuses(&mut governed(), made("AWSControlTowerBP-x")), "{kind}");
        assert!(!refuses(&mut governed(), made("baseline")), "{kind}");
    }
}

fn notes(scene: &OrganizationFixture) -> Vec<GovernedNote> {
    scene.guarded(|guarded, _| super::super::control_tower::notes(guarded))
}

/// What is noted of an account that the plan makes, closes or moves.
fn noted(scene: &OrganizationFixture) -> Vec<String> {
    let of_account = notes(scene).into_iter().filter(|note| note.address == Some(address("account/a")));
    of_account.map(|note| note.what.split(':').next().expect("a part").to_owned()).collect()
}

#[test]
fn moves_into_and_out_of_registered_units_are_noted() {
    let moved = |from: &str, to: &str| {
        let mut scene = governed();
        scene.unit("Work2").unit("Free2").account("a", from).moves("a", to);
        let registered = [id("ou/Work"), id("ou/Work2")].into();
        scene.observed.control_tower = Some(ControlTower { registered, enrolls: None });
        noted(&scene)
    };
    assert_eq!(moved("ou/Free", "ou/Work"), ["moved into ou/Work, which is registered"]);
    assert_eq!(moved("ou/Work", "ou/Free"), ["moved out of ou/Work, which is registered"]);
    assert_eq!(moved("ou/Work", "ou/Work2"), ["moved from ou/Work to ou/Work2, which are registered"]);
    assert!(moved("ou/Free", "ou/Free2").is_empty());
}

#[test]
fn with_automatic_enrollment_a_move_says_what_becomes_of_the_baselines() {
    let moved = |from: &str, to: &str| {
        let mut scene = governed();
        scene.unit("Work2").account("a", from).moves("a", to);
        let registered = [id("ou/Work"), id("ou/Work2")].into();
        scene.observed.control_tower = Some(ControlTower { registered, enrolls: Some(true) });
        notes(&scene).into_iter().map(|note| note.what).collect::<Vec<_>>()
    };
    assert_eq!(
        moved("ou/Free", "ou/Work"),
        [
            "moved into ou/Work, which is registered: Control Tower enrolls the account and deploys its baselines and controls"
        ]
    );
    assert_eq!(
        moved("ou/Work", "ou/Free"),
        [
            "moved out of ou/Work, which is registered: Control Tower removes its baselines and controls from the account"
        ]
    );
    assert_eq!(
        moved("ou/Work", "ou/Work2"),
        [
            "moved from ou/Work to ou/Work2, which are registered: Control Tower replaces its baselines and controls by those of \
          ou/Work2"
        ]
    );
}

#[test]
fn accounts_that_are_made_or_closed_in_registered_units_are_noted() {
    let changed = |action, unit: &str, path: Option<&str>| {
        let mut scene = governed();
        scene.account("a", unit);
        let mut changed = change(action, "account", "account/a");
        changed.fields = path.map(|path| field(path, json!("open"), json!("closed"))).into_iter().collect();
        scene.changes.push(changed);
        noted(&scene).len()
    };
    assert_eq!(changed(Action::Create, "ou/Work", None), 1);
    assert_eq!(changed(Action::Create, "ou/Free", None), 0);
    assert_eq!(changed(Action::Delete, "ou/Work", Some("state")), 1);
    assert_eq!(changed(Action::Delete, "ou/Free", Some("state")), 0);
    assert_eq!(changed(Action::Update, "ou/Work", Some("name")), 0);
}

#[test]
fn a_blueprint_that_says_nothing_of_control_tower_is_reported_before_it_binds_accounts() {
    let mut scene = governed();
    scene.policy("scp/own", deny("sqs:*"), &[]).attaches("scp/own", "ou/Free");
    assert_eq!(notes(&scene), []);
    scene.desired.settings.control_tower = false;
    let said = notes(&scene);
    assert_eq!(said.len(), 1);
    assert!(said[0].what.contains("write `control_tower: true`"));
    scene.changes[0].action = Action::Delete;
    assert_eq!(notes(&scene), []);
}

#[test]
fn a_control_tower_that_is_missed_is_noted_once_there_is_an_organization() {
    let mut scene = governed();
    scene.observed.control_tower = None;
    assert_eq!(notes(&scene).len(), 1);
    scene.desired.settings.control_tower = false;
    assert_eq!(notes(&scene), []);
    scene.desired.settings.control_tower = true;
    scene.observed.found.remove(&address("organization"));
    assert_eq!(notes(&scene), []);
}

#[test]
fn an_organization_trail_that_comes_beside_its_own_is_noted() {
    let trail = |action, properties: serde_json::Value, kind: &str| {
        let mut scene = governed();
        let template = json!({"Resources": {"Trail": {"Type": kind, "Properties": properties}}});
        let at = "stack/boss/trail/eu-west-1";
        scene.wants(Wanted::new("stack", address(at), body(json!({"template": template}))));
        scene.changes.push(change(action, "stack", at));
        notes(&scene).len()
    };
    let organizations = || json!({"IsOrganizationTrail": true});
    assert_eq!(trail(Action::Create, organizations(), "AWS::CloudTrail::Trail"), 1);
    assert_eq!(trail(Action::Update, organizations(), "AWS::CloudTrail::Trail"), 0);
    assert_eq!(trail(Action::Create, json!({"IsOrganizationTrail": false}), "AWS::CloudTrail::Trail"), 0);
    assert_eq!(trail(Action::Create, organizations(), "AWS::S3::Bucket"), 0);
}

#[test]
fn enrolled_accounts_that_cannot_be_entered_may_have_its_role() {
    let waiting = |unit: &str, role: &str| {
        let mut scene = governed();
        scene.account("a", unit);
        scene.desired.settings.access_role = role.into();
        let at = address("stack/a/s/eu-west-1");
        scene.wants(Wanted::new("stack", at.clone(), body(json!({}))).under(address("account/a")));
        scene.observed.waiting.insert(at);
        noted(&scene).len()
    };
    assert_eq!(waiting("ou/Work", "Access"), 1);
    assert_eq!(waiting("ou/Free", "Access"), 0);
    assert_eq!(waiting("ou/Work", CONTROL_TOWER_EXECUTION), 0);
}

#[test]
fn a_plan_says_what_is_control_towers_where_it_governs() {
    let of = |scene: &OrganizationFixture| {
        let items = vec![address("scp/aws-guardrails-x")];
        scene.guarded(|guarded, _| crate::engine::guard::governed(guarded, items))
    };
    let reported = of(&governed()).expect("it governs");
    assert_eq!((reported.items, reported.notes), (vec![address("scp/aws-guardrails-x")], vec![]));
    assert!(of(&OrganizationFixture::new()).is_none(), "it does not govern, and the blueprint does not say so");
    let mut missed = OrganizationFixture::new();
    missed.desired.settings.control_tower = true;
    assert_eq!(of(&missed).map(|reported| reported.notes.len()), Some(1), "the blueprint says so, and it does not");
}

#[test]
fn a_refusal_says_what_the_plan_would_do() {
    let mut scene = governed();
    scene.policy_of(Owner::ControlTower, "scp/aws-guardrails-x", deny("s3:*"), &["ou/Work"]);
    let mut reported = |changed: crate::model::Change| {
        scene.changes = vec![changed];
        scene.refused().into_iter().find(|it| it.starts_with("control-tower: ")).expect("it is refused")
    };
    let attached = |action| change(action, "attachment", "scp/aws-guardrails-x@ou/Free");
    assert!(reported(attached(Action::Create)).ends_with("the plan would attach it"));
    assert!(reported(attached(Action::Delete)).ends_with("the plan would detach it"));
    let unit = |action| {
        let fields = vec![field("name", json!("x"), json!("y"))];
        crate::model::Change { fields, ..change(action, "organizational-unit", "ou/Work") }
    };
    assert!(reported(unit(Action::Delete)).ends_with("the plan would delete it"));
    assert!(reported(unit(Action::Update)).ends_with("the plan would rename it"));
}
