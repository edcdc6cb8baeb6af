//! What services do not know yet of accounts that joined minutes ago, and of an organization that may share since then.

use std::path::PathBuf;
use std::time::Duration;

use landing::sandbox::{Lags, Options};
use serde_json::{Map, Value, json};

use super::identity::user;
use super::world::{How, World, resources};

fn lagging(world: World, lags: Lags) -> World {
    world.sandbox.set_options(Options { lags, ..Options::default() });
    world
}

/// How often an operation was refused.
fn refused(world: &World, operation: &str) -> usize {
    let is_refused = |outcome: &landing::sandbox::Outcome| matches!(outcome, landing::sandbox::Outcome::Refused(_));
    let calls = world.sandbox.calls();
    calls.iter().filter(|call| call.operation == operation && is_refused(&call.outcome)).count()
}

#[tokio::test(start_paused = true)]
async fn a_large_template_is_read_once_its_bucket_knows_the_new_account() {
    let topic = |n: usize| {
        let name = format!("many-{n:03}-{}", "x".repeat(200));
        (format!("Topic{n}"), json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}))
    };
    let template = json!({"Resources": (0..250).map(topic).collect::<Map<_, _>>()});
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("newcomers");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    std::fs::write(folder.join("many.json"), template.to_string()).expect("the target folder can be written");
    let lags = Lags { principal_org_id: Duration::from_secs(1_200), ..Lags::default() };
    let world = lagging(World { folder: Some(folder), ..World::new() }, lags);
    let text = "version: 1\nname: large\norganization: {regions: [eu-west-1], account_email: '{name}@example.com'}\n\
                accounts: [work]\nstacks: {many: {template: ./many.json, in: [work]}}\n";
    world.applied(text, How::default()).await;
    assert!(refused(&world, "CreateChangeSet") > 0, "it lagged");
    world.quiet(text).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_account_is_assigned_once_identity_center_knows_it() {
    let lags = Lags { identity_center_account: Duration::from_secs(300), ..Lags::default() };
    let world = lagging(World::new(), lags);
    let head = "version: 1\nname: ours\norganization: {regions: [eu-west-1], account_email: '{name}@example.com'}\n";
    world.applied(&format!("{head}identity: {{}}\n"), How::default()).await;
    user(&world, "ann").await;
    let text = format!(
        "{head}accounts: [new]\nidentity:\n  permission_sets: {{admin: {{managed_policies: [AdministratorAccess]}}}}\n  \
         assignments: {{user/ann: {{admin: [new]}}}}\n"
    );
    world.applied(&text, How::default()).await;
    assert!(refused(&world, "CreateAccountAssignment") > 0, "it lagged");
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_share_is_made_once_ram_knows_the_organization() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shares");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let unit = json!({"Fn::Sub": "arn:aws:organizations::${AWS::AccountId}:ou/${Organization}/${Unit}"});
    let template = json!({
        "Parameters": {"Organization": {"Type": "String"}, "Unit": {"Type": "String"}},
        "Resources": {"Share": {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "share", "Principals": [unit]}}},
    });
    std::fs::write(folder.join("share.json"), template.to_string()).expect("the target folder can be written");
    let lags = Lags { ram_sharing: Duration::from_secs(400), ..Lags::default() };
    let world = lagging(World { folder: Some(folder), ..World::new() }, lags);
    let text = "version: 1\nname: ours\norganization: {regions: [eu-west-1], trusted_access: [ram.amazonaws.com]}\n\
                organizational_units: {Work: }\nstacks:\n  share: {template: ./share.json, in: [management], parameters: \
                {Organization: '${organization}', Unit: '${ou/Work}'}}\n";
    world.applied(text, How::default()).await;
    let snapshot: Value = world.sandbox.snapshot();
    assert_eq!(resources(&snapshot, "AWS::RAM::ResourceShare").len(), 1);
    let executed = world.sandbox.calls().iter().filter(|call| call.operation == "ExecuteChangeSet").count();
    assert!(executed > 1, "it lagged");
    world.quiet(text).await;
}

#[tokio::test(start_paused = true)]
async fn in_an_account_that_comes_later_rules_are_deployed_after_the_recorder() {
    let world = World::new();
    let text = |accounts: &str| {
        format!(
            "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: '{{name}}@example.com'}}\n\
             organizational_units: {{Work: {{accounts: [{accounts}]}}, Security: {{accounts: [logs]}}}}\nstacks:\n  \
             log-archive: {{template: log-archive, in: [logs]}}\n  a-rules: {{template: config-rules, in: [Work], \
             parameters: {{rules: [{{name: r, identifier: ROOT_ACCOUNT_MFA_ENABLED}}]}}}}\n  \
             recorder: {{template: config-recorder, in: [Work], parameters: \
             {{BucketName: '${{stack/logs/log-archive/eu-west-1.ConfigBucketName}}'}}}}\n"
        )
    };
    world.applied(&text("one"), How::default()).await;
    world.quiet(&text("one")).await;
    world.applied(&text("one, two"), How::default()).await;
    world.quiet(&text("one, two")).await;
    let snapshot = world.at_rest().await;
    let failed: Vec<_> = snapshot["stack_sets"]["regions"]["eu-west-1"]["a-rules"]["operations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|operation| operation["status"] != "SUCCEEDED")
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(resources(&snapshot, "AWS::Config::ConfigRule").len(), 2);
}
