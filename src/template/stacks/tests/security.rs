use landing_policy::{Needs, services};
use serde_json::{Value, json};

use super::rendered;

/// The templates for detection and alerts, with required parameters, and with all that add resources.
pub(super) fn examples() -> Vec<(&'static str, Value)> {
    let rules = json!([{"name": "root-mfa", "identifier": "ROOT_ACCOUNT_MFA_ENABLED"}]);
    vec![
        ("config-recorder", json!({"home_region": "eu-west-1"})),
        (
            "config-recorder",
            json!({"home_region": "eu-west-1", "role": "service-linked", "existing": ["111111111111"]}),
        ),
        ("config-aggregator", json!({})),
        ("config-aggregator", json!({"aggregated_regions": ["eu-west-1"]})),
        ("config-rules", json!({"rules": rules})),
        ("config-rules", json!({"rules": rules, "scope": "organization", "excluded_accounts": ["111111111111"]})),
        ("proactive-controls", json!({"hooks": [{"name": "stacks-imdsv2", "controls": ["CT.EC2.PR.1"]}]})),
        ("security-alerts", json!({"emails": ["security@example.com", "on-call+a@example.com"]})),
        ("security-events", json!({})),
        ("trail-search", json!({})),
        ("service-linked-roles", json!({"services": ["access-analyzer.amazonaws.com"]})),
        ("access-analyzer", json!({"home_region": "eu-west-1", "excluded_accounts": ["111111111111"]})),
        ("access-analyzer", json!({"home_region": "eu-west-1", "existing": ["unused-access"]})),
        ("guardduty", json!({})),
        ("guardduty", json!({"features": [], "members": [{"account": "111111111111", "email": "a@example.com"}]})),
        ("security-hub-administrator", json!({})),
        ("security-hub", json!({"linked_regions": []})),
        ("security-hub", json!({"existing": false, "linked_regions": ["us-east-1"]})),
        ("security-hub", json!({"linked_regions": ["us-east-1"], "every_region": true})),
    ]
}

/// The rules that detect what preventive guardrails deny, and those for SageMaker.
const RULES: [&str; 10] = [
    "ROOT_ACCOUNT_MFA_ENABLED",
    "S3_BUCKET_PUBLIC_READ_PROHIBITED",
    "S3_BUCKET_VERSIONING_ENABLED",
    "IAM_USER_UNUSED_CREDENTIALS_CHECK",
    "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    "SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS",
    "SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC",
    "SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK",
    "SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED",
    "SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED",
];

fn rules(scope: &str) -> Value {
    let rules = RULES.map(|identifier| {
        json!({
            "name": identifier.to_lowercase().replace('_', "-"), "identifier": identifier,
            "input_parameters": {"maxCredentialUsageAge": 90, "strict": true},
        })
    });
    rendered("config-rules", json!({"rules": rules, "scope": scope}))["Resources"].clone()
}

#[test]
fn every_rule_keeps_its_logical_id_and_values_reach_it_as_texts() {
    let (own, organization) = (rules("account"), rules("organization"));
    assert_eq!((own.as_object().unwrap().len(), organization.as_object().unwrap().len()), (RULES.len(), RULES.len()));
    let rule = &own["RootAccountMfaEnabled"]["Properties"];
    assert_eq!(rule["Source"], json!({"Owner": "AWS", "SourceIdentifier": "ROOT_ACCOUNT_MFA_ENABLED"}));
    assert_eq!(rule["InputParameters"], json!({"maxCredentialUsageAge": "90", "strict": "true"}));
    let rule = &organization["RootAccountMfaEnabled"]["Properties"]["OrganizationManagedRuleMetadata"];
    assert_eq!(rule["RuleIdentifier"], "ROOT_ACCOUNT_MFA_ENABLED");
    assert_eq!(rule["InputParameters"], r#"{"maxCredentialUsageAge":"90","strict":"true"}"#);
}

#[test]
fn every_hook_asks_its_controls_under_its_own_name() {
    let hooks = json!([
        {"name": "stacks-databases-encrypted", "controls": ["CT.RDS.PR.16", "CT.RDS.PR.24"], "failure_mode": "WARN"},
        {"name": "stacks-imdsv2", "controls": ["CT.EC2.PR.1"]},
    ]);
    let template = rendered("proactive-controls", json!({"hooks": hooks}));
    let resources = &template["Resources"];
    let hook = &resources["StacksDatabasesEncrypted"]["Properties"];
    assert_eq!(hook["TypeNameAlias"], "Landing::Guardrail::StacksDatabasesEncrypted");
    let configuration = |logical: &str| -> Value {
        let text = resources[logical]["Properties"]["Configuration"].as_str().expect("it is a text");
        let whole: Value = serde_json::from_str(text).expect("it is JSON");
        whole["CloudFormationConfiguration"]["HookConfiguration"].clone()
    };
    let warns = configuration("StacksDatabasesEncryptedConfiguration");
    assert_eq!(warns["Properties"]["ControlsToApply"], "CT.RDS.PR.16,CT.RDS.PR.24");
    assert_eq!(warns["FailureMode"], "WARN");
    assert_eq!(configuration("StacksImdsv2Configuration")["FailureMode"], "FAIL");
}

/// What a template makes of one type.
fn of_type<'t>(template: &'t Value, resource_type: &str) -> Vec<&'t Value> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    resources.filter(|(_, it)| it["Type"] == resource_type).map(|(_, it)| &it["Properties"]).collect()
}

/// AWS's pages on the controls say what they ask.
#[test]
fn no_proactive_guardrail_refuses_a_stack_of_a_built_in_template() {
    let settings = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    let mut buckets = 0;
    for (name, given) in super::examples() {
        let template = rendered(name, given);
        for bucket in of_type(&template, "AWS::S3::Bucket") {
            buckets += 1;
            let block = &bucket["PublicAccessBlockConfiguration"];
            assert!(settings.iter().all(|setting| block[*setting] == true), "{name}: {block}");
        }
        for other in ["EC2::Instance", "EC2::LaunchTemplate", "EC2::Volume", "RDS::DBInstance", "RDS::DBCluster"] {
            assert_eq!(of_type(&template, &format!("AWS::{other}")).len(), 0, "{name}");
        }
        assert_eq!(of_type(&template, "AWS::SageMaker::NotebookInstance").len(), 0, "{name}");
    }
    assert!(buckets > 3, "{buckets} buckets");
}

/// The events that a rule's pattern names, with the service that they come from.
fn events(pattern: &Value) -> Vec<(String, String)> {
    let service = pattern["source"][0].as_str().unwrap_or_default().trim_start_matches("aws.");
    let either = pattern["detail"]["$or"].as_array().cloned().unwrap_or_default();
    let names = either.iter().chain([&pattern["detail"]]).flat_map(|part| part["eventName"].as_array().cloned());
    names.flatten().map(|name| (service.to_owned(), name.as_str().unwrap_or_default().to_owned())).collect()
}

/// S3 calls these by the action that switches the block on.
const WITHOUT_ACTION: [&str; 2] = ["DeleteAccountPublicAccessBlock", "DeleteBucketPublicAccessBlock"];

#[test]
fn every_event_that_is_reported_is_one_that_cloudtrail_logs() {
    let template = rendered("security-events", json!({}));
    let rules = template["Resources"].as_object().unwrap().values().filter(|it| it["Type"] == "AWS::Events::Rule");
    let all: Vec<_> = rules.flat_map(|rule| events(&rule["Properties"]["EventPattern"])).collect();
    for (service, name) in &all {
        let known = services().needs_of_event(&format!("{service}.amazonaws.com"), name) != Needs::Unknown;
        assert!(known || WITHOUT_ACTION.contains(&name.as_str()), "{service} {name}");
    }
    let asked = [
        "StopLogging",
        "DeleteTrail",
        "UpdateTrail",
        "AttachPolicy",
        "DetachPolicy",
        "MoveAccount",
        "LeaveOrganization",
        "PutBucketPolicy",
        "PutBucketPublicAccessBlock",
        "CreateAccessKey",
        "CreateTrainingJob",
        "CreateModel",
    ];
    assert!(asked.iter().all(|name| all.iter().any(|(_, reported)| reported == name)), "{all:?}");
}

#[test]
fn global_services_are_listened_to_where_they_show() {
    let template = rendered("security-events", json!({}));
    let conditions =
        ["RootLogin", "AccessKey", "OrganizationChange"].map(|rule| &template["Resources"][rule]["Condition"]);
    assert_eq!(conditions, ["TellsOfIdentity", "TellsOfIdentity", "TellsOfOrganizations"]);
    let partitions = &template["Mappings"]["Partitions"];
    assert_eq!(partitions["aws"], json!({"Identity": "us-east-1", "Organizations": "us-east-1"}));
    assert_eq!(partitions["aws-cn"]["Organizations"], "cn-northwest-1");
}

#[test]
fn who_is_reported_keeps_the_subscription_when_others_come_and_go() {
    let one = rendered("security-alerts", json!({"emails": ["b@example.com"]}));
    let two = rendered("security-alerts", json!({"emails": ["a@example.com", "b@example.com"]}));
    assert_eq!(one["Resources"]["ToBExampleCom"], two["Resources"]["ToBExampleCom"]);
    assert_eq!(two["Resources"]["ToAExampleCom"]["Properties"]["Endpoint"], "a@example.com");
}

#[test]
fn findings_are_reported_once_by_the_account_and_region_that_they_are_about() {
    let template = rendered("security-events", json!({"guardduty_severity": 4, "security_hub_severities": ["HIGH"]}));
    let pattern = |rule: &str| template["Resources"][rule]["Properties"]["EventPattern"].clone();
    let own = json!([{"Ref": "AWS::AccountId"}]);
    assert_eq!(
        pattern("GuardDutyFinding"),
        json!({
            "source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"],
            "detail": {"accountId": own, "severity": [{"numeric": [">=", 4]}]},
        })
    );
    let findings = &pattern("SecurityHubFinding")["detail"]["findings"];
    assert_eq!((&findings["AwsAccountId"], &findings["Region"]), (&own, &json!([{"Ref": "AWS::Region"}])));
    assert_eq!(findings["ProductName"], json!([{"anything-but": ["GuardDuty"]}]), "GuardDuty's own event shows it");
    assert_eq!((&findings["Severity"]["Label"], &findings["Workflow"]["Status"]), (&json!(["HIGH"]), &json!(["NEW"])));
    let alone = rendered("security-events", json!({"events": ["security-hub"]}));
    let findings = &alone["Resources"]["SecurityHubFinding"]["Properties"]["EventPattern"]["detail"]["findings"];
    assert_eq!((findings.get("ProductName"), &findings["Severity"]["Label"]), (None, &json!(["CRITICAL"])));
    assert!(alone["Resources"].get("GuardDutyFinding").is_none() && alone["Resources"].get("RootLogin").is_none());
}

#[test]
fn whatever_reaches_the_bus_is_mailed() {
    let reported = rendered("security-alerts", json!({"emails": ["a@example.com"]}));
    let rules = of_type(&reported, "AWS::Events::Rule");
    let taken: Vec<&Value> = rules.iter().map(|rule| &rule["EventPattern"]["detail-type"][0]).collect();
    for rule in of_type(&rendered("security-events", json!({})), "AWS::Events::Rule") {
        let sent = rule["EventPattern"]["detail-type"][0].as_str().expect("it is a text");
        let takes = |pattern: &&&Value| match pattern["prefix"].as_str() {
            Some(prefix) => sent.starts_with(prefix),
            None => pattern.as_str() == Some(sent),
        };
        assert_eq!(taken.iter().filter(takes).count(), 1, "{sent} of {taken:?}");
    }
    for rule in rules {
        let target = &rule["Targets"][0];
        assert_eq!(target["Arn"], json!({"Ref": "AlertTopic"}));
        let template = target["InputTransformer"]["InputTemplate"].as_str().expect("it is a text");
        for name in target["InputTransformer"]["InputPathsMap"].as_object().expect("it is a map").keys() {
            assert!(template.contains(&format!("<{name}>")), "{name} in {template}");
        }
    }
}

#[test]
fn security_hub_reaches_the_organizations_regions() {
    let linked = |given: Value| {
        let template = rendered("security-hub", given);
        let aggregator = &template["Resources"]["FindingAggregator"]["Properties"];
        (aggregator["RegionLinkingMode"].clone(), aggregator["Regions"].clone())
    };
    assert_eq!(linked(json!({"linked_regions": ["us-east-1"]})), (json!("SPECIFIED_REGIONS"), json!(["us-east-1"])));
    assert_eq!(linked(json!({"linked_regions": []})), (json!("ALL_REGIONS"), Value::Null));
    let every = linked(json!({"linked_regions": ["us-east-1"], "every_region": true}));
    assert_eq!(every, (json!("ALL_REGIONS"), Value::Null));
}
