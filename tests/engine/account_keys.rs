//! Accounts that the blueprint calls otherwise than AWS does: two of one name, names that AWS gives no more.

use std::time::Duration;

use landing::engine::ApplyError;
use landing::model::{Action, Change};
use landing_sandbox::Outcome;
use serde_json::{Value, json};

use super::world::{How, World};

fn blueprint(organization: &str, accounts: &str, more: &str) -> String {
    format!(
        "version: 1\nname: keys\norganization: {{regions: [eu-west-1], account_email: '{{name}}@example.com'{organization}}}\n\
         organizational_units: {{Work: {{accounts: [{accounts}]}}}}\n{more}"
    )
}

const NONE: &str = "version: 1\nname: keys\norganization: {regions: [eu-west-1]}\norganizational_units: {Work: }\n";
const TWO: &str = "{key: shop-1, name: Shop}, {key: shop-2, name: Shop}";

/// The id of the account with this email.
fn id(world: &World, email: &str) -> String {
    let snapshot = world.sandbox.snapshot();
    let mut accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts").iter();
    accounts.find(|(_, account)| account["email"] == email).expect("the account is there").0.clone()
}

fn account<'s>(snapshot: &'s Value, id: &str) -> &'s Value {
    &snapshot["organization"]["accounts"][id]
}

/// Accounts that people made, by name and email; AWS's own name of each may be another since.
async fn by_hand(world: &World, accounts: &[(&str, &str)]) {
    world.applied(NONE, How::default()).await;
    let client = world.cloud().await.organizations.clone();
    for (_, email) in accounts {
        client.create_account().account_name("new").email(*email).send().await.expect("it is made");
    }
    tokio::time::sleep(Duration::from_secs(120)).await;
    let unit = world.sandbox.snapshot()["organization"]["units"].as_object().and_then(|it| it.keys().next().cloned());
    for (name, email) in accounts {
        let id = id(world, email);
        let named = |state: &mut Value| {
            let account = &mut state["organization"]["accounts"][&id];
            account["name"] = json!(name);
            account["parent"] = json!(unit);
        };
        world.sandbox.edit(named).expect("the state can be edited");
    }
}

async fn changes(world: &World, text: &str) -> Vec<Change> {
    world.plan(text).await.expect("it can be planned").plan.changes
}

fn reported(changes: &[Change]) -> Vec<(&str, Action, Vec<&str>)> {
    let fields = |change: &'_ Change| change.fields.iter().map(|field| field.path.clone()).collect::<Vec<_>>();
    changes
        .iter()
        .map(|change| (change.address.as_str(), change.action, fields(change)))
        .map(|(address, action, fields)| (address, action, fields.into_iter().map(|it| &*it.leak()).collect()))
        .collect()
}

/// The operations that changed something since the first `before` calls.
fn writes(world: &World, before: usize) -> Vec<String> {
    let is_read = |name: &str| ["List", "Get", "Describe", "Assume"].iter().any(|verb| name.starts_with(verb));
    let calls = world.sandbox.calls();
    let done = calls.iter().skip(before).filter(|call| call.outcome == Outcome::Done && !is_read(&call.operation));
    let mut names: Vec<String> =
        done.map(|call| call.operation.clone()).filter(|name| name != "PutParameter").collect();
    names.dedup();
    names
}

#[tokio::test(start_paused = true)]
async fn two_accounts_of_one_name_are_made_and_nothing_of_one_is_the_others() {
    let world = World::new();
    let policy = "policies: {p: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:*', Resource: 'arn:aws:sqs:*:${account/shop-1}:*'}}}}\n";
    let stacks = "stacks: {budget: {in: [shop-2], parameters: {limit_usd: 5, emails: [a@example.com]}}}\n";
    let two = "{key: shop-1, name: Shop, tags: {is: first}}, {key: shop-2, name: Shop, policies: [p], opt_in_regions: [ap-east-1]}";
    let text = blueprint("", two, &format!("{policy}{stacks}"));
    world.applied(&text, How::default()).await;
    let (first, second) = (id(&world, "shop-1@example.com"), id(&world, "shop-2@example.com"));
    let snapshot = world.sandbox.snapshot();
    assert_eq!(
        (&account(&snapshot, &first)["name"], &account(&snapshot, &second)["name"]),
        (&json!("Shop"), &json!("Shop"))
    );
    let tags = &snapshot["organization"]["tags"];
    assert_eq!(tags[&first], json!({"is": "first", "landing:blueprint": "keys", "landing:address": "account/shop-1"}));
    assert_eq!(tags[&second], json!({"landing:blueprint": "keys", "landing:address": "account/shop-2"}));
    let policies = snapshot["organization"]["policies"].as_object().expect("there are policies");
    let policy = policies.values().find(|it| it["name"] == "p").expect("it is there");
    assert_eq!(policy["targets"], json!([second]));
    assert!(policy["content"].as_str().is_some_and(|it| it.contains(&first)), "{policy}");
    assert_eq!(snapshot["account_settings"][&second]["regions"], json!({"ap-east-1": "ENABLED"}));
    assert_eq!(snapshot["account_settings"].get(&first).and_then(|it| it["regions"].get("ap-east-1")), None);
    let stacks = snapshot["stacks"].to_string();
    assert!(stacks.contains(&format!("{second}:stack/budget")) && !stacks.contains(&format!("{first}:stack/budget")));
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn accounts_that_are_there_are_adopted_under_their_keys_without_another_write_than_tags() {
    let world = World::new();
    let accounts = [("Shop", "a@example.com"), ("Shop", "b@example.com"), ("会計", "c@example.com")];
    by_hand(&world, &accounts).await;
    let keyed = "{key: shop-1, name: Shop, email: a@example.com}, {key: shop-2, name: Shop, email: b@example.com}, \
                 {key: accounting, name: 会計, email: c@example.com}";
    let text = blueprint("", keyed, "");
    let adopted = [
        ("account/accounting", Action::Adopt, vec![]),
        ("account/shop-1", Action::Adopt, vec![]),
        ("account/shop-2", Action::Adopt, vec![]),
    ];
    assert_eq!(reported(&changes(&world, &text).await), adopted);
    let before = world.sandbox.calls().len();
    world.applied(&text, How::default()).await;
    assert_eq!(writes(&world, before), ["TagResource"]);
    assert_eq!(account(&world.sandbox.snapshot(), &id(&world, "c@example.com"))["name"], "会計");
    world.quiet(&text).await;
    // Without a key the name is what the blueprint calls it.
    let plain = text.replace("key: accounting, ", "was: accounting, ");
    let changes = changes(&world, &plain).await;
    assert!(
        reported(&changes).contains(&("account/会計", Action::Update, vec!["tags.landing:address"])),
        "{changes:#?}"
    );
}

#[tokio::test(start_paused = true)]
async fn accounts_of_one_name_that_no_blueprint_has_are_distinguished_by_their_ids() {
    let world = World::new();
    by_hand(&world, &[("Shop", "a@example.com"), ("Shop", "b@example.com"), ("Alone", "c@example.com")]).await;
    let plan = world.plan(NONE).await.expect("it can be planned").plan;
    let (first, second) = (id(&world, "a@example.com"), id(&world, "b@example.com"));
    let mut expected =
        vec![format!("account/Shop ({first})"), format!("account/Shop ({second})"), "account/Alone".into()];
    expected.sort();
    let accounts = plan.unmanaged.iter().filter(|it| it.is_account()).map(ToString::to_string);
    let others: Vec<String> = accounts.filter(|it| it != "account/management").collect();
    assert_eq!(others, expected);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_would_have_to_be_made_under_such_a_name_is_refused_before_anything_is_done() {
    for name in ["会計", "Café", "'a name of more than the fifty characters that AWS takes'"] {
        let world = World::new();
        let text = blueprint("", &format!("{{key: k, name: {name}}}, other"), "");
        let error = world.apply(&text, How::default()).await.expect_err("it is refused");
        let ApplyError::Refused { refusals, .. } = error else { panic!("{error:?}") };
        let reported: Vec<_> =
            refusals.iter().map(|it| (it.code.as_str(), it.address.as_ref().map(|it| it.as_str()))).collect();
        assert_eq!(reported, [("account-name", Some("account/k"))], "{name}");
        assert_eq!(writes(&world, 0), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_is_renamed_under_its_key_once_account_management_is_trusted() {
    let world = World::new();
    world.applied(&blueprint("", TWO, ""), How::default()).await;
    let renamed = blueprint("", &TWO.replace("2, name: Shop", "2, name: Market"), "");
    let changes = changes(&world, &renamed).await;
    let trust = "trusted-access/account.amazonaws.com";
    assert_eq!(reported(&changes), [("account/shop-2", Action::Update, vec!["name"]), (trust, Action::Create, vec![])]);
    assert_eq!(changes[0].needs.iter().map(|it| it.as_str()).collect::<Vec<_>>(), [trust]);
    world.applied(&renamed, How::default()).await;
    let snapshot = world.sandbox.snapshot();
    assert_eq!(account(&snapshot, &id(&world, "shop-2@example.com"))["name"], "Market");
    assert_eq!(account(&snapshot, &id(&world, "shop-1@example.com"))["name"], "Shop");
    world.quiet(&renamed).await;
}

#[tokio::test(start_paused = true)]
async fn another_key_is_another_address_and_no_other_name() {
    let world = World::new();
    let text = |key: &str| blueprint("", &format!("{{{key}, name: Shop, email: shop@example.com}}"), "");
    world.applied(&text("key: one"), How::default()).await;
    let other = text("key: two, was: one");
    let tag = "tags.landing:address";
    assert_eq!(reported(&changes(&world, &other).await), [("account/two", Action::Update, vec![tag])]);
    let before = world.sandbox.calls().len();
    world.applied(&other, How::default()).await;
    assert_eq!(writes(&world, before), ["TagResource"]);
    world.quiet(&other).await;
}
