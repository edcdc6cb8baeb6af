//! What services do not know yet of accounts that joined minutes ago, and of an organization that may share since then.

use std::path::PathBuf;
use std::time::Duration;

use landing_sandbox::{Lags, Options, Timings};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::identity::user;
use super::world::{How, World, resources};

fn lagging(world: World, lags: Lags) -> World {
    world.sandbox.set_options(Options { lags, ..Options::default() });
    world
}

/// How often an operation was refused.
fn refused(world: &World, operation: &str) -> usize {
    let is_refused = |outcome: &landing_sandbox::Outcome| matches!(outcome, landing_sandbox::Outcome::Refused(_));
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
async fn stacks_of_a_stack_set_are_tried_again_once_ram_knows_the_organization() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shares-everywhere");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let unit = json!({"Fn::Sub": "arn:aws:organizations::${Management}:ou/${Organization}/${Unit}"});
    let text = json!({"Type": "String"});
    let template = json!({
        "Parameters": {"Organization": text, "Unit": text, "Management": text},
        "Resources": {"Share": {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "share", "Principals": [unit]}}},
    });
    std::fs::write(folder.join("share.json"), template.to_string()).expect("the target folder can be written");
    let lags = Lags { ram_sharing: Duration::from_secs(400), ..Lags::default() };
    let world = lagging(World { folder: Some(folder), ..World::new() }, lags);
    let text = "version: 1\nname: ours\norganization: {regions: [eu-west-1], trusted_access: [ram.amazonaws.com], \
                account_email: '{name}@example.com'}\n\
                organizational_units: {Work: {accounts: [a, b, c]}}\nstacks:\n  share: {template: ./share.json, in: [Work], \
                parameters: {Organization: '${organization}', Unit: '${ou/Work}', Management: '${management}'}}\n";
    world.applied(text, How::default()).await;
    let snapshot: Value = world.sandbox.snapshot();
    assert_eq!(resources(&snapshot, "AWS::RAM::ResourceShare").len(), 3);
    let retries = world.sandbox.calls().iter().filter(|call| call.operation == "UpdateStackInstances").count();
    assert!(retries > 1, "it lagged");
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

/// A stack set that makes the boundary of a permission set in the accounts of a unit.
fn bounded(accounts: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: '{{name}}@example.com'}}\n\
         organizational_units: {{Work: {{accounts: [{accounts}]}}}}\nstacks: {{limit: {{template: ml-boundary, in: [Work]}}}}\n\
         identity:\n  permission_sets: {{s: {{managed_policies: [ReadOnlyAccess], boundary: {{customer_managed: ml-boundary}}}}}}\n  \
         assignments: {{team: {{s: [Work]}}}}\n"
    )
}

/// Stacks take so long from now on.
fn with_slow_stacks(world: &World, stack: Duration) {
    world.sandbox.set_options(Options { timings: Timings { stack, ..Timings::default() }, ..Options::default() });
}

/// The accounts in which anyone has a permission set, by name.
fn assigned(world: &World) -> Vec<String> {
    let snapshot = world.sandbox.snapshot();
    let sets = snapshot["identity_center"]["permission_sets"].as_object().expect("there are sets");
    let accounts = sets.values().flat_map(|set| set["accounts"].as_object().expect("it has accounts").keys());
    let mut names: Vec<String> = accounts
        .map(|id| snapshot["organization"]["accounts"][id]["name"].as_str().expect("it has a name").to_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test(start_paused = true)]
async fn a_new_account_is_assigned_once_a_stack_set_has_made_the_boundary_of_the_set_there() {
    let world = World::new();
    world.applied(&bounded("one"), How::default()).await;
    with_slow_stacks(&world, Duration::from_secs(400));
    let start = Instant::now();
    world.applied(&bounded("one, two"), How::default()).await;
    assert!((400..500).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(assigned(&world), ["one", "two"]);
    world.quiet(&bounded("one, two")).await;
}

#[tokio::test(start_paused = true)]
async fn an_assignment_waits_fifteen_minutes_for_a_policy_of_a_stack_and_then_names_it() {
    let world = World::new();
    world.applied(&bounded("one"), How::default()).await;
    with_slow_stacks(&world, Duration::from_secs(3_000));
    let start = Instant::now();
    let applied = world.apply(&bounded("one, two"), How::default()).await.expect("it can be applied in part");
    assert!((900..1_000).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let [failure] = applied.outcome.failed.as_slice() else { panic!("{:?}", applied.outcome) };
    assert_eq!(failure.address.as_str(), "assignment/s/group/team@account/two");
    assert!(failure.error.contains(":policy/ml-boundary does not exist"), "{failure:?}");
    assert!(failure.help.as_ref().is_some_and(|help| help.contains("run apply again")), "{failure:?}");
    assert_eq!(assigned(&world), ["one"]);
    // Once the stack is there, the next apply does it.
    world.at_rest().await;
    world.applied(&bounded("one, two"), How::default()).await;
    assert_eq!(assigned(&world), ["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn an_assignment_does_not_wait_for_a_policy_that_no_stack_makes() {
    let world = World::new();
    let text = bounded("one").replace(
        "managed_policies: [ReadOnlyAccess], boundary: {customer_managed: ml-boundary}",
        "customer_managed_policies: [nowhere]",
    );
    let start = Instant::now();
    let applied = world.apply(&text, How::default()).await.expect("it can be applied in part");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let [failure] = applied.outcome.failed.as_slice() else { panic!("{:?}", applied.outcome) };
    assert!(failure.error.contains(":policy/nowhere does not exist"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_a_stack_makes_elsewhere_is_named_where_it_is_missing() {
    let world = World::new();
    let text = bounded("one, two").replace("in: [Work]", "in: [one]");
    let start = Instant::now();
    let applied = world.apply(&text, How::default()).await.expect("it can be applied in part");
    assert!((900..1_000).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let [failure] = applied.outcome.failed.as_slice() else { panic!("{:?}", applied.outcome) };
    assert_eq!(failure.address.as_str(), "assignment/s/group/team@account/two");
    assert!(failure.error.contains(":policy/ml-boundary does not exist"), "{failure:?}");
    assert_eq!(assigned(&world), ["one"]);
}
