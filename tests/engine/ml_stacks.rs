//! Networks, data and machine learning on the simulated AWS: made, and read back from where they are.

use serde_json::{Value, json};

use crate::world::{self, How, World};

const BLUEPRINT: &str = "
version: 1
name: ml
organization:
  home_region: eu-west-1
  account_email: '{name}@example.com'
  trusted_access: [ram.amazonaws.com]
organizational_units:
  Infrastructure: {accounts: [network]}
  Workloads: {accounts: [dev, data]}
stacks:
  net:
    template: network
    in: [network]
    parameters:
      pool: 10.16.0.0/12
      pool_index: 3
      zones: 2
      endpoints: [sagemaker]
      ShareWith: ['arn:aws:organizations::${management}:ou/${organization}/${ou/Workloads}']
  keys: {template: data-keys, in: [data], parameters: {classes: [internal, secret], UserAccounts: ['${account/dev}']}}
  customers:
    template: customer-data-bucket
    in: [data]
    parameters:
      KeyArn: ${stack/data/keys/eu-west-1.SecretKeyArn}
      SourceVpces: ['${stack/network/net/eu-west-1.S3EndpointId}']
  limit: {template: ml-boundary, in: [Workloads]}
  key: {template: data-keys, in: [dev], parameters: {classes: [studio]}}
  studio:
    template: sagemaker-studio
    in: [dev]
    parameters:
      users: [ada@example.com]
      VpcId: ${stack/network/net/eu-west-1.VpcId}
      VpcCidr: ${stack/network/net/eu-west-1.VpcCidr}
      SubnetIds: ${stack/network/net/eu-west-1.PrivateSubnetIds}
      KeyArn: ${stack/dev/key/eu-west-1.StudioKeyArn}
  controls:
    template: control-tower-controls
    in: [management]
    parameters:
      controls: [AWS-GR_ENCRYPTED_VOLUMES]
      TargetArn: arn:aws:organizations::${management}:ou/${organization}/${ou/Workloads}
identity:
  permission_sets: [ml-data-scientist, AWSReadOnlyAccess]
  assignments: {scientists: {ml-data-scientist: [Workloads]}, readers: {AWSReadOnlyAccess: [root]}}
";

/// The properties of all resources of a type, with the names of their accounts, by region.
fn resources(snapshot: &Value, resource_type: &str) -> Vec<(String, Value)> {
    let named = |(account, _, _, properties): (&str, &str, &str, &Value)| {
        let name = snapshot["organization"]["accounts"][account]["name"].as_str().unwrap_or_default();
        (name.to_owned(), properties.clone())
    };
    world::resources(snapshot, resource_type).into_iter().map(named).collect()
}

/// The only resource of a type in an account.
fn only(snapshot: &Value, account: &str, resource_type: &str) -> Value {
    let mut found = resources(snapshot, resource_type);
    found.retain(|(name, _)| name == account);
    assert_eq!(found.len(), 1, "{resource_type} in {account}: {found:?}");
    found.remove(0).1
}

async fn applied() -> Value {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    world.quiet(BLUEPRINT).await;
    world.at_rest().await
}

#[tokio::test(start_paused = true)]
async fn a_network_is_private_and_its_services_are_the_organizations() {
    let snapshot = applied().await;
    let organization = &snapshot["organization"]["id"];
    assert_eq!(only(&snapshot, "network", "AWS::EC2::VPC")["CidrBlock"], "10.19.0.0/16");
    let endpoints = resources(&snapshot, "AWS::EC2::VPCEndpoint");
    assert_eq!(endpoints.len(), 16);
    for (_, endpoint) in &endpoints {
        let condition = &endpoint["PolicyDocument"]["Statement"][0]["Condition"]["StringEquals"];
        assert_eq!(*condition, json!({"aws:PrincipalOrgID": organization, "aws:ResourceOrgID": organization}));
    }
    let named = |name: &str| endpoints.iter().find(|(_, it)| it["ServiceName"] == name).is_some();
    assert!(named("com.amazonaws.eu-west-1.sagemaker.api") && named("aws.sagemaker.eu-west-1.studio"));
    assert_eq!(only(&snapshot, "network", "AWS::RAM::ResourceShare")["AllowExternalPrincipals"], false);
    assert!(only(&snapshot, "network", "AWS::Logs::LogGroup")["KmsKeyId"].is_string());
    assert!(resources(&snapshot, "AWS::EC2::InternetGateway").is_empty());
}

#[tokio::test(start_paused = true)]
async fn data_has_a_key_for_each_class_and_a_bucket_that_only_the_network_reaches() {
    let snapshot = applied().await;
    let mut aliases: Vec<Value> =
        resources(&snapshot, "AWS::KMS::Alias").into_iter().map(|(_, alias)| alias["AliasName"].clone()).collect();
    aliases.sort_by_key(Value::to_string);
    assert_eq!(aliases, ["alias/data-internal", "alias/data-secret", "alias/data-studio"]);
    assert!(resources(&snapshot, "AWS::KMS::Key").iter().all(|(_, key)| key["EnableKeyRotation"] == true));
    let buckets = resources(&snapshot, "AWS::S3::Bucket");
    assert_eq!(buckets.len(), 2);
    for (_, bucket) in &buckets {
        assert!(bucket["PublicAccessBlockConfiguration"].as_object().unwrap().values().all(|blocked| blocked == true));
    }
    let policies = resources(&snapshot, "AWS::S3::BucketPolicy");
    let statements = |(_, policy): &(String, Value)| policy["PolicyDocument"]["Statement"].as_array().unwrap().clone();
    let statements: Vec<Value> = policies.iter().flat_map(statements).collect();
    let endpoint = statements.iter().find(|it| it["Sid"] == "OnlyThroughTheseEndpoints").expect("endpoints are named");
    let endpoint = endpoint["Condition"]["StringNotEqualsIfExists"]["aws:SourceVpce"][0].as_str().unwrap();
    assert!(endpoint.starts_with("vpce-"), "{endpoint}");
}

#[tokio::test(start_paused = true)]
async fn studio_is_in_the_shared_network_behind_the_boundary() {
    let snapshot = applied().await;
    let domain = only(&snapshot, "dev", "AWS::SageMaker::Domain");
    assert_eq!((&domain["AuthMode"], &domain["AppNetworkAccessType"]), (&json!("SSO"), &json!("VpcOnly")));
    assert_eq!(domain["SubnetIds"].as_array().map(Vec::len), Some(2));
    assert_eq!(only(&snapshot, "dev", "AWS::SageMaker::UserProfile")["SingleSignOnUserValue"], "ada@example.com");
    let role = only(&snapshot, "dev", "AWS::IAM::Role");
    assert!(role["PermissionsBoundary"].as_str().is_some_and(|boundary| boundary.ends_with(":policy/ml-boundary")));
    let boundaries = resources(&snapshot, "AWS::IAM::ManagedPolicy");
    let mut accounts: Vec<&str> = boundaries.iter().map(|(account, _)| account.as_str()).collect();
    accounts.sort_unstable();
    assert_eq!(accounts, ["data", "dev"]);
}

#[tokio::test(start_paused = true)]
async fn controls_are_enabled_on_the_unit_and_people_have_the_built_in_sets() {
    let snapshot = applied().await;
    let controls = resources(&snapshot, "AWS::ControlTower::EnabledControl");
    assert_eq!(controls.len(), 1);
    assert_eq!(controls[0].1["ControlIdentifier"], "arn:aws:controltower:eu-west-1::control/AWS-GR_ENCRYPTED_VOLUMES");
    let sets = snapshot["identity_center"]["permission_sets"].to_string();
    assert!(sets.contains("ml-data-scientist") && sets.contains("job-function/ViewOnlyAccess"), "{sets}");
}

#[tokio::test(start_paused = true)]
async fn endpoints_in_zones_without_their_service_are_reported_before_the_network_is_made() {
    let text = |sections: &str| {
        format!(
            "version: 1\nname: net\norganization: {{home_region: eu-west-1, account_email: '{{name}}@example.com'}}\n{sections}"
        )
    };
    let network = |zones: &str| {
        let parameters = format!("{{cidr: 10.0.0.0/16, zones: 2, endpoints: [sts]{zones}}}");
        let stack = format!("{{template: network, in: [network], parameters: {parameters}}}");
        text(&format!("accounts: [network]\nstacks: {{net: {stack}}}\n"))
    };
    // In an account that is there, and in one that the plan makes.
    for before in ["accounts: [network]\n", ""] {
        let world = World::new();
        world.applied(&text(before), How::default()).await;
        let two = json!({"eu-west-1": {"sts": ["euw1-az1", "euw1-az2"]}});
        world.sandbox.edit(|state| state["endpoint_zones"] = two).expect("it is a state");
        let plan = |text: String| {
            let world = &world;
            async move { world.plan(&text).await.expect("it can be planned").plan }
        };
        let lacks = "com.amazonaws.eu-west-1.sts is not in euw1-az3";
        let chosen_by_aws = plan(network("")).await;
        let note = chosen_by_aws.notes.iter().find(|note| note.what.contains(lacks)).expect("it is reported");
        assert!(note.what.contains("`zone_ids: [euw1-az1, euw1-az2]`"), "{}", note.what);
        let named = plan(network(", zone_ids: [euw1-az2, euw1-az3]")).await;
        let codes: Vec<&str> = named.refusals.iter().map(|refusal| refusal.code.as_str()).collect();
        assert_eq!(codes, ["endpoint-zones"]);
        assert!(named.refusals[0].message.contains(lacks), "{:?}", named.refusals);
        let good = network(", zone_ids: [euw1-az1, euw1-az2]");
        world.applied(&good, How::default()).await;
        let quiet = world.quiet(&good).await;
        assert!(!quiet.api_calls.by_operation.contains_key("ec2:DescribeVpcEndpointServices"));
    }
}
