//! Stacks that look and show, on the simulated AWS: made, and read back from the services that they belong to.

use serde_json::Value;

use crate::world::{self, How, World};

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
    let owned = |(account, region, id, properties): (&str, &str, &str, &Value)| {
        (account.to_owned(), region.to_owned(), id.to_owned(), properties.clone())
    };
    world::resources(snapshot, resource_type).into_iter().map(owned).collect()
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
    let (_, snapshot) = applied(&RECORDER.replace("{BucketName:", "{existing: ['${account/work}'], BucketName:")).await;
    let recorders = resources(&snapshot, "AWS::Config::ConfigurationRecorder");
    assert_eq!(recorders.len(), 3 * 2);
}

#[tokio::test(start_paused = true)]
async fn what_happens_anywhere_reaches_one_bus_and_its_encrypted_topic() {
    let stacks = "
  alerts:
    template: security-alerts
    in: [audit]
    parameters: {emails: [security@example.com]}
  events:
    template: security-events
    in: [management, root]
    regions: [eu-west-1, us-east-1]
    parameters: {BusArn: '${stack/audit/alerts/eu-west-1.BusArn}'}
";
    let (_, snapshot) = applied(stacks).await;
    let topics = resources(&snapshot, "AWS::SNS::Topic");
    assert!(topics.len() == 1 && topics[0].3["KmsMasterKeyId"].is_string(), "{topics:?}");
    let subscriptions = resources(&snapshot, "AWS::SNS::Subscription");
    assert_eq!(subscriptions[0].3["Endpoint"], "security@example.com");
    let (reported, sent): (Vec<_>, Vec<_>) =
        resources(&snapshot, "AWS::Events::Rule").into_iter().partition(|(.., rule)| rule["EventBusName"].is_string());
    assert_eq!(reported.len(), 3, "calls, findings of GuardDuty and of Security Hub");
    assert!(reported.iter().all(|(.., rule)| rule["Targets"][0]["Arn"] == topics[0].2.as_str()), "{reported:?}");
    // Four accounts: five rules in every region, the global services' three more in us-east-1.
    assert_eq!(sent.len(), 4 * (5 + 8));
    assert!(sent.iter().filter(|(_, region, ..)| region == "us-east-1").count() == 4 * 8);
    for (account, region, id, rule) in sent {
        let bus = rule["Targets"][0]["Arn"].as_str().unwrap_or_default();
        assert!(bus.starts_with("arn:aws:events:eu-west-1:"), "{account} {region} {id}: {bus}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_trail_can_be_searched_where_its_files_are() {
    let stacks = "  trail:
    template: organization-trail
    in: [management]
    parameters:
      cloudwatch_logs: true
      BucketName: ${stack/logs/log-archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/logs/log-archive/eu-west-1.KeyArn}
  search:
    template: trail-search
    in: [logs]
    parameters:
      bucket_prefix: acme
      BucketName: ${stack/logs/log-archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/logs/log-archive/eu-west-1.KeyArn}
      AccessLogBucketName: ${stack/logs/log-archive/eu-west-1.AccessLogBucketName}
      AccountIds: ['${management}', '${account/work}']
";
    let (_, snapshot) = applied(stacks).await;
    let (trails, tables) = (resources(&snapshot, "AWS::CloudTrail::Trail"), resources(&snapshot, "AWS::Glue::Table"));
    let table = &tables[0].3["TableInput"];
    let projection = &table["Parameters"];
    let location = projection["storage.location.template"].as_str().expect("the files lie somewhere");
    let bucket = trails[0].3["S3BucketName"].as_str().expect("the trail has a bucket");
    assert!(location.starts_with(&format!("s3://{bucket}/AWSLogs/o-")), "{location}");
    assert!(location.ends_with("/${account}/CloudTrail/${region}/${day}"), "{location}");
    assert_eq!(projection["projection.account.type"], "enum");
    assert_eq!(projection["projection.account.values"].as_str().map(|ids| ids.split(',').count()), Some(2));
    for key in table["PartitionKeys"].as_array().into_iter().flatten() {
        let name = key["Name"].as_str().unwrap_or_default();
        assert!(projection[format!("projection.{name}.type")].is_string(), "{name} is not projected");
    }
    let groups = resources(&snapshot, "AWS::Athena::WorkGroup");
    let results = &groups[0].3["WorkGroupConfiguration"]["ResultConfiguration"];
    assert_eq!(results["EncryptionConfiguration"]["EncryptionOption"], "SSE_KMS");
    assert_eq!(resources(&snapshot, "AWS::Athena::NamedQuery").len(), 5);
    assert_eq!(resources(&snapshot, "AWS::Logs::QueryDefinition").len(), 5);
}

#[tokio::test(start_paused = true)]
async fn analyzers_of_the_organization_wait_for_the_role_and_the_administration_that_they_need() {
    let stacks = "
  roles: {template: service-linked-roles, in: [management], parameters: {services: [access-analyzer.amazonaws.com]}}
  analyzer: {template: access-analyzer, in: [audit], regions: [eu-west-1, us-east-1]}
";
    let (_, snapshot) = applied(stacks).await;
    let analyzers = resources(&snapshot, "AWS::AccessAnalyzer::Analyzer");
    let of = |kind: &str| analyzers.iter().filter(|(.., analyzer)| analyzer["Type"] == kind).collect::<Vec<_>>();
    assert_eq!(of("ORGANIZATION").len(), 2);
    let unused = of("ORGANIZATION_UNUSED_ACCESS");
    assert!(unused.len() == 1 && unused[0].1 == "eu-west-1", "{unused:?}");
}

#[tokio::test(start_paused = true)]
async fn security_hub_is_configured_for_the_whole_organization_by_its_administrator() {
    let stacks = "
  hub: {template: security-hub, in: [audit]}
  administrator:
    template: security-hub-administrator
    in: [management]
    parameters: {AdministratorId: '${account/audit}'}
";
    let (_, snapshot) = applied(stacks).await;
    let hubs = resources(&snapshot, "AWS::SecurityHub::Hub");
    let policies = resources(&snapshot, "AWS::SecurityHub::ConfigurationPolicy");
    assert_eq!((hubs.len(), policies.len()), (1, 1));
    assert_eq!(hubs[0].0, policies[0].0, "the administrator is another account");
    let associations = resources(&snapshot, "AWS::SecurityHub::PolicyAssociation");
    assert_eq!(associations[0].3["TargetType"], "ROOT");
    assert!(policies[0].2.ends_with(associations[0].3["ConfigurationPolicyId"].as_str().expect("a policy is named")));
}

#[tokio::test(start_paused = true)]
async fn guardduty_is_on_everywhere_and_an_account_that_has_a_detector_makes_none() {
    let world = World::new();
    let stacks = |parameters: &str| {
        format!("  guardduty: {{template: guardduty, in: [work, audit], parameters: {{{parameters}}}}}\n")
    };
    let text = format!("{HEAD}{}", stacks(""));
    world.applied(&text, How::default()).await;
    let detectors = resources(&world.at_rest().await, "AWS::GuardDuty::Detector");
    assert_eq!(detectors.len(), 2);
    assert_eq!(detectors[0].3["Features"][0]["Name"], "S3_DATA_EVENTS");
    let members = "members: [{account: '${account/work}', email: work@example.com}]";
    let text = format!(
        "{HEAD}{}  members:\n    template: guardduty\n    in: [audit]\n    parameters: {{ExistingDetectorId: \
         '${{stack/audit/guardduty/eu-west-1.DetectorId}}', {members}}}\n",
        stacks("")
    );
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let snapshot = world.at_rest().await;
    assert_eq!(resources(&snapshot, "AWS::GuardDuty::Detector").len(), 2);
    let members = resources(&snapshot, "AWS::GuardDuty::Member");
    assert!(detectors.iter().any(|(_, _, id, _)| members[0].3["DetectorId"] == id.as_str()), "{members:?}");
}

/// All of it, as a blueprint for an organization would have it.
const EVERYTHING: &str = "
  trail:
    template: organization-trail
    in: [management]
    parameters:
      cloudwatch_logs: true
      BucketName: ${stack/logs/log-archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/logs/log-archive/eu-west-1.KeyArn}
  trail-search:
    template: trail-search
    in: [logs]
    parameters:
      bucket_prefix: acme
      BucketName: ${stack/logs/log-archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/logs/log-archive/eu-west-1.KeyArn}
      AccessLogBucketName: ${stack/logs/log-archive/eu-west-1.AccessLogBucketName}
  config-recorder:
    template: config-recorder
    in: [management, root]
    regions: [eu-west-1, us-east-1]
    parameters: {BucketName: '${stack/logs/log-archive/eu-west-1.ConfigBucketName}'}
  config-aggregator: {template: config-aggregator, in: [audit]}
  config-rules:
    template: config-rules
    in: [audit]
    parameters: {scope: organization, rules: [{name: root-mfa, identifier: ROOT_ACCOUNT_MFA_ENABLED}]}
  alerts: {template: security-alerts, in: [audit], parameters: {emails: [security@example.com]}}
  events:
    template: security-events
    in: [management, root]
    regions: [eu-west-1, us-east-1]
    parameters: {BusArn: '${stack/audit/alerts/eu-west-1.BusArn}'}
  service-linked-roles:
    template: service-linked-roles
    in: [management]
    parameters: {services: [access-analyzer.amazonaws.com]}
  access-analyzer: {template: access-analyzer, in: [audit], regions: [eu-west-1, us-east-1]}
  guardduty: {template: guardduty, in: [management, root], regions: [eu-west-1, us-east-1]}
  security-hub-administrator:
    template: security-hub-administrator
    in: [management]
    parameters: {AdministratorId: '${account/audit}'}
  security-hub: {template: security-hub, in: [audit]}
";

#[tokio::test(start_paused = true)]
async fn everything_that_looks_and_shows_is_made_in_one_apply_and_leaves_nothing_to_do() {
    let (world, _) = applied(EVERYTHING).await;
    let drift = world.drift(&format!("{HEAD}{EVERYTHING}")).await;
    assert!(drift.is_quiet(), "{:#?}", drift.changes);
}
