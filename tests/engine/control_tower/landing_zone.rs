//! An organization that AWS Control Tower governs, made by the calls that Control Tower makes.
//! <https://docs.aws.amazon.com/controltower/latest/userguide/shared-account-resources.html>

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::types::{Capability, PermissionModels};
use aws_sdk_organizations::types::{OrganizationFeatureSet, PolicyType};
use aws_sdk_ssoadmin::types::{PrincipalType, TargetType};
use landing::cloud::AccountAccess;
use serde_json::{Value, json};

use crate::identity::center;
use crate::world::World;

/// The accounts and the registered units that they are in.
const ACCOUNTS: [(&str, &str); 3] = [("Log Archive", "Security"), ("Audit", "Security"), ("app", "Sandbox")];

/// Groups, the permission sets that they have, and in which accounts; `*` in all.
const ASSIGNED: [(&str, &str, &str); 3] = [
    ("AWSControlTowerAdmins", "AWSAdministratorAccess", "Audit"),
    ("AWSSecurityAuditors", "AWSReadOnlyAccess", "*"),
    ("AWSSecurityAuditPowerUsers", "AWSPowerUserAccess", "*"),
];

const SETS: [(&str, &str); 3] = [
    ("AWSAdministratorAccess", "AdministratorAccess"),
    ("AWSReadOnlyAccess", "job-function/ViewOnlyAccess"),
    ("AWSPowerUserAccess", "PowerUserAccess"),
];

/// The world after Control Tower has set up its landing zone: the units Security and Sandbox are registered.
pub async fn governed() -> World {
    let world = World::new();
    let root = organization(&world).await;
    let mut units = BTreeMap::new();
    for (unit, suffix) in [("Security", "aB3dE9"), ("Sandbox", "Qx7Yz1")] {
        let id = unit_by_hand(&world, &root, unit).await;
        attach(&world, &format!("aws-guardrails-{suffix}"), &id).await;
        units.insert(unit, id);
    }
    let mut accounts = BTreeMap::new();
    for (name, unit) in ACCOUNTS {
        let id = account(&world, name, &root, &units[unit]).await;
        accounts.insert(name, id);
    }
    identity(&world, &accounts).await;
    stack_set(&world).await;
    trail(&world);
    world
}

/// An organization with service control policies that trusts Control Tower; gives the id of its root.
pub async fn organization(world: &World) -> String {
    let client = world.cloud().await.organizations.clone();
    client.create_organization().feature_set(OrganizationFeatureSet::All).send().await.expect("it is made");
    let root = client.list_roots().send().await.expect("there is one").roots()[0].id().expect("an id").to_owned();
    let scps = PolicyType::ServiceControlPolicy;
    client.enable_policy_type().root_id(&root).policy_type(scps).send().await.expect("it is enabled");
    for service in ["controltower.amazonaws.com", "sso.amazonaws.com", "cloudtrail.amazonaws.com"] {
        client.enable_aws_service_access().service_principal(service).send().await.expect("it is trusted");
    }
    root
}

/// A unit that someone makes in the console.
pub async fn unit_by_hand(world: &World, parent: &str, name: &str) -> String {
    let client = world.cloud().await.organizations.clone();
    let made = client.create_organizational_unit().parent_id(parent).name(name).send().await.expect("it is made");
    made.organizational_unit().and_then(|unit| unit.id()).expect("it has an id").to_owned()
}

/// Makes a policy of mandatory controls and attaches it to a unit.
/// <https://docs.aws.amazon.com/controltower/latest/controlreference/mandatory-controls.html>
async fn attach(world: &World, name: &str, unit: &str) {
    let client = world.cloud().await.organizations.clone();
    let spared = json!({"ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/AWSControlTowerExecution"}});
    let deny = |sid: &str, actions: &[&str], resource: &str| json!({"Sid": sid, "Effect": "Deny", "Action": actions, "Resource": [resource], "Condition": spared});
    let statements = [
        deny(
            "GRCLOUDTRAILENABLED",
            &[
                "cloudtrail:DeleteTrail",
                "cloudtrail:PutEventSelectors",
                "cloudtrail:StopLogging",
                "cloudtrail:UpdateTrail",
            ],
            "arn:aws:cloudtrail:*:*:trail/aws-controltower-*",
        ),
        deny("GRCONFIGENABLED", &["config:DeleteConfigurationRecorder", "config:StopConfigurationRecorder"], "*"),
    ];
    let request = client.create_policy().name(name).r#type(PolicyType::ServiceControlPolicy);
    let request = request.description("SCP for AWS Control Tower guardrails");
    let content = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let made = request.content(content).send().await.expect("it is made");
    let policy = made.policy().and_then(|it| it.policy_summary()?.id()).expect("it has an id").to_owned();
    client.attach_policy().policy_id(policy).target_id(unit).send().await.expect("it is attached");
}

/// Makes an account as Account Factory does, and moves it into its unit.
async fn account(world: &World, name: &str, root: &str, unit: &str) -> String {
    let client = world.cloud().await.organizations.clone();
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "-"));
    let request = client.create_account().account_name(name).email(email).role_name("AWSControlTowerExecution");
    let begun = request.send().await.expect("it is begun");
    let request = begun.create_account_status().and_then(|it| it.id()).expect("it has an id").to_owned();
    let id = loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let status = client.describe_create_account_status().create_account_request_id(&request).send().await;
        let status =
            status.expect("it is reported").create_account_status().and_then(|it| it.account_id()).map(str::to_owned);
        if let Some(id) = status {
            break id;
        }
    };
    let request = client.move_account().account_id(&id).source_parent_id(root).destination_parent_id(unit);
    request.send().await.expect("it is moved");
    id
}

async fn identity(world: &World, accounts: &BTreeMap<&str, String>) {
    let cloud = world.cloud().await;
    let (instance, store) = center(world).await;
    let mut sets = BTreeMap::new();
    for (name, policy) in SETS {
        let request = cloud.sso_admin.create_permission_set().instance_arn(&instance).name(name);
        let made = request.description("Control Tower's own words").send().await.expect("it is made");
        let arn = made.permission_set().and_then(|it| it.permission_set_arn()).expect("it has an ARN").to_owned();
        let request = cloud.sso_admin.attach_managed_policy_to_permission_set().instance_arn(&instance);
        let request = request.permission_set_arn(&arn).managed_policy_arn(format!("arn:aws:iam::aws:policy/{policy}"));
        request.send().await.expect("it is attached");
        sets.insert(name, arn);
    }
    for (group, set, place) in ASSIGNED {
        let request = cloud.identity_store.create_group().identity_store_id(&store).display_name(group);
        let id = request.send().await.expect("it is made").group_id().to_owned();
        for (_, account) in accounts.iter().filter(|(name, _)| place == "*" || **name == place) {
            let request = cloud.sso_admin.create_account_assignment().instance_arn(&instance);
            let request = request.permission_set_arn(&sets[set]).principal_type(PrincipalType::Group).principal_id(&id);
            let request = request.target_type(TargetType::AwsAccount).target_id(account);
            request.send().await.expect("it is assigned");
        }
    }
    tokio::time::sleep(Duration::from_secs(60)).await;
}

/// Control Tower's stack sets have permissions of their own; the simulated AWS knows service-managed ones.
async fn stack_set(world: &World) {
    let client = world.cloud().await.cloudformation(&AccountAccess::own(), "eu-west-1").await.expect("it is entered");
    client.activate_organizations_access().send().await.expect("stack sets are trusted");
    let template = json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "aws-controltower-SecurityNotifications"}}}});
    let request = client.create_stack_set().stack_set_name("AWSControlTowerBP-BASELINE-CONFIG");
    let request = request.template_body(template.to_string()).permission_model(PermissionModels::ServiceManaged);
    let follows = aws_sdk_cloudformation::types::AutoDeployment::builder().enabled(false).build();
    request.auto_deployment(follows).capabilities(Capability::CapabilityNamedIam).send().await.expect("it is made");
}

/// The organization's trail, which Control Tower makes without a stack.
fn trail(world: &World) {
    let properties = json!({
        "TrailName": "aws-controltower-BaselineCloudTrail", "IsOrganizationTrail": true, "IsMultiRegionTrail": true, "IsLogging": true
    });
    world
        .sandbox
        .edit(|state: &mut Value| {
            let management = state["management"]["id"].as_str().expect("there is one").to_owned();
            state["resources"][management]["eu-west-1"]["AWS::CloudTrail::Trail"]["aws-controltower-BaselineCloudTrail"] =
                json!({"properties": properties});
        })
        .expect("the state can be edited");
}
