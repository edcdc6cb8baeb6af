//! What a landing zone must contain, row by row: the built-in blueprint for machine learning is applied to an empty
//! management account, and what makes each row true is read back from the simulated AWS.

mod beside;

use std::collections::BTreeSet;

use landing::engine::look_at_policies;
use landing::facts::Facts;
use landing::hierarchy::Hierarchy;
use landing::model::Address;
use landing_policy::{Asking, Decision};
use serde_json::{Value, json};

use super::world::{self, How, World, builtin, declared};
use beside::Beside;

/// The organization after the apply.
struct Zone {
    aws: Value,
    hierarchy: Hierarchy,
    beside: Beside,
}

impl Zone {
    async fn of(blueprint: &str) -> Zone {
        let world = World::new();
        world.applied(blueprint, How::default()).await;
        world.quiet(blueprint).await;
        let draft = world.plan(blueprint).await.expect("it can be planned");
        let desired = declared(blueprint).desired;
        let (cloud, mut facts) = (world.cloud().await, Facts::default());
        let hierarchies = look_at_policies(&cloud, &mut facts, &desired, &draft).await.expect("policies can be read");
        Zone { aws: world.at_rest().await, hierarchy: hierarchies.before, beside: Beside::others().await }
    }

    fn id(&self, account: &str) -> &str {
        let accounts = self.aws["organization"]["accounts"].as_object().expect("accounts");
        accounts.iter().find(|(_, it)| it["name"] == account).map(|(id, _)| id.as_str()).expect("it is there")
    }

    /// The properties of all resources of a type, with their account and region.
    fn all<'a>(&'a self, resource_type: &'a str) -> Vec<(&'a str, &'a str, &'a Value)> {
        let all = world::resources(&self.aws, resource_type).into_iter();
        all.map(|(account, region, _, properties)| (account, region, properties)).collect()
    }

    fn has(&self, resource_type: &str, is_so: impl Fn(&Value) -> bool) -> bool {
        self.all(resource_type).iter().any(|(_, _, properties)| is_so(properties))
    }

    /// Whether every member account, or every one in the place, denies each of these actions to an ordinary role.
    fn denies(&self, place: &str, actions: &[&str], with: impl Fn(&mut Asking)) -> bool {
        actions.iter().all(|action| self.decides(place, action, &with, Decision::Deny))
    }

    fn allows(&self, place: &str, action: &str, with: impl Fn(&mut Asking)) -> bool {
        self.decides(place, action, &with, Decision::Allow)
    }

    fn decides(&self, place: &str, action: &str, with: &impl Fn(&mut Asking), decision: Decision) -> bool {
        let mut asking = Asking { principal: "role/someone".into(), action: action.into(), ..Asking::default() };
        with(&mut asking);
        let accounts = self.hierarchy.within(&Address::parse(place));
        let members: Vec<_> = accounts.into_iter().filter(|account| !self.hierarchy.is_management(account)).collect();
        !members.is_empty()
            && members.iter().all(|account| self.hierarchy.decide(&asking, account).decision == decision)
    }

    /// Whether AWS Config has the rule in every account and region that has a recorder for it.
    fn has_rules(&self, identifiers: &[&str]) -> bool {
        identifiers.iter().all(|identifier| {
            let is_it = |rule: &Value| rule["Source"]["SourceIdentifier"] == *identifier;
            self.has("AWS::Config::ConfigRule", is_it)
        })
    }

    fn policy_of_type(&self, policy_type: &str) -> bool {
        let policies = self.aws["organization"]["policies"].as_object().into_iter().flatten();
        policies
            .filter(|(_, policy)| policy["aws_managed"] != true && policy["type"] == policy_type)
            .any(|(_, policy)| policy["targets"].as_array().is_some_and(|targets| !targets.is_empty()))
    }

    fn unit_names(&self) -> BTreeSet<&str> {
        let units = self.aws["organization"]["units"].as_object().into_iter().flatten();
        units.filter_map(|(_, unit)| unit["name"].as_str()).collect()
    }
}

fn nothing(_: &mut Asking) {}

fn given(key: &str, values: &[&str]) -> impl Fn(&mut Asking) {
    let pair = (key.to_owned(), values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>());
    move |asking| asking.context.push(pair.clone())
}

/// A requirement's number and whether it is met.
type Row = (u8, fn(&Zone) -> bool);

const TRAIL: [&str; 4] =
    ["cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail"];

const ROWS: [Row; 33] = [
    (1, |it| {
        let organization = &it.aws["organization"];
        let administrators = organization["delegated"][it.id("audit")].as_object();
        organization["feature_set"] == "ALL"
            && it.policy_of_type("SERVICE_CONTROL_POLICY")
            && organization["root_access"] == json!(["RootCredentialsManagement", "RootSessions"])
            && administrators.is_some_and(|services| services.contains_key("guardduty.amazonaws.com"))
            && it.aws["guardduty"]["eu-west-1"]["auto_enable"] == "ALL"
    }),
    (2, |it| ["Security", "Infrastructure", "Workloads", "Sandbox"].iter().all(|name| it.unit_names().contains(name))),
    (3, |it| {
        let root = |asking: &mut Asking| {
            asking.principal = "root".into();
            given("aws:AssumedRoot", &[])(asking);
        };
        let in_management = it.hierarchy.within(&Address::management());
        let asking = Asking { principal: "root".into(), action: "s3:GetObject".into(), ..Asking::default() };
        it.denies("root", &["s3:GetObject"], root)
            && in_management.iter().all(|account| it.hierarchy.decide(&asking, account).decision == Decision::Allow)
    }),
    (4, |it| it.denies("root", &TRAIL, nothing)),
    (5, |it| {
        let elsewhere = |asking: &mut Asking| asking.region = Some("ap-southeast-2".into());
        it.denies("root", &["ec2:RunInstances", "s3:CreateBucket"], elsewhere)
            && it.allows("root", "iam:ListRoles", nothing)
    }),
    (6, |it| {
        let share = |share: &Value| {
            share["AllowExternalPrincipals"] == false && share["Principals"].as_array().is_some_and(|it| !it.is_empty())
        };
        it.has("AWS::RAM::ResourceShare", share)
            && it.denies(
                "root",
                &["ram:CreateResourceShare"],
                given("ram:RequestedAllowsExternalPrincipals", &["true"]),
            )
            && it.aws["identity_center"]["permission_sets"].as_object().is_some_and(|sets| sets.len() >= 7)
    }),
    (7, |it| {
        let trail = |trail: &Value| {
            ["IsOrganizationTrail", "IsMultiRegionTrail", "EnableLogFileValidation"]
                .iter()
                .all(|key| trail[*key] == true)
                && !trail["KMSKeyId"].is_null()
        };
        it.has("AWS::CloudTrail::Trail", trail)
            && it.has("AWS::S3::Bucket", |bucket| bucket["ObjectLockEnabled"] == true)
            && it.has("AWS::Athena::WorkGroup", |_| true)
            && it.has("AWS::Glue::Table", |table| table.to_string().contains("projection.enabled"))
            && it.has("AWS::Logs::QueryDefinition", |_| true)
    }),
    (8, |it| {
        let changes = [
            "s3:PutBucketPublicAccessBlock",
            "s3:PutAccountPublicAccessBlock",
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketAcl",
            "s3:PutObjectAcl",
            "s3:PutBucketOwnershipControls",
        ];
        it.denies("account/data-private", &changes, nothing) && it.policy_of_type("S3_POLICY")
    }),
    (9, |it| {
        let units = ["Workloads", "Dev", "Test", "Prod", "Sandbox", "Suspended", "Policy Staging"];
        units.iter().all(|name| it.unit_names().contains(name))
    }),
    (10, |it| it.has_rules(&["ROOT_ACCOUNT_MFA_ENABLED"])),
    (11, |it| it.has_rules(&["S3_BUCKET_PUBLIC_READ_PROHIBITED"])),
    (12, |it| {
        let recorded: BTreeSet<(&str, &str)> = it
            .all("AWS::Config::ConfigurationRecorder")
            .into_iter()
            .map(|(account, region, _)| (account, region))
            .collect();
        let accounts = it.aws["organization"]["accounts"].as_object().expect("accounts");
        accounts
            .keys()
            .all(|id| ["eu-west-1", "us-east-1"].iter().all(|region| recorded.contains(&(id.as_str(), *region))))
            && it.denies(
                "root",
                &[
                    "config:StopConfigurationRecorder",
                    "config:DeleteConfigurationRecorder",
                    "config:DeleteDeliveryChannel",
                ],
                nothing,
            )
    }),
    (13, |it| {
        let archive = |asking: &mut Asking| asking.resource = Some("arn:aws:s3:::ml-logs-trail-1".into());
        it.denies("account/log-archive", &["s3:DeleteBucket"], archive)
    }),
    (14, |it| it.denies("root", &TRAIL, nothing) && !it.all("AWS::CloudTrail::Trail").is_empty()),
    (15, |it| it.has_rules(&["S3_BUCKET_VERSIONING_ENABLED"])),
    (16, |it| it.denies("account/data-private", &["s3:PutBucketPolicy"], nothing)),
    (17, |it| {
        let reported = it.all("AWS::Events::Rule").iter().map(|(_, _, rule)| rule.to_string()).collect::<String>();
        let events = [
            "StopLogging",
            "DeleteTrail",
            "UpdateTrail",
            "MoveAccount",
            "LeaveOrganization",
            "CreateAccessKey",
            "CreateTrainingJob",
        ];
        events.iter().all(|event| reported.contains(event)) && it.has("AWS::SNS::Subscription", |_| true)
    }),
    (18, |it| {
        let accounts = it.aws["organization"]["accounts"].as_object().into_iter().flatten();
        let policies = &it.aws["password_policies"];
        let mut policies = accounts.map(|(id, _)| &policies[id]["MinimumPasswordLength"]);
        it.denies("root", &["iam:CreateUser", "iam:CreateAccessKey"], nothing) && policies.all(|length| *length == 14)
    }),
    (19, |it| {
        let sets = it.aws["identity_center"]["permission_sets"].as_object().into_iter().flatten();
        let sets: Vec<&Value> = sets
            .map(|(_, set)| set)
            .filter(|set| set["name"].as_str().is_some_and(|name| name.starts_with("ml-")))
            .collect();
        sets.len() == 3
            && sets.iter().all(|set| set.to_string().contains("ml-boundary"))
            && sets.iter().any(|set| set.to_string().contains("iam:PassedToService"))
            && it.has("AWS::IAM::ManagedPolicy", |policy| policy["ManagedPolicyName"] == "ml-boundary")
    }),
    (20, |it| {
        let analyzer = |sort: &'static str| move |analyzer: &Value| analyzer["Type"] == sort;
        it.has("AWS::AccessAnalyzer::Analyzer", analyzer("ORGANIZATION"))
            && it.has("AWS::AccessAnalyzer::Analyzer", analyzer("ORGANIZATION_UNUSED_ACCESS"))
            && it.has_rules(&["IAM_USER_UNUSED_CREDENTIALS_CHECK", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"])
    }),
    (21, |it| {
        let groups = it.aws["directory"]["groups"].as_object().expect("there are some");
        let is_made = |group: &Value| group["description"].as_str().is_some_and(|text| text.contains("[landing:"));
        groups.len() == 5 && groups.values().all(is_made) && it.beside.groups_come_from_elsewhere()
    }),
    (22, |it| it.beside.has_preconfigured_groups_and_sets()),
    (23, |it| {
        it.has("AWS::EC2::VPC", |_| true)
            && it.all("AWS::EC2::InternetGateway").is_empty()
            && it.has("AWS::EC2::FlowLog", |_| true)
            && it.has("AWS::EC2::SecurityGroup", |_| true)
    }),
    (24, |it| {
        let endpoints = it.all("AWS::EC2::VPCEndpoint");
        let is_for = |service: &str| {
            endpoints.iter().any(|(_, _, it)| it["ServiceName"].as_str().is_some_and(|name| name.ends_with(service)))
        };
        [
            ".s3",
            "sagemaker.api",
            "sagemaker.runtime",
            ".sts",
            ".kms",
            "ecr.api",
            "ecr.dkr",
            ".logs",
            ".monitoring",
            ".ssm",
        ]
        .iter()
        .all(|it| is_for(it))
    }),
    (25, |it| {
        it.all("AWS::KMS::Key")
            .iter()
            .filter(|(account, _, _)| *account == it.id("data-private"))
            .all(|(_, _, key)| key["EnableKeyRotation"] == true)
            && it.denies("ou/Workloads", &["kms:ScheduleKeyDeletion"], nothing)
    }),
    (26, |it| it.denies("ou/Workloads", &["sagemaker:CreateTrainingJob"], given("sagemaker:VolumeKmsKey", &[]))),
    (27, |it| {
        let policy = it
            .all("AWS::S3::BucketPolicy")
            .iter()
            .filter(|(account, _, _)| *account == it.id("data-private"))
            .map(|(_, _, policy)| policy.to_string())
            .collect::<String>();
        ["s3:x-amz-server-side-encryption", "aws:SecureTransport", "aws:SourceVpce"]
            .iter()
            .all(|key| policy.contains(key))
    }),
    (28, |it| {
        let asks = |values: &'static [&'static str]| given("sagemaker:InterContainerTrafficEncryption", values);
        it.denies("ou/Workloads", &["sagemaker:CreateTrainingJob"], asks(&["false"]))
            && it.denies("ou/Workloads", &["sagemaker:CreateTrainingJob"], asks(&[]))
    }),
    (29, |it| {
        it.denies("ou/Workloads", &["sagemaker:CreateNotebookInstance"], given("sagemaker:RootAccess", &["Enabled"]))
    }),
    (30, |it| {
        it.denies("ou/Workloads", &["sagemaker:CreateTrainingJob"], given("sagemaker:VpcSubnets", &[]))
            && it.denies(
                "ou/Workloads",
                &["sagemaker:CreateNotebookInstance"],
                given("sagemaker:DirectInternetAccess", &["Enabled"]),
            )
            && it.denies(
                "ou/Workloads",
                &["sagemaker:CreateDomain"],
                given("sagemaker:AppNetworkAccessType", &["PublicInternetOnly"]),
            )
    }),
    (31, |it| {
        it.has_rules(&[
            "SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS",
            "SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC",
            "SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK",
            "SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED",
            "SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED",
        ])
    }),
    (32, |it| {
        it.has("AWS::SageMaker::Domain", |it| {
            it["AuthMode"] == "SSO" && it["AppNetworkAccessType"] == "VpcOnly" && !it["KmsKeyId"].is_null()
        }) && it.has("AWS::EC2::SecurityGroup", |it| it["SecurityGroupEgress"].to_string().contains("\"pl-"))
    }),
    (33, |it| it.beside.control_tower_stays_as_it_is() && it.beside.controls_are_enabled()),
];

#[tokio::test(start_paused = true)]
async fn every_row_of_what_a_landing_zone_must_contain_is_true() {
    let zone = Zone::of(builtin("ml-landing-zone")).await;
    let broken: Vec<u8> = ROWS.iter().filter(|(_, is_met)| !is_met(&zone)).map(|(row, _)| *row).collect();
    assert_eq!(broken, [0u8; 0]);
    assert_eq!(ROWS.map(|(row, _)| row).to_vec(), (1..=33).collect::<Vec<u8>>());
}

#[test]
fn all_of_it_comes_from_fewer_than_120_lines() {
    let lines = builtin("ml-landing-zone").lines().map(str::trim);
    let count = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).count();
    assert!(count < 120, "{count} lines");
}

#[tokio::test(start_paused = true)]
async fn without_its_guardrails_the_same_blueprint_misses_their_rows() {
    let whole = builtin("ml-landing-zone");
    let (before, rest) = whole.split_once("guardrails:  ").expect("it has guardrails");
    let (_, units) = rest.split_once("\norganizational_units:").expect("units come after");
    let (units, _) = units.split_once("\n# What the policies above").expect("expectations come last");
    let without = units
        .replace("guardrails: [bucket-visibility-stays, s3-versioning]", "")
        .replace("data-private, }", "data-private}");
    let without =
        without.replace("    guardrails: [sagemaker, kms-keys-stay]\n", "").replace("{guardrails: [deny-all]}", "");
    let zone = Zone::of(&format!("{before}\norganizational_units:{without}\n")).await;
    let broken: Vec<u8> = ROWS.iter().filter(|(_, is_met)| !is_met(&zone)).map(|(row, _)| *row).collect();
    assert_eq!(broken, [1, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 16, 18, 20, 25, 26, 28, 29, 30, 31]);
}
