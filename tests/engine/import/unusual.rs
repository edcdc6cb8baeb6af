//! Organizations with what few have: it is said, or left out and named, and nothing of it changes.

use serde_json::{Value, json};

use super::super::world::World;
use super::{Imported, SMALL, imported, made_by_hand, options, takes_over};

/// An organization with this and that changed by hand that a blueprint cannot say, and the addresses that are left out for it.
async fn not_expressible(edit: impl FnOnce(&mut Value), expected: &[&str]) {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    world.sandbox.edit(edit).expect("the state can be edited");
    let imported = takes_over(world).await;
    let gaps: Vec<String> = imported.summary.gaps().map(|(address, _)| address.to_string()).collect();
    assert_eq!(gaps, expected, "{:#?}", imported.summary.left_out);
}

fn account_id(state: &Value, name: &str) -> String {
    let accounts = state["organization"]["accounts"].as_object().expect("there are accounts");
    accounts.iter().find(|(_, account)| account["name"] == name).expect("it is there").0.clone()
}

#[tokio::test(start_paused = true)]
async fn an_account_with_too_many_tags_is_left_out_with_what_only_it_could_say() {
    let many_tags = |state: &mut Value| {
        let id = account_id(state, "shop-prod");
        let tags: serde_json::Map<String, Value> = (0..49).map(|nth| (format!("k{nth}"), json!("v"))).collect();
        state["organization"]["tags"][id] = Value::Object(tags);
    };
    not_expressible(
        many_tags,
        &[
            "account/shop-prod",
            "alternate-contact/shop-prod/SECURITY",
            "region/shop-prod/ap-east-1",
            "scp/Deny leaving",
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn two_accounts_of_one_name_and_names_of_any_letters_are_said_by_keys() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let renamed = world.sandbox.edit(|state| {
        let (one, other) = (account_id(state, "shop-dev"), account_id(state, "data-dev"));
        state["organization"]["accounts"][one]["name"] = json!("Dèv");
        state["organization"]["accounts"][other]["name"] = json!("Dèv");
    });
    renamed.expect("the state can be edited");
    let imported = takes_over(world).await;
    assert_eq!(imported.summary.gaps().count(), 0, "{:#?}", imported.summary.left_out);
    let text: String = imported.files.values().map(String::as_str).collect();
    assert_eq!(text.matches("name: Dèv").count(), 2, "{text}");
}

fn policy_id(state: &Value, name: &str) -> String {
    let policies = state["organization"]["policies"].as_object().expect("there are policies");
    policies.iter().find(|(_, policy)| policy["name"] == name).expect("it is there").0.clone()
}

fn attach(state: &mut Value, policy: &str, target: &str) {
    let targets = &mut state["organization"]["policies"][policy]["targets"];
    targets.as_array_mut().expect("it has targets").push(json!(target));
}

/// What an import writes of an organization with this changed by hand: everything, which changes nothing.
async fn is_said(edit: impl FnOnce(&mut Value)) -> Imported {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    world.sandbox.edit(edit).expect("the state can be edited");
    let imported = takes_over(world).await;
    assert_eq!(imported.summary.gaps().count(), 0, "{:#?}", imported.summary.left_out);
    imported
}

#[tokio::test(start_paused = true)]
async fn full_aws_access_that_was_taken_beside_denials_alone_stays_away() {
    let imported = is_said(|state| {
        let (account, deny) = (account_id(state, "audit"), policy_id(state, "Deny leaving"));
        attach(state, &deny, &account);
        let everywhere = state["organization"]["policies"]["p-FullAWSAccess"]["targets"].as_array_mut();
        everywhere.expect("it has targets").retain(|target| *target != json!(account));
    })
    .await;
    let text = &imported.files["landing.yaml"];
    assert!(text.contains("full_aws_access: false") && text.contains("allows_nothing: true"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn assignments_to_a_deleted_group_stay_and_are_named() {
    let imported = is_said(|state| {
        let groups = state["directory"]["groups"].as_object_mut().expect("there are groups");
        groups.retain(|_, group| group["name"] != "shop");
    })
    .await;
    let named = imported.summary.left_out.keys().filter(|address| address.assigned().is_some()).count();
    assert_eq!(named, 3, "{:#?}", imported.summary.left_out);
}

#[tokio::test(start_paused = true)]
async fn an_empty_permission_set_that_is_called_like_a_built_in_one_grants_nothing() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let client = world.cloud().await.sso_admin.clone();
    let instance = super::super::identity::center(&world).await.0;
    client.create_permission_set().instance_arn(instance).name("billing").send().await.expect("it is made");
    let imported = takes_over(world).await;
    assert!(
        imported.files["landing.yaml"].contains("billing: {template: \"none\"}"),
        "{}",
        imported.files["landing.yaml"]
    );
}

#[tokio::test(start_paused = true)]
async fn policies_of_two_types_with_one_name_have_a_key_each() {
    let imported = is_said(|state| {
        let mut other = state["organization"]["policies"][policy_id(state, "Old")].clone();
        other["type"] = json!("RESOURCE_CONTROL_POLICY");
        other["content"] = json!(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*"}]}"#);
        state["organization"]["policies"]["p-otherold01"] = other;
        state["organization"]["policy_types"].as_array_mut().expect("it is a list").push(json!("RESOURCE_CONTROL_POLICY"));
    })
    .await;
    let text = &imported.files["landing.yaml"];
    assert!(
        text.contains("Old:") && text.contains("Old (scp):\n    name: Old") || text.contains("{name: Old,"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_a_type_that_is_not_enabled_is_left_out() {
    let disabled = |state: &mut Value| {
        let mut other = state["organization"]["policies"][policy_id(state, "Old")].clone();
        (other["type"], other["name"]) = (json!("TAG_POLICY"), json!("Tags"));
        other["content"] = json!(r#"{"tags":{"team":{"tag_key":{"@@assign":"team"}}}}"#);
        state["organization"]["policies"]["p-tags12345"] = other;
    };
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    world.sandbox.edit(disabled).expect("the state can be edited");
    let imported = takes_over(world).await;
    let text: String = imported.files.values().map(String::as_str).collect();
    assert!(!text.contains("tag-policy"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn what_another_blueprint_has_stays_its_own() {
    let world = World::new();
    made_by_hand(&world, SMALL).await;
    let tagged = world.sandbox.edit(|state| {
        for id in [account_id(state, "log-archive"), policy_id(state, "Old")] {
            state["organization"]["tags"][id] = json!({"landing:blueprint": "theirs", "landing:address": "account/x"});
        }
    });
    tagged.expect("the state can be edited");
    let imported = imported(&world, &options()).await.expect("it can be imported");
    assert!(imported.proof.holds(), "{:#?}", imported.proof.differences().collect::<Vec<_>>());
    let text: String = imported.files.values().map(String::as_str).collect();
    assert!(!text.contains("log-archive") && !text.contains("Old"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn texts_that_look_like_something_else_stay_what_they_are() {
    // AWS takes letters, digits, spaces and _ . : / = + - @ in tags.
    const TEXTS: [&str; 9] = ["yes", "null", "0123", "1e3", "a: b", "- c", "@d", "= e", "12:30"];
    let imported = is_said(|state| {
        let id = account_id(state, "shop-dev");
        let tags: serde_json::Map<String, Value> =
            TEXTS.iter().enumerate().map(|(nth, text)| (format!("k{nth}"), json!(text))).collect();
        state["organization"]["tags"][id] = Value::Object(tags);
        let old = policy_id(state, "Old");
        state["organization"]["policies"][&old]["name"] = json!("- yes: #1 ${values.x}");
        state["organization"]["policies"][&old]["description"] = json!("a\n\tb: ${values.y} 'c'");
    })
    .await;
    assert!(imported.files.contains_key("policies/yes-1-values-x.json"), "{:?}", imported.files.keys());
}
