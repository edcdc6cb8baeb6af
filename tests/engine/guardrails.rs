//! Guardrails on the simulated AWS: applied, quiet, and reported in by name when they change.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aws_sdk_organizations::types::Tag;
use landing::model::{Action, Change, Plan};
use landing::sections::declare;
use serde_json::{Value, json};

use super::world::{self, DESTROY, How, World};

const BLUEPRINT: &str = "
version: 1
name: guarded
organization:
  home_region: eu-west-1
  regions: [eu-west-1, us-east-1]
  account_email: '{name}@example.com'
  break_glass_roles: [BreakGlass]
guardrails: [mandatory, {level: strongly-recommended, except: [no-root-user]}]
organizational_units:
  Security: {accounts: [logs]}
  Work:
    guardrails: [sagemaker, {set: data-perimeter, except: [resource-perimeter]}, kms-keys-stay, no-ai-training]
    accounts: [work]
stacks:
  log-archive: {template: log-archive, in: [logs]}
  config-recorder:
    template: config-recorder
    in: [management, root]
    regions: [eu-west-1, us-east-1]
    parameters: {BucketName: '${stack/logs/log-archive/eu-west-1.ConfigBucketName}'}
";

/// All that the organization has, which something of this name is among.
fn organization_with(snapshot: &Value, name: &str) -> String {
    let organization = snapshot["organization"].to_string();
    assert!(organization.contains(name), "{name} in {organization}");
    organization
}

#[tokio::test(start_paused = true)]
async fn guardrails_by_level_and_set_are_made_and_then_there_is_nothing_to_do() {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    world.quiet(BLUEPRINT).await;
    let snapshot = world.at_rest().await;
    for address in ["scp/guardrails", "rcp/guardrails", "scp/guardrails-Work", "rcp/guardrails-Work"] {
        organization_with(&snapshot, address);
    }
    let all = organization_with(&snapshot, "ai-opt-out-policy/no-ai-training");
    for sid in
        ["TrailStays", "LogArchiveStays", "TlsOnly", "SageMakerVolumeEncryption", "ConfusedDeputy", "KmsKeysStay"]
    {
        assert!(all.contains(sid), "{sid}");
    }
    assert!(!all.contains("NoRootUser") && !all.contains("ResourcePerimeter"), "what is left out is not there");
    assert!(!all.contains("${organization}"), "the organization's id stands in its place");
    let resources = snapshot["resources"].to_string();
    for rule in
        ["ROOT_ACCOUNT_MFA_ENABLED", "S3_BUCKET_PUBLIC_READ_PROHIBITED", "SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC"]
    {
        assert!(resources.contains(rule), "{rule}");
    }
}

const PROACTIVE: &str = "version: 1
name: guarded
organization: {home_region: eu-west-1, regions: [eu-west-1, us-east-1], account_email: '{name}@example.com'}
guardrails: [stacks-buckets-private]
organizational_units:
  Work:
    guardrails: [proactive, {stacks-imdsv2: {only_warn: true}}]
    accounts: [work]
";

/// How often a resource type is there, and with what text in its properties.
fn made(snapshot: &Value, resource_type: &str, text: &str) -> usize {
    let all = world::resources(snapshot, resource_type);
    all.into_iter().filter(|(.., properties)| properties.to_string().contains(text)).count()
}

#[tokio::test(start_paused = true)]
async fn proactive_guardrails_become_hooks_in_every_account_and_region() {
    let world = World::new();
    world.applied(PROACTIVE, How::default()).await;
    world.quiet(PROACTIVE).await;
    let snapshot = world.at_rest().await;
    let hooks = |text: &str| made(&snapshot, "AWS::CloudFormation::TypeActivation", text);
    let configured = |text: &str| made(&snapshot, "AWS::CloudFormation::HookTypeConfig", text);
    assert_eq!(
        hooks("Landing::Guardrail::StacksBucketsPrivate"),
        4,
        "the management account and one more, two regions"
    );
    assert_eq!(configured("CT.S3.PR.1"), 4, "once in an account, though it is in the unit's set too");
    assert_eq!((hooks("StacksDatabasesEncrypted"), configured("CT.RDS.PR.16,CT.RDS.PR.24")), (2, 2));
    assert_eq!((configured("WARN"), configured("CT.EC2.PR.1")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_stack_of_guardrails_shows_which_come_and_go() {
    let world = World::new();
    world.applied(PROACTIVE, How::default()).await;
    let fewer = PROACTIVE.replace("[proactive, {", "[stacks-notebooks-offline, {");
    let plan = world.plan(&fewer).await.expect("it can be planned").plan;
    let reason = &change(&plan, "stack-set/guardrails-Work-hooks").reason;
    assert!(reason.contains("stacks-notebooks-rootless goes") && !reason.contains("offline"), "{reason}");
    world.applied(&fewer, DESTROY).await;
    world.quiet(&fewer).await;
    assert_eq!(made(&world.at_rest().await, "AWS::CloudFormation::TypeActivation", "Rootless"), 0);
}

/// Somebody makes an older program's policy of this one: another version in its tag, and other words.
async fn age(world: &World, name: &str, guardrail: &str) {
    let organizations = world.cloud().await.organizations.clone();
    let listed = organizations.list_policies().filter(aws_sdk_organizations::types::PolicyType::ServiceControlPolicy);
    let listed = listed.send().await.expect("they are listed");
    let policy = listed.policies().iter().find(|policy| policy.name() == Some(name)).expect("it is there");
    let id = policy.id().expect("it has an id");
    let old =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:Tag*", "Resource": "*"}]});
    organizations.update_policy().policy_id(id).content(old.to_string()).send().await.expect("it is changed");
    let tag = Tag::builder().key(format!("landing:guardrail/{guardrail}")).value("0").build().expect("it is a tag");
    organizations.tag_resource().resource_id(id).tags(tag).send().await.expect("it is tagged");
}

fn change<'p>(plan: &'p Plan, address: &str) -> &'p Change {
    plan.changes.iter().find(|change| change.address.as_str() == address).expect("it is in the plan")
}

#[tokio::test(start_paused = true)]
async fn a_plan_says_which_guardrail_goes_from_which_version_to_which() {
    let world = World::new();
    let text = "version: 1
name: guarded
organization: {home_region: eu-west-1, regions: [eu-west-1], account_email: '{name}@example.com'}
guardrails: [trail-stays, no-leaving]
organizational_units: {Work: {accounts: [work]}}
";
    world.applied(text, How::default()).await;
    age(&world, "guardrails", "trail-stays").await;
    let plan = world.plan(text).await.expect("it can be planned").plan;
    let changed = change(&plan, "scp/guardrails");
    assert_eq!(
        (changed.action, changed.reason.as_str()),
        (Action::Update, "guardrails: trail-stays from version 0 to 1")
    );
    world.applied(text, How::default()).await;
    world.quiet(text).await;

    let more = text.replace("no-leaving]", "no-iam-users]");
    let plan = world.plan(&more).await.expect("it can be planned").plan;
    let reason = &change(&plan, "scp/guardrails").reason;
    assert!(reason.contains("no-iam-users comes") && reason.contains("no-leaving goes"), "{reason}");
}

const OWN: &str = "title: Queues are not purged
behaviour: preventive
guidance: elective
version: 1
parameters: {exempt_roles: {about: who may, preset: []}}
scp: |
  [{\"Sid\": \"QueuesStay\", \"Effect\": \"Deny\", \"Action\": \"sqs:PurgeQueue\", \"Resource\": \"*\"
    {{~#if exempt}}, \"Condition\": {\"ArnNotLike\": {\"aws:PrincipalArn\": {{json exempt}}}}{{/if}}}]
cases:
  - {deny: sqs:PurgeQueue}
  - {allow: sqs:PurgeQueue, as: role/BreakGlass}
  - {allow: sqs:SendMessage}
";
const WITH_OWN: &str = "version: 1
name: guarded
organization: {home_region: eu-west-1, regions: [eu-west-1], account_email: '{name}@example.com'}
guardrails: [no-leaving, {queues-stay: {exempt_roles: [Queues]}}]
organizational_units: {Work: {accounts: [work]}}
expect: [{deny: sqs:PurgeQueue}, {allow: sqs:PurgeQueue, as: role/Queues}]
";

fn folder(name: &str, own: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(folder.join("guardrails")).expect("the target folder can be written");
    std::fs::write(folder.join("guardrails/queues-stay.yaml"), own).expect("the target folder can be written");
    folder
}

#[tokio::test(start_paused = true)]
async fn a_guardrail_of_the_users_own_is_held_as_built_in_ones_are() {
    let world = World { folder: Some(folder("own-guardrail", OWN)), ..World::new() };
    world.applied(WITH_OWN, How::default()).await;
    world.quiet(WITH_OWN).await;
    let all = organization_with(&world.at_rest().await, "landing:guardrail/queues-stay");
    assert!(all.contains("QueuesStay") && all.contains("DenyLeaveOrganization"), "they share a policy: {all}");
}

#[tokio::test(start_paused = true)]
async fn a_new_version_of_a_guardrail_of_the_users_own_says_why_it_changes() {
    let world = World { folder: Some(folder("own-versions", OWN)), ..World::new() };
    world.applied(WITH_OWN, How::default()).await;
    let raised = OWN
        .replace("version: 1\n", "version: 2\nchanges: {2: 'queues are deleted too'}\n")
        .replace("\"sqs:PurgeQueue\"", "[\"sqs:PurgeQueue\", \"sqs:DeleteQueue\"]");
    folder("own-versions", &raised);
    let plan = world.plan(WITH_OWN).await.expect("it can be planned").plan;
    let reason = &change(&plan, "scp/guardrails").reason;
    assert_eq!(reason, "guardrails: queues-stay from version 1 to 2, since queues are deleted too");
    folder("own-versions", &raised.replace("version: 2\n", "version: 1\n"));
    let plan = world.plan(WITH_OWN).await.expect("it can be planned").plan;
    let reason = &change(&plan, "scp/guardrails").reason;
    assert_eq!(reason, "its content differs; each of its guardrails has the version that it had");
    folder("own-versions", &raised);
    world.applied(WITH_OWN, How::default()).await;
    world.quiet(WITH_OWN).await;
}

#[test]
fn a_guardrail_of_the_users_own_that_does_not_do_what_its_cases_say_is_reported() {
    for (name, own, reported) in [
        (
            "wrong-action",
            OWN.replacen("\"Action\": \"sqs:PurgeQueue\"", "\"Action\": \"sqs:DeleteQueue\"", 1),
            "sqs:PurgeQueue is allowed",
        ),
        ("no-json", OWN.replace("\"Sid\":", "\"Sid\""), "guardrail queues-stay"),
        ("no-version", OWN.replace("version: 1\n", ""), "is not a guardrail"),
        ("untold-version", OWN.replace("version: 1\n", "version: 2\n"), "new in version 2"),
        ("two-forms", format!("{OWN}rcp: '[]'\n"), "exactly one of"),
    ] {
        let path = folder(name, &own).join("landing.yaml");
        std::fs::write(&path, WITH_OWN).expect("the target folder can be written");
        let found: Vec<String> = match declare(&path) {
            Ok(_) => Vec::new(),
            Err(failed) => failed.diagnostics.iter().map(|it| it.message.clone()).collect(),
        };
        let is_shown = found.iter().any(|message| message.contains(reported));
        assert!(is_shown, "{name}: {found:#?}");
    }
}

const EXCLUDING: &str = "version: 1
name: guarded
organization: {home_region: eu-west-1, regions: [eu-west-1, us-east-1], account_email: '{name}@example.com'}
guardrails: [{no-leaving: {except: [Play, work]}}, {stacks-buckets-private: {except: {in: [Play, late]}}}]
organizational_units:
  Play: {accounts: [play]}
  Work: {accounts: [work, late, other]}
";

#[tokio::test(start_paused = true)]
async fn what_guardrails_exclude_is_in_policies_by_ids_and_in_no_account_that_is_left_out() {
    let world = World::new();
    world.applied(EXCLUDING, How::default()).await;
    world.quiet(EXCLUDING).await;
    let snapshot = world.at_rest().await;
    let organization = &snapshot["organization"];
    let id = |of: &str, name: &str| {
        let all = organization[of].as_object().expect("there are some");
        all.iter().find(|(_, it)| it["name"] == name).expect("it is there").0.clone()
    };
    let (unit, work) = (id("units", "Play"), id("accounts", "work"));
    let all = organization_with(&snapshot, "scp/guardrails");
    assert!(
        all.contains(&format!("/*/{unit}/*")) && all.contains(&format!("aws:PrincipalAccount\\\":[\\\"{work}\\\"]")),
        "{all}"
    );
    let hooks = world::resources(&snapshot, "AWS::CloudFormation::TypeActivation");
    let accounts: BTreeSet<&str> = hooks.iter().map(|(account, ..)| *account).collect();
    let management = organization["management"].as_str().expect("there is one");
    assert_eq!(accounts, BTreeSet::from([management, &work, &id("accounts", "other")]));
}
