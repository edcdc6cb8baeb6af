//! Assignments to principals that were deleted, assignments that end, and accounts that assignments leave out.

use landing::model::{Action, Plan, Risk};
use serde_json::{Value, json};

use super::identity::{assign_by_hand, center, user};
use super::picture::picture;
use super::world::{DESTROY, How, World};

fn blueprint(identity: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
         organizational_units:\n  A: {{accounts: [a, {{name: a-prod, tags: {{env: prod}}}}]}}\n  B: {{accounts: [b]}}\n\
         identity: {identity}\n"
    )
}

const ADMIN: &str = "permission_sets: {admin: {managed_policies: [AdministratorAccess]}}";

fn admins(more: &str, assignments: &str) -> String {
    blueprint(&format!("{{{more}{ADMIN}, assignments: {assignments}}}"))
}

/// An organization with the accounts and nothing of Identity Center, looked at deeply.
async fn world() -> World {
    let world = World { deep: true, ..World::new() };
    world.applied(&blueprint("{}"), How::default()).await;
    world
}

/// Who has the permission set `admin`, by the accounts' emails.
fn who(world: &World) -> Value {
    let sets = picture(&world.sandbox.snapshot())["identity"]["permission_sets"]["admin"]["accounts"].clone();
    let accounts = sets.as_object().cloned().unwrap_or_default();
    accounts.into_iter().map(|(account, there)| (account, there["principals"].clone())).collect()
}

async fn changes(world: &World, text: &str) -> Vec<(String, Action)> {
    let plan = world.plan(text).await.expect("it can be planned").plan;
    plan.changes.into_iter().map(|change| (change.address.to_string(), change.action)).collect()
}

async fn delete_user(world: &World, id: &str) {
    let request = world.cloud().await.identity_store.delete_user().identity_store_id(center(world).await.1);
    request.user_id(id).send().await.expect("the user is deleted");
}

/// The id of the group `team`, which is then deleted.
async fn delete_team(world: &World) -> String {
    let snapshot = world.sandbox.snapshot();
    let groups = snapshot["directory"]["groups"].as_object().expect("there are groups");
    let id = groups.keys().next().expect("there is one").clone();
    let request = world.cloud().await.identity_store.delete_group().identity_store_id(center(world).await.1);
    request.group_id(&id).send().await.expect("the group is deleted");
    id
}

fn notes(plan: &Plan) -> Vec<&str> {
    plan.notes.iter().map(|note| note.what.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_assigned_to_a_group_that_was_deleted_stays_until_the_blueprint_unassigns_it() {
    let world = world().await;
    let text = admins("", "{team: {admin: [A]}}");
    world.applied(&text, How::default()).await;
    let id = delete_team(&world).await;
    let planned = world.plan(&text).await.expect("it can be planned").plan;
    assert!(planned.changes.iter().all(|change| change.action == Action::Create), "{:?}", planned.changes);
    world.applied(&text, How::default()).await;
    let plan = world.quiet(&text).await;
    let note = format!(
        "the group with the id {id} was deleted, and permission-set/admin is still assigned to it in account/a and 1 more \
         account: nothing changes that, unless `identity` says `deleted_principals: unassign`"
    );
    assert_eq!(notes(&plan), [note.as_str()]);
    assert_eq!(notes(&world.drift(&text).await), [note.as_str()]);
    assert_eq!(who(&world)["a@example.com"].as_array().map(Vec::len), Some(2));
    let unassigned = admins("deleted_principals: unassign, ", "{team: {admin: [A]}}");
    let of = |account: &str| (format!("assignment/admin/group/{id}@account/{account}"), Action::Delete);
    assert_eq!(changes(&world, &unassigned).await, [of("a"), of("a-prod")]);
    let planned = world.plan(&unassigned).await.expect("it can be planned").plan;
    let deletion = &planned.changes[0];
    assert_eq!(
        (deletion.risk, deletion.reason.as_str()),
        (Risk::Disruptive, "its group was deleted from the directory")
    );
    assert_eq!(notes(&planned), [""; 0]);
    world.applied(&unassigned, How::default()).await;
    assert!(notes(&world.quiet(&unassigned).await).is_empty());
    assert_eq!(who(&world), json!({"a@example.com": ["GROUP team"], "a-prod@example.com": ["GROUP team"]}));
}

#[tokio::test(start_paused = true)]
async fn adopting_a_set_leaves_what_is_assigned_to_a_deleted_user_and_dropping_the_set_does_not() {
    let world = world().await;
    let client = world.cloud().await.sso_admin.clone();
    client.create_permission_set().instance_arn(center(&world).await.0).name("admin").send().await.expect("it is made");
    let ann = user(&world, "ann").await;
    assign_by_hand(&world, "admin", &ann, "b").await;
    delete_user(&world, &ann).await;
    let text = admins("", "{}");
    assert_eq!(changes(&world, &text).await, [("permission-set/admin".to_owned(), Action::Adopt)]);
    world.applied(&text, How::default()).await;
    let plan = world.quiet(&text).await;
    assert!(notes(&plan)[0].starts_with(&format!("the user with the id {ann} was deleted")), "{:?}", plan.notes);
    let address = format!("assignment/admin/user/{ann}@account/b");
    assert!(plan.unmanaged.iter().any(|unmanaged| *unmanaged.as_str() == *address), "{:?}", plan.unmanaged);
    assert_eq!(who(&world)["b@example.com"].as_array().map(Vec::len), Some(1));
    let nothing = blueprint("{}");
    let expected = [
        (format!("assignment/admin/user/{ann}@account/b"), Action::Delete),
        ("permission-set/admin".to_owned(), Action::Delete),
    ];
    assert_eq!(changes(&world, &nothing).await, expected);
    world.applied(&nothing, DESTROY).await;
    world.quiet(&nothing).await;
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_asked_about_was_not_deleted() {
    let world = world().await;
    let text = admins("deleted_principals: unassign, ", "{team: {admin: [A]}}");
    world.applied(&text, How::default()).await;
    let ann = user(&world, "ann").await;
    assign_by_hand(&world, "admin", &ann, "b").await;
    delete_user(&world, &ann).await;
    let caller = json!({"*": {"arn": "arn:aws:iam::111111111111:user/ci", "deny": ["identitystore:DescribeUser"]}});
    world.sandbox.edit(|state| state["principals"] = caller).expect("the state can be edited");
    let plan = world.quiet(&text).await;
    let address = format!("assignment/admin/user/{ann}@account/b");
    let untold: Vec<String> = plan.undetected.iter().map(|it| it.address.to_string()).collect();
    assert_eq!(untold, std::slice::from_ref(&address));
    assert!(plan.undetected[0].why.contains("DescribeUser"), "{:?}", plan.undetected);
    world.sandbox.edit(|state| state["principals"] = json!({})).expect("the state can be edited");
    assert_eq!(changes(&world, &text).await, [(address, Action::Delete)]);
}

#[tokio::test(start_paused = true)]
async fn an_assignment_ends_with_its_day_also_of_a_set_that_others_assign() {
    let world = world().await;
    user(&world, "ann").await;
    for exclusive in ["true", "false"] {
        let text = admins("", "{user/ann: {admin: [{in: A, until: 2027-03-01}, {in: b, until: 2028-01-01}]}}")
            .replace("{managed", &format!("{{exclusive: {exclusive}, managed"));
        let world = World { today: Some("2027-02-01"), deep: true, sandbox: world.sandbox.clone(), ..World::new() };
        world.applied(&text, How::default()).await;
        assert!(notes(&world.quiet(&text).await).is_empty());
        let world = World { today: Some("2027-02-27"), ..world };
        let near = world.quiet(&text).await;
        assert_eq!(near.notes.len(), 1, "{:?}", near.notes);
        let note = "assigned until 2027-03-01 (landing.yaml:7), as is 1 more by the same rule";
        assert!(near.notes[0].what.starts_with(note), "{:?}", near.notes);
        let address = near.notes[0].address.as_ref().map(ToString::to_string);
        assert_eq!(address.as_deref(), Some("assignment/admin/user/ann@account/a"));
        let world = World { today: Some("2027-03-01"), ..world };
        let of = |account: &str| (format!("assignment/admin/user/ann@account/{account}"), Action::Delete);
        assert_eq!(changes(&world, &text).await, [of("a"), of("a-prod")]);
        let planned = world.plan(&text).await.expect("it can be planned").plan;
        assert_eq!(planned.changes[0].reason, "the blueprint assigned it until 2027-03-01");
        world.applied(&text, How::default()).await;
        world.quiet(&text).await;
        assert_eq!(who(&world), json!({"b@example.com": ["USER ann"]}));
    }
}

#[tokio::test(start_paused = true)]
async fn accounts_that_others_tag_are_left_out_by_these_tags() {
    let world = world().await;
    let client = world.cloud().await.organizations.clone();
    for (name, env) in [("theirs", "prod"), ("other", "dev")] {
        let tag = aws_sdk_organizations::types::Tag::builder().key("env").value(env).build().expect("it is a tag");
        let request = client.create_account().account_name(name).email(format!("{name}@example.org")).tags(tag);
        request.send().await.expect("it is made");
    }
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let text = admins("", "{team: {admin: [{in: members, except: {tags: {env: prod}}}]}}");
    let planned = changes(&world, &text).await;
    let of = |account: &str| (format!("assignment/admin/group/team@account/{account}"), Action::Create);
    assert!(planned.contains(&of("other")) && !planned.contains(&of("theirs")), "{planned:?}");
}

#[tokio::test(start_paused = true)]
async fn assignments_leave_out_accounts_and_follow_those_that_come_later() {
    let world = world().await;
    let text = admins("", "{team: {admin: [{in: members, except: {in: B, tags: {env: [prod]}}}]}}");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    assert_eq!(who(&world), json!({"a@example.com": ["GROUP team"]}));
    let more = text.replace("{accounts: [b]}", "{accounts: [b, later-b]}").replace("[a, ", "[a, later-a, ");
    let planned = changes(&world, &more).await;
    let of = |account: &str| (format!("assignment/admin/group/team@account/{account}"), Action::Create);
    assert!(planned.contains(&of("later-a")) && !planned.contains(&of("later-b")), "{planned:?}");
    world.applied(&more, How::default()).await;
    world.quiet(&more).await;
    let now_in = more.replace("in: B, ", "");
    assert_eq!(changes(&world, &now_in).await, [of("b"), of("later-b")]);
}
