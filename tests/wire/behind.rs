//! What people change behind landing's back is found by drift, repaired by the next apply, and gone from drift.

use landing::model::Action;
use serde_json::json;

use super::boto::{Boto, text};
use super::landing::{Landing, file};
use super::{moto, organization, python};

#[test]
fn each_change_behind_landings_back_is_found_and_repaired_in_stock_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::stock(environment);
    let landing = Landing { url: &moto.url };
    let blueprint = file("tests/wire/medium/landing.yaml");
    landing.applied(&blueprint);
    landing.does_not_drift(&blueprint);
    let mut boto = Boto::connect(environment, &moto.url);
    tamper(&mut boto);
    let (exit, plan) = landing.drift(&blueprint);
    assert_eq!(exit, Some(2), "something differs");
    let mut seen: Vec<(&str, Action, Vec<&str>)> = plan
        .changes
        .iter()
        .map(|change| {
            let fields = change.fields.iter().map(|field| field.path.as_str()).collect();
            (change.address.as_str(), change.action, fields)
        })
        .collect();
    seen.sort();
    let expected = [
        ("account/app-dev", Action::Update, vec!["tags.managed-by"]),
        ("account/network", Action::Move, vec!["parent"]),
        ("alternate-contact/audit/SECURITY", Action::Update, vec!["phone"]),
        (
            "delegated-administrator/config-multiaccountsetup.amazonaws.com/audit",
            Action::Create,
            vec!["service", "account"],
        ),
        ("ou/Infrastructure", Action::Create, vec!["name", "tags"]),
        ("ou/Workloads", Action::Update, vec!["tags.CostCenter"]),
        ("ou/Workloads/Production/Payments", Action::Update, vec!["name"]),
        ("scp/FullAWSAccess@ou/Sandbox", Action::Delete, vec![]),
        ("scp/no-deletion", Action::Update, vec!["tags.managed-by"]),
        ("scp/no-deletion@ou/Workloads/Development", Action::Delete, vec![]),
        ("scp/protect-audit", Action::Update, vec!["content"]),
        ("scp/small-instances@ou/Workloads/Development", Action::Create, vec![]),
        ("tag-policy/cost-tags", Action::Update, vec!["description"]),
        ("trusted-access/cloudtrail.amazonaws.com", Action::Create, vec![]),
    ];
    assert_eq!(seen, expected, "{:#?}", plan.changes);
    // moto keeps no event history, which a note says and no difference.
    let who: Vec<&str> = plan.notes.iter().map(|it| it.what.as_str()).filter(|it| it.starts_with("who made")).collect();
    let [who] = who.as_slice() else { panic!("{:#?}", plan.notes) };
    assert!(who.starts_with("who made the changes is not known: cloudtrail:LookupEvents"), "{who}");
    assert!(plan.changes.iter().all(|change| change.changed_by.is_none()), "{:#?}", plan.changes);
    landing.applied(&blueprint);
    organization::assert_same(&organization::medium(), &organization::read(environment, &moto.url));
    landing.does_not_drift(&blueprint);
}

/// The topic's stack in the management account and its status, as boto3 reads it.
fn stacks(boto: &mut Boto) -> Vec<(String, String)> {
    let stacks = boto.call("cloudformation", "DescribeStacks", json!({}))["Stacks"].clone();
    let stacks = stacks.as_array().expect("a list").iter();
    stacks.map(|stack| (text(&stack["StackName"]), text(&stack["StackStatus"]))).collect()
}

#[test]
fn a_stack_deleted_behind_landings_back_is_found_and_made_again_in_stock_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::stock(environment);
    let landing = Landing { url: &moto.url };
    let blueprint = file("tests/wire/stack/landing.yaml");
    landing.applied(&blueprint);
    let mut boto = Boto::connect(environment, &moto.url);
    let made = stacks(&mut boto);
    boto.call("cloudformation", "DeleteStack", json!({"StackName": "alarms"}));
    assert_eq!(stacks(&mut boto), []);
    let (exit, plan) = landing.drift_as_last_seen(&blueprint);
    let seen: Vec<(&str, Action)> = plan.changes.iter().map(|it| (it.address.as_str(), it.action)).collect();
    assert_eq!((exit, seen), (Some(2), vec![("stack/management/alarms/us-east-1", Action::Create)]));
    landing.applied(&blueprint);
    assert_eq!(stacks(&mut boto), made);
    let (exit, plan) = landing.drift(&blueprint);
    assert_eq!(exit, Some(0), "drift finds {:#?}", plan.changes);
    // moto cannot look for drift, which is reported and no one's fault.
    let reported: Vec<&str> = plan.undetected.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(reported, ["stack/management/alarms/us-east-1", "stack/work/alarms/us-east-1"]);
}

/// One change of every sort that people make in the console.
fn tamper(boto: &mut Boto) {
    let scp = |boto: &mut Boto, name| boto.policy("SERVICE_CONTROL_POLICY", name);
    let root = boto.root();
    let [app_dev, network, audit] = ["app-dev", "network", "audit"].map(|name| boto.account(name));
    let infrastructure = boto.unit(&["Infrastructure"]);
    let development = boto.unit(&["Workloads", "Development"]);
    let payments = boto.unit(&["Workloads", "Production", "Payments"]);
    let [sandbox, workloads] = ["Sandbox", "Workloads"].map(|name| boto.unit(&[name]));
    let weak = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "ProtectTrail", "Effect": "Deny", "Action": "cloudtrail:DeleteTrail", "Resource": "*"}]});
    let protect_audit = scp(boto, "protect-audit");
    boto.organizations("UpdatePolicy", json!({"PolicyId": protect_audit, "Content": weak.to_string()}));
    let cost_tags = boto.policy("TAG_POLICY", "cost-tags");
    boto.organizations("UpdatePolicy", json!({"PolicyId": cost_tags, "Description": "by hand"}));
    let small_instances = scp(boto, "small-instances");
    boto.organizations("DetachPolicy", json!({"PolicyId": small_instances, "TargetId": development}));
    let no_deletion = scp(boto, "no-deletion");
    boto.organizations("AttachPolicy", json!({"PolicyId": no_deletion, "TargetId": development}));
    boto.organizations("AttachPolicy", json!({"PolicyId": "p-FullAWSAccess", "TargetId": sandbox}));
    let to_the_root = json!({"AccountId": network, "SourceParentId": infrastructure, "DestinationParentId": root});
    boto.organizations("MoveAccount", to_the_root);
    boto.organizations("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": infrastructure}));
    boto.organizations("UpdateOrganizationalUnit", json!({"OrganizationalUnitId": payments, "Name": "Paying"}));
    let tags = json!([{"Key": "managed-by", "Value": "hand"}]);
    for tagged in [&app_dev, &no_deletion] {
        boto.organizations("TagResource", json!({"ResourceId": tagged, "Tags": tags}));
    }
    let tags = json!([{"Key": "CostCenter", "Value": "1"}]);
    boto.organizations("TagResource", json!({"ResourceId": workloads, "Tags": tags}));
    let config = json!({"AccountId": audit, "ServicePrincipal": "config-multiaccountsetup.amazonaws.com"});
    boto.organizations("DeregisterDelegatedAdministrator", config);
    boto.organizations("DisableAWSServiceAccess", json!({"ServicePrincipal": "cloudtrail.amazonaws.com"}));
    let contact = json!({"AccountId": audit, "AlternateContactType": "SECURITY", "Name": "Security",
        "Title": "Security team", "EmailAddress": "security@example.com", "PhoneNumber": "+1 555 0100"});
    boto.call("account", "PutAlternateContact", contact);
}
