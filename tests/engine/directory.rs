//! Where people and groups come from: an external identity provider, or Identity Center's own directory.

use landing::model::{Action, Plan};
use serde_json::{Value, json};

use super::identity::user;
use super::picture::picture;
use super::world::{How, World};

const ACCOUNTS: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
organizational_units:
  Security: {accounts: [log-archive, audit]}
  Workloads: {accounts: [a]}
";

/// A blueprint whose groups come from elsewhere.
pub const EXTERNAL: &str = "identity:
  source: external
  permission_sets: [read-only, administrator]
  assignments:
    Engineers: {read-only: [Workloads]}
    platform-team: {administrator: [Security], read-only: [root]}
";

/// An id as the directory gives it, that follows from the group's name.
fn id_of(group: &str) -> String {
    let number = group.bytes().fold(0_u64, |number, byte| (number * 31 + u64::from(byte)) % (1 << 48));
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// What an identity provider does by SCIM: a group comes with the id that it has there, and with its members.
/// <https://docs.aws.amazon.com/singlesignon/latest/developerguide/creategroup.html>
pub async fn send(world: &World, group: &str, members: &[&str]) {
    let mut users = Vec::new();
    for name in members {
        users.push(user(world, name).await);
    }
    let id = id_of(group);
    let external =
        json!([{"issuer": "https://scim.eu-west-1.amazonaws.com/instance/scim/v2", "id": format!("idp-{group}")}]);
    let sent = json!({"name": group, "description": null, "external_ids": external});
    let edit = |state: &mut Value| {
        state["directory"]["groups"][&id] = sent;
        for user in users {
            state["directory"]["memberships"][format!("{user} in {id}")] = json!({"group": id, "user": user});
        }
    };
    world.sandbox.edit(edit).expect("the state can be edited");
}

/// Who has a permission set in an account.
pub fn principals(world: &World, set: &str, account: &str) -> Value {
    let picture = picture(&world.sandbox.snapshot());
    picture["identity"]["permission_sets"][set]["accounts"][format!("{account}@example.com")]["principals"].clone()
}

fn manual(plan: &Plan) -> Vec<(String, String)> {
    let reported = |it: &landing::model::Manual| {
        assert!(it.link.as_deref().is_some_and(|link| link.ends_with("provision-automatically.html")), "{it:?}");
        (it.address.as_ref().expect("it is about a group").to_string(), it.what.clone())
    };
    plan.manual.iter().map(reported).collect()
}

#[tokio::test(start_paused = true)]
async fn groups_that_the_directory_must_send_are_reported_with_what_waits_for_them() {
    let world = World::new();
    let text = format!("{ACCOUNTS}{EXTERNAL}");
    world.applied(ACCOUNTS, How::default()).await;
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    let help = "have the identity provider send it, or write its name as it is there";
    let nothing_there = "(it has no groups at all: is automatic provisioning on?)";
    assert_eq!(
        manual(&plan),
        [
            (
                "group/Engineers".to_owned(),
                format!(
                    "the directory has no such group, so that read-only in ou/Workloads cannot be assigned: {help} {nothing_there}"
                )
            ),
            (
                "group/platform-team".to_owned(),
                format!(
                    "the directory has no such group, so that administrator in ou/Security, read-only in root cannot be assigned: {help} {nothing_there}"
                )
            ),
        ]
    );
    assert!(plan.changes.iter().all(|change| !matches!(change.kind.as_str(), "group" | "assignment")));
    send(&world, "platform-engineers", &[]).await;
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    assert!(manual(&plan).iter().all(|(_, what)| what.ends_with("(it has platform-engineers)")), "{:?}", plan.manual);
}

#[tokio::test(start_paused = true)]
async fn groups_that_were_sent_are_assigned_by_their_names_and_nothing_of_the_directory_is_written() {
    let world = World::new();
    let text = format!("{ACCOUNTS}{EXTERNAL}");
    world.applied(ACCOUNTS, How::default()).await;
    send(&world, "engineers", &["ann", "eve"]).await;
    let applied = world.applied(&text, How::default()).await;
    assert_eq!(applied.plan.manual.len(), 1, "platform-team has not come yet");
    assert_eq!(principals(&world, "read-only", "a"), json!(["GROUP engineers"]));
    assert_eq!(principals(&world, "administrator", "audit"), Value::Null);
    send(&world, "platform-team", &["joe"]).await;
    let directory = world.sandbox.snapshot()["directory"].clone();
    world.applied(&text, How::default()).await;
    assert!(world.quiet(&text).await.manual.is_empty());
    assert_eq!(principals(&world, "administrator", "audit"), json!(["GROUP platform-team"]));
    assert_eq!(principals(&world, "read-only", "a"), json!(["GROUP engineers", "GROUP platform-team"]));
    // Dropped, they stay where they came from.
    let dropped = format!("{ACCOUNTS}identity: {{source: external, permission_sets: [read-only, administrator]}}\n");
    let plan = world.plan(&dropped).await.expect("it can be planned").plan;
    let changed: Vec<(&str, Action)> = plan.changes.iter().map(|it| (it.kind.as_str(), it.action)).collect();
    assert!(!changed.is_empty() && changed.iter().all(|it| *it == ("assignment", Action::Delete)), "{changed:?}");
    world.applied(&dropped, How::default()).await;
    assert_eq!(world.sandbox.snapshot()["directory"], directory);
    let written = world.sandbox.calls().into_iter().filter(|call| call.service == "identitystore" && call.write);
    let written: Vec<String> = written.map(|call| call.operation.to_string()).collect();
    assert!(written.iter().all(|operation| operation == "CreateUser"), "only the test wrote: {written:?}");
}

#[tokio::test(start_paused = true)]
async fn groups_of_its_own_directory_are_made_and_those_that_are_there_are_used() {
    let world = World::new();
    let text = format!("{ACCOUNTS}{}", EXTERNAL.replace("external", "directory"));
    world.applied(ACCOUNTS, How::default()).await;
    send(&world, "Engineers", &["ann"]).await;
    let before = world.sandbox.snapshot()["directory"].clone();
    let applied = world.applied(&text, How::default()).await;
    assert!(applied.plan.manual.is_empty());
    let groups: Vec<&str> =
        applied.plan.changes.iter().filter(|it| it.kind == "group").map(|it| it.address.as_str()).collect();
    assert_eq!(groups, ["group/platform-team"]);
    let after = world.sandbox.snapshot()["directory"].clone();
    assert!(after["groups"][id_of("Engineers")].is_object());
    assert_eq!(after["groups"][id_of("Engineers")], before["groups"][id_of("Engineers")]);
    assert_eq!(after["memberships"], before["memberships"]);
    assert_eq!(principals(&world, "read-only", "a"), json!(["GROUP Engineers", "GROUP platform-team"]));
}

#[tokio::test(start_paused = true)]
async fn the_preconfigured_groups_have_what_control_tower_gives_them() {
    let world = World::new();
    let text = format!("{ACCOUNTS}identity: {{preconfigured_groups: {{log_archive: log-archive, audit: audit}}}}\n");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    assert_eq!(
        principals(&world, "AWSAdministratorAccess", "audit"),
        json!(["GROUP AWSAuditAccountAdmins", "GROUP AWSControlTowerAdmins"])
    );
    assert_eq!(
        principals(&world, "AWSReadOnlyAccess", "log-archive"),
        json!(["GROUP AWSLogArchiveViewers", "GROUP AWSSecurityAuditors"])
    );
    assert_eq!(principals(&world, "AWSReadOnlyAccess", "a"), json!(["GROUP AWSSecurityAuditors"]));
    assert_eq!(principals(&world, "AWSPowerUserAccess", "a"), json!(["GROUP AWSSecurityAuditPowerUsers"]));
    assert_eq!(principals(&world, "AWSOrganizationsFullAccess", "a"), json!(["GROUP AWSControlTowerAdmins"]));
    let snapshot = world.sandbox.snapshot();
    assert_eq!(snapshot["directory"]["groups"].as_object().map(serde_json::Map::len), Some(8));
    assert_eq!(snapshot["identity_center"]["permission_sets"].as_object().map(serde_json::Map::len), Some(6));
}
