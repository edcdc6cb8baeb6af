//! A blueprint of what exists, which changes nothing: whatever the organization is, and whatever AWS refuses to report.

use std::collections::{BTreeMap, BTreeSet};

use landing::facts::Facts;
use landing::import::{ImportError, Imported, Options, UnverifiedImport, written};
use landing::model::{Action, Part};
use landing_sandbox::Call;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::converges::in_its_own_time;
use super::draw::{Drawn, drawn, organized};
use super::identity::{assign_by_hand, user};
use super::picture::picture;
use super::world::{DESTROY, How, World};

mod budget;
mod hindered;
mod noticed;
mod unusual;

const ORGANIZATIONS: u32 = 40;

pub fn options() -> Options {
    Options {
        main: "landing.yaml".into(),
        name: "imported".into(),
        home_region: "eu-west-1".into(),
        access_role: "OrganizationAccountAccessRole".into(),
        parts: Part::ALL.into_iter().filter(|part| *part != Part::Stacks).collect(),
        unit: None,
        regions: Vec::new(),
        external: false,
        folds: true,
        foreign: None,
        into: None,
    }
}

pub async fn read(world: &World, options: &Options) -> Result<UnverifiedImport, ImportError> {
    written(&world.cloud().await, &mut Facts::default(), options).await
}

pub async fn imported(world: &World, options: &Options) -> Result<Imported, ImportError> {
    read(world, options).await?.prove(&world.cloud().await, &mut Facts::default()).await
}

/// Takes from an organization whatever says that landing made it.
pub fn forget_who_made_it(world: &World) {
    let edited = world.sandbox.edit(|state| {
        without_marks(state);
    });
    edited.expect("the state can be edited");
}

fn without_marks(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("landing:") && !key.starts_with("/landing/"));
            if let Some(Value::String(description)) = map.get_mut("description")
                && let Some((before, _)) = description.split_once("[landing:")
            {
                *description = before.trim_end().to_owned();
                // AWS keeps no empty description of a group.
                if description.is_empty() {
                    map.remove("description");
                }
            }
            map.values_mut().for_each(without_marks);
        }
        Value::Array(items) => items.iter_mut().for_each(without_marks),
        _ => {}
    }
}

/// An organization as it is after applying a blueprint, made by no one.
pub async fn made_by_hand(world: &World, blueprint: &str) {
    world.applied(blueprint, DESTROY).await;
    forget_who_made_it(world);
}

/// Writes the files of an import into a folder of the world's, and answers the text of the first one.
pub fn kept(world: &mut World, files: &BTreeMap<String, String>) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
    world.folder = Some(folder.path().to_owned());
    (folder, files["landing.yaml"].clone())
}

/// What was written to AWS, but for what is landing's own: the lease, and where stacks are.
pub fn writes(calls: &[Call]) -> BTreeSet<String> {
    let writes = calls.iter().filter(|call| call.write && !matches!(call.service.as_str(), "sts" | "ssm"));
    writes.map(|call| format!("{}:{}", call.service, call.operation)).collect()
}

/// Imports, applies what was written, and makes sure that nothing is changed but whose everything is.
async fn takes_over(mut world: World) -> Imported {
    let before = picture(&world.sandbox.snapshot());
    let calls = world.sandbox.calls().len();
    let imported = imported(&world, &options()).await.expect("it can be imported");
    let differences: Vec<String> = imported.proof.differences().collect();
    assert!(imported.proof.holds(), "{differences:#?} {:#?} {:#?}", imported.proof.policies, imported.files);
    assert_eq!(writes(&world.sandbox.calls()[calls..]), BTreeSet::new(), "an import writes nothing");
    let (_folder, text) = kept(&mut world, &imported.files);
    let calls = world.sandbox.calls().len();
    world.deep = true;
    world.applied(&text, How::default()).await;
    let tagging = ["organizations:TagResource", "sso:TagResource"].map(str::to_owned);
    assert!(
        writes(&world.sandbox.calls()[calls..]).is_subset(&tagging.into()),
        "{:?}",
        writes(&world.sandbox.calls()[calls..])
    );
    world.quiet(&text).await;
    forget_who_made_it(&world);
    assert_eq!(picture(&world.sandbox.snapshot()), before);
    imported
}

async fn takes_over_drawn(drawn: Drawn) -> Result<(), TestCaseError> {
    let world = organized();
    made_by_hand(&world, &drawn.text(&BTreeMap::new())).await;
    let imported = takes_over(world).await;
    let gaps: Vec<_> = imported.summary.gaps().collect();
    prop_assert!(gaps.is_empty(), "{gaps:#?}");
    Ok(())
}

#[test]
fn any_organization_is_taken_over_without_a_change() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[41; 32]);
    let mut runner = TestRunner::new_with_rng(Config { cases: ORGANIZATIONS, ..Config::default() }, rng);
    let result = runner.run(&drawn(), |drawn| in_its_own_time(takes_over_drawn(drawn)));
    result.unwrap_or_else(|error| panic!("{error}"));
}

const SMALL: &str = r#"
version: 1
name: first
organization:
  regions: [eu-west-1]
  account_email: "aws+{name}@example.com"
  trusted_access: [account.amazonaws.com, config.amazonaws.com]
  central_root_access: [RootSessions]
  delegated_administrators: [{service: config.amazonaws.com, account: audit}]
  opt_in_regions: [ap-east-1]
  contacts: {security: {name: Security, title: Team, email: security@example.com, phone: "+1 2"}}
  tags: {of: root}
  delegation_policy:
    tags: {team: platform}
    content: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Allow, Principal: {AWS: "${account/audit}"}, Action: ["organizations:Describe*"], Resource: "*"}]}
policies:
  Deny leaving: {content: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}]}}
  Old: {description: "Unused: ${aws:username}", content: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "sqs:*", Resource: "*"}]}}
organizational_units:
  Security: {accounts: [audit, log-archive]}
  Workloads:
    organizational_units:
      Dev: {tags: {stage: dev}, accounts: [{name: shop-dev, tags: {owner: shop}}, {name: data-dev, tags: {owner: shop}}]}
      Prod: {accounts: [{name: shop-prod, email: shop@example.com, tags: {owner: shop}, policies: [Deny leaving]}]}
account_settings:
  - {in: [root], password_policy: {minimum_length: 14}}
  - {in: [Workloads], ebs_encryption: {}, alias: "acme-{name}"}
identity:
  permission_sets:
    admin: {managed_policies: [AdministratorAccess], session: 8h}
    read: {managed_policies: [ReadOnlyAccess]}
  assignments:
    platform: {admin: [root], read: [Workloads, audit]}
    shop: {read: [Workloads/Dev, shop-prod]}
"#;

#[tokio::test(start_paused = true)]
async fn what_is_written_is_what_a_person_would_write() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let imported = takes_over(world).await;
    let files: String = imported.files.iter().map(|(path, text)| format!("=== {path}\n{text}")).collect();
    insta::assert_snapshot!(files);
}

#[tokio::test(start_paused = true)]
async fn the_same_organization_gives_the_same_files() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let one = imported(&world, &options()).await.expect("it can be imported");
    let other = imported(&world, &options()).await.expect("it can be imported");
    assert_eq!(one.files, other.files);
}

/// Denies a read, and makes sure that the import stops or says what it does not know, and that nothing goes by what it writes.
async fn a_denied_read_takes_nothing_away(world: &World, state: &Value, action: &str, reported: &Imported) {
    let management = state["management"]["id"].as_str().expect("there is a management account");
    let edited = world.sandbox.edit(|now| {
        *now = state.clone();
        now["principals"] = json!({"*": {"arn": format!("arn:aws:iam::{management}:user/admin"), "deny": [action]}});
    });
    edited.expect("the state can be edited");
    let Ok(imported) = imported(world, &options()).await else { return };
    // What can be known otherwise is.
    if imported.files == reported.files {
        return;
    }
    let is_shown = imported.summary.gaps().any(|(_, it)| it.reason.contains(action))
        || imported.proof.plan.undetected.iter().any(|it| it.why.contains(action));
    assert!(is_shown, "{action} was denied, and no one hears of it: {:#?}", imported.summary.left_out);
    let only_adopts =
        imported.proof.plan.changes.iter().all(|change| change.action == Action::Adopt && change.fields.is_empty());
    assert!(only_adopts, "{action}: {:#?}", imported.proof.plan.changes);
}

#[tokio::test(start_paused = true)]
async fn what_aws_does_not_show_is_not_taken_for_absent() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let state = world.at_rest().await;
    let before = world.sandbox.calls().len();
    let reported = imported(&world, &options()).await.expect("it can be imported");
    let reads: BTreeSet<String> =
        world.sandbox.calls()[before..].iter().map(|call| format!("{}:{}", call.service, call.operation)).collect();
    assert!(reads.len() > 20, "{reads:?}");
    for action in &reads {
        a_denied_read_takes_nothing_away(&world, &state, action, &reported).await;
    }
}

#[tokio::test(start_paused = true)]
async fn planning_what_was_imported_shows_what_others_assigned_since() {
    let mut world = World::new();
    made_by_hand(&world, SMALL).await;
    let imported = imported(&world, &options()).await.expect("it can be imported");
    let (_folder, text) = kept(&mut world, &imported.files);
    let zoe = user(&world, "zoe").await;
    assign_by_hand(&world, "read", &zoe, "shop-dev").await;
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    let goes: Vec<String> =
        plan.changes.iter().filter(|it| it.action == Action::Delete).map(|it| it.address.to_string()).collect();
    assert_eq!(goes, ["assignment/read/user/zoe@account/shop-dev"], "a plan that is not deep shows it too");
}

#[tokio::test(start_paused = true)]
async fn what_is_needed_and_not_trusted_stays_so() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let edited = world.sandbox.edit(|state| {
        state["organization"]["trusted_services"].as_object_mut().expect("there are some").remove("sso.amazonaws.com");
    });
    edited.expect("the state can be edited");
    let imported = takes_over(world).await;
    assert!(
        imported.files["landing.yaml"].contains("{name: sso.amazonaws.com, state: unmanaged}"),
        "{}",
        imported.files["landing.yaml"]
    );
}

const WITH_STACKS: &str = r#"
version: 1
name: first
organization: {home_region: eu-west-1, account_email: "aws+{name}@example.com"}
organizational_units:
  Workloads: {accounts: [a, b]}
  Sandbox: {accounts: [c]}
stacks:
  budget:
    in: [Workloads]
    except: [b]
    parameters: {limit_usd: 500, emails: [a@example.com]}
    auto_deployment: {retain_stacks_on_account_removal: false}
    tags: {team: finance}
  everywhere: {template: budget, in: [Workloads, Sandbox], parameters: {limit_usd: 100, emails: [a@example.com], BudgetName: all}}
"#;

#[tokio::test(start_paused = true)]
async fn stack_sets_are_taken_over_with_their_templates() {
    let mut world = World::new();
    made_by_hand(&world, WITH_STACKS).await;
    let options = Options { parts: Part::ALL.into(), regions: vec!["eu-west-1".into()], ..options() };
    let imported = imported(&world, &options).await.expect("it can be imported");
    let differences: Vec<String> = imported.proof.differences().collect();
    assert!(
        imported.proof.holds(),
        "{differences:#?}\n{}\n{:#?}",
        imported.files["landing.yaml"],
        imported.summary.left_out
    );
    assert!(imported.summary.left_out.is_empty(), "{:#?}", imported.summary.left_out);
    assert!(imported.files.contains_key("stacks/budget.json"));
    let (_folder, text) = kept(&mut world, &imported.files);
    world.applied(&text, How::default()).await;
    world.at_rest().await;
    world.quiet(&text).await;
    insta::assert_snapshot!(imported.files["landing.yaml"]);
}
