//! The built-in templates, each as small and as large as it gets.

use std::fs;
use std::path::{Path, PathBuf};

use landing::template::stack;
use serde_json::{Map, Value, json};

/// Every template as small and as large as it gets, and with values that look like something else.
pub fn examples() -> Vec<(&'static str, &'static str, Value)> {
    let github = json!({
        "oidc_provider": "token.actions.githubusercontent.com",
        "plan_actions": ["iam:GetRole", "organizations:Describe*"],
        "plan_managed_policies": ["SecurityAudit", "job-function/ViewOnlyAccess"],
        "plan_subjects": ["repo:example/landing-zone:*"],
        "apply_subjects": ["repo:example/landing-zone:environment:landing-zone"],
    });
    let gitlab = json!({
        "oidc_provider": "gitlab.com", "oidc_audience": "https://gitlab.com", "existing": ["identity-provider"],
        "plan_subjects": ["project_path:example/landing-zone:*"], "apply_managed_policies": [],
    });
    let existing = json!({"existing": {
        "trail_bucket": "theirs", "config_bucket": "theirs-too", "access_log_bucket": "logs",
        "key": "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555",
    }});
    let emails: Vec<String> = (0..10).map(|n| format!("team+{n}@example.com")).collect();
    let keys = json!({
        "classes": ["public", "internal", "confidential", "very-secret"],
        "administrators": ["landing-apply"],
        "users": ["*SageMaker*"],
    });
    vec![
        ("log-archive", "small", json!({"object_lock": "off", "bucket_prefix": "a", "retain_days": 1})),
        ("log-archive", "usual", json!({})),
        ("log-archive", "strict", json!({"object_lock": "compliance", "lock_days": 3650, "retain_days": 3650})),
        ("log-archive", "partly-existing", json!({"existing": {"trail_bucket": "theirs", "access_log_bucket": "logs"}})),
        ("log-archive", "existing", existing),
        ("organization-trail", "existing", json!({"existing": {"trail": "arn:aws:cloudtrail:eu-west-1:111111111111:trail/t"}})),
        ("organization-trail", "usual", json!({})),
        ("organization-trail", "logs", json!({"cloudwatch_logs": true, "log_group_days": 90})),
        ("network", "usual", json!({"cidr": "10.20.0.0/16"})),
        ("network", "small", json!({"cidr": "192.168.7.0/27", "zones": 1, "subnet_bits": 0, "flow_logs": false})),
        ("network", "large", json!({"cidr": "10.20.0.0/16", "zones": 6, "internet": "public"})),
        ("network", "zones", json!({"cidr": "10.20.0.0/24", "zones": 2, "zone_ids": ["euw1-az1", "euw1-az3"]})),
        ("network", "endpoints", json!({"pool": "10.16.0.0/12", "pool_index": 3, "endpoints": ["sagemaker"]})),
        ("data-keys", "usual", json!({"classes": ["confidential"]})),
        ("data-keys", "large", keys),
        ("customer-data-bucket", "usual", json!({})),
        ("customer-data-bucket", "strict", json!({"encryption_header": true})),
        ("ml-boundary", "usual", json!({})),
        ("ml-boundary", "more", json!({"services": ["bedrock", "comprehend"]})),
        ("sagemaker-studio", "usual", json!({"users": ["ada@example.com", "bob"]})),
        ("sagemaker-studio", "existing", json!({"users": ["ada@example.com"], "existing": "d-abcdefghijkl"})),
        (
            "control-tower-controls",
            "usual",
            json!({"controls": ["AWS-GR_ENCRYPTED_VOLUMES", "4b0nsxnd47747up54ytdqesxi"]}),
        ),
        ("budget", "usual", json!({"limit_usd": 500, "emails": ["a@example.com"]})),
        (
            "budget",
            "large",
            json!({"limit_usd": 0.5, "emails": emails, "thresholds": [50, 80, 99.5, 100], "forecast_thresholds": [120]}),
        ),
        ("budget", "silent", json!({"limit_usd": 1e9, "emails": [], "thresholds": [], "forecast_thresholds": []})),
        ("landing-roles", "usual", json!({})),
        ("landing-roles", "github", github),
        ("landing-roles", "gitlab", gitlab),
        ("landing-templates", "usual", json!({})),
    ]
    .into_iter()
    .chain(security_examples())
    .collect()
}

fn security_examples() -> Vec<(&'static str, &'static str, Value)> {
    let rules = json!([
        {"name": "root-mfa", "identifier": "ROOT_ACCOUNT_MFA_ENABLED", "frequency": "TwentyFour_Hours"},
        {
            "name": "unused-credentials", "identifier": "IAM_USER_UNUSED_CREDENTIALS_CHECK", "description": "Unused",
            "input_parameters": {"maxCredentialUsageAge": 90}, "resource_types": ["AWS::IAM::User"],
        },
    ]);
    let hooks = json!({"hooks": [
        {"name": "stacks-databases-encrypted", "controls": ["CT.RDS.PR.16", "CT.RDS.PR.24"]},
        {"name": "stacks-imdsv2", "controls": ["CT.EC2.PR.1"], "failure_mode": "WARN"},
    ]});
    let home = json!({"home_region": "eu-west-1"});
    let occupied =
        ["111111111111", "${account/legacy}", "333333333333/eu-west-1", "444444444444", "555555555555", "666666666666"];
    vec![
        ("config-recorder", "usual", home),
        (
            "config-recorder",
            "occupied",
            json!({"home_region": "eu-west-1", "role": "service-linked", "frequency": "daily", "existing": occupied}),
        ),
        ("config-aggregator", "usual", json!({})),
        ("config-aggregator", "some", json!({"aggregated_regions": ["eu-west-1", "us-east-1"]})),
        ("config-rules", "usual", json!({"rules": rules})),
        (
            "config-rules",
            "organization",
            json!({"rules": rules, "scope": "organization", "excluded_accounts": ["111111111111"]}),
        ),
        ("proactive-controls", "usual", hooks),
        ("security-alerts", "usual", json!({"emails": ["security@example.com", "on-call+a@example.com"]})),
        ("security-events", "usual", json!({})),
        ("security-events", "few", json!({"events": ["trail"]})),
        (
            "security-events",
            "findings",
            json!({"events": ["security-hub"], "security_hub_severities": ["HIGH", "LOW"]}),
        ),
        ("trail-search", "usual", json!({})),
        ("service-linked-roles", "usual", json!({"services": ["access-analyzer.amazonaws.com"]})),
        ("access-analyzer", "usual", json!({"home_region": "eu-west-1", "excluded_accounts": ["111111111111"]})),
        ("access-analyzer", "external", json!({"home_region": "eu-west-1", "existing": ["unused-access"]})),
        ("access-analyzer", "unused", json!({"home_region": "eu-west-1", "existing": ["external-access"]})),
        ("guardduty", "usual", json!({})),
        ("guardduty", "existing", json!({"existing": occupied})),
        (
            "guardduty",
            "members",
            json!({"features": [], "members": [{"account": "111111111111", "email": "a@example.com"}]}),
        ),
        ("security-hub-administrator", "usual", json!({})),
        ("security-hub", "usual", json!({"linked_regions": []})),
        ("security-hub", "everywhere", json!({"linked_regions": ["us-east-1"], "every_region": true})),
        (
            "security-hub",
            "new",
            json!({"existing": false, "linked_regions": ["us-east-1"], "disabled_controls": ["IAM.6"], "standards": []}),
        ),
    ]
}

pub fn rendered(name: &str, given: &Value) -> String {
    let given: Map<String, Value> = serde_json::from_value(given.clone()).expect("parameters are a map");
    let template = stack(name).unwrap_or_else(|| panic!("there is no template {name}"));
    template.render(&given).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// A folder with every example as a file.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    for (template, example, given) in examples() {
        let path = folder.join(format!("{template}-{example}.yaml"));
        fs::write(path, rendered(template, &given)).expect("the target folder can be written");
    }
    folder
}
