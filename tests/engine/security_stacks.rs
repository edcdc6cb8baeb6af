//! Stacks that look and tell, on the simulated AWS: made, and read back from the services that they belong to.

use serde_json::Value;

use crate::world::{How, World};

const HEAD: &str = "
version: 1
name: security
organization:
  home_region: eu-west-1
  regions: [eu-west-1, us-east-1]
  account_email: '{name}@example.com'
organizational_units:
  Security: {accounts: [logs, audit]}
  Work: {accounts: [work]}
stacks:
  log-archive:
    template: log-archive
    in: [logs]
    parameters: {bucket_prefix: acme}
";

/// The ids and properties of all resources of a type, by account and region.
fn resources(snapshot: &Value, resource_type: &str) -> Vec<(String, String, String, Value)> {
    let mut found = Vec::new();
    for (account, regions) in snapshot["resources"].as_object().into_iter().flatten() {
        for (region, types) in regions.as_object().into_iter().flatten() {
            for (id, resource) in types[resource_type].as_object().into_iter().flatten() {
                found.push((account.clone(), region.clone(), id.clone(), resource["properties"].clone()));
            }
        }
    }
    found
}

async fn applied(stacks: &str) -> (World, Value) {
    let world = World::new();
    let text = format!("{HEAD}{stacks}");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let snapshot = world.at_rest().await;
    (world, snapshot)
}

const RECORDER: &str = "
  config-recorder:
    template: config-recorder
    in: [management, root]
    regions: [eu-west-1, us-east-1]
    parameters: {BucketName: '${stack/logs/log-archive/eu-west-1.ConfigBucketName}'}
";

#[tokio::test(start_paused = true)]
async fn config_records_in_every_account_and_region_and_what_is_global_once() {
    let rules = "  config-rules:
    template: config-rules
    in: [management, root]
    regions: [eu-west-1, us-east-1]
    parameters: {rules: [{name: root-mfa, identifier: ROOT_ACCOUNT_MFA_ENABLED}]}
  aggregator: {template: config-aggregator, in: [audit]}
  organization-rules:
    template: config-rules
    in: [audit]
    parameters:
      scope: organization
      excluded_accounts: ['${account/work}']
      rules: [{name: versioned, identifier: S3_BUCKET_VERSIONING_ENABLED}]
";
    let (_, snapshot) = applied(&format!("{RECORDER}{rules}")).await;
    let recorders = resources(&snapshot, "AWS::Config::ConfigurationRecorder");
    assert_eq!(recorders.len(), 4 * 2);
    for (account, region, _, recorder) in &recorders {
        let global = &recorder["RecordingGroup"]["IncludeGlobalResourceTypes"];
        assert_eq!(*global, region == "eu-west-1", "{account} {region}: {recorder}");
    }
    let channels = resources(&snapshot, "AWS::Config::DeliveryChannel");
    let buckets = channels.iter().map(|(.., channel)| channel["S3BucketName"].as_str().unwrap_or_default());
    assert_eq!(buckets.filter(|bucket| bucket.starts_with("acme-config-")).count(), 4 * 2);
    assert_eq!(resources(&snapshot, "AWS::Config::ConfigRule").len(), 4 * 2);
    assert_eq!(resources(&snapshot, "AWS::Config::ConfigurationAggregator").len(), 1);
    let rules = resources(&snapshot, "AWS::Config::OrganizationConfigRule");
    let excluded = rules[0].3["ExcludedAccounts"][0].as_str().expect("an account is excluded");
    assert_eq!(excluded.len(), 12, "{excluded}");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_records_already_keeps_its_recorder() {
    let (_, snapshot) =
        applied(&RECORDER.replace("{BucketName:", "{existing_in: ['${account/work}'], BucketName:")).await;
    let recorders = resources(&snapshot, "AWS::Config::ConfigurationRecorder");
    assert_eq!(recorders.len(), 3 * 2);
}
