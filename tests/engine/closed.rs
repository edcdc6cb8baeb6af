//! Closed accounts: AWS keeps them in their units for 90 days, and moves them.

use landing::model::{Action, Address, Plan, Risk};
use serde_json::Value;

use super::world::{DESTROY, How, World};

fn blueprint(units: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n{units}"
    )
}

const OPEN: &str = "organizational_units: {Legacy: {accounts: [old]}, Workloads: {accounts: [app]}}\n";
const SUSPENDED: &str =
    "organizational_units: {Suspended: {accounts: [{name: old, state: closed}]}, Workloads: {accounts: [app]}}\n";

/// A world in which someone closed the account `old`.
async fn closed() -> World {
    let world = World::new();
    world.applied(&blueprint(OPEN), How::default()).await;
    let id = world.plan(&blueprint(OPEN)).await.expect("it can be planned").observed;
    let id = id.bindings.id(&Address::account("old")).expect("it is there").to_owned();
    world.cloud().await.organizations.close_account().account_id(id).send().await.expect("it is closed");
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    world
}

async fn plan(world: &World, units: &str) -> Plan {
    world.plan(&blueprint(units)).await.expect("it can be planned").plan
}

/// The name of the unit that the account `old` is in.
fn unit_of_old(world: &World) -> Value {
    let organization = &world.sandbox.snapshot()["organization"];
    let accounts = organization["accounts"].as_object().expect("there are accounts");
    let parent = &accounts.values().find(|it| it["name"] == "old").expect("it is there")["parent"];
    organization["units"][parent.as_str().expect("an id")]["name"].clone()
}

#[tokio::test(start_paused = true)]
async fn a_closed_account_is_moved_where_the_blueprint_has_it_so_that_the_emptied_unit_goes() {
    let world = closed().await;
    let planned = plan(&world, SUSPENDED).await;
    let moved = planned.change(&Address::account("old")).expect("it moves");
    assert_eq!(
        (moved.action, moved.risk, moved.reason.as_str()),
        (Action::Move, Risk::None, "it is closed; it is in ou/Legacy")
    );
    assert_eq!(planned.refusals, []);
    world.applied(&blueprint(SUSPENDED), DESTROY).await;
    assert_eq!(unit_of_old(&world), "Suspended");
    world.quiet(&blueprint(SUSPENDED)).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_the_blueprint_wants_open_is_moved_as_well_and_reopening_is_left_to_people() {
    let world = closed().await;
    let elsewhere = "organizational_units: {Legacy: , Workloads: {accounts: [app, old]}}\n";
    let planned = plan(&world, elsewhere).await;
    assert_eq!(planned.change(&Address::account("old")).map(|change| change.action), Some(Action::Move));
    assert!(planned.manual.iter().any(|manual| manual.address == Some(Address::account("old"))));
    world.apply(&blueprint(elsewhere), How::default()).await.expect("it can be tried");
    assert_eq!(unit_of_old(&world), "Workloads");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_moved_and_closed_in_one_apply() {
    let world = World::new();
    world.applied(&blueprint(OPEN), How::default()).await;
    let planned = plan(&world, SUSPENDED).await;
    let closing = planned.change(&Address::account("old")).expect("it is closed");
    assert_eq!((closing.action, closing.risk), (Action::Delete, Risk::Irreversible));
    let paths: Vec<&str> = closing.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["state", "parent"]);
    world.applied(&blueprint(SUSPENDED), DESTROY).await;
    assert_eq!(unit_of_old(&world), "Suspended");
    world.quiet(&blueprint(SUSPENDED)).await;
}

#[tokio::test(start_paused = true)]
async fn a_unit_for_closed_accounts_may_deny_everything() {
    let world = closed().await;
    let policy = "policies: {nothing: {content: {Version: '2012-10-17', Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}}}\n";
    let suspended = SUSPENDED.replace("Suspended: {", "Suspended: {policies: [nothing], ");
    assert_eq!(plan(&world, &format!("{policy}{suspended}")).await.refusals, []);
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_holds_a_closed_account_is_kept_and_the_help_says_what_to_write() {
    let world = closed().await;
    let dropped = "organizational_units: {Workloads: {accounts: [app]}}\n";
    let refusals = plan(&world, dropped).await.refusals;
    let reported: Vec<_> =
        refusals.iter().map(|it| (it.code.as_str(), it.message.as_str(), it.help.as_str())).collect();
    assert_eq!(
        reported,
        [(
            "not-empty",
            "ou/Legacy cannot be deleted: it holds account/old",
            "write {name: old, state: closed} in the unit that it is to go to: AWS keeps a closed account for 90 days; or keep \
             the unit in the blueprint"
        )]
    );
}

#[tokio::test(start_paused = true)]
async fn a_closed_account_that_stays_in_its_unit_changes_nothing() {
    let world = closed().await;
    let there =
        "organizational_units: {Legacy: {accounts: [{name: old, state: closed}]}, Workloads: {accounts: [app]}}\n";
    world.quiet(&blueprint(there)).await;
}

const IDENTITY: &str =
    "identity: {permission_sets: {reader: {session: SESSION}}, assignments: {team: {reader: [UNITS]}}}\n";

fn with_reader(units: &str, session: &str, assigned: &str) -> String {
    format!("{units}{}", IDENTITY.replace("SESSION", session).replace("UNITS", assigned))
}

/// A world in which the closed account `old` has the permission set `reader`, as `app` does.
async fn closed_with_set() -> World {
    let world = World::new();
    let text = blueprint(&with_reader(OPEN, "1h", "Legacy, Workloads"));
    world.applied(&text, How::default()).await;
    let id = world.plan(&text).await.expect("it can be planned").observed;
    let id = id.bindings.id(&Address::account("old")).expect("it is there").to_owned();
    world.cloud().await.organizations.close_account().account_id(id).send().await.expect("it is closed");
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    world
}

#[tokio::test(start_paused = true)]
async fn a_permission_set_that_a_closed_account_has_is_changed_in_the_open_ones() {
    let world = closed_with_set().await;
    let changed = with_reader(SUSPENDED, "2h", "Workloads");
    let planned = plan(&world, &changed).await;
    let set = planned.change(&Address::permission_set("reader")).expect("it is changed");
    assert_eq!(
        set.reason,
        "it differs, but grants the same permissions; closed accounts keep the version that they have: account/old"
    );
    world.applied(&blueprint(&changed), DESTROY).await;
    world.quiet(&blueprint(&changed)).await;
    let snapshot = world.sandbox.snapshot();
    let sets = snapshot["identity_center"]["permission_sets"].as_object().expect("there are sets");
    let reader = sets.values().find(|set| set["name"] == "reader").expect("it is there");
    let app = id_of(&snapshot, "app");
    assert_eq!(reader["accounts"][app.as_str()]["revision"], reader["revision"]);
}

#[tokio::test(start_paused = true)]
async fn a_permission_set_that_a_closed_account_has_is_deleted_once_the_account_is_gone() {
    let world = closed_with_set().await;
    let dropped = format!("{SUSPENDED}identity: {{}}\n");
    let set = Address::permission_set("reader");
    let planned = plan(&world, &dropped).await;
    assert_eq!(planned.change(&set), None);
    let waiting = planned.waiting.iter().find(|waiting| waiting.change.address == set).expect("it waits");
    assert_eq!((waiting.change.action, &waiting.waits_for), (Action::Delete, &Address::account("old")));
    assert_eq!(
        waiting.change.reason,
        "held by the closed account/old: AWS removes that account 90 days after it was closed"
    );
    let applied = world.apply(&blueprint(&dropped), DESTROY).await.expect("it is applied");
    assert!(applied.outcome.failed.is_empty(), "no call is made that AWS refuses: {:?}", applied.outcome.failed);
    let assigned = applied.plan.changes.iter().any(|change| change.kind == "assignment");
    assert!(assigned, "open accounts lose it at once");
}

fn id_of(snapshot: &Value, account: &str) -> String {
    let accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts");
    let (id, _) = accounts.iter().find(|(_, it)| it["name"] == account).expect("it is there");
    id.clone()
}
