//! Templates that are too large for a request, on the simulated AWS.

use std::path::PathBuf;

use landing::model::Action;
use landing_sandbox::Options;
use serde_json::{Map, Value, json};

use crate::world::{DESTROY, How, World};

const HEAD: &str = "
version: 1
name: large
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
accounts: [work]
";
const STACKS: &str = "
stacks:
  many:
    template: ./many.json
    in: [work, management]
  few:
    template: ./few.json
    in: [work]
";

/// A template of topics, each with a name that makes it longer.
fn topics(called: &str, count: usize) -> Value {
    let topic = |n: usize| {
        let name = format!("{called}-{n:03}-{}", "x".repeat(200));
        (format!("Topic{n}"), json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}))
    };
    json!({"Resources": (0..count).map(topic).collect::<Map<_, _>>()})
}

/// A world whose blueprints have a large template and a small one.
fn world(name: &str) -> World {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("large-{name}"));
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let files =
        [("many.json", topics("many", 250)), ("few.json", topics("few", 1)), ("more.json", topics("many", 251))];
    for (file, template) in files {
        std::fs::write(folder.join(file), template.to_string()).expect("the target folder can be written");
    }
    World { folder: Some(folder), ..World::new() }
}

fn text() -> String {
    format!("{HEAD}{STACKS}")
}

fn puts(world: &World) -> usize {
    world.sandbox.calls().iter().filter(|call| call.operation == "PutObject").count()
}

#[tokio::test(start_paused = true)]
async fn a_large_template_comes_from_the_bucket_that_landing_makes_for_it() {
    let world = world("made");
    let plan = world.plan(&text()).await.expect("it can be planned").plan;
    let change = |address: &str| plan.changes.iter().find(|change| change.address.as_str() == address);
    let bucket = "stack/management/landing-templates/eu-west-1";
    assert!(change(bucket).is_some(), "{:#?}", plan.changes);
    for (address, waits) in [("stack/work/many/eu-west-1", true), ("stack/work/few/eu-west-1", false)] {
        let needs = &change(address).expect("it is planned").needs;
        assert_eq!(needs.iter().any(|need| need.as_str() == bucket), waits, "{address}");
    }
    world.applied(&text(), How::default()).await;
    assert_eq!(puts(&world), 2, "only the large template is put, once for each account");
    world.quiet(&text()).await;

    let changed = text().replace("many.json", "more.json");
    let plan = world.plan(&changed).await.expect("it can be planned").plan;
    let fields = |action| plan.changes.iter().filter(move |it| it.action == action).flat_map(|it| &it.fields);
    let paths: Vec<&str> = fields(Action::Update).map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["resources.Topic250", "resources.Topic250"]);
    world.applied(&changed, How::default()).await;
    world.quiet(&changed).await;
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_the_blueprint_names_is_used_instead() {
    let world = world("named");
    let owner = format!("{HEAD}stacks:\n  landing-templates: {{template: landing-templates, in: [management]}}\n");
    world.applied(&owner, How::default()).await;
    let bucket = bucket_name(&world).await;
    let text = text().replace("regions:", &format!("template_bucket: {bucket}, regions:"));
    let without_its_stack = world.plan(&text).await.expect("it can be planned").plan;
    let actions: Vec<(&str, Action)> =
        without_its_stack.changes.iter().map(|it| (it.address.as_str(), it.action)).collect();
    assert!(actions.contains(&("stack/management/landing-templates/eu-west-1", Action::Delete)), "{actions:?}");
    world.applied(&text, DESTROY).await;
    assert_eq!(puts(&world), 2);
    world.quiet(&text).await;
}

/// Gives the bucket to a member account, with a policy that lets the whole organization use it.
fn give_away(world: &World, bucket: &str) {
    let edited = world.sandbox.edit(|state| {
        let accounts = state["organization"]["accounts"].as_object().expect("there are accounts");
        let member = accounts.iter().find(|(_, account)| account["name"] == "work").expect("it was made").0.clone();
        for kind in ["AWS::S3::Bucket", "AWS::S3::BucketPolicy"] {
            let moved = state["resources"]["111111111111"]["eu-west-1"][kind].take();
            assert!(moved.to_string().contains(bucket), "{moved}");
            state["resources"][&member]["eu-west-1"][kind] = moved;
            state["resources"]["111111111111"]["eu-west-1"][kind] = json!({});
        }
    });
    edited.expect("the state can be edited");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_put_into_a_bucket_of_that_name_that_belongs_to_another_account() {
    let world = world("others");
    let owner = format!("{HEAD}stacks:\n  landing-templates: {{template: landing-templates, in: [management]}}\n");
    world.applied(&owner, How::default()).await;
    let bucket = bucket_name(&world).await;
    give_away(&world, &bucket);
    let text = text().replace("regions:", &format!("template_bucket: {bucket}, regions:"));
    let applied = world.apply(&text, DESTROY).await.expect("it goes part of the way");
    let failed: Vec<String> = applied.outcome.failed.iter().map(|failure| format!("{failure:?}")).collect();
    assert!(
        failed.iter().any(|failure| failure.contains("s3:PutObject") && failure.contains("AccessDenied")),
        "{failed:?}"
    );
    assert_eq!(world.sandbox.snapshot()["objects"].as_object().map_or(0, Map::len), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stack_set_takes_a_large_template_from_the_bucket_too() {
    let world = world("set");
    let set = "organizational_units: {Work: {accounts: [a, b]}}\nstacks: {many: {template: ./many.json, in: [Work]}}\n";
    let text = format!("{HEAD}{set}");
    world.applied(&text, How::default()).await;
    assert_eq!(puts(&world), 1, "it is put once for all accounts");
    world.quiet(&text).await;
    let changed = text.replace("many.json", "more.json");
    world.applied(&changed, How::default()).await;
    assert_eq!(puts(&world), 2);
    world.quiet(&changed).await;
}

async fn bucket_name(world: &World) -> String {
    let cloud = world.cloud().await;
    let client = cloud.cloudformation(&landing::cloud::AccountAccess::own(), "eu-west-1").await.expect("it is ours");
    let reply = client.describe_stacks().stack_name("landing-templates").send().await.expect("it is there");
    reply.stacks()[0].outputs()[0].output_value().expect("it has a value").to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_is_not_there_stops_only_the_stacks_that_need_it() {
    let world = world("missing");
    let text = text().replace("regions:", "template_bucket: nobodys-bucket, regions:");
    let applied = world.apply(&text, How::default()).await.expect("it goes part of the way");
    let mut failed: Vec<String> = applied.outcome.failed.iter().map(|failure| failure.address.to_string()).collect();
    failed.sort();
    assert_eq!(failed, ["stack/management/many/eu-west-1", "stack/work/many/eu-west-1"]);
    let message = format!("{:?}", applied.outcome.failed[0]);
    assert!(message.contains("NoSuchBucket"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn cut_off_after_any_call_the_large_template_is_put_again() {
    let whole = world("whole");
    whole.applied(&text(), How::default()).await;
    let calls = whole.sandbox.calls().len() as u64;
    for last in (1..calls).step_by(17) {
        let world = world("cut");
        world.sandbox.set_options(Options { cut_after: Some(last), ..Default::default() });
        let _ = world.apply(&text(), How::default()).await;
        world.sandbox.set_options(Options::default());
        world.applied(&text(), How { break_lock: true, ..How::default() }).await;
        world.quiet(&text()).await;
    }
}
