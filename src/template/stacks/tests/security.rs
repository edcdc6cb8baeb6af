use serde_json::{Value, json};

use super::rendered;

/// What looks and tells, with what it must be given, and with all that adds resources.
pub(super) fn examples() -> Vec<(&'static str, Value)> {
    let rules = json!([{"name": "root-mfa", "identifier": "ROOT_ACCOUNT_MFA_ENABLED"}]);
    vec![
        ("config-recorder", json!({"home_region": "eu-west-1"})),
        (
            "config-recorder",
            json!({"home_region": "eu-west-1", "role": "service-linked", "existing_in": ["111111111111"]}),
        ),
        ("config-aggregator", json!({})),
        ("config-aggregator", json!({"aggregated_regions": ["eu-west-1"]})),
        ("config-rules", json!({"rules": rules})),
        ("config-rules", json!({"rules": rules, "scope": "organization", "excluded_accounts": ["111111111111"]})),
    ]
}

/// The rules that detect what the guardrails of AWS's talk do, and those for SageMaker.
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
fn an_account_that_has_a_recorder_gets_none() {
    let given = json!({"home_region": "eu-west-1", "existing_in": ["111111111111", "222222222222"]});
    let template = rendered("config-recorder", given);
    assert!(template["Resources"].as_object().unwrap().values().all(|it| it["Condition"] == "IsMissing"));
    let mut ids = Vec::new();
    let mut condition = &template["Conditions"]["IsMissing"]["Fn::Not"][0];
    while let Some(either) = condition.get("Fn::Or") {
        ids.push(either[0]["Fn::Equals"][1].clone());
        condition = &either[1];
    }
    assert_eq!(ids, ["111111111111", "222222222222"]);
}
