//! Permission sets, groups and assignments in moto, as boto3 reads them back.

use std::collections::BTreeMap;

use landing::model::Action;
use serde_json::{Value, json};

use super::boto::{Boto, text};
use super::landing::{Landing, file};
use super::{moto, organization, python};

/// What boto3 reads, by names instead of ids.
struct Read<'a> {
    boto: &'a mut Boto,
    instance: String,
    store: String,
}

impl Read<'_> {
    fn of(boto: &mut Boto) -> Read<'_> {
        let instance = boto.call("sso-admin", "ListInstances", json!({}))["Instances"][0].clone();
        Read { boto, instance: text(&instance["InstanceArn"]), store: text(&instance["IdentityStoreId"]) }
    }

    fn ask(&mut self, operation: &str, set: Option<&str>) -> Value {
        let mut parameters = json!({"InstanceArn": self.instance});
        if let Some(set) = set {
            parameters["PermissionSetArn"] = json!(set);
        }
        self.boto.call("sso-admin", operation, parameters)
    }

    fn groups(&mut self) -> BTreeMap<String, Value> {
        let groups = self.boto.call("identitystore", "ListGroups", json!({"IdentityStoreId": self.store}));
        let groups = groups["Groups"].as_array().expect("a list").iter();
        groups.map(|group| (text(&group["GroupId"]), group.clone())).collect()
    }

    /// The ARNs of permission sets by their names.
    fn sets(&mut self) -> BTreeMap<String, String> {
        let arns = self.ask("ListPermissionSets", None)["PermissionSets"].clone();
        let arns = arns.as_array().expect("a list").iter().map(text);
        arns.map(|arn| (text(&self.ask("DescribePermissionSet", Some(&arn))["PermissionSet"]["Name"]), arn)).collect()
    }

    fn set(&mut self, arn: &str) -> Value {
        let described = self.ask("DescribePermissionSet", Some(arn))["PermissionSet"].clone();
        let inline = text(&self.ask("GetInlinePolicyForPermissionSet", Some(arn))["InlinePolicy"]);
        let managed = self.ask("ListManagedPoliciesInPermissionSet", Some(arn))["AttachedManagedPolicies"].clone();
        let customer = self.ask("ListCustomerManagedPolicyReferencesInPermissionSet", Some(arn));
        json!({
            "description": described["Description"],
            "session": described["SessionDuration"],
            "inline": serde_json::from_str(&inline).unwrap_or(Value::Null),
            "managed": managed.as_array().expect("a list").iter().map(|policy| &policy["Arn"]).collect::<Vec<_>>(),
            "customer_managed": customer["CustomerManagedPolicyReferences"],
            "assigned": self.assigned(arn),
        })
    }

    /// The groups that have a permission set, by account.
    fn assigned(&mut self, arn: &str) -> Value {
        let groups = self.groups();
        let mut assigned = json!({});
        for account in ["master", "audit", "dev", "prod"] {
            let parameters =
                json!({"InstanceArn": self.instance, "PermissionSetArn": arn, "AccountId": self.boto.account(account)});
            let there = self.boto.call("sso-admin", "ListAccountAssignments", parameters)["AccountAssignments"].clone();
            let there = there.as_array().expect("a list").iter();
            let names: Vec<Value> = there.map(|it| groups[&text(&it["PrincipalId"])]["DisplayName"].clone()).collect();
            if !names.is_empty() {
                assigned[account] = json!(names);
            }
        }
        assigned
    }

    fn all(&mut self) -> Value {
        let groups: BTreeMap<String, Value> =
            self.groups().values().map(|group| (text(&group["DisplayName"]), group["Description"].clone())).collect();
        let sets = self.sets();
        let sets: BTreeMap<String, Value> = sets.iter().map(|(name, arn)| (name.clone(), self.set(arn))).collect();
        json!({"groups": groups, "sets": sets})
    }
}

fn expected(audit: &str) -> Value {
    json!({
        "groups": {"platform": "Those who run it [landing:people]", "developers": "[landing:people]"},
        "sets": {
            "administrator": {
                "description": "All of it",
                "session": "PT8H",
                "inline": null,
                "managed": ["arn:aws:iam::aws:policy/AdministratorAccess"],
                "customer_managed": [],
                "assigned": {"master": ["platform"], "audit": ["platform"], "dev": ["platform"], "prod": ["platform"]},
            },
            "reader": {
                "description": null,
                "session": "PT1H",
                "inline": {"Version": "2012-10-17", "Statement": {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*",
                    "Resource": format!("arn:aws:s3:::{audit}/*")}},
                "managed": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                "customer_managed": [{"Name": "more", "Path": "/teams/"}],
                "assigned": {"audit": ["developers"], "dev": ["developers"], "prod": ["developers"]},
            },
        },
    })
}

#[test]
fn permission_sets_and_assignments_are_made_in_moto_and_repaired_there() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::with_identity(environment);
    let landing = Landing { url: &moto.url };
    let blueprint = file("tests/wire/identity/landing.yaml");
    landing.applied(&blueprint);
    let mut boto = Boto::connect(environment, &moto.url);
    let audit = boto.account("audit");
    organization::assert_same(&expected(&audit), &Read::of(&mut boto).all());

    landing.does_not_drift(&blueprint);

    tamper(&mut boto);
    let (exit, plan) = landing.drift(&blueprint);
    assert_eq!(exit, Some(2), "something differs");
    let mut seen: Vec<(&str, Action)> =
        plan.changes.iter().map(|change| (change.address.as_str(), change.action)).collect();
    seen.sort();
    let expected_changes = [
        ("assignment/administrator/group/platform@account/audit", Action::Create),
        ("assignment/reader/group/platform@account/dev", Action::Delete),
        ("permission-set/reader", Action::Update),
    ];
    assert_eq!(seen, expected_changes, "{:#?}", plan.changes);
    landing.applied(&blueprint);
    organization::assert_same(&expected(&audit), &Read::of(&mut boto).all());
    landing.does_not_drift(&blueprint);
}

/// Takes one assignment away, makes another and changes what a permission set lets people do.
fn tamper(boto: &mut Boto) {
    let (audit, dev) = (boto.account("audit"), boto.account("dev"));
    let mut read = Read::of(boto);
    let (sets, groups, instance) = (read.sets(), read.groups(), read.instance.clone());
    let platform = groups.iter().find(|(_, group)| group["DisplayName"] == "platform").expect("it is there").0.clone();
    let assignment = |set: &str, account: &str| {
        json!({"InstanceArn": instance, "PermissionSetArn": sets[set], "TargetId": account, "TargetType": "AWS_ACCOUNT",
            "PrincipalType": "GROUP", "PrincipalId": platform})
    };
    boto.call("sso-admin", "DeleteAccountAssignment", assignment("administrator", &audit));
    boto.call("sso-admin", "CreateAccountAssignment", assignment("reader", &dev));
    let managed = json!({"InstanceArn": instance, "PermissionSetArn": sets["reader"],
        "ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    boto.call("sso-admin", "DetachManagedPolicyFromPermissionSet", managed);
    let inline = json!({"InstanceArn": instance, "PermissionSetArn": sets["reader"],
        "InlinePolicy": json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}).to_string()});
    boto.call("sso-admin", "PutInlinePolicyToPermissionSet", inline);
}
