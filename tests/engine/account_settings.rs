//! Settings that accounts have of their own, and what services want switched on by calls of their own.

use std::time::Duration;

use landing::engine::ApplyError;
use landing::model::{Action, Plan, Risk};
use landing_sandbox::Options;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::world::{DESTROY, How, World};

const BLUEPRINT: &str = include_str!("account-settings.yaml");

/// The id of an account of the snapshot.
fn id(snapshot: &Value, name: &str) -> String {
    let mut accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts").iter();
    accounts.find(|(_, account)| account["name"] == name).expect("the account is there").0.clone()
}

fn changed(plan: &Plan) -> Vec<(String, Action, Vec<String>)> {
    let fields = |change: &landing::model::Change| change.fields.iter().map(|field| field.path.clone()).collect();
    plan.changes.iter().map(|change| (change.address.to_string(), change.action, fields(change))).collect()
}

#[tokio::test(start_paused = true)]
async fn every_account_and_region_gets_its_settings_in_one_apply_and_the_next_finds_nothing() {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let snapshot = world.sandbox.snapshot();
    let policies = &snapshot["password_policies"];
    for (account, length, age) in [("management", 14, json!(90)), ("audit", 14, json!(90)), ("work", 20, Value::Null)] {
        let policy = &policies[id(&snapshot, account)];
        assert_eq!((&policy["MinimumPasswordLength"], &policy["MaxPasswordAge"]), (&json!(length), &age), "{account}");
        assert_eq!(policy["PasswordReusePrevention"], 24, "{account}");
    }
    let aliases = json!({id(&snapshot, "management"): "settings-management", id(&snapshot, "audit"): "settings-audit",
        id(&snapshot, "work"): "settings-work"});
    assert_eq!(snapshot["account_aliases"], aliases);
    assert_eq!(snapshot["ebs_encryption"].as_array().map(Vec::len), Some(6));
    let work = id(&snapshot, "work");
    let key = json!(format!("arn:aws:kms:us-east-1:{work}:alias/work"));
    assert_eq!(snapshot["ebs_keys"], json!({format!("{work}/us-east-1"): key}));
    let plans = json!({"S3_DATA_EVENTS": "ALL"});
    let guardduty = json!({"administrator": id(&snapshot, "audit"), "auto_enable": "ALL", "features": plans});
    assert_eq!(snapshot["guardduty"], json!({"eu-west-1": guardduty, "us-east-1": guardduty}));
    assert_eq!(snapshot["organization"]["root_access"], json!(["RootCredentialsManagement", "RootSessions"]));
    world.quiet(BLUEPRINT).await;
}

#[tokio::test(start_paused = true)]
async fn what_someone_changes_by_hand_is_found_and_made_good() {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let snapshot = world.sandbox.snapshot();
    let (work, audit) = (id(&snapshot, "work"), id(&snapshot, "audit"));
    let by_hand = |state: &mut Value| {
        state["password_policies"][&work]["RequireNumbers"] = false.into();
        state["password_policies"].as_object_mut().expect("it is a map").remove(&audit);
        state["ebs_encryption"].as_array_mut().expect("it is a list").retain(|it| *it != format!("{audit}/us-east-1"));
        state["ebs_keys"] = json!({});
        state["account_aliases"][&work] = "by-hand".into();
        state["account_aliases"].as_object_mut().expect("it is a map").remove(&audit);
        state["guardduty"]["us-east-1"]["auto_enable"] = "NONE".into();
        state["guardduty"]["eu-west-1"]["features"] = json!({"S3_DATA_EVENTS": "NONE", "RDS_LOGIN_EVENTS": "ALL"});
        state["organization"]["root_access"] = json!(["RootSessions"]);
    };
    world.sandbox.edit(by_hand).expect("the state is kept");
    let plan = world.plan(BLUEPRINT).await.expect("it can be planned").plan;
    let mut found = changed(&plan);
    found.sort();
    let field = |name: &str| vec![name.to_owned()];
    let (create, update) = (Action::Create, Action::Update);
    let mut expected = vec![
        ("account-alias/audit".to_owned(), create, field("alias")),
        ("account-alias/work".to_owned(), update, field("alias")),
        ("ebs-encryption/audit/us-east-1".to_owned(), create, Vec::new()),
        ("ebs-encryption/work/us-east-1".to_owned(), update, field("key")),
        ("guardduty-administrator/eu-west-1".to_owned(), update, field("protection_plans")),
        ("guardduty-administrator/us-east-1".to_owned(), update, field("auto_enable")),
        ("password-policy/work".to_owned(), update, field("require_numbers")),
        ("root-access/RootCredentialsManagement".to_owned(), create, Vec::new()),
    ];
    let made: Vec<_> = found.iter().filter(|(address, ..)| address == "password-policy/audit").collect();
    assert!(matches!(made.as_slice(), [(_, Action::Create, _)]), "{found:?}");
    found.retain(|(address, ..)| address != "password-policy/audit");
    expected.sort();
    assert_eq!(found, expected);
    world.applied(BLUEPRINT, How::default()).await;
    for key in ["password_policies", "account_aliases"] {
        assert_eq!(world.sandbox.snapshot()[key], snapshot[key], "{key}");
    }
    world.quiet(BLUEPRINT).await;
}

#[tokio::test(start_paused = true)]
async fn settings_go_where_the_blueprint_says_absent_and_stay_where_it_drops_them() {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let (before, _) = BLUEPRINT.split_once("account_settings:").expect("it has settings");
    world.quiet(before).await;
    let absent = format!(
        "{}account_settings: [{{password_policy: {{state: absent}}, ebs_encryption: {{state: absent}}, alias: {{state: absent}}}}]\n",
        before
            .replace("account: audit}", "account: audit, state: absent}")
            .replace("RootSessions]", "{name: RootSessions, state: absent}]")
    );
    world.applied(&absent, DESTROY).await;
    let snapshot = world.sandbox.snapshot();
    for (kept, nothing) in [
        ("password_policies", json!({})),
        ("ebs_encryption", json!([])),
        ("account_aliases", json!({})),
        ("guardduty", json!({})),
    ] {
        assert_eq!(snapshot[kept], nothing, "{kept}");
    }
    assert_eq!(snapshot["organization"]["root_access"], json!(["RootCredentialsManagement"]));
    world.quiet(&absent).await;
}

#[tokio::test(start_paused = true)]
async fn an_account_that_lets_no_one_in_is_reported_and_the_others_are_set_up() {
    let world = World::new();
    let (before, _) = BLUEPRINT.split_once("account_settings:").expect("it has settings");
    world.applied(before, How::default()).await;
    let work = id(&world.sandbox.snapshot(), "work");
    let closed = |state: &mut Value| state["roles"][&work] = json!([]);
    world.sandbox.edit(closed).expect("the state is kept");
    let applied = world.apply(BLUEPRINT, How::default()).await.expect("it can be applied");
    let reported: Vec<_> = applied.plan.manual.iter().filter_map(|manual| manual.address.as_ref()).collect();
    assert_eq!(reported.iter().map(|it| it.as_str()).collect::<Vec<_>>(), ["account/work"]);
    let policies = world.sandbox.snapshot()["password_policies"].clone();
    assert_eq!(policies.as_object().map(serde_json::Map::len), Some(2));
}

#[tokio::test(start_paused = true)]
async fn guardduty_stays_with_the_account_that_administers_it_until_a_person_moves_it() {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let other = BLUEPRINT.replace("account: audit}", "account: work}");
    let plan = world.plan(&other).await.expect("it can be planned").plan;
    assert!(!changed(&plan).iter().any(|(address, ..)| address.starts_with("guardduty-administrator")));
    let reported: Vec<_> = plan.manual.iter().filter_map(|manual| manual.address.as_ref()).collect();
    assert_eq!(
        reported.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        ["guardduty-administrator/eu-west-1", "guardduty-administrator/us-east-1"]
    );
}

#[tokio::test(start_paused = true)]
async fn anyone_who_has_no_detector_is_reported_to_have_one_before_it_administers_guardduty() {
    let world = World::new();
    let blueprint = BLUEPRINT.replace("guardduty: {in: [management, audit]", "guardduty: {in: [management, work]");
    let applied = world.apply(&blueprint, How::default()).await.expect("it can be applied");
    let said = format!("{:?}", applied.outcome.failed);
    assert!(said.contains("account/audit has no GuardDuty in eu-west-1"), "{said}");
}

const ALIASES: &str = "version: 1
name: settings
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
accounts: [work, {key: shop-2, name: work, email: other@example.com}]
account_settings: [{in: [work, shop-2], alias: 'acme-{name}'}]
";

#[tokio::test(start_paused = true)]
async fn an_alias_that_is_as_wanted_is_not_written_and_another_one_is_shown_before_it_ends() {
    let world = World::new();
    let (without, _) = ALIASES.split_once("account_settings:").expect("it has settings");
    world.applied(without, How::default()).await;
    let snapshot = world.sandbox.snapshot();
    let by_email = |email: &str| {
        let mut accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts").iter();
        accounts.find(|(_, account)| account["email"] == email).expect("the account is there").0.clone()
    };
    let (work, shop) = (by_email("work@example.com"), by_email("other@example.com"));
    let by_hand = |state: &mut Value| state["account_aliases"] = json!({&work: "acme-work", &shop: "old-shop"});
    world.sandbox.edit(by_hand).expect("the state is kept");
    let plan = world.plan(ALIASES).await.expect("it can be planned").plan;
    assert_eq!(changed(&plan), [("account-alias/shop-2".to_owned(), Action::Update, vec!["alias".to_owned()])]);
    let change = &plan.changes[0];
    assert_eq!((&change.fields[0].before, &change.fields[0].after), (&json!("old-shop"), &json!("acme-shop-2")));
    assert_eq!((change.risk, change.accounts.clone()), (Risk::Disruptive, vec!["shop-2".to_owned()]));
    world.applied(ALIASES, How::default()).await;
    assert_eq!(world.sandbox.snapshot()["account_aliases"], json!({&work: "acme-work", &shop: "acme-shop-2"}));
    world.quiet(ALIASES).await;
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_an_account_of_others_has_is_refused_in_plain_words_and_the_rest_is_done() {
    let world = World::new();
    world.sandbox.edit(|state| state["account_aliases"] = json!({"999999999999": "acme-work"})).expect("it is kept");
    let applied = world.apply(ALIASES, How::default()).await.expect("it can be applied");
    let failed: Vec<_> = applied.outcome.failed.iter().map(|it| (it.address.as_str(), it.error.as_str())).collect();
    let reported = "another AWS account has the alias `acme-work`, which account/work was to have";
    assert_eq!(failed, [("account-alias/work", reported)]);
    assert!(world.sandbox.snapshot()["account_aliases"].to_string().contains("acme-shop-2"));
}

#[tokio::test(start_paused = true)]
async fn two_accounts_that_would_have_one_alias_are_refused_before_anything_is_done() {
    let world = World::new();
    let text = ALIASES.replace("shop-2", "Work");
    let error = world.apply(&text, How::default()).await.expect_err("it is refused");
    let ApplyError::Refused { refusals, .. } = error else { panic!("{error:?}") };
    assert_eq!(refusals[0].message, "account-alias/work cannot be `acme-work`: account-alias/Work is to have it too");
    assert_eq!(world.sandbox.snapshot()["organization"], Value::Null);
}

/// Nothing but the accounts themselves knows these settings as they are now, so that each is entered, once for all of them.
#[tokio::test(start_paused = true)]
async fn each_account_is_entered_once_for_all_of_its_settings_and_many_at_once() {
    let members = 20;
    let names: Vec<String> = (0..members).map(|number| format!("a{number}")).collect();
    let text = format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1, us-east-1], account_email: \"{{name}}@example.com\"}}\n\
         organizational_units: {{W: {{accounts: [{}]}}}}\naccount_settings:\n  \
         - {{password_policy: {{}}, ebs_encryption: {{}}, alias: \"ours-{{name}}\"}}\n",
        names.join(", ")
    );
    let world = World::new();
    world.applied(&text, How::default()).await;
    let latency = Duration::from_millis(60);
    world.sandbox.set_options(Options { latency, ..Options::default() });
    let start = Instant::now();
    let plan = world.quiet(&text).await;
    let elapsed = start.elapsed();
    // The management account has the settings too, and is entered already.
    for (operation, calls) in [
        ("sts:AssumeRole", members),
        ("iam:GetAccountPasswordPolicy", members + 1),
        ("iam:ListAccountAliases", members + 1),
        ("ec2:GetEbsEncryptionByDefault", 2 * (members + 1)),
    ] {
        assert_eq!(plan.api_calls.by_operation.get(operation), Some(&calls), "{operation}");
    }
    // These 104 calls, 24 at once, are 5 rounds; 8 more are what they wait for: the caller, the organization, its root, two pages of
    // accounts, their tags, the session.
    assert!(elapsed <= latency * (5 + 8), "{elapsed:?}");
}
