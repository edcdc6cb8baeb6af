//! What accounts have already, made by hand, where a stack is about to make it.

use std::sync::Arc;

use landing::engine::ApplyError;
use landing::model::{Plan, Refusal};
use landing_sandbox::{Attempt, Authorizer, Denial, Options, Policies};
use serde_json::{Value, json};

use super::world::{DESTROY, How, World, resources};

const HEAD: &str = "
version: 1
name: zone
organization:
  home_region: eu-west-1
  regions: [eu-west-1, us-east-1]
  account_email: '{name}@example.com'
organizational_units:
  Security: {accounts: [logs, audit]}
  Work: {accounts: [a, b, c]}
";

fn with(stacks: &str) -> String {
    format!("{HEAD}stacks:\n{stacks}")
}

/// The organization and its accounts, with nothing in them.
async fn world() -> World {
    let world = World::new();
    world.applied(HEAD, How::default()).await;
    world
}

/// The id of an account by its name.
fn id(world: &World, name: &str) -> String {
    let snapshot = world.sandbox.snapshot();
    if name == "management" {
        return snapshot["management"]["id"].as_str().expect("it has an id").to_owned();
    }
    let accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts");
    accounts.iter().find(|(_, account)| account["name"] == name).expect("it is there").0.clone()
}

/// Makes something in an account's region that no stack has.
fn occupy(world: &World, account: &str, region: &str, resource_type: &str, id_of_it: &str, properties: &Value) {
    let account = id(world, account);
    let made = json!({"properties": properties, "attributes": {}, "tags": {}, "stack": ""});
    world
        .sandbox
        .edit(|state| state["resources"][&account][region][resource_type][id_of_it] = made)
        .expect("the state can be edited");
}

async fn plan(world: &World, text: &str) -> Plan {
    world.plan(text).await.expect("it can be planned").plan
}

/// The only refusal of a plan, which no apply carries out.
async fn refused(world: &World, text: &str) -> Refusal {
    let before = world.sandbox.snapshot();
    let error = world.apply(text, How::default()).await.expect_err("it is refused");
    assert!(matches!(error, ApplyError::Refused { .. }), "{error:?}");
    assert_eq!(world.sandbox.snapshot()["resources"], before["resources"], "something was done all the same");
    let [refusal] = plan(world, text).await.refusals.try_into().expect("there is one refusal");
    assert_eq!(refusal.code, "occupied");
    refusal
}

async fn applied_and_quiet(world: &World, text: &str) -> Plan {
    world.applied(text, How::default()).await;
    world.at_rest().await;
    world.quiet(text).await
}

const RECORDER: &str = "AWS::Config::ConfigurationRecorder";
const DETECTOR: &str = "AWS::GuardDuty::Detector";

const RECORDERS: &str = "
  log-archive: {template: log-archive, in: [logs], parameters: {bucket_prefix: acme}}
  recorder:
    template: config-recorder
    in: [Work]
    regions: [eu-west-1, us-east-1]
    parameters: {BucketName: '${stack/logs/log-archive/eu-west-1.ConfigBucketName}'}
";

#[tokio::test(start_paused = true)]
async fn of_a_stack_sets_three_accounts_the_one_that_has_a_recorder_is_named_and_can_be_left_out() {
    let world = world().await;
    occupy(&world, "b", "eu-west-1", RECORDER, "theirs", &json!({"Name": "theirs"}));
    occupy(&world, "b", "eu-west-1", "AWS::Config::DeliveryChannel", "theirs", &json!({"Name": "theirs"}));
    let text = with(RECORDERS);
    let refusal = refused(&world, &text).await;
    let expected = "the stack recorder would make what is there already: AWS Config's delivery channel theirs is in \
        account/b, eu-west-1; AWS Config's recorder theirs is in account/b, eu-west-1";
    assert_eq!(refusal.message, expected);
    let line = "existing: [\"${account/b}/eu-west-1\"]";
    assert!(refusal.help.contains(line), "{}", refusal.help);
    assert!(refusal.help.contains("aws configservice delete-configuration-recorder"), "{}", refusal.help);
    applied_and_quiet(&world, &text.replace("{BucketName", &format!("{{{line}, BucketName"))).await;
    let snapshot = world.sandbox.snapshot();
    assert_eq!(resources(&snapshot, RECORDER).len(), 3 * 2, "all but one are landing's");
    assert_eq!(snapshot["resources"][id(&world, "b")]["eu-west-1"][RECORDER]["theirs"]["stack"], "");
}

/// What is there by hand in an account, the stack that would make it, and the line that leaves it as it is.
struct Case {
    account: &'static str,
    resource_type: &'static str,
    id: String,
    properties: Value,
    stack: &'static str,
    line: String,
}

fn cases(world: &World) -> Vec<Case> {
    let (management, audit, logs) = (id(world, "management"), id(world, "audit"), id(world, "logs"));
    let case = |account, resource_type, id: &str, properties, stack, line: &str| Case {
        account,
        resource_type,
        id: id.to_owned(),
        properties,
        stack,
        line: line.to_owned(),
    };
    let trail = format!("arn:aws:cloudtrail:eu-west-1:{management}:trail/organization-trail");
    let bucket = format!("acme-trail-{logs}-eu-west-1");
    let analyzer = format!("arn:aws:access-analyzer:eu-west-1:{audit}:analyzer/organization-external-access");
    vec![
        case(
            "audit",
            DETECTOR,
            "12abc34d567e8fa901bc2d34e56789f0",
            json!({"Enable": true}),
            "  watch: {template: guardduty, in: [audit], parameters: {features: []}}\n",
            "existing: [\"${account/audit}/eu-west-1\"]",
        ),
        case(
            "logs",
            "AWS::S3::Bucket",
            &bucket,
            json!({"BucketName": bucket}),
            "  archive: {template: log-archive, in: [logs], parameters: {bucket_prefix: acme}}\n",
            &format!("existing: {{trail_bucket: \"{bucket}\"}}"),
        ),
        case(
            "management",
            "AWS::CloudTrail::Trail",
            "organization-trail",
            json!({"IsMultiRegionTrail": true}),
            "  trail: {template: organization-trail, in: [management], parameters: {BucketName: b, KeyArn: k}}\n",
            &format!("existing: {{trail: \"{trail}\"}}"),
        ),
        case(
            "audit",
            "AWS::AccessAnalyzer::Analyzer",
            &analyzer,
            json!({"Type": "ORGANIZATION"}),
            "  roles: {template: service-linked-roles, in: [management], parameters: {services: [access-analyzer.amazonaws.com]}}\n  \
               analyzer: {template: access-analyzer, in: [audit], parameters: {unused_days: 30}}\n",
            "existing: [external-access]",
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_reported_with_the_line_that_leaves_it_and_that_line_works() {
    for nth in 0..4 {
        let world = world().await;
        let case = cases(&world).swap_remove(nth);
        occupy(&world, case.account, "eu-west-1", case.resource_type, &case.id, &case.properties);
        if case.resource_type == "AWS::CloudTrail::Trail" {
            let arn = case.line.split('"').nth(1).expect("the line names it").to_owned();
            let account = id(&world, "management");
            let path = |state: &mut Value| {
                state["resources"][&account]["eu-west-1"]["AWS::CloudTrail::Trail"][&case.id]["attributes"] =
                    json!({"Arn": arn});
            };
            world.sandbox.edit(path).expect("the state can be edited");
        }
        let text = with(case.stack);
        let refusal = refused(&world, &text).await;
        assert!(refusal.help.contains(&format!("`{}`", case.line)), "{}: {}", case.resource_type, refusal.help);
        let (before, parameters) = text.rsplit_once("parameters: {").expect("it has parameters");
        let written = format!("{before}parameters: {{{}, {parameters}", case.line);
        applied_and_quiet(&world, &written).await;
        let snapshot = world.sandbox.snapshot();
        let there = &snapshot["resources"][id(&world, case.account)]["eu-west-1"][case.resource_type][&case.id];
        assert_eq!(there["stack"], "", "{} was taken over", case.resource_type);
    }
}

const HUB: &str = "  administrator: {template: security-hub-administrator, in: [management], parameters: {AdministratorId: '${account/audit}'}}
  hub: {template: security-hub, in: [audit], parameters: {existing: false}}
";

#[tokio::test(start_paused = true)]
async fn a_hub_that_is_there_is_reported() {
    let world = world().await;
    let arn = format!("arn:aws:securityhub:eu-west-1:{}:hub/default", id(&world, "audit"));
    occupy(&world, "audit", "eu-west-1", "AWS::SecurityHub::Hub", &arn, &json!({}));
    let refusal = refused(&world, &with(HUB)).await;
    assert!(
        refusal.message.contains(&format!("Security Hub's hub {arn} is in account/audit, eu-west-1")),
        "{refusal:?}"
    );
    assert!(refusal.help.contains("`existing: true`"), "{}", refusal.help);
    applied_and_quiet(&world, &with(&HUB.replace("existing: false", "existing: true"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_bucket_of_someone_else_is_reported_otherwise_than_ones_own() {
    let world = world().await;
    let name = format!("acme-config-{}-eu-west-1", id(&world, "logs"));
    occupy(&world, "c", "us-east-1", "AWS::S3::Bucket", &name, &json!({"BucketName": name}));
    let archive = "  archive: {template: log-archive, in: [logs], parameters: {bucket_prefix: acme}}\n";
    let refusal = refused(&world, &with(archive)).await;
    assert!(refusal.message.contains(&format!("a bucket {name}, in another account, is in")), "{}", refusal.message);
    assert!(!refusal.help.contains("existing") && refusal.help.contains("another name"), "{}", refusal.help);
    applied_and_quiet(&world, &with(&archive.replace("acme", "other"))).await;
}

/// Whoever lacks s3:ListBucket, where S3 says 403 even of names that are free.
#[derive(Debug)]
struct NoHeads;

impl Authorizer for NoHeads {
    fn denial(&self, call: &Attempt<'_>, _: &Policies<'_>) -> Option<Denial> {
        (call.operation == "HeadBucket").then(|| Denial {
            action: "s3:ListBucket".into(),
            resource: "*".into(),
            reason: "because no identity-based policy allows the s3:ListBucket action".into(),
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_the_caller_may_not_ask_about_is_not_taken_for_another_account_s() {
    let world = world().await;
    let name = format!("acme-config-{}-eu-west-1", id(&world, "logs"));
    let archive = with("  archive: {template: log-archive, in: [logs], parameters: {bucket_prefix: acme}}\n");
    world.sandbox.set_options(Options { authorizer: Some(Arc::new(NoHeads)), ..Options::default() });
    assert_eq!(plan(&world, &archive).await.refusals, []);
    // The account's own are listed.
    occupy(&world, "logs", "eu-west-1", "AWS::S3::Bucket", &name, &json!({"BucketName": name}));
    let refusal = refused(&world, &archive).await;
    assert!(refusal.message.contains(&format!("the bucket {name} is in")), "{}", refusal.message);
}

const DETECTORS: &str = "  watch: {template: guardduty, in: [audit], regions: [eu-west-1, us-east-1]}\n";

/// How often a plan called what is only called to see what is there already.
fn asked(plan: &Plan) -> u64 {
    let services =
        ["config:", "guardduty:", "securityhub:", "access-analyzer:", "cloudtrail:", "logs:", "kms:", "s3:", "iam:"];
    let calls = plan.api_calls.by_operation.iter();
    calls.filter(|(name, _)| services.iter().any(|service| name.starts_with(service))).map(|(_, count)| *count).sum()
}

#[tokio::test(start_paused = true)]
async fn only_accounts_that_are_there_are_asked_and_only_where_something_will_be_made() {
    let text = with(&format!("{RECORDERS}{DETECTORS}"));
    let empty = World::new();
    assert_eq!(asked(&plan(&empty, &text).await), 0, "there are no accounts");
    let world = world().await;
    let first = plan(&world, &text).await;
    let calls = |name: &str| first.api_calls.by_operation.get(name).copied();
    assert_eq!(calls("config:DescribeConfigurationRecorders"), Some(3 * 2));
    assert_eq!(calls("config:DescribeDeliveryChannels"), Some(3 * 2));
    assert_eq!(calls("guardduty:ListDetectors"), Some(2));
    assert_eq!(asked(&applied_and_quiet(&world, &text).await), 0, "nothing will be made");
    let changed = text.replace("in: [audit],", "in: [audit], tags: {team: security},");
    assert_eq!(asked(&plan(&world, &changed).await), 0, "nothing is made by a change of tags");
}

#[tokio::test(start_paused = true)]
async fn what_an_update_adds_is_asked_about() {
    let world = world().await;
    let one = with("  watch: {template: guardduty, in: [audit], parameters: {existing: ['${account/audit}']}}\n");
    applied_and_quiet(&world, &one).await;
    occupy(&world, "audit", "eu-west-1", DETECTOR, "12abc34d567e8fa901bc2d34e56789f0", &json!({"Enable": true}));
    let refusal = refused(&world, &with("  watch: {template: guardduty, in: [audit]}\n")).await;
    assert!(refusal.message.contains("GuardDuty's detector 12abc34d567e8fa901bc2d34e56789f0"), "{}", refusal.message);
}

#[tokio::test(start_paused = true)]
async fn what_a_stack_of_ours_frees_in_the_same_plan_stands_in_unmanaged_way() {
    let world = world().await;
    world.applied(&with(DETECTORS), How::default()).await;
    let renamed = with(&DETECTORS.replace("watch:", "lookout:"));
    world.applied(&renamed, DESTROY).await;
    let snapshot = world.sandbox.snapshot();
    assert_eq!(resources(&snapshot, DETECTOR).len(), 2);
    world.quiet(&renamed).await;
    let both = with(&format!("{DETECTORS}{}", DETECTORS.replace("watch:", "lookout:")));
    let refusal = refused(&world, &both).await;
    assert!(refusal.message.contains("of the stack lookout is in account/audit"), "{}", refusal.message);
}

#[tokio::test(start_paused = true)]
async fn stacks_that_a_set_leaves_behind_stand_in_the_way_of_the_next() {
    let world = world().await;
    let set = "  watch: {template: guardduty, in: [Work]}\n";
    applied_and_quiet(&world, &with(set)).await;
    let error = world.apply(&with(&set.replace("watch", "lookout")), DESTROY).await.expect_err("it is refused");
    let ApplyError::Refused { refusals, .. } = &error else { panic!("{error:?}") };
    assert!(refusals[0].message.contains("of the stack StackSet-watch-"), "{refusals:?}");
    let goes = set.replace("in: [Work]", "in: [Work], auto_deployment: {retain_stacks_on_account_removal: false}");
    applied_and_quiet(&world, &with(&goes)).await;
    world.applied(&with(&goes.replace("watch", "lookout")), DESTROY).await;
    assert_eq!(resources(&world.sandbox.snapshot(), DETECTOR).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_moves_to_a_stack_sets_unit_is_asked() {
    let world = world().await;
    let text = with("  watch: {template: guardduty, in: [Work]}\n");
    applied_and_quiet(&world, &text).await;
    occupy(&world, "audit", "eu-west-1", DETECTOR, "12abc34d567e8fa901bc2d34e56789f0", &json!({"Enable": true}));
    let moved = text.replace("[logs, audit]", "[logs]").replace("[a, b, c]", "[a, b, c, audit]");
    let refusal = refused(&world, &moved).await;
    assert!(refusal.message.contains("is in account/audit, eu-west-1"), "{}", refusal.message);
    assert!(refusal.help.contains("existing: [\"${account/audit}/eu-west-1\"]"), "{}", refusal.help);
}

#[tokio::test(start_paused = true)]
async fn what_no_one_may_look_at_is_reported_and_stops_nothing() {
    let world = world().await;
    let role = format!("arn:aws:iam::{}:role/OrganizationAccountAccessRole", id(&world, "audit"));
    world
        .sandbox
        .edit(|state| state["principals"][&role] = json!({"deny": ["guardduty:ListDetectors"]}))
        .expect("it is JSON");
    let text = with(DETECTORS);
    let reported = plan(&world, &text).await;
    assert!(reported.refusals.is_empty(), "{:?}", reported.refusals);
    assert!(
        reported.undetected.iter().any(|it| it.why.contains("guardduty:ListDetectors")),
        "{:?}",
        reported.undetected
    );
    applied_and_quiet(&world, &text).await;
}

#[tokio::test(start_paused = true)]
async fn names_of_a_users_own_template_are_asked_about_too() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("occupied");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let template = "
Parameters: {Team: {Type: String}}
Conditions: {InIreland: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Condition: InIreland, Properties: {LogGroupName: !Sub '/${Team}/app'}}
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: []}}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: !Sub 'alias/${Team}', TargetKeyId: !Ref Key}}
";
    std::fs::write(folder.join("team.yaml"), template).expect("the folder can be written");
    let world = World { folder: Some(folder), ..world().await };
    for region in ["eu-west-1", "us-east-1"] {
        occupy(&world, "a", region, "AWS::Logs::LogGroup", "/red/app", &json!({}));
    }
    occupy(&world, "a", "us-east-1", "AWS::KMS::Alias", "alias/red", &json!({"TargetKeyId": "x"}));
    let stack = "  team: {template: ./team.yaml, in: [a], regions: [eu-west-1, us-east-1], parameters: {Team: red}}\n";
    let refusal = refused(&world, &with(stack)).await;
    let expected = "the stack team would make what is there already: the log group /red/app is in account/a, eu-west-1; \
        the key alias alias/red is in account/a, us-east-1";
    assert_eq!(refusal.message, expected);
    assert!(refusal.help.contains("aws logs delete-log-group --log-group-name /red/app --region eu-west-1"));
}

#[tokio::test(start_paused = true)]
async fn names_in_iam_are_asked_about_in_the_account_and_not_in_each_region() {
    let world = world().await;
    let account = id(&world, "management");
    let provider = format!("arn:aws:iam::{account}:oidc-provider/gitlab.com");
    occupy(&world, "management", "global", "AWS::IAM::OIDCProvider", &provider, &json!({"Url": "https://gitlab.com"}));
    let linked = json!({"AWSServiceName": "access-analyzer.amazonaws.com"});
    occupy(&world, "management", "global", "AWS::IAM::ServiceLinkedRole", "AWSServiceRoleForAccessAnalyzer", &linked);
    world.sandbox.edit(|state| state["roles"][&account] = json!(["landing-plan"])).expect("the state can be edited");
    let stacks = "  landing-roles: {template: landing-roles, in: [management], parameters: {oidc_provider: gitlab.com}}
  linked:
    template: service-linked-roles
    in: [management]
    parameters: {services: [access-analyzer.amazonaws.com]}
";
    let plan = plan(&world, &with(stacks)).await;
    let reported: Vec<_> = plan.refusals.iter().map(|refusal| refusal.message.as_str()).collect();
    let expected = [
        format!(
            "the stack landing-roles would make what is there already: the identity provider {provider} is in \
                management, eu-west-1; the role landing-plan is in management, eu-west-1"
        ),
        "the stack linked would make what is there already: the role AWSServiceRoleForAccessAnalyzer is in management, \
            eu-west-1"
            .to_owned(),
    ];
    assert_eq!(reported, expected);
    let help = &plan.refusals[0].help;
    assert!(help.contains("what can stay") && help.contains("`existing: [identity-provider]`"), "{help}");
    assert!(help.contains("aws iam delete-role --role-name landing-plan"), "{help}");
}
