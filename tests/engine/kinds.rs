//! What one kind or another does beyond being created.

use landing::cloud::{Request, Service};
use landing::model::Action;
use serde_json::json;

use super::picture::picture;
use super::world::{DESTROY, How, World};

fn blueprint(organization: &str, sections: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"{organization}}}\n{sections}"
    )
}

async fn actions(world: &World, text: &str) -> Vec<(String, Action)> {
    let draft = world.plan(text).await.expect("it can be planned");
    draft.plan.changes.into_iter().map(|change| (change.address.to_string(), change.action)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_unit_is_renamed_in_place_with_all_that_is_in_it() {
    let world = World::new();
    world
        .applied(
            &blueprint("", "organizational_units: {Old: {organizational_units: {In: {accounts: [a]}}}}\n"),
            How::default(),
        )
        .await;
    let ids = |world: &World| {
        let units = world.sandbox.snapshot()["organization"]["units"].clone();
        units.as_object().map(|units| units.keys().cloned().collect::<Vec<_>>())
    };
    let before = ids(&world);
    let renamed =
        blueprint("", "organizational_units: {New: {was: Old, organizational_units: {In: {accounts: [a]}}}}\n");
    let planned = actions(&world, &renamed).await;
    assert!(planned.iter().all(|(_, action)| *action == Action::Update), "{planned:?}");
    world.applied(&renamed, How::default()).await;
    world.quiet(&renamed).await;
    assert_eq!(ids(&world), before);
}

#[tokio::test(start_paused = true)]
async fn a_moved_unit_is_made_anew_its_accounts_follow_and_the_old_one_goes_last() {
    let world = World::new();
    let policy = "policies: {p: {content: {Version: \"2012-10-17\", Statement: {Effect: Deny, Action: \"sqs:*\", Resource: \"*\"}}}}\n";
    world
        .applied(&blueprint("", &format!("{policy}organizational_units: {{A: {{organizational_units: {{X: {{policies: [p], accounts: [a]}}}}}}, B: }}\n")), How::default())
        .await;
    let moved = blueprint(
        "",
        &format!(
            "{policy}organizational_units: {{A: , B: {{organizational_units: {{X: {{policies: [p], accounts: [a]}}}}}}}}\n"
        ),
    );
    assert_eq!(
        actions(&world, &moved).await,
        [
            ("account/a".into(), Action::Move),
            ("ou/A/X".into(), Action::Delete),
            ("ou/B/X".into(), Action::Create),
            ("scp/p@ou/B/X".into(), Action::Create),
        ]
    );
    let applied = world.applied(&moved, DESTROY).await;
    let order: Vec<&str> = applied.outcome.done.iter().map(|(address, _)| address.as_str()).collect();
    assert_eq!(order, ["ou/B/X", "scp/p@ou/B/X", "account/a", "ou/A/X"]);
    world.quiet(&moved).await;
}

#[tokio::test(start_paused = true)]
async fn an_existing_organization_is_adopted_and_nothing_is_made_twice() {
    let world = World::new();
    let text = blueprint(
        "",
        "organizational_units: {A: {accounts: [a], tags: {x: y}}}\npolicies: {p: {content: {Version: \"2012-10-17\", Statement: {Effect: Deny, Action: \"sqs:*\", Resource: \"*\"}}}}\n",
    );
    world.applied(&text, How::default()).await;
    world
        .sandbox
        .edit(|state| {
            for tags in state["organization"]["tags"].as_object_mut().expect("there are tags").values_mut() {
                let tags = tags.as_object_mut().expect("it is a map");
                tags.retain(|key, _| !key.starts_with("landing:"));
            }
        })
        .expect("the state can be edited");
    let planned = actions(&world, &text).await;
    assert_eq!(planned.len(), 3);
    assert!(planned.iter().all(|(_, action)| *action == Action::Adopt), "{planned:?}");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn an_invited_account_is_waited_for_and_then_put_into_its_place() {
    let world = World::new();
    world
        .sandbox
        .edit(|state| {
            state["standalone_accounts"] =
                json!({"222222222222": {"id": "222222222222", "name": "acquired", "email": "root@acquired.example.com"}});
        })
        .expect("the state can be edited");
    let text = blueprint("", "organizational_units: {A: {accounts: [{name: acquired, invite: \"222222222222\"}]}}\n");
    let applied = world.apply(&text, How::default()).await.expect("it can be applied");
    assert_eq!(applied.outcome.waits.len(), 1);
    let waiting = world.plan(&text).await.expect("it can be planned").plan;
    assert!(waiting.is_quiet() && waiting.manual.len() == 1, "{waiting:?}");
    accept(&world).await;
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let made = picture(&world.sandbox.snapshot());
    assert_eq!(made["accounts"]["root@acquired.example.com"]["in"], "A");
}

/// Somebody in the invited account accepts.
async fn accept(world: &World) {
    let snapshot = world.sandbox.snapshot();
    let handshakes = snapshot["organization"]["handshakes"].as_object().expect("there are handshakes");
    let id = handshakes.keys().next().expect("there is one").clone();
    world
        .sandbox
        .edit(|state| {
            state["principals"] =
                json!({"*": {"arn": "arn:aws:iam::222222222222:user/them", "account": "222222222222"}});
        })
        .expect("the state can be edited");
    world.cloud().await.organizations.accept_handshake().handshake_id(id).send().await.expect("it is accepted");
    world.sandbox.edit(|state| state["principals"] = json!({})).expect("the state can be edited");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_renamed_by_was_and_stays_the_same_account() {
    let world = World::new();
    world.applied(&blueprint("", "accounts: [{name: old, email: it@example.com}]\n"), How::default()).await;
    let renamed = blueprint("", "accounts: [{name: new, was: old, email: it@example.com}]\n");
    world.applied(&renamed, How::default()).await;
    world.quiet(&renamed).await;
    assert_eq!(picture(&world.sandbox.snapshot())["accounts"]["it@example.com"]["name"], "new");
}

#[tokio::test(start_paused = true)]
async fn what_is_only_added_goes_by_state_absent() {
    let world = World::new();
    let present = blueprint(
        ", trusted_access: [config.amazonaws.com], contacts: {security: {name: S, title: T, email: s@example.com, phone: \"1\"}}, \
         delegated_administrators: [{service: config.amazonaws.com, account: a}], opt_in_regions: [ap-east-1]",
        "accounts: [a]\n",
    );
    world.applied(&present, How::default()).await;
    let silent = blueprint("", "accounts: [a]\n");
    world.quiet(&silent).await;
    let absent = blueprint(
        ", trusted_access: [{name: config.amazonaws.com, state: absent}], contacts: {security: {state: absent}}, \
         opt_in_regions: [{name: ap-east-1, state: absent}]",
        "accounts: [a]\n",
    );
    world.applied(&absent, DESTROY).await;
    world.quiet(&absent).await;
    let made = picture(&world.sandbox.snapshot());
    assert_eq!(made["trusted"], json!(["account.amazonaws.com"]));
}

#[tokio::test(start_paused = true)]
async fn tags_that_others_write_are_left_alone_where_the_blueprint_says_so() {
    let world = World::new();
    let text = blueprint(", ignore_tags: [\"cost-*\"]", "organizational_units: {A: }\n");
    world.applied(&text, How::default()).await;
    world
        .sandbox
        .edit(|state| {
            for tags in state["organization"]["tags"].as_object_mut().expect("there are tags").values_mut() {
                tags["cost-centre"] = json!("42");
            }
        })
        .expect("the state can be edited");
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_tag_index_that_knows_nothing_yet_changes_nothing() {
    let world = World::new();
    let text = blueprint("", "organizational_units: {A: {accounts: [a]}}\n");
    world.applied(&text, How::default()).await;
    world.sandbox.edit(|state| state["tagging"]["lag"] = json!("empty")).expect("the state can be edited");
    world.quiet(&text).await;
    let fewer = actions(&world, &blueprint("", "accounts: [a]\n")).await;
    assert_eq!(fewer, [("account/a".into(), Action::Move), ("ou/A".into(), Action::Delete)]);
}

#[tokio::test(start_paused = true)]
async fn a_tag_index_that_knows_older_tags_changes_nothing() {
    let world = World::new();
    let with = |tag: &str| {
        blueprint("", &format!("organizational_units: {{A: {{tags: {{x: {tag}}}}}, B: {{tags: {{x: {tag}}}}}}}\n"))
    };
    world.applied(&with("old"), How::default()).await;
    let request = Request::new(Service::TAGGING, "GetResources", json!({}));
    let reply = world.cloud().await.call_global(request).await.expect("it answers");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let older: serde_json::Map<String, serde_json::Value> = reply["ResourceTagMappingList"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|resource| {
            let tags = resource["Tags"].as_array().into_iter().flatten();
            let tags: serde_json::Map<_, _> = tags.map(|tag| (text(&tag["Key"]), tag["Value"].clone())).collect();
            (text(&resource["ResourceARN"]), json!(tags))
        })
        .collect();
    assert_eq!(older.len(), 2);
    world.applied(&with("new"), How::default()).await;
    world
        .sandbox
        .edit(|state| state["tagging"] = json!({"lag": "stale", "stale": older}))
        .expect("the state can be edited");
    world.quiet(&with("new")).await;
}
