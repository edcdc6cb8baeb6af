//! Organizations as they are met: not in all-features mode, with trusted access that is only half on, with services that
//! designate their administrators themselves, with policy types, GuardDuty and regions that take their time.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_organizations::types::{OrganizationFeatureSet, PolicyType};
use landing::engine::{Applied, Event, Listener};
use landing::model::Action;
use landing_sandbox::{Lags, Options};
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

fn blueprint(organization: &str, sections: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization:\n  regions: [eu-west-1, us-east-1]\n  account_email: '{{name}}@example.com'\n\
         {organization}{sections}"
    )
}

const POLICY: &str = "policies: {p: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:*', Resource: '*'}}}}\n\
                      organizational_units: {A: {policies: [p], accounts: [audit]}}\n";

async fn changes(world: &World, text: &str) -> Vec<(String, Action)> {
    let draft = world.plan(text).await.expect("it can be planned");
    draft.plan.changes.into_iter().map(|change| (change.address.to_string(), change.action)).collect()
}

fn lagging(lags: Lags) -> World {
    let world = World::new();
    world.sandbox.set_options(Options { lags, ..Options::default() });
    world
}

fn id(world: &World, name: &str) -> String {
    let snapshot = world.sandbox.snapshot();
    let mut accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts").iter();
    accounts.find(|(_, account)| account["name"] == name).expect("the account is there").0.clone()
}

/// How often an operation was called and done.
fn calls(world: &World, operation: &str) -> usize {
    let calls = world.sandbox.calls();
    calls.iter().filter(|call| call.operation == operation && call.outcome == landing_sandbox::Outcome::Done).count()
}

async fn with_consolidated_billing(world: &World) {
    let client = world.cloud().await.organizations.clone();
    let billing = OrganizationFeatureSet::ConsolidatedBilling;
    client.create_organization().feature_set(billing).send().await.expect("it is made");
}

/// The caller becomes a user of an account for one act.
async fn accept_as(world: &World, account: &str) {
    let arn = format!("arn:aws:iam::{account}:user/them");
    world.sandbox.edit(|state| state["principals"] = json!({"*": {"arn": arn}})).expect("the state can be edited");
    let snapshot = world.sandbox.snapshot();
    let handshakes = snapshot["organization"]["handshakes"].as_object().expect("there are handshakes");
    let theirs = handshakes.iter().find(|(_, it)| it["account"] == account && it["state"] == "OPEN");
    let id = theirs.expect("there is one").0.clone();
    world.cloud().await.organizations.accept_handshake().handshake_id(id).send().await.expect("it is accepted");
    world.sandbox.edit(|state| state["principals"] = json!({})).expect("the state can be edited");
}

#[tokio::test(start_paused = true)]
async fn an_organization_with_consolidated_billing_gets_all_features_and_then_all_the_rest_in_one_apply() {
    let world = World::new();
    with_consolidated_billing(&world).await;
    let organization = "  trusted_access: [config.amazonaws.com, ram.amazonaws.com]\n  \
                        delegated_administrators: [{service: config.amazonaws.com, account: audit}]\n  \
                        central_root_access: [RootSessions]\n";
    let text = blueprint(organization, POLICY);
    let planned = changes(&world, &text).await;
    assert!(planned.contains(&("organization".into(), Action::Update)), "{planned:?}");
    assert!(planned.contains(&("trusted-access/ram.amazonaws.com".into(), Action::Create)), "{planned:?}");
    world.applied(&text, How::default()).await;
    assert_eq!(world.sandbox.snapshot()["organization"]["feature_set"], "ALL");
    assert_eq!((calls(&world, "EnableAllFeatures"), calls(&world, "AcceptHandshake")), (1, 1));
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn invited_accounts_agree_to_all_features_before_the_management_account_finalizes_them() {
    let world = World::new();
    with_consolidated_billing(&world).await;
    let acquired =
        json!({"222222222222": {"id": "222222222222", "name": "acquired", "email": "root@acquired.example.com"}});
    world.sandbox.edit(|state| state["standalone_accounts"] = acquired).expect("the state can be edited");
    let cloud = world.cloud().await;
    let party = aws_sdk_organizations::types::HandshakeParty::builder()
        .id("222222222222")
        .r#type(aws_sdk_organizations::types::HandshakePartyType::Account)
        .build()
        .expect("it is whole");
    cloud.organizations.invite_account_to_organization().target(party).send().await.expect("it is invited");
    accept_as(&world, "222222222222").await;
    let text = blueprint("", POLICY);
    let waits = |applied: &Applied| applied.outcome.waits.iter().map(|wait| wait.what.clone()).collect::<Vec<_>>();
    let first = world.apply(&text, How::default()).await.expect("it can be applied");
    assert!(waits(&first)[0].contains("each invited account (222222222222) must approve"), "{:?}", waits(&first));
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    assert!(plan.manual.iter().any(|manual| manual.what.contains("222222222222")), "{:?}", plan.manual);
    world.apply(&text, How::default()).await.expect("it can be applied again meanwhile");
    assert_eq!(calls(&world, "AcceptHandshake"), 1, "only the member's own invitation");
    accept_as(&world, "222222222222").await;
    world.applied(&text, How::default()).await;
    assert_eq!(world.sandbox.snapshot()["organization"]["feature_set"], "ALL");
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_policy_type_that_the_feature_set_rules_out_fails_at_once() {
    let world = World::new();
    world.applied(&blueprint("", ""), How::default()).await;
    let sandbox = world.sandbox.clone();
    let listener: Listener = Arc::new(move |event| {
        if matches!(event, Event::Began { .. }) {
            let billing = |state: &mut Value| state["organization"]["feature_set"] = "CONSOLIDATED_BILLING".into();
            sandbox.edit(billing).expect("the state can be edited");
        }
    });
    let start = tokio::time::Instant::now();
    let applied = world.apply_listening(&blueprint("", POLICY), How::default(), listener).await.expect("it is tried");
    let said = format!("{:?}", applied.outcome.failed);
    assert!(said.contains("the organization does not have all features"), "{said}");
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_attached_before_its_policy_type_is_enabled() {
    let world = lagging(Lags { policy_type: Duration::from_secs(120), ..Lags::default() });
    let text = blueprint("", POLICY);
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let refused = world.sandbox.calls();
    let mut refused = refused.iter().filter(|call| call.operation == "AttachPolicy");
    assert!(refused.all(|call| call.outcome == landing_sandbox::Outcome::Done), "it waits instead of asking");
}

#[tokio::test(start_paused = true)]
async fn a_policy_type_that_is_being_enabled_does_not_count_as_enabled() {
    let world = lagging(Lags { policy_type: Duration::from_secs(3_000), ..Lags::default() });
    let client = world.cloud().await.organizations.clone();
    client.create_organization().send().await.expect("it is made");
    let root = client.list_roots().send().await.expect("it answers").roots()[0].id().expect("it has an id").to_owned();
    let enable = client.enable_policy_type().root_id(root).policy_type(PolicyType::ServiceControlPolicy);
    enable.send().await.expect("it is begun");
    let text = blueprint("", POLICY);
    let planned = changes(&world, &text).await;
    assert!(planned.contains(&("policy-type/SERVICE_CONTROL_POLICY".into(), Action::Create)), "{planned:?}");
    let applied = world.apply(&text, How::default()).await.expect("it can be applied");
    let said = format!("{:?}", applied.outcome.failed);
    assert!(said.contains("timed out after 15 min: AWS enables the policy type"), "{said}");
    tokio::time::sleep(Duration::from_secs(3_000)).await;
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_policy_type_goes_before_the_trusted_access_that_it_needs() {
    let world = World::new();
    let text = |state: &str| {
        blueprint(
            &format!(
                "  policy_types: [{{type: security-hub-policy{state}}}, {{type: SECURITYHUB_CSPM_POLICY{state}}}]\n{}",
                if state.is_empty() {
                    ""
                } else {
                    "  trusted_access: [{name: securityhub.amazonaws.com, state: absent}]\n"
                }
            ),
            "",
        )
    };
    let present = text("");
    let draft = world.plan(&present).await.expect("it can be planned");
    let changes = &draft.plan.changes;
    let enabling = changes.iter().find(|change| change.address.as_str() == "policy-type/SECURITYHUB_CSPM_POLICY");
    let needs: Vec<_> = enabling.expect("it is enabled").needs.iter().map(|need| need.as_str()).collect();
    assert!(needs.contains(&"trusted-access/securityhub.amazonaws.com"), "{needs:?}");
    world.applied(&present, How::default()).await;
    world.quiet(&present).await;
    let absent = text(", state: absent");
    world.applied(&absent, DESTROY).await;
    world.quiet(&absent).await;
    assert_eq!(world.sandbox.snapshot()["organization"]["trusted_services"], json!({}));
}

#[tokio::test(start_paused = true)]
async fn trusted_access_that_is_on_in_organizations_alone_is_planned_and_activated() {
    const SERVICES: [&str; 5] = [
        "health.amazonaws.com",
        "member.org.stacksets.cloudformation.amazonaws.com",
        "networkmanager.amazonaws.com",
        "notifications.amazon.com",
        "ram.amazonaws.com",
    ];
    let world = World::new();
    let cloud = world.cloud().await;
    cloud.organizations.create_organization().send().await.expect("it is made");
    for service in SERVICES {
        let enable = cloud.organizations.enable_aws_service_access().service_principal(service);
        enable.send().await.expect("it is enabled");
    }
    let text = blueprint(&format!("  trusted_access: [{}]\n", SERVICES.join(", ")), "");
    let expected: Vec<_> =
        SERVICES.iter().map(|service| (format!("trusted-access/{service}"), Action::Create)).collect();
    assert_eq!(changes(&world, &text).await, expected);
    world.applied(&text, How::default()).await;
    assert_eq!(calls(&world, "ActivateOrganizationsAccess"), 1);
    assert_eq!(calls(&world, "EnableSharingWithAwsOrganization"), 1);
    assert_eq!(calls(&world, "EnableHealthServiceAccessForOrganization"), 1);
    assert_eq!(calls(&world, "StartOrganizationServiceAccessUpdate"), 1);
    assert_eq!(calls(&world, "EnableNotificationsAccessForOrganization"), 1);
    world.quiet(&text).await;
    let absent = SERVICES.map(|service| format!("{{name: {service}, state: absent}}")).join(", ");
    let absent = blueprint(&format!("  trusted_access: [{absent}]\n"), "");
    world.applied(&absent, DESTROY).await;
    world.quiet(&absent).await;
    assert_eq!(calls(&world, "DisableAWSServiceAccess"), 1, "RAM has no call of its own for it");
}

const ADMINISTRATORS: [&str; 7] = [
    "inspector2.amazonaws.com",
    "macie.amazonaws.com",
    "detective.amazonaws.com",
    "securityhub.amazonaws.com",
    "fms.amazonaws.com",
    "ipam.amazonaws.com",
    "cloudtrail.amazonaws.com",
];

fn administered(state: &str) -> String {
    let all = ADMINISTRATORS.map(|service| format!("{{service: {service}, account: audit{state}}}"));
    blueprint(&format!("  delegated_administrators: [{}]\n", all.join(", ")), "accounts: [audit, work]\n")
}

#[tokio::test(start_paused = true)]
async fn services_that_designate_their_administrator_are_reported_so_themselves() {
    let world = World::new();
    let text = administered("");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let (snapshot, audit) = (world.sandbox.snapshot(), id(&world, "audit"));
    for service in &ADMINISTRATORS[..4] {
        let everywhere = json!({"eu-west-1": audit, "us-east-1": audit});
        assert_eq!(snapshot["administrators"][service], everywhere, "{service}");
    }
    assert_eq!(snapshot["administrators"]["fms.amazonaws.com"], json!({"us-east-1": audit}));
    let delegated = snapshot["organization"]["delegated"][&audit].as_object().expect("it administers");
    assert_eq!(delegated.len(), 7, "{delegated:?}");
    assert_eq!(calls(&world, "RegisterDelegatedAdministrator"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_organizations_alone_knows_as_administrator_is_still_designated() {
    let world = World::new();
    world.applied(&blueprint("", "accounts: [audit, work]\n"), How::default()).await;
    let (client, audit) = (world.cloud().await.organizations.clone(), id(&world, "audit"));
    for service in ADMINISTRATORS {
        client.enable_aws_service_access().service_principal(service).send().await.expect("it is trusted");
        let register = client.register_delegated_administrator().account_id(&audit).service_principal(service);
        register.send().await.expect("it is registered");
    }
    let planned = changes(&world, &administered("")).await;
    let designations = planned.iter().filter(|(address, _)| address.starts_with("service-administrator/"));
    assert_eq!(designations.count(), 11, "{planned:?}");
    world.applied(&administered(""), How::default()).await;
    world.quiet(&administered("")).await;
}

#[tokio::test(start_paused = true)]
async fn a_service_keeps_the_administrator_that_it_has_until_a_person_removes_it() {
    let world = World::new();
    world.applied(&administered(""), How::default()).await;
    let other = administered("").replace("account: audit", "account: work");
    let plan = world.plan(&other).await.expect("it can be planned").plan;
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
    let reported = plan.manual.iter().filter(|manual| manual.what.contains("a service has one administrator"));
    assert_eq!(reported.count(), 11, "{:?}", plan.manual);
}

#[tokio::test(start_paused = true)]
async fn administrators_go_where_the_blueprint_says_absent() {
    let world = World::new();
    world.applied(&administered(""), How::default()).await;
    let absent = administered(", state: absent");
    world.applied(&absent, DESTROY).await;
    world.quiet(&absent).await;
    let snapshot = world.sandbox.snapshot();
    let regions = snapshot["administrators"].as_object().into_iter().flatten();
    assert!(regions.into_iter().all(|(_, regions)| *regions == json!({})), "{}", snapshot["administrators"]);
    let left = snapshot["organization"]["delegated"][id(&world, "audit")].as_object().cloned().unwrap_or_default();
    assert_eq!(left.keys().collect::<Vec<_>>(), ["fms.amazonaws.com"], "Firewall Manager's own affair");
}

const GUARDDUTY: &str = include_str!("account-settings.yaml");

#[tokio::test(start_paused = true)]
async fn guardduty_is_configured_once_it_knows_its_administrator() {
    let world = lagging(Lags { guardduty_administrator: Duration::from_secs(90), ..Lags::default() });
    world.applied(GUARDDUTY, How::default()).await;
    assert_eq!(world.sandbox.snapshot()["guardduty"]["eu-west-1"]["auto_enable"], "ALL");
    world.quiet(GUARDDUTY).await;
}

#[tokio::test(start_paused = true)]
async fn what_guardduty_refuses_for_good_fails_at_once_in_its_words() {
    let world = World::new();
    let text = |more: &str| {
        format!(
            "version: 1\nname: ours\norganization:\n  regions: [eu-west-1, ap-east-2]\n  account_email: '{{name}}@example.com'\n  \
             opt_in_regions: [ap-east-2]\n{more}accounts: [audit, {{name: management, email: management@example.com}}]\n\
             stacks: {{guardduty: {{in: [management, audit], regions: [eu-west-1, ap-east-2]}}}}\n"
        )
    };
    world.applied(&text(""), How::default()).await;
    // GuardDuty has no RDS Protection in Taipei.
    let administrator = "{service: guardduty.amazonaws.com, account: audit, protection_plans: [RDS_LOGIN_EVENTS]}";
    let start = tokio::time::Instant::now();
    let text = text(&format!("  delegated_administrators: [{administrator}]\n"));
    let applied = world.apply(&text, How::default()).await.expect("it is tried");
    let said = format!("{:?}", applied.outcome.failed);
    assert!(said.contains("guardduty-administrator/ap-east-2") && said.contains("out-of-range value"), "{said}");
    assert_eq!(applied.outcome.failed.len(), 1, "{said}");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn guardduty_that_does_not_know_its_administrator_in_time_aborts_no_plan_and_is_configured_by_the_next_apply() {
    let world = lagging(Lags { guardduty_administrator: Duration::from_secs(1_000), ..Lags::default() });
    let applied = world.apply(GUARDDUTY, How::default()).await.expect("it is tried");
    assert_eq!(applied.outcome.failed.len(), 2, "{:?}", applied.outcome.failed);
    let planned = changes(&world, GUARDDUTY).await;
    assert!(planned.contains(&("guardduty-administrator/eu-west-1".into(), Action::Update)), "{planned:?}");
    // What is left of the lag is waited for in an update too.
    world.applied(GUARDDUTY, How::default()).await;
    world.quiet(GUARDDUTY).await;
}

fn in_hong_kong(services: &[&str], accounts: &str) -> String {
    let administrators: Vec<String> =
        services.iter().map(|service| format!("{{service: {service}.amazonaws.com, account: audit}}")).collect();
    format!(
        "version: 1\nname: ours\norganization:\n  regions: [eu-west-1, ap-east-1]\n  account_email: '{{name}}@example.com'\n  \
         opt_in_regions: [ap-east-1]\n  delegated_administrators: [{}]\n{accounts}",
        administrators.join(", ")
    )
}

#[tokio::test(start_paused = true)]
async fn a_region_that_the_management_account_has_not_opted_in_to_waits_for_the_opt_in() {
    const ACCOUNTS: &str = "accounts: [audit, {name: management, email: management@example.com}]\n";
    let world = World::new();
    world.applied(&blueprint("", ACCOUNTS), How::default()).await;
    let planned = changes(&world, &in_hong_kong(&["guardduty", "macie"], ACCOUNTS)).await;
    for kind in ["guardduty-administrator/ap-east-1", "service-administrator/macie.amazonaws.com/ap-east-1"] {
        assert!(planned.contains(&(kind.into(), Action::Create)), "{planned:?}");
    }
    let text = in_hong_kong(&["macie"], ACCOUNTS);
    world.applied(&text, How::default()).await;
    let everywhere = json!({"eu-west-1": id(&world, "audit"), "ap-east-1": id(&world, "audit")});
    assert_eq!(world.sandbox.snapshot()["administrators"]["macie.amazonaws.com"], everywhere);
    world.quiet(&text).await;
}

/// A stack, and a setting, in a region that accounts opt in to.
fn opted_in(accounts: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization:\n  regions: [eu-west-1, ap-east-1]\n  account_email: '{{name}}@example.com'\n\
         accounts: [{accounts}]\n\
         account_settings: [{{ebs_encryption: {{regions: [ap-east-1]}}}}]\n\
         stacks: {{guardduty: {{in: [management, audit], regions: [ap-east-1]}}}}\n"
    )
}

#[tokio::test(start_paused = true)]
async fn what_is_made_in_a_region_that_its_account_opts_in_to_is_made_in_the_same_apply() {
    const BOTH: &str = "{name: management, email: management@example.com, opt_in_regions: [ap-east-1]}, \
                        {name: audit, opt_in_regions: [ap-east-1]}";
    for before in ["", "accounts: [audit, {name: management, email: management@example.com}]\n"] {
        let world = World::new();
        world.applied(&blueprint("", before), How::default()).await;
        let plan = world.plan(&opted_in(BOTH)).await.expect("it can be planned").plan;
        assert_eq!((plan.manual.as_slice(), plan.waiting.len()), (&[][..], 0));
        let needs = |address: &str| {
            let change = plan.changes.iter().find(|change| change.address.as_str() == address);
            let change = change.unwrap_or_else(|| panic!("{address} is planned: {:?}", plan.changes));
            change.needs.iter().any(|need| need.as_str() == "region/audit/ap-east-1")
        };
        assert!(needs("stack/audit/guardduty/ap-east-1") && needs("ebs-encryption/audit/ap-east-1"));
        world.applied(&opted_in(BOTH), How::default()).await;
        world.quiet(&opted_in(BOTH)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_no_one_opts_in_to_is_a_manual_step_and_aborts_no_plan() {
    let world = World::new();
    world.applied(&blueprint("", "accounts: [audit]\n"), How::default()).await;
    let plan = world.plan(&in_hong_kong(&["guardduty", "macie"], "accounts: [audit]\n")).await;
    let plan = plan.expect("it can be planned").plan;
    let reported =
        plan.manual.iter().filter(|manual| manual.what.contains("opt in to ap-east-1 in the management account"));
    assert_eq!(reported.count(), 1, "{:?}", plan.manual);
    assert!(!plan.changes.iter().any(|change| change.address.as_str().contains("administrator/ap-east-1")));
    assert!(!plan.changes.iter().any(|change| change.address.as_str().contains("macie.amazonaws.com/ap-east-1")));
}
