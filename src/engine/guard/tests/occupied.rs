use serde_json::json;

use crate::engine::scene::{OrganizationFixture, address, change, field};
use crate::model::{Action, Held, Keep, Occupied, Risk};

const STACK: &str = "stack/a/detector/eu-west-1";

fn occupied(nth: usize) -> Occupied {
    Occupied {
        address: address(STACK),
        stack: "detector".into(),
        account: address("account/a"),
        region: "eu-west-1".into(),
        what: format!("resource {nth}"),
        held_by: None,
        keep: None,
        free: format!("delete resource {nth}"),
    }
}

/// The plan makes the stack, and the account has so many resources that it would make.
fn scene(count: usize) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("B").account("a", "ou/A");
    scene.observed.findings.occupied = (0..count).map(occupied).collect();
    scene.changes.push(change(Action::Create, "stack", STACK));
    scene
}

#[test]
fn a_stack_that_would_meet_what_is_there_is_refused_once() {
    assert!(scene(0).refused().is_empty());
    let refusals = scene(2).refusals();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].code, "occupied");
    assert!(
        refusals[0].message.contains("resource 0 is in account/a, eu-west-1; resource 1 is in account/a, eu-west-1")
    );
    assert_eq!(refusals[0].help, "delete resource 0; delete resource 1");
    assert!(scene(5).refusals()[0].message.ends_with("; and 1 more"));
}

#[test]
fn only_what_the_plan_makes_meets_anything() {
    let mut scene = scene(1);
    scene.changes[0].action = Action::Delete;
    assert!(scene.refused().is_empty());
    scene.changes = vec![change(Action::Create, "stack", "stack/a/other/eu-west-1")];
    assert!(scene.refused().is_empty());
    // The account comes into a unit that has it.
    scene.moves("a", "ou/B");
    assert_eq!(scene.refused().len(), 1);
    scene.changes[1].fields = vec![field("name", json!("x"), json!("y"))];
    assert!(scene.refused().is_empty());
}

#[test]
fn what_another_change_takes_away_first_is_not_met() {
    let mut scene = scene(1);
    let held = |is_retained| Held { by: address("stack/a/old/eu-west-1"), resource: "It".into(), is_retained };
    scene.observed.findings.occupied[0].held_by = Some(held(false));
    assert_eq!(scene.refused().len(), 1);
    let gone =
        crate::model::Change { risk: Risk::Destructive, ..change(Action::Delete, "stack", "stack/a/old/eu-west-1") };
    scene.changes.push(gone);
    assert!(scene.refused().is_empty());
    scene.observed.findings.occupied[0].held_by = Some(held(true));
    assert_eq!(scene.refused().len(), 1);
}

#[test]
fn of_many_resources_the_help_says_four() {
    assert!(scene(4).refusals()[0].help.ends_with("delete resource 2; delete resource 3"));
    assert!(scene(6).refusals()[0].help.ends_with("delete resource 3; and so for 2 more"));
    assert!(!scene(4).refusals()[0].message.contains("more"));
}

#[test]
fn the_help_says_what_existing_would_hold() {
    let help = |keep: &[Option<Keep>]| {
        let mut scene = scene(keep.len());
        for (occupied, keep) in scene.observed.findings.occupied.iter_mut().zip(keep) {
            occupied.keep = keep.clone();
        }
        scene.refusals()[0].help.clone()
    };
    let listed = help(&[Some(Keep::Listed("x".into())), Some(Keep::Listed("a$b".into()))]);
    assert!(listed.starts_with("to leave it as it is, write `existing: [x, \"a$b\"]` under `parameters`"), "{listed}");
    let named = help(&[Some(Keep::Named("bucket", "b".into())), None]);
    assert!(named.starts_with("to leave what can stay as it is, write `existing: {bucket: \"b\"}`"), "{named}");
    assert!(help(&[Some(Keep::Flag)]).contains("`existing: true`"));
}
