//! Stacks and stack sets that exist, taken over with `--stacks`.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_cloudformation::types::{AccountFilterType, Capability, DeploymentTargets, OnFailure, Parameter, Tag};
use landing::cloud::AccountAccess;
use landing::import::{Base, Imported, Options};
use landing::model::{Action, Address, Part};
use landing::outline::Why;
use serde_json::{Value, json};

use super::import::{forget_who_made_it, imported, kept, made_by_hand, options, writes};
use super::picture::stacks;
use super::world::{DESTROY, How, World};

const ACCOUNTS: &str = r#"
version: 1
name: first
organization: {home_region: eu-west-1, account_email: "aws+{name}@example.com"}
organizational_units: {Workloads: {accounts: [a, b]}, Sandbox: {accounts: [c]}}
"#;

/// As people write templates: with comments, short forms and a blank line at the end.
const TOPIC: &str = "# Alarms of an account.
Parameters:
  Shown: {Type: String, Default: alarms}   # what people see
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Sub '${AWS::StackName}-alarms', DisplayName: !Ref Shown}

";

const SECRET: &str = "Parameters: {Word: {Type: String, NoEcho: true}}\n\
                      Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Word}}}\n";

fn account_id(state: &Value, name: &str) -> String {
    let accounts = state["organization"]["accounts"].as_object().expect("there are accounts");
    accounts.iter().find(|(_, account)| account["name"] == name).expect("it is there").0.clone()
}

/// A stack that someone deploys by hand.
struct ByHand<'a> {
    account: &'a str,
    region: &'a str,
    name: &'a str,
    template: &'a str,
    parameters: &'a [(&'a str, &'a str)],
    tags: &'a [(&'a str, &'a str)],
    is_protected: bool,
}

const PLAIN: ByHand<'_> = ByHand {
    account: "a",
    region: "eu-west-1",
    name: "alarms",
    template: TOPIC,
    parameters: &[],
    tags: &[],
    is_protected: false,
};

impl ByHand<'_> {
    async fn deploy(&self, world: &World) {
        let entrance = match self.account {
            "management" => AccountAccess::own(),
            name => AccountAccess {
                account: Some(account_id(&world.sandbox.snapshot(), name)),
                roles: vec!["OrganizationAccountAccessRole".into()],
            },
        };
        let client = world.cloud().await.cloudformation(&entrance, self.region).await.expect("it can be entered");
        let parameter =
            |(key, value): &(&str, &str)| Parameter::builder().parameter_key(*key).parameter_value(*value).build();
        let tag = |(key, value): &(&str, &str)| Tag::builder().key(*key).value(*value).build();
        let request = client.create_stack().stack_name(self.name).template_body(self.template);
        let request = request.set_parameters(Some(self.parameters.iter().map(parameter).collect()));
        let request = request.set_tags((!self.tags.is_empty()).then(|| self.tags.iter().map(tag).collect()));
        let request = request.capabilities(Capability::CapabilityNamedIam).on_failure(OnFailure::Rollback);
        request.enable_termination_protection(self.is_protected).send().await.expect("it is deployed");
    }
}

fn with_stacks() -> Options {
    let regions = ["eu-west-1", "us-east-1"].map(str::to_owned).to_vec();
    Options { parts: Part::ALL.into(), regions, ..options() }
}

async fn world() -> World {
    let world = World::new();
    made_by_hand(&world, ACCOUNTS).await;
    world
}

/// Imports, applies what was written, and makes sure that stacks have no more than tags of landing's after it.
async fn takes_over(world: &mut World) -> Imported {
    let before = stacks(&world.at_rest().await);
    let calls = world.sandbox.calls().len();
    let imported = imported(world, &with_stacks()).await.expect("it can be imported");
    let differences: Vec<String> = imported.proof.differences().collect();
    assert!(imported.proof.holds(), "{differences:#?} {:#?} {:#?}", imported.files, imported.summary.left_out);
    assert_eq!(writes(&world.sandbox.calls()[calls..]), BTreeSet::new(), "an import writes nothing");
    let (_folder, text) = kept(world, &imported.files);
    world.deep = true;
    let applied = world.applied(&text, How::default()).await;
    let is_plain = |change: &landing::model::Change| change.action == Action::Adopt && change.fields.is_empty();
    assert!(applied.plan.changes.iter().all(is_plain), "{:#?}", applied.plan.changes);
    world.at_rest().await;
    world.quiet(&text).await;
    forget_who_made_it(world);
    assert_eq!(stacks(&world.sandbox.snapshot()), before);
    imported
}

#[tokio::test(start_paused = true)]
async fn alike_stacks_of_accounts_are_one_with_the_template_s_own_text() {
    let mut world = world().await;
    for account in ["a", "b"] {
        for region in ["eu-west-1", "us-east-1"] {
            ByHand { account, region, ..PLAIN }.deploy(&world).await;
        }
    }
    let management = ByHand { account: "management", name: "own", tags: &[("team", "x")], is_protected: true, ..PLAIN };
    management.deploy(&world).await;
    ByHand { account: "c", name: "shown", parameters: &[("Shown", "c")], ..PLAIN }.deploy(&world).await;
    ByHand { account: "b", name: "shown", parameters: &[("Shown", "all")], ..PLAIN }.deploy(&world).await;
    ByHand { account: "a", name: "shown", parameters: &[("Shown", "all")], ..PLAIN }.deploy(&world).await;
    let imported = takes_over(&mut world).await;
    assert!(imported.summary.left_out.is_empty(), "{:#?}", imported.summary.left_out);
    assert_eq!(imported.files["stacks/alarms.yaml"], TOPIC);
    let (_, stacks) = imported.files["landing.yaml"].split_once("stacks:\n").expect("it has stacks");
    insta::assert_snapshot!(stacks);
}

/// What is left out for each of these reasons.
fn left_out(imported: &Imported, why: Why) -> Vec<String> {
    let of = imported.summary.left_out.iter().filter(|(_, it)| it.why == why);
    of.map(|(address, it)| format!("{address}: {}", it.reason)).collect()
}

/// Changes the status of a stack.
fn set_status(world: &World, account: &str, name: &str, status: &str) {
    let edit = |state: &mut Value| {
        let id = account_id(state, account);
        state["stacks"]["places"][id]["eu-west-1"]["stacks"][name]["status"] = json!(status);
    };
    world.sandbox.edit(edit).expect("it is a state");
}

#[tokio::test(start_paused = true)]
async fn what_a_blueprint_cannot_say_of_stacks_is_named() {
    let mut world = world().await;
    let other = TOPIC.replace("-alarms", "-others");
    for (account, template) in [("a", TOPIC), ("b", TOPIC), ("c", other.as_str())] {
        ByHand { account, template, ..PLAIN }.deploy(&world).await;
    }
    ByHand { name: "secret", template: SECRET, parameters: &[("Word", "w")], ..PLAIN }.deploy(&world).await;
    ByHand { name: "failed", ..PLAIN }.deploy(&world).await;
    ByHand { name: "stuck", ..PLAIN }.deploy(&world).await;
    world.at_rest().await;
    set_status(&world, "a", "failed", "ROLLBACK_COMPLETE");
    set_status(&world, "a", "stuck", "UPDATE_ROLLBACK_FAILED");
    let imported = takes_over(&mut world).await;
    let reasons = left_out(&imported, Why::NotExpressible);
    assert_eq!(
        reasons,
        [
            "stack/a/failed/eu-west-1: it is ROLLBACK_COMPLETE: CloudFormation does not update it any more",
            "stack/a/secret/eu-west-1: AWS does not show the value of its parameter Word",
            "stack/a/stuck/eu-west-1: it is UPDATE_ROLLBACK_FAILED: CloudFormation has not finished with it, or failed",
            "stack/c/alarms/eu-west-1: stacks of this name in other accounts have another template, other tags or another \
             protection, and a blueprint says one of a name",
        ]
    );
    assert!(imported.summary.left_out.values().all(|it| !it.remedy.is_empty()));
    let text = &imported.files["landing.yaml"];
    assert!(text.contains("alarms: {template: stacks/alarms.yaml, in: [a, b], regions: [eu-west-1]"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn stacks_of_tools_are_named_once_for_each_and_their_templates_not_read() {
    let mut world = world().await;
    for (account, name) in
        [("a", "CDKToolkit"), ("b", "CDKToolkit"), ("a", "AWSAccelerator-Key"), ("c", "StackSet-x-1")]
    {
        ByHand { account, name, ..PLAIN }.deploy(&world).await;
    }
    let before = world.sandbox.calls().len();
    let imported = takes_over(&mut world).await;
    let read = world.sandbox.calls()[before..].iter().filter(|call| call.operation == "GetTemplate").count();
    assert_eq!(read, 0);
    assert_eq!(
        left_out(&imported, Why::OfOthers),
        [
            "stacks of AWS CDK: they are left to AWS CDK; their number: 2",
            "stacks of Landing Zone Accelerator on AWS: they are left to Landing Zone Accelerator on AWS; their number: 1",
            "stacks of stack sets: they are left to stack sets; their number: 1",
        ]
    );
    assert!(imported.summary.gaps().next().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_entered_is_not_taken_for_one_without_stacks() {
    let world = world().await;
    for account in ["a", "b"] {
        ByHand { account, ..PLAIN }.deploy(&world).await;
    }
    let options = Options { access_role: "Elsewhere".into(), ..with_stacks() };
    let reported = imported(&world, &options).await.expect("it can be imported");
    let unknown = left_out(&reported, Why::NotKnown);
    for place in ["stack/a/eu-west-1", "stack/b/us-east-1", "stack/c/eu-west-1"] {
        assert!(unknown.iter().any(|it| it.starts_with(&format!("{place}: "))), "{unknown:?}");
    }
    assert!(!reported.files.keys().any(|path| path.starts_with("stacks/")));
}

#[tokio::test(start_paused = true)]
async fn stacks_outside_of_a_unit_or_in_other_regions_are_not_asked_for() {
    let world = world().await;
    for (account, region) in [("a", "eu-west-1"), ("c", "eu-west-1"), ("c", "us-east-1"), ("management", "eu-west-1")] {
        ByHand { account, region, ..PLAIN }.deploy(&world).await;
    }
    world.at_rest().await;
    let unit = Some(Address::parse("ou/Sandbox"));
    let options = Options { unit, regions: Vec::new(), ..with_stacks() };
    let imported = imported(&world, &options).await.expect("it can be imported");
    assert!(imported.proof.holds() && imported.summary.gaps().next().is_none(), "{:#?}", imported.summary.left_out);
    let text = &imported.files["landing.yaml"];
    assert!(text.contains("alarms: {template: stacks/alarms.yaml, in: [c], regions: [eu-west-1]"), "{text}");
    let not_asked_for = left_out(&imported, Why::NotAskedFor);
    for expected in [
        "stack: stacks of accounts are looked at in eu-west-1 alone",
        "stack/a/alarms/eu-west-1: it is not in ou/Sandbox",
        "stack/management/alarms/eu-west-1: it is not in ou/Sandbox",
    ] {
        assert!(not_asked_for.iter().any(|it| it == expected), "{not_asked_for:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_made_beside_a_blueprint_is_proposed_with_its_template() {
    let world = World::new();
    world.applied(ACCOUNTS, How::default()).await;
    ByHand { account: "b", ..PLAIN }.deploy(&world).await;
    world.at_rest().await;
    let declared = Arc::new(world.declared(ACCOUNTS));
    let into = Some(Base { declared, taken: BTreeSet::from(["stacks/alarms.yaml".to_owned()]) });
    let options = Options { main: "imported.yaml".into(), name: "first".into(), into, ..with_stacks() };
    let imported = imported(&world, &options).await.expect("it can be imported");
    let differences: Vec<String> = imported.proof.differences().collect();
    assert!(imported.proof.holds(), "{differences:#?} {:#?}", imported.files);
    let text = &imported.files["imported.yaml"];
    assert!(text.contains("alarms: {template: stacks/alarms-2.yaml, in: [b], regions: [eu-west-1]"), "{text}");
    assert_eq!(imported.files["stacks/alarms-2.yaml"], TOPIC);
}

const SETS: &str = r#"
version: 1
name: first
organization: {home_region: eu-west-1, account_email: "aws+{name}@example.com"}
organizational_units: {Workloads: {accounts: [a, b]}, Sandbox: {accounts: [c]}}
stacks:
  alarms:
    template: ./t.yaml
    in: [Workloads, Sandbox]
    regions: [eu-west-1, us-east-1]
    parameters: {Shown: all}
    parameters_by: {accounts: {b: {Shown: own}}, regions: {us-east-1: {Shown: far}}}
"#;

async fn with_sets() -> (World, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("there is a folder");
    std::fs::write(folder.path().join("t.yaml"), TOPIC).expect("it can be written");
    let world = World { folder: Some(folder.path().to_owned()), ..World::new() };
    world.applied(SETS, DESTROY).await;
    world.at_rest().await;
    forget_who_made_it(&world);
    (world, folder)
}

#[tokio::test(start_paused = true)]
async fn values_that_instances_of_a_stack_set_have_for_themselves_are_taken_over() {
    let (mut world, _folder) = with_sets().await;
    ByHand { account: "management", ..PLAIN }.deploy(&world).await;
    let imported = takes_over(&mut world).await;
    let reason =
        "stack/management/alarms/eu-west-1: stack-set/alarms has its name, and a blueprint says one stack of a name";
    assert_eq!(left_out(&imported, Why::NotExpressible), [reason]);
    let text = &imported.files["landing.yaml"];
    let by = "parameters_by: {accounts: {b: {Shown: own}}, regions: {us-east-1: {Shown: far}}}";
    assert!(text.contains(by), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_set_with_other_regions_in_one_account_is_named() {
    let (mut world, _folder) = with_sets().await;
    let client = world.cloud().await.cloudformation(&AccountAccess::own(), "eu-west-1").await.expect("own");
    let state = world.sandbox.snapshot();
    let units = state["organization"]["units"].as_object().expect("there are units");
    let unit = units.iter().find(|(_, unit)| unit["name"] == "Workloads").expect("it is there").0;
    let targets = DeploymentTargets::builder().organizational_unit_ids(unit).accounts(account_id(&state, "a"));
    let targets = targets.account_filter_type(AccountFilterType::Intersection).build();
    let request = client.delete_stack_instances().stack_set_name("alarms").deployment_targets(targets);
    request.regions("us-east-1").retain_stacks(false).send().await.expect("it is deleted");
    let imported = takes_over(&mut world).await;
    let reason = "stack-set/alarms: account/a has no stack of it in us-east-1 and has one in another region";
    assert_eq!(left_out(&imported, Why::NotExpressible), [reason]);
    assert!(!imported.files["landing.yaml"].contains("alarms"));
}

#[tokio::test(start_paused = true)]
async fn what_aws_does_not_report_stacks_is_not_taken_for_absent() {
    let (world, _folder) = with_sets().await;
    ByHand { account: "management", name: "mine", ..PLAIN }.deploy(&world).await;
    let state = world.at_rest().await;
    let management = state["management"]["id"].as_str().expect("there is a management account").to_owned();
    for action in [
        "sts:AssumeRole",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:ListStackSets",
        "cloudformation:DescribeStackSet",
        "cloudformation:ListStackInstances",
        "cloudformation:DescribeStackInstance",
        "cloudformation:ListStackSetAutoDeploymentTargets",
    ] {
        let denied = |now: &mut Value| {
            *now = state.clone();
            now["principals"] =
                json!({"*": {"arn": format!("arn:aws:iam::{management}:user/admin"), "deny": [action]}});
        };
        world.sandbox.edit(denied).expect("it is a state");
        let imported = imported(&world, &with_stacks()).await.unwrap_or_else(|error| panic!("{action}: {error:?}"));
        let is_shown = imported.summary.gaps().any(|(_, it)| it.reason.contains(action));
        assert!(is_shown, "{action}: {:#?}", imported.summary.left_out);
        let differences: Vec<String> = imported.proof.differences().collect();
        assert!(imported.proof.holds(), "{action}: {differences:#?}");
    }
}
