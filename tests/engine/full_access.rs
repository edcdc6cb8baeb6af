//! FullAWSAccess: taken, missed, given back, and left as it was found.

use serde_json::{Value, json};

use super::world::{How, World};

/// A unit that says this beside its policy, which denies something to roles that landing does not need.
fn blueprint(unit: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
         policies:\n  quarantine: {{may_lock_out: true, content: {{Version: '2012-10-17', Statement: {{Effect: Deny, Action: 'ec2:*', Resource: '*'}}}}}}\n  \
         allow: {{content: {{Version: '2012-10-17', Statement: {{Effect: Allow, Action: '*', Resource: '*'}}}}}}\n\
         organizational_units: {{Suspended: {{{unit}, accounts: [old]}}}}\n"
    )
}

const SILENT: &str = "policies: [quarantine]";
const NOTHING: &str = "policies: [quarantine], full_aws_access: false, allows_nothing: true";
const BACK: &str = "policies: [quarantine], full_aws_access: true";
const LIST: &str = "policies: [quarantine, allow], full_aws_access: false";

fn id_of(items: &Value, name: &str) -> String {
    let mut named = items.as_object().into_iter().flatten();
    named.find(|(_, item)| item["name"] == name).expect("it is there").0.clone()
}

/// Whether the unit has FullAWSAccess.
fn has_full_access(world: &World) -> bool {
    let organization = world.sandbox.snapshot()["organization"].clone();
    let unit = json!(id_of(&organization["units"], "Suspended"));
    organization["policies"]["p-FullAWSAccess"]["targets"].as_array().expect("a list").contains(&unit)
}

/// An organization that someone else made, in which FullAWSAccess is not attached to the unit.
async fn made_by_hand() -> World {
    let world = World::new();
    world.applied(&blueprint(SILENT), How::default()).await;
    let edited = world.sandbox.edit(|state| {
        let unit = json!(id_of(&state["organization"]["units"], "Suspended"));
        let organization = &mut state["organization"];
        let targets = organization["policies"]["p-FullAWSAccess"]["targets"].as_array_mut().expect("a list");
        targets.retain(|target| *target != unit);
        for part in ["units", "accounts", "policies"] {
            for item in organization[part].as_object_mut().expect("a map").values_mut() {
                item["tags"] = json!({});
            }
        }
    });
    edited.expect("the state can be edited");
    world
}

async fn notes(world: &World, text: &str) -> Vec<String> {
    let plan = world.plan(text).await.expect("it can be planned").plan;
    plan.notes.into_iter().map(|note| note.what).collect()
}

#[tokio::test(start_paused = true)]
async fn full_access_that_is_missing_is_never_attached_unless_the_blueprint_says_so() {
    let world = made_by_hand().await;
    for _ in 0..3 {
        let noted = notes(&world, &blueprint(SILENT)).await;
        assert!(noted.len() == 1 && noted[0].starts_with("FullAWSAccess is not attached to ou/Suspended"), "{noted:?}");
        world.applied(&blueprint(SILENT), How::default()).await;
        assert!(!has_full_access(&world));
    }
    world.applied(&blueprint(BACK), How::default()).await;
    assert!(has_full_access(&world));
    world.quiet(&blueprint(BACK)).await;
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_allows_nothing_is_adopted_as_it_is() {
    let world = made_by_hand().await;
    let plan = world.plan(&blueprint(NOTHING)).await.expect("it can be planned").plan;
    assert_eq!(plan.notes, []);
    assert!(plan.changes.iter().all(|change| change.address.split_target().is_none()), "{:?}", plan.changes);
    world.applied(&blueprint(NOTHING), How::default()).await;
    assert!(!has_full_access(&world));
    world.quiet(&blueprint(NOTHING)).await;
}

#[tokio::test(start_paused = true)]
async fn full_access_goes_where_nothing_is_to_be_allowed_and_comes_back() {
    let world = World::new();
    for (says, expected) in [(SILENT, true), (NOTHING, false), (BACK, true), (LIST, false), (SILENT, true)] {
        world.applied(&blueprint(says), How::default()).await;
        assert_eq!(has_full_access(&world), expected, "{says}");
        world.quiet(&blueprint(says)).await;
        assert_eq!(notes(&world, &blueprint(says)).await, [""; 0], "{says}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_unit_that_allows_nothing_is_made_so() {
    let world = World::new();
    world.applied(&blueprint(NOTHING), How::default()).await;
    assert!(!has_full_access(&world));
    world.quiet(&blueprint(NOTHING)).await;
}

#[tokio::test(start_paused = true)]
async fn taking_everything_from_an_account_that_is_in_use_is_refused() {
    let world = World::new();
    let open = |says: &str| blueprint(says).replace("may_lock_out: true, ", "");
    world.applied(&open(SILENT), How::default()).await;
    let plan = world.plan(&open(NOTHING)).await.expect("it can be planned").plan;
    assert!(plan.refusals.iter().any(|refusal| refusal.code == "lock-out"), "{:?}", plan.refusals);
}
