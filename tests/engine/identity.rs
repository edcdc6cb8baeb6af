//! Permission sets, groups and assignments.

use aws_sdk_ssoadmin::types::{PrincipalType, TargetType};
use landing::model::{Action, Risk};
use serde_json::{Value, json};

use super::picture::picture;
use super::world::{DESTROY, How, World};

const SETS: &str = "{admin: {managed_policies: [AdministratorAccess]}, reader: {session: 2h, inline_policy: \
    {Version: \"2012-10-17\", Statement: {Effect: Allow, Action: \"s3:Get*\", Resource: \"arn:aws:s3:::${account/a}/*\"}}}}";
const ASSIGNMENTS: &str = "{team: {admin: [root], reader: [A]}, user/ann: {reader: [b]}}";

fn blueprint(identity: &str) -> String {
    with_units("{A: {accounts: [a]}, B: {accounts: [b]}}", identity)
}

fn with_units(units: &str, identity: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
         organizational_units: {units}\nidentity: {identity}\n"
    )
}

fn usual() -> String {
    blueprint(&format!("{{permission_sets: {SETS}, assignments: {ASSIGNMENTS}}}"))
}

/// An organization whose directory has the user ann, with a blueprint applied to it.
async fn world(text: &str) -> World {
    let world = World::new();
    world.applied(&with_units("{A: {accounts: [a]}, B: {accounts: [b]}}", "{}"), How::default()).await;
    user(&world, "ann").await;
    world.applied(text, How::default()).await;
    world.quiet(text).await;
    world
}

pub async fn user(world: &World, name: &str) -> String {
    let cloud = world.cloud().await;
    let store = center(world).await.1;
    let request = cloud.identity_store.create_user().identity_store_id(store).user_name(name).display_name(name);
    let person = aws_sdk_identitystore::types::Name::builder().given_name(name).family_name(name).build();
    request.name(person).send().await.expect("the user is made").user_id().to_owned()
}

/// The instance's ARN and the identity store's id.
pub async fn center(world: &World) -> (String, String) {
    let reply = world.cloud().await.sso_admin.list_instances().send().await.expect("they are listed");
    let instance = reply.instances().first().expect("it is enabled");
    let id = |text: Option<&str>| text.expect("AWS says it").to_owned();
    (id(instance.instance_arn()), id(instance.identity_store_id()))
}

pub async fn set_arn(world: &World, name: &str) -> String {
    let (client, instance) = (world.cloud().await.sso_admin.clone(), center(world).await.0);
    let sets = client.list_permission_sets().instance_arn(&instance).send().await.expect("they are listed");
    for arn in sets.permission_sets() {
        let set = client.describe_permission_set().instance_arn(&instance).permission_set_arn(arn).send().await;
        if set.expect("it is there").permission_set().and_then(|set| set.name()) == Some(name) {
            return arn.clone();
        }
    }
    panic!("no permission set is called {name}")
}

fn account_id(world: &World, name: &str) -> String {
    let snapshot = world.sandbox.snapshot();
    let accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts");
    accounts.iter().find(|(_, account)| account["name"] == name).expect("it is there").0.clone()
}

pub async fn assign_by_hand(world: &World, set: &str, user: &str, account: &str) {
    let request = world.cloud().await.sso_admin.create_account_assignment().instance_arn(center(world).await.0);
    request
        .permission_set_arn(set_arn(world, set).await)
        .principal_type(PrincipalType::User)
        .principal_id(user)
        .target_type(TargetType::AwsAccount)
        .target_id(account_id(world, account))
        .send()
        .await
        .expect("it is assigned");
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
}

/// Who has a permission set in an account, and whether it is the latest there.
fn who(world: &World, set: &str, account: &str) -> Value {
    picture(&world.sandbox.snapshot())["identity"]["permission_sets"][set]["accounts"][account].clone()
}

async fn changes(world: &World, text: &str) -> Vec<(String, Action, Risk)> {
    let plan = world.plan(text).await.expect("it can be planned").plan;
    plan.changes.into_iter().map(|change| (change.address.to_string(), change.action, change.risk)).collect()
}

#[tokio::test(start_paused = true)]
async fn sets_groups_and_assignments_are_made_and_leave_nothing_to_do() {
    let world = world(&usual()).await;
    let identity = picture(&world.sandbox.snapshot())["identity"].clone();
    assert_eq!(identity["groups"], json!({"team": "[landing:ours]"}));
    let reader = &identity["permission_sets"]["reader"];
    assert_eq!(reader["session_duration"], "PT2H");
    assert!(reader["inline_policy"].to_string().contains("arn:aws:s3:::a@example.com/*"), "{reader}");
    assert_eq!(
        reader["accounts"],
        json!({
            "a@example.com": {"latest": true, "principals": ["GROUP team"]},
            "b@example.com": {"latest": true, "principals": ["USER ann"]},
        })
    );
    let admin = identity["permission_sets"]["admin"]["accounts"].as_object().expect("it is assigned");
    assert_eq!(admin.len(), 3, "the root is every account, the management account too");
}

#[tokio::test(start_paused = true)]
async fn without_an_instance_a_person_is_asked_and_only_identity_waits() {
    let world = World::new();
    world.sandbox.edit(|state| state["identity_center"] = json!({"enabled": false})).expect("the state can be edited");
    let text = blueprint(&format!("{{permission_sets: {SETS}, assignments: {{team: {{admin: [root]}}}}}}"));
    let applied = world.applied(&text, How::default()).await;
    let manual = applied.plan.manual.first().expect("a person has something to do");
    assert!(manual.what.contains("enable IAM Identity Center"), "{manual:?}");
    assert!(world.quiet(&text).await.manual.len() == 1);
    world.sandbox.edit(|state| state["identity_center"] = json!({"enabled": true})).expect("the state can be edited");
    world.applied(&text, How::default()).await;
    assert!(world.quiet(&text).await.manual.is_empty());
    assert_eq!(who(&world, "admin", "a@example.com")["principals"], json!(["GROUP team"]));
}

#[tokio::test(start_paused = true)]
async fn a_blueprint_without_identity_asks_identity_center_nothing() {
    let world = World::new();
    let text = "version: 1\nname: ours\norganization: {regions: [eu-west-1]}\n";
    world.applied(text, How::default()).await;
    let plan = world.quiet(text).await;
    assert!(plan.api_calls.by_operation.keys().all(|call| !call.starts_with("sso") && !call.starts_with("identity")));
}

#[tokio::test(start_paused = true)]
async fn a_changed_set_reaches_every_account_that_has_it() {
    let world = world(&usual()).await;
    let text =
        usual().replace("s3:Get*", "s3:List*").replace("2h", "3h").replace("AdministratorAccess", "ReadOnlyAccess");
    let planned = changes(&world, &text).await;
    let set = |name: &str| (format!("permission-set/{name}"), Action::Update, Risk::Disruptive);
    assert_eq!(planned, [set("admin"), set("reader")]);
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    assert_eq!(plan.changes.iter().map(|change| change.reaches).collect::<Vec<_>>(), [3, 2]);
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    assert_eq!(who(&world, "reader", "a@example.com")["latest"], true);
}

#[tokio::test(start_paused = true)]
async fn every_part_of_a_set_can_be_taken_away_again() {
    let full = "{s: {description: d, relay_state: \"https://example.com\", managed_policies: [ReadOnlyAccess], \
                boundary: {managed: PowerUserAccess}, tags: {x: y}, \
                inline_policy: {Version: \"2012-10-17\", Statement: {Effect: Deny, Action: \"sqs:*\", Resource: \"*\"}}}}";
    let text = blueprint(&format!("{{permission_sets: {full}, groups: {{g: {{description: some}}}}}}"));
    let world = world(&text).await;
    let bare = blueprint("{permission_sets: {s: }, groups: {g: }}");
    world.applied(&bare, How::default()).await;
    world.quiet(&bare).await;
    let set = picture(&world.sandbox.snapshot())["identity"]["permission_sets"]["s"].clone();
    assert_eq!(set["managed_policies"], json!([]));
    assert_eq!(set["permissions_boundary"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_changed_but_not_provisioned_is_finished() {
    let world = world(&usual()).await;
    world
        .sandbox
        .edit(|state| {
            for set in state["identity_center"]["permission_sets"].as_object_mut().expect("there are sets").values_mut()
            {
                set["revision"] = json!(99);
            }
        })
        .expect("the state can be edited");
    let plan = world.plan(&usual()).await.expect("it can be planned").plan;
    let fields: Vec<_> =
        plan.changes.iter().map(|change| (&change.fields[0].path[..], &change.fields[0].after)).collect();
    assert_eq!(fields, [("provisioned", &json!("latest")); 2]);
    world.applied(&usual(), How::default()).await;
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn a_unit_s_new_accounts_get_what_is_assigned_there_and_those_that_leave_lose_it() {
    let world = world(&usual()).await;
    let identity = format!("{{permission_sets: {SETS}, assignments: {ASSIGNMENTS}}}");
    let text = with_units("{A: {accounts: [c]}, B: {accounts: [a, b]}}", &identity);
    let planned = changes(&world, &text).await;
    let of = |address: &str| planned.iter().find(|(planned, _, _)| planned == address).map(|(_, action, _)| *action);
    assert_eq!(of("assignment/reader/group/team@account/a"), Some(Action::Delete));
    assert_eq!(of("assignment/reader/group/team@account/c"), Some(Action::Create));
    assert_eq!(of("assignment/admin/group/team@account/c"), Some(Action::Create));
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    assert_eq!(who(&world, "reader", "a@example.com"), Value::Null);
    assert_eq!(who(&world, "reader", "c@example.com")["principals"], json!(["GROUP team"]));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_someone_else_made_gets_what_is_assigned_to_the_root() {
    let world = world(&usual()).await;
    let client = world.cloud().await.organizations.clone();
    client.create_account().account_name("theirs").email("theirs@example.org").send().await.expect("it is made");
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let expected = ("assignment/admin/group/team@account/theirs".to_owned(), Action::Create, Risk::None);
    assert_eq!(changes(&world, &usual()).await, [expected]);
    world.applied(&usual(), How::default()).await;
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_assigned_by_hand_is_taken_away_unless_the_set_is_shared() {
    let world = world(&usual()).await;
    let bob = user(&world, "bob").await;
    assign_by_hand(&world, "reader", &bob, "management").await;
    let address = "assignment/reader/user/bob@account/management".to_owned();
    let shared = usual().replace("reader: {session", "reader: {exclusive: false, session");
    let plan = world.quiet(&shared).await;
    assert!(plan.unmanaged.iter().any(|unmanaged| unmanaged.as_str() == address), "{:?}", plan.unmanaged);
    assert_eq!(changes(&world, &usual()).await, [(address, Action::Delete, Risk::Disruptive)]);
    world.applied(&usual(), How::default()).await;
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn a_deep_look_finds_who_was_added_beside_the_blueprints_own() {
    let world = world(&usual()).await;
    let bob = user(&world, "bob").await;
    assign_by_hand(&world, "admin", &bob, "a").await;
    world.quiet(&usual()).await;
    let deep = World { deep: true, ..world };
    let address = "assignment/admin/user/bob@account/a".to_owned();
    assert_eq!(changes(&deep, &usual()).await, [(address, Action::Delete, Risk::Disruptive)]);
    deep.applied(&usual(), How::default()).await;
    deep.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn another_set_takes_the_place_of_one_before_that_goes() {
    let world = world(&usual()).await;
    let text = usual().replace("admin: {managed", "operator: {was: admin, managed").replace("admin:", "operator:");
    let applied = world.applied(&text, DESTROY).await;
    let order: Vec<&str> = applied.outcome.done.iter().map(|(address, _)| address.as_str()).collect();
    let at = |address: &str| order.iter().position(|done| *done == address).expect("it is done");
    for account in ["a", "b", "management"] {
        let (new, old) = (
            format!("assignment/operator/group/team@account/{account}"),
            format!("assignment/admin/group/team@account/{account}"),
        );
        assert!(at(&new) < at(&old), "{order:?}");
    }
    assert_eq!(order.last(), Some(&"permission-set/admin"));
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn sets_and_groups_go_only_with_permission_and_theirs_never() {
    let world = world(&usual()).await;
    let client = world.cloud().await.identity_store.clone();
    let store = center(&world).await.1;
    client.create_group().identity_store_id(&store).display_name("theirs").send().await.expect("it is made");
    let theirs = blueprint(&format!("{{permission_sets: {SETS}, assignments: {{Theirs: {{admin: [a]}}}}}}"));
    let planned = changes(&world, &theirs).await;
    assert!(planned.contains(&("group/team".into(), Action::Delete, Risk::Destructive)), "{planned:?}");
    assert!(!planned.iter().any(|(address, _, _)| address == "group/Theirs"), "{planned:?}");
    assert!(world.apply(&theirs, How::default()).await.is_err());
    world.applied(&theirs, DESTROY).await;
    world.quiet(&theirs).await;
    let nothing = blueprint("{}");
    world.applied(&nothing, DESTROY).await;
    world.quiet(&nothing).await;
    let identity = picture(&world.sandbox.snapshot())["identity"].clone();
    assert_eq!(identity, json!({"permission_sets": {}, "groups": {"theirs": null}}));
}

#[tokio::test(start_paused = true)]
async fn a_blueprint_that_drops_its_whole_identity_section_drops_what_it_had() {
    let world = world(&usual()).await;
    let without = usual().lines().filter(|line| !line.starts_with("identity:")).collect::<Vec<_>>().join("\n");
    let planned = changes(&world, &without).await;
    assert!(planned.contains(&("permission-set/admin".into(), Action::Delete, Risk::Destructive)), "{planned:?}");
    world.applied(&without, DESTROY).await;
    world.quiet(&without).await;
    let identity = picture(&world.sandbox.snapshot())["identity"].clone();
    assert_eq!(identity, json!({"permission_sets": {}, "groups": {}}));
}

#[tokio::test(start_paused = true)]
async fn a_set_made_by_hand_is_adopted_with_what_is_assigned() {
    let world = world(&blueprint("{}")).await;
    let client = world.cloud().await.sso_admin.clone();
    let instance = center(&world).await.0;
    client.create_permission_set().instance_arn(&instance).name("reader").send().await.expect("it is made");
    let ann = picture_user(&world, "ann");
    assign_by_hand(&world, "reader", &ann, "b").await;
    let planned = changes(&world, &usual()).await;
    assert!(planned.contains(&("permission-set/reader".into(), Action::Adopt, Risk::Disruptive)), "{planned:?}");
    assert!(!planned.iter().any(|(address, _, _)| address == "assignment/reader/user/ann@account/b"), "{planned:?}");
    world.applied(&usual(), How::default()).await;
    world.quiet(&usual()).await;
}

fn picture_user(world: &World, name: &str) -> String {
    let snapshot = world.sandbox.snapshot();
    let users = snapshot["directory"]["users"].as_object().expect("there are users");
    users.iter().find(|(_, user)| user["name"] == name).expect("the user is there").0.clone()
}

#[tokio::test(start_paused = true)]
async fn groups_of_an_external_directory_and_users_are_waited_for() {
    let world = world(&blueprint("{}")).await;
    let text = blueprint(&format!(
        "{{source: external, permission_sets: {SETS}, assignments: {{team: {{admin: [a]}}, user/eve: {{reader: [b]}}, user/ann: {{reader: [a]}}}}}}"
    ));
    let applied = world.applied(&text, How::default()).await;
    let asked: Vec<&str> = applied.plan.manual.iter().filter_map(|it| Some(it.address.as_ref()?.as_str())).collect();
    assert_eq!(asked, ["group/team", "user/eve"]);
    assert_eq!(who(&world, "reader", "a@example.com")["principals"], json!(["USER ann"]));
    assert_eq!(who(&world, "admin", "a@example.com"), Value::Null);
}

#[tokio::test(start_paused = true)]
async fn an_assignment_that_fails_says_why_in_awss_words() {
    let world = world(&blueprint("{}")).await;
    let text =
        blueprint("{permission_sets: {s: {customer_managed_policies: [nowhere]}}, assignments: {team: {s: [a]}}}");
    let applied = world.apply(&text, How::default()).await.expect("it can be applied");
    let [failure] = applied.outcome.failed.as_slice() else { panic!("{:?}", applied.outcome) };
    assert_eq!(failure.address.as_str(), "assignment/s/group/team@account/a");
    assert!(failure.error.contains("nowhere does not exist"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_asks_no_more_than_sets_and_principals_require() {
    let world = world(&usual()).await;
    let plan = world.quiet(&usual()).await;
    let calls = plan.api_calls.by_operation.iter();
    let made: Vec<(&str, u64)> = calls
        .filter(|(call, _)| call.starts_with("sso:") || call.starts_with("identitystore:"))
        .map(|(call, count)| (call.as_str(), *count))
        .collect();
    let (sets, principals, users) = (2, 2, 1);
    assert_eq!(
        made,
        [
            ("identitystore:GetUserId", users),
            ("identitystore:ListGroups", 1),
            ("sso:DescribePermissionSet", sets),
            ("sso:GetInlinePolicyForPermissionSet", sets),
            ("sso:GetPermissionsBoundaryForPermissionSet", sets),
            ("sso:ListAccountAssignmentsForPrincipal", principals),
            ("sso:ListAccountsForProvisionedPermissionSet", 2 * sets),
            ("sso:ListCustomerManagedPolicyReferencesInPermissionSet", sets),
            ("sso:ListInstances", 1),
            ("sso:ListManagedPoliciesInPermissionSet", sets),
            ("sso:ListPermissionSets", 1),
            ("sso:ListTagsForResource", sets),
        ]
    );
    let deep = World { deep: true, ..world };
    let plan = deep.quiet(&usual()).await;
    // The administrators' set is in three accounts, the readers' in two.
    assert_eq!(plan.api_calls.by_operation["sso:ListAccountAssignments"], 3 + 2);
}

#[tokio::test(start_paused = true)]
async fn a_file_of_the_users_own_is_a_permission_set_as_built_in_ones_are() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("own-permission-sets");
    std::fs::create_dir_all(folder.join("sets")).expect("the target folder can be written");
    let night = "description: Mends at night\nsession: 2h\nmanaged_policies: [PowerUserAccess]\n";
    std::fs::write(folder.join("sets/night-watch.yaml"), night).expect("the target folder can be written");
    let world = World { folder: Some(folder), ..World::new() };
    let text = "version: 1
name: people
organization: {home_region: eu-west-1, account_email: \"{name}@example.com\"}
identity:
  permission_sets: [read-only, sets/night-watch.yaml]
  assignments: {watch: {night-watch: [management]}}
";
    world.applied(text, How::default()).await;
    world.quiet(text).await;
    let sets = world.sandbox.snapshot()["identity_center"]["permission_sets"].to_string();
    for part in ["night-watch", "Mends at night", "PT2H", "PowerUserAccess", "ReadOnlyAccess"] {
        assert!(sets.contains(part), "{part} in {sets}");
    }
}

#[tokio::test(start_paused = true)]
async fn identity_center_is_managed_in_its_primary_region_wherever_the_home_region_is() {
    let world = World::new();
    world.applied(&blueprint("{}"), How::default()).await;
    // Whoever makes the first user says where the instance is.
    let connection = landing::cloud::Connection {
        http_client: Some(world.sandbox.http_client()),
        ..landing::cloud::Connection::default()
    };
    let elsewhere = landing::cloud::Cloud::connect(&connection, Some("us-east-1")).await;
    let (instance, store) = center(&world).await;
    let person = aws_sdk_identitystore::types::Name::builder().given_name("ann").family_name("ann").build();
    let user = elsewhere.identity_store.create_user().identity_store_id(store).user_name("ann").display_name("ann");
    user.name(person).send().await.expect("the user is made");
    let text = usual();
    let planned = world.plan(&text).await.expect("it can be planned").plan;
    assert_eq!(planned.manual, [], "no one is asked to enable a second instance");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let sets = elsewhere.sso_admin.list_permission_sets().instance_arn(instance).send().await;
    assert_eq!(sets.expect("they are listed").permission_sets().len(), 2);
    // The administrators' role has no region in its path where the instance is in us-east-1.
    for (path, is_shut_out) in [("", false), ("eu-west-1/", true)] {
        let plan = world.plan(&denied_but_for(path)).await.expect("it can be planned").plan;
        let said = format!("{:?}", plan.refusals);
        assert_eq!(said.contains("permission set admin"), is_shut_out, "{path}: {said}");
    }
}

/// A denial in unit A that spares the role of the permission set `admin` with this region in its path.
fn denied_but_for(path: &str) -> String {
    let set = format!("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/{path}AWSReservedSSO_admin_*");
    let spared =
        json!({"ArnNotLike": {"aws:PrincipalArn": [set, "arn:aws:iam::*:role/OrganizationAccountAccessRole"]}});
    let statement = json!({"Effect": "Deny", "Action": "iam:ListRoles", "Resource": "*", "Condition": spared});
    let content = json!({"Version": "2012-10-17", "Statement": statement});
    let policies = format!("policies: {{close: {{content: {content}}}}}\n");
    usual().replace("{A: {accounts: [a]}", "{A: {policies: [close], accounts: [a]}") + &policies
}
