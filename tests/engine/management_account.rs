//! The account that manages the organization, as an account of the blueprint.

use landing::engine::ApplyError;
use landing::model::{Action, Plan};
use landing_sandbox::Outcome;
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

const BEFORE: &str = "version: 1\nname: example\norganization: {home_region: eu-west-1}\n";
const ID: &str = "111111111111";

/// The manual's example.
fn example() -> String {
    let page = include_str!("../../docs/blueprint/accounts.md");
    let (_, section) = page.split_once("## The management account").expect("it has the section");
    let (_, block) = section.split_once("```yaml\n").expect("it has an example");
    block.split_once("```").expect("it ends").0.to_owned()
}

async fn with_organization() -> World {
    let world = World::new();
    world.applied(BEFORE, How::default()).await;
    world
}

async fn plan(world: &World, text: &str) -> Plan {
    world.plan(text).await.expect("it can be planned").plan
}

#[tokio::test(start_paused = true)]
async fn it_is_adopted_moved_and_tagged_and_has_its_stacks_and_settings() {
    let world = with_organization().await;
    let text = example();
    let adopted = plan(&world, &text).await;
    let change = adopted.changes.iter().find(|it| it.address.as_str() == "account/payer").expect("it is adopted");
    assert_eq!((change.action, change.field("name").is_none()), (Action::Adopt, true));
    world.applied(&text, DESTROY).await;
    let snapshot = world.sandbox.snapshot();
    let tags = json!({"landing:blueprint": "example", "landing:address": "account/payer", "managed-by": "landing"});
    assert_eq!(snapshot["organization"]["tags"][ID], tags);
    let units = snapshot["organization"]["units"].as_object().expect("there are units");
    let parent = snapshot["organization"]["accounts"][ID]["parent"].as_str().expect("it is somewhere");
    assert_eq!(units[parent]["name"], "Core");
    assert_eq!(snapshot["account_aliases"][ID], "acme-payer");
    assert!(snapshot["stacks"].to_string().contains(&format!("{ID}:stack/budget")));
    assert!(!world.sandbox.calls().iter().any(|call| call.operation == "CreateAccount"));
    world.quiet(&text).await;
}

async fn refused(world: &World, text: &str) -> Vec<String> {
    let error = world.apply(text, DESTROY).await.expect_err("it is refused");
    let ApplyError::Refused { refusals, .. } = error else { panic!("{error:?}") };
    refusals.into_iter().map(|refusal| format!("{}: {}", refusal.code, refusal.message)).collect()
}

#[tokio::test(start_paused = true)]
async fn it_is_not_closed_and_not_invited() {
    let world = with_organization().await;
    world.applied(&example(), DESTROY).await;
    let (before, _) = example()
        .split_once("account_settings:")
        .map(|(before, after)| (before.to_owned(), after.len()))
        .expect("it has settings");
    let closed = before.replace("email: management@example.com", "email: management@example.com, state: closed");
    let reported = refused(&world, &closed).await;
    let expected = "management-account: account/payer is the management account, which AWS does not close while it has an organization";
    assert!(reported.contains(&expected.to_owned()), "{reported:?}");
    let invited =
        example().replace("email: management@example.com", &format!("email: management@example.com, invite: \"{ID}\""));
    world.quiet(&invited).await;
    let asked = world.sandbox.calls().into_iter().filter(|call| call.operation == "InviteAccountToOrganization");
    assert_eq!(asked.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_stack_by_both_of_its_names_is_refused() {
    let world = with_organization().await;
    let both = example().replace("in: [payer], parameters", "in: [payer, management], parameters");
    let reported = refused(&world, &both).await;
    let expected = "management-account: stack/payer/budget/eu-west-1 and stack/management/budget/eu-west-1 are one stack: both \
                    names are the management account's";
    assert_eq!(reported, [expected]);
}

#[tokio::test(start_paused = true)]
async fn a_stack_set_of_its_unit_does_not_reach_it() {
    let world = with_organization().await;
    let text = example().replace("in: [payer], parameters", "in: [Core], parameters");
    world.applied(&text, DESTROY).await;
    assert!(!world.at_rest().await["stacks"].to_string().contains(&format!("{ID}:stack/")));
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_attached_to_it_is_noted_to_have_no_effect() {
    let world = with_organization().await;
    let policies = "policies: {p: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:*', Resource: '*'}}}}\n";
    let attached =
        example().replace("email: management@example.com", "email: management@example.com, policies: [p]") + policies;
    let notes: Vec<String> = plan(&world, &attached).await.notes.into_iter().map(|note| note.what).collect();
    assert_eq!(notes, ["scp/p has no effect on account/payer, which is the management account"]);
    assert!(plan(&world, &example()).await.notes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn its_contacts_need_no_trust() {
    let world = with_organization().await;
    let contact = "contacts: {billing: {name: n, title: t, email: e@x.example, phone: '1'}}";
    let text = example().replace("email: management@example.com", &format!("email: management@example.com, {contact}"));
    let planned = plan(&world, &text).await;
    let change = planned.changes.iter().find(|it| it.address.prefix() == "alternate-contact").expect("it is planned");
    assert!(!change.unseen);
    let calls = world.sandbox.calls();
    let asked: Vec<_> =
        calls.iter().filter(|call| call.operation == "GetAlternateContact").map(|call| &call.outcome).collect();
    assert!(matches!(asked.as_slice(), [Outcome::Refused(code)] if code == "ResourceNotFoundException"), "{asked:?}");
    world.applied(&text, DESTROY).await;
    let snapshot: Value = world.sandbox.snapshot();
    assert_eq!(snapshot["account_settings"][ID]["alternate_contacts"]["BILLING"]["Name"], "n");
}
