//! Stacks whose parameters have other values in single accounts and regions.

use landing::model::{Action, Plan};
use serde_json::Value;

use super::world::{DESTROY, How, World, resources};

const TEMPLATE: &str = r#"{"Parameters": {"Name": {"Type": "String"}, "Show": {"Type": "String", "Default": "plain"}},
  "Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}, "DisplayName": {"Ref": "Show"}}}}}"#;

/// A world whose blueprints may name the template `t.json`.
fn world() -> (World, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("there is a folder");
    std::fs::write(folder.path().join("t.json"), TEMPLATE).expect("it can be written");
    (World { folder: Some(folder.path().to_owned()), ..World::new() }, folder)
}

fn text(within: &str, base: &str, by: &str) -> String {
    format!(
        "version: 1\nname: by\norganization: {{regions: [eu-west-1, us-east-1], account_email: '{{name}}@example.com'}}\n\
         organizational_units: {{W: {{accounts: [a, b]}}, X: {{accounts: [x]}}}}\n\
         stacks:\n  s:\n    template: ./t.json\n    in: {within}\n    regions: [eu-west-1, us-east-1]\n    \
         parameters: {{Name: all{base}}}\n{by}"
    )
}

const BY: &str = "    parameters_by: {accounts: {a: {Show: ours}}, regions: {us-east-1: {Show: east, Name: far}}}\n";

/// Account, region, name and display name of every topic.
fn topics(snapshot: &Value) -> Vec<String> {
    let accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts");
    let all = resources(snapshot, "AWS::SNS::Topic");
    let mut shown: Vec<String> = all
        .iter()
        .map(|(account, region, _, properties)| {
            let name = accounts[*account]["name"].as_str().unwrap_or_default();
            format!("{name} {region} {} {}", properties["TopicName"], properties["DisplayName"])
        })
        .collect();
    shown.sort();
    shown
}

const WANTED: [&str; 4] = [
    r#"a eu-west-1 "all" "ours""#,
    r#"a us-east-1 "far" "ours""#,
    r#"b eu-west-1 "all" "plain""#,
    r#"b us-east-1 "far" "east""#,
];

fn reported(plan: &Plan) -> Vec<String> {
    let fields = |change: &landing::model::Change| {
        let shown = |field: &landing::model::FieldChange| format!("{}: {} {}", field.path, field.before, field.after);
        let of_parameters = change.fields.iter().filter(|field| field.path.starts_with("parameter"));
        of_parameters.map(shown).collect::<Vec<_>>()
    };
    plan.changes.iter().flat_map(fields).collect()
}

fn calls(world: &World, operation: &str) -> usize {
    world.sandbox.calls().iter().filter(|call| call.operation == operation).count()
}

#[tokio::test(start_paused = true)]
async fn a_stack_of_accounts_and_a_stack_set_of_their_unit_come_to_the_same_values() {
    for within in ["[a, b]", "[W]"] {
        let (world, _folder) = world();
        let text = text(within, "", BY);
        world.applied(&text, How::default()).await;
        assert_eq!(topics(&world.at_rest().await), WANTED, "{within}");
        world.quiet(&text).await;
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_of_a_set_have_their_own_values_from_the_first() {
    let (world, _folder) = world();
    world.applied(&text("[W]", "", BY), How::default()).await;
    assert_eq!(calls(&world, "UpdateStackInstances"), 0, "nothing is made with other values and changed then");
    assert_eq!(calls(&world, "UpdateStackSet"), 0);
}

#[tokio::test(start_paused = true)]
async fn values_are_given_changed_and_taken_back_where_the_plan_says() {
    let (world, _folder) = world();
    let none = text("[W, X]", "", "");
    world.applied(&none, How::default()).await;
    let some = text("[W, X]", "", BY);
    let plan = world.plan(&some).await.expect("it can be planned").plan;
    let at = |place: &str, field: &str, before: &str, after: &str| {
        format!("parameter_overrides.account/{place}.{field}: \"{before}\" \"{after}\"")
    };
    let expected = [
        at("a.eu-west-1", "Show", "plain", "ours"),
        at("a.us-east-1", "Name", "all", "far"),
        at("a.us-east-1", "Show", "plain", "ours"),
        at("b.us-east-1", "Name", "all", "far"),
        at("b.us-east-1", "Show", "plain", "east"),
        at("x.us-east-1", "Name", "all", "far"),
        at("x.us-east-1", "Show", "plain", "east"),
    ];
    assert_eq!(reported(&plan), expected);
    world.applied(&some, DESTROY).await;
    assert_eq!(topics(&world.at_rest().await)[..4], WANTED);
    world.quiet(&some).await;
    // The last value of an account goes, and others stay.
    let fewer = text("[W, X]", "", "    parameters_by: {regions: {us-east-1: {Show: east}}}\n");
    let plan = world.plan(&fewer).await.expect("it can be planned").plan;
    assert_eq!(reported(&plan)[0], at("a.eu-west-1", "Show", "ours", "plain"));
    world.applied(&fewer, DESTROY).await;
    let snapshot = world.at_rest().await;
    assert_eq!(topics(&snapshot)[..2], [r#"a eu-west-1 "all" "plain""#, r#"a us-east-1 "all" "east""#]);
    world.quiet(&fewer).await;
}

#[tokio::test(start_paused = true)]
async fn a_value_that_an_instance_is_to_keep_does_not_change_with_the_stack_set_s() {
    let (world, _folder) = world();
    let before = text("[W]", ", Show: ours", "    parameters_by: {accounts: {a: {Show: ours}}}\n");
    world.applied(&before, How::default()).await;
    let after = before.replace(", Show: ours}", ", Show: theirs}");
    let plan = world.plan(&after).await.expect("it can be planned").plan;
    assert_eq!(reported(&plan), ["parameters.Show: \"ours\" \"theirs\""]);
    world.applied(&after, DESTROY).await;
    let shown = topics(&world.at_rest().await);
    assert_eq!(
        (shown[0].as_str(), shown[2].as_str()),
        (r#"a eu-west-1 "all" "ours""#, r#"b eu-west-1 "all" "theirs""#)
    );
    world.quiet(&after).await;
}

#[tokio::test(start_paused = true)]
async fn accounts_with_own_values_that_are_made_in_a_unit_or_move_there_have_them_after_one_apply() {
    let (world, _folder) = world();
    let before = text("[W]", "", BY);
    world.applied(&before, How::default()).await;
    let by = "    parameters_by: {accounts: {a: {Show: ours}, x: {Show: moved}, new: {Show: made}}}\n";
    let after = text("[W]", "", by).replace("[a, b]", "[a, b, x, new]").replace(", X: {accounts: [x]}", ", X: ");
    let plan = world.plan(&after).await.expect("it can be planned").plan;
    let set = plan.changes.iter().find(|change| change.kind == "stack-set").expect("it changes");
    let missing: Vec<&str> = set.fields.iter().filter(|it| it.before == "MISSING").map(|it| it.path.as_str()).collect();
    assert_eq!(
        missing,
        [
            "instances.account/new.eu-west-1",
            "instances.account/new.us-east-1",
            "instances.account/x.eu-west-1",
            "instances.account/x.us-east-1"
        ]
    );
    world.applied(&after, DESTROY).await;
    let shown = topics(&world.at_rest().await);
    let of = |name: &str| shown.iter().filter(|it| it.starts_with(name)).cloned().collect::<Vec<_>>();
    assert_eq!(of("x "), [r#"x eu-west-1 "all" "moved""#, r#"x us-east-1 "all" "moved""#]);
    assert_eq!(of("new "), [r#"new eu-west-1 "all" "made""#, r#"new us-east-1 "all" "made""#]);
    world.quiet(&after).await;
}

/// Changes what an instance has for itself, and what its stack has.
async fn by_hand(world: &World, account: &str, value: &str) {
    let client =
        world.cloud().await.cloudformation(&landing::cloud::AccountAccess::own(), "eu-west-1").await.expect("own");
    let snapshot = world.sandbox.snapshot();
    let mut accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts").iter();
    let id = accounts.find(|(_, it)| it["name"] == account).expect("it is there").0.clone();
    let units = snapshot["organization"]["units"].as_object().expect("there are units");
    let unit = units.iter().find(|(_, unit)| unit["name"] == "W").expect("it is there").0;
    let targets = aws_sdk_cloudformation::types::DeploymentTargets::builder()
        .organizational_unit_ids(unit)
        .accounts(id)
        .account_filter_type(aws_sdk_cloudformation::types::AccountFilterType::Intersection)
        .build();
    let parameter = aws_sdk_cloudformation::types::Parameter::builder();
    let request = client.update_stack_instances().stack_set_name("s").deployment_targets(targets).regions("eu-west-1");
    let own = parameter.parameter_key("Show").parameter_value(value).build();
    request.parameter_overrides(own).send().await.expect("it is changed");
    world.at_rest().await;
}

#[tokio::test(start_paused = true)]
async fn a_value_that_someone_gave_an_instance_is_found_and_taken_back() {
    let (world, _folder) = world();
    let some = text("[W]", "", BY);
    world.applied(&some, How::default()).await;
    by_hand(&world, "b", "by hand").await;
    let plan = world.plan(&some).await.expect("it can be planned").plan;
    assert_eq!(reported(&plan), ["parameter_overrides.account/b.eu-west-1.Show: \"by hand\" \"plain\""]);
    assert_eq!(plan.changes[0].action, Action::Update);
    world.applied(&some, DESTROY).await;
    assert_eq!(topics(&world.at_rest().await), WANTED);
    world.quiet(&some).await;
}

#[tokio::test(start_paused = true)]
async fn where_the_blueprint_gives_none_only_a_deep_look_asks_each_instance() {
    let (mut world, _folder) = world();
    let none = text("[W]", "", "");
    world.applied(&none, How::default()).await;
    by_hand(&world, "b", "by hand").await;
    let before = calls(&world, "DescribeStackInstance");
    world.quiet(&none).await;
    assert_eq!(calls(&world, "DescribeStackInstance"), before);
    world.deep = true;
    let plan = world.plan(&none).await.expect("it can be planned").plan;
    assert_eq!(reported(&plan), ["parameter_overrides.account/b.eu-west-1.Show: \"by hand\" \"plain\""]);
    world.applied(&none, DESTROY).await;
    world.quiet(&none).await;
}
