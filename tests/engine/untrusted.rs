//! What is asked about members through a service that the organization does not trust yet: not known, and never taken for absent.

use landing::cloud::{Request, Service};
use landing::model::{Action, Change};
use landing_sandbox::Outcome;
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

const BEFORE: &str = "version: 1\nname: ours\norganization: {regions: [eu-west-1], account_email: '{name}@example.com'}\n\
                      accounts: [one, two, three]\n";
const CONTACTS: &str = "version: 1\nname: ours\norganization:\n  regions: [eu-west-1]\n  account_email: '{name}@example.com'\n  \
                        contacts: {security: {name: Team, title: Security, email: sec@example.com, phone: '+1 1'}}\n\
                        accounts: [one, two, three]\n";
const TRUST: &str = "trusted-access/account.amazonaws.com";

fn contact(name: &str) -> Value {
    let contact = json!({"AlternateContactType": "SECURITY", "Name": name, "Title": "Security",
        "EmailAddress": "sec@example.com", "PhoneNumber": "+1 1"});
    json!({"alternate_contacts": {"SECURITY": contact}})
}

fn id(world: &World, name: &str) -> String {
    let snapshot = world.sandbox.snapshot();
    let mut accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts").iter();
    accounts.find(|(_, account)| account["name"] == name).expect("the account is there").0.clone()
}

/// An organization made by hand, which does not trust account management: one account has the contact, one another, one none.
async fn untrusting() -> World {
    let world = World::new();
    world.applied(BEFORE, How::default()).await;
    let (one, two) = (id(&world, "one"), id(&world, "two"));
    let by_hand = |state: &mut Value| state["account_settings"] = json!({one: contact("Team"), two: contact("Others")});
    world.sandbox.edit(by_hand).expect("the state can be edited");
    world
}

fn of<'a>(changes: &'a [Change], address: &str) -> &'a Change {
    changes.iter().find(|it| it.address.as_str() == address).unwrap_or_else(|| panic!("{address}: {changes:#?}"))
}

fn security(snapshot: &Value, id: &str) -> Value {
    snapshot["account_settings"][id]["alternate_contacts"]["SECURITY"]["Name"].clone()
}

#[tokio::test(start_paused = true)]
async fn contacts_of_members_are_planned_as_not_known_after_the_trust() {
    let world = untrusting().await;
    let plan = world.plan(CONTACTS).await.expect("it can be planned").plan;
    assert_eq!(of(&plan.changes, TRUST).action, Action::Create);
    for account in ["one", "two", "three"] {
        let change = of(&plan.changes, &format!("alternate-contact/{account}/SECURITY"));
        assert_eq!((change.action, change.unseen), (Action::Create, true));
        assert!(change.needs.iter().any(|need| need.as_str() == TRUST), "{:?}", change.needs);
        let reported =
            format!("not known before {TRUST} is there: apply looks then, and leaves what is there and differs");
        assert_eq!(change.reason, reported);
    }
    let calls = world.sandbox.calls();
    let asked = calls.iter().filter(|call| call.operation == "GetAlternateContact");
    assert!(!asked.clone().any(|call| matches!(call.outcome, Outcome::Refused(_))), "{:?}", asked.collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_contact_that_no_plan_showed_is_not_overwritten() {
    let world = untrusting().await;
    let (one, two, three) = (id(&world, "one"), id(&world, "two"), id(&world, "three"));
    let applied = world.apply(CONTACTS, How::default()).await.expect("it can be applied");
    let waits: Vec<_> = applied.outcome.waits.iter().map(|manual| manual.what.clone()).collect();
    assert_eq!(
        waits,
        [
            "alternate-contact/two/SECURITY is there already and is another one (Others, sec@example.com), which could not be \
          seen before: the next plan shows what differs"
        ]
    );
    let snapshot = world.sandbox.snapshot();
    assert_eq!([&one, &two, &three].map(|id| security(&snapshot, id)), [json!("Team"), json!("Others"), json!("Team")]);
    let writes = world.sandbox.calls().iter().filter(|call| call.operation == "PutAlternateContact").count();
    assert_eq!(writes, 1, "one has it already, and of two it is left");
    let plan = world.plan(CONTACTS).await.expect("it can be planned").plan;
    let [change] = plan.changes.as_slice() else { panic!("{:#?}", plan.changes) };
    assert_eq!((change.action, change.unseen), (Action::Update, false));
    let fields: Vec<_> = change.fields.iter().map(|it| (it.path.as_str(), &it.before, &it.after)).collect();
    assert_eq!(fields, [("name", &json!("Others"), &json!("Team"))]);
    world.applied(CONTACTS, How::default()).await;
    world.quiet(CONTACTS).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_to_be_there_is_not_taken_for_absent() {
    let world = untrusting().await;
    let absent = CONTACTS.replace(
        "security: {name: Team, title: Security, email: sec@example.com, phone: '+1 1'}",
        "security: {state: absent}",
    );
    let plan = world.plan(&absent).await.expect("it can be planned").plan;
    let change = of(&plan.changes, "alternate-contact/two/SECURITY");
    assert_eq!((change.action, change.unseen), (Action::Delete, true));
    world.applied(&absent, DESTROY).await;
    let (one, two) = (id(&world, "one"), id(&world, "two"));
    let snapshot = world.sandbox.snapshot();
    assert_eq!([&one, &two].map(|id| security(&snapshot, id)), [Value::Null, Value::Null]);
    world.quiet(&absent).await;
}

#[tokio::test(start_paused = true)]
async fn regions_of_members_are_not_known_either_and_those_that_are_on_stay_so() {
    let world = untrusting().await;
    let (one, two) = (id(&world, "one"), id(&world, "two"));
    let on = |state: &mut Value| state["account_settings"][&one]["regions"] = json!({"ap-east-1": "ENABLED"});
    world.sandbox.edit(on).expect("the state can be edited");
    let text = BEFORE.replace("regions: [eu-west-1],", "regions: [eu-west-1], opt_in_regions: [ap-east-1],");
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    for account in ["one", "two", "three"] {
        let change = of(&plan.changes, &format!("region/{account}/ap-east-1"));
        assert_eq!((change.action, change.unseen), (Action::Create, true));
    }
    world.applied(&text, How::default()).await;
    let enabled: Vec<_> =
        world.sandbox.calls().iter().filter(|call| call.operation == "EnableRegion").cloned().collect();
    assert_eq!(enabled.len(), 2);
    let snapshot = world.sandbox.snapshot();
    assert_eq!(
        [&one, &two].map(|id| snapshot["account_settings"][id]["regions"]["ap-east-1"].clone()),
        ["ENABLED", "ENABLED"].map(Value::from)
    );
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn new_accounts_and_the_trust_come_in_one_apply() {
    let world = World::new();
    world.applied(CONTACTS, How::default()).await;
    let input = json!({"AccountId": id(&world, "one"), "AlternateContactType": "SECURITY"});
    let request = Request::new(Service::ACCOUNT, "GetAlternateContact", input).route("POST", "/getAlternateContact");
    let found = world.cloud().await.call_global(request).await.expect("it is there");
    assert_eq!(found["AlternateContact"]["Name"], "Team");
    world.quiet(CONTACTS).await;
}
