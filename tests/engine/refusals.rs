use landing::engine::{ApplyError, PlanError};
use serde_json::json;

use super::world::{DESTROY, How, World, builtin};

/// The codes of the refusals of an apply.
fn codes(error: &ApplyError) -> Vec<String> {
    match error {
        ApplyError::Refused { refusals, .. } => refusals.iter().map(|refusal| refusal.code.clone()).collect(),
        other => vec![format!("{other:?}")],
    }
}

async fn refused(world: &World, text: &str, how: How) -> Vec<String> {
    let before = world.sandbox.snapshot()["organization"].clone();
    let error = world.apply(text, how).await.expect_err("it is refused");
    assert_eq!(world.sandbox.snapshot()["organization"], before, "something was done all the same");
    codes(&error)
}

fn blueprint(sections: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n{sections}"
    )
}

#[tokio::test(start_paused = true)]
async fn what_the_blueprint_drops_is_not_destroyed_without_the_flag() {
    let world = World::new();
    world.applied(&blueprint("organizational_units: {A: , B: }\n"), How::default()).await;
    let fewer = blueprint("organizational_units: {A: }\n");
    assert_eq!(refused(&world, &fewer, How::default()).await, ["destruction"]);
    world.applied(&fewer, DESTROY).await;
    world.quiet(&fewer).await;
}

#[tokio::test(start_paused = true)]
async fn a_list_of_addresses_that_aws_does_not_have_is_refused_before_anything_is_done() {
    let world = World::new();
    let reference = |service: &str| {
        let parameters = format!(
            "{{BusArn: 'arn:aws:events:eu-west-1:111111111111:event-bus/${{prefix-list/eu-west-1/{service}}}'}}"
        );
        let stack = format!("{{template: security-events, in: [management], parameters: {parameters}}}");
        blueprint(&format!("stacks: {{events: {stack}}}\n"))
    };
    assert_eq!(refused(&world, &reference("s4"), How::default()).await, ["prefix-list"]);
    assert!(world.plan(&reference("s3")).await.expect("it can be planned").plan.refusals.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_account_is_closed_only_where_the_blueprint_says_so_and_with_the_flag() {
    let world = World::new();
    world.applied(&blueprint("accounts: [kept, gone]\n"), How::default()).await;
    let closed = blueprint("accounts: [kept, {name: gone, state: closed}]\n");
    assert_eq!(refused(&world, &closed, How::default()).await, ["destruction"]);
    world.applied(&closed, DESTROY).await;
    world.quiet(&closed).await;
}

#[tokio::test(start_paused = true)]
async fn the_management_account_is_not_closed() {
    let world = World::new();
    let management = |state: &str| {
        blueprint(&format!("accounts: [{{name: main, email: management@example.com, state: {state}}}]\n"))
    };
    world.applied(&management("open"), How::default()).await;
    assert_eq!(refused(&world, &management("closed"), DESTROY).await, ["management-account"]);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_the_blueprint_drops_stays_open_and_is_let_go() {
    let world = World::new();
    world.applied(&blueprint("accounts: [kept, dropped]\n"), How::default()).await;
    let fewer = blueprint("accounts: [kept]\n");
    world.applied(&fewer, DESTROY).await;
    let plan = world.quiet(&fewer).await;
    assert!(plan.unmanaged.iter().any(|address| address.as_str() == "account/dropped"));
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_refused_when_the_organization_has_changed_and_says_what() {
    let world = World::new();
    let (before, after) = (blueprint("organizational_units: {A: }\n"), blueprint("organizational_units: {A: , B: }\n"));
    world.applied(&before, How::default()).await;
    let saved = world.plan(&after).await.expect("it can be planned").plan;
    world.applied(&blueprint("organizational_units: {A: {tags: {x: y}}}\n"), How::default()).await;
    let error = world.apply(&after, How { saved: Some(saved), ..How::default() }).await.expect_err("it is stale");
    let ApplyError::Stale(differences) = error else { panic!("{error:?}") };
    assert_eq!(differences, ["ou/A has changed"]);
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_done_when_nothing_has_changed() {
    let world = World::new();
    let text = blueprint("organizational_units: {A: , B: }\n");
    let saved = world.plan(&text).await.expect("it can be planned").plan;
    world.applied(&text, How { saved: Some(saved), ..How::default() }).await;
    world.quiet(&text).await;
}

fn lease(world: &World, version: u64) {
    let note = json!({"id": "someone", "holder": "someone else", "held": true, "version": version}).to_string();
    world
        .sandbox
        .edit(|state| {
            let parameters = &mut state["parameters"];
            *parameters = json!({"111111111111": {"eu-west-1": {"/landing/lock": {
                "value": note, "type": "String", "version": version
            }}}});
        })
        .expect("the state can be edited");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_renewed_is_not_taken() {
    let world = World::new();
    lease(&world, 7);
    let sandbox = world.sandbox.clone();
    let renewing = tokio::spawn(async move {
        for version in 8..12 {
            tokio::time::sleep(std::time::Duration::from_secs(10)).await;
            sandbox
                .edit(|state| {
                    state["parameters"]["111111111111"]["eu-west-1"]["/landing/lock"]["version"] = json!(version)
                })
                .expect("the state can be edited");
        }
    });
    let error = world.apply(builtin("minimal"), How::default()).await.expect_err("it is held");
    renewing.abort();
    assert!(matches!(error, ApplyError::Held { holder } if holder == "someone else"));
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_not_renewed_is_taken_over_and_that_is_said() {
    let world = World::new();
    lease(&world, 7);
    let said = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let listener = {
        let said = std::sync::Arc::clone(&said);
        std::sync::Arc::new(move |event| said.lock().expect("no one panics").push(event))
    };
    let start = tokio::time::Instant::now();
    world.apply_listening(builtin("minimal"), How::default(), listener).await.expect("it is taken over");
    assert!(start.elapsed().as_secs() >= 30);
    let said = said.lock().expect("no one panics");
    assert!(said.iter().any(|event| matches!(event, landing::engine::Event::LeaseTaken { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_held_lease_is_taken_at_once_when_reported_to_break_it() {
    let world = World::new();
    lease(&world, 7);
    let start = tokio::time::Instant::now();
    world.applied(builtin("minimal"), How { break_lock: true, ..How::default() }).await;
    assert!(start.elapsed().as_secs() < 30);
}

#[tokio::test(start_paused = true)]
async fn two_applies_at_once_do_not_both_go_on() {
    let world = World::new();
    let (one, other) =
        tokio::join!(world.apply(builtin("startup"), How::default()), world.apply(builtin("startup"), How::default()));
    let worked = |result: Result<landing::engine::Applied, ApplyError>| match result {
        Ok(applied) => !applied.outcome.done.is_empty(),
        Err(error) => {
            assert!(matches!(error, ApplyError::Held { .. }), "{error:?}");
            false
        }
    };
    assert_ne!(worked(one), worked(other));
    world.quiet(builtin("startup")).await;
}

fn principal(world: &World, arn: &str, account: &str, deny: &[&str]) {
    world
        .sandbox
        .edit(|state| state["principals"] = json!({"*": {"arn": arn, "account": account, "deny": deny}}))
        .expect("the state can be edited");
}

#[tokio::test(start_paused = true)]
async fn the_root_user_is_refused() {
    let world = World::new();
    principal(&world, "arn:aws:iam::111111111111:root", "111111111111", &[]);
    assert_eq!(refused(&world, builtin("minimal"), How::default()).await, ["root-user"]);
}

#[tokio::test(start_paused = true)]
async fn a_member_account_is_refused() {
    let world = World::new();
    world.applied(&blueprint("accounts: [member]\n"), How::default()).await;
    let snapshot = world.sandbox.snapshot();
    let accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts");
    let member = accounts.iter().find(|(_, account)| account["name"] == "member").expect("it is there").0;
    principal(&world, &format!("arn:aws:iam::{member}:user/someone"), member, &[]);
    let error = world.plan(&blueprint("accounts: [member]\n")).await.expect_err("it is refused");
    assert!(matches!(error, PlanError::Refused(refusal) if refusal.code == "not-the-management-account"));
    assert_eq!(
        refused(&world, &blueprint("accounts: [member]\n"), How::default()).await,
        ["not-the-management-account"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_names_the_operation_and_the_rest_is_done() {
    let world = World::new();
    principal(&world, "arn:aws:iam::111111111111:user/admin", "111111111111", &["organizations:CreatePolicy"]);
    let applied = world.apply(builtin("minimal"), How::default()).await.expect("it can be tried");
    let failures = &applied.outcome.failed;
    assert!(failures.iter().all(|failure| failure.error.contains("organizations:CreatePolicy")), "{failures:?}");
    assert_eq!(failures.len(), 2);
    assert!(applied.outcome.done.iter().any(|(address, _)| address.as_str() == "ou/Sandbox"));
    assert!(applied.outcome.skipped.iter().any(|address| address.as_str() == "scp/region-restriction@root"));
}

#[tokio::test(start_paused = true)]
async fn what_another_blueprint_owns_is_not_touched() {
    let world = World::new();
    world.applied(&blueprint("organizational_units: {A: }\n"), How::default()).await;
    let other = blueprint("organizational_units: {A: {tags: {x: y}}}\n").replace("name: ours", "name: theirs");
    assert_eq!(refused(&world, &other, How::default()).await, ["another-blueprint"]);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_would_lock_out_landings_own_role_is_refused_unless_it_is_meant() {
    let world = World::new();
    world.applied(&blueprint("organizational_units: {A: {accounts: [a]}}\n"), How::default()).await;
    let with = |meant: &str| {
        blueprint(&format!(
            "policies:\n  harsh:\n    {meant}\n    content: {{Version: \"2012-10-17\", Statement: {{Effect: Deny, Action: \"iam:*\", Resource: \"*\"}}}}\n\
             organizational_units: {{A: {{accounts: [a], policies: [harsh]}}}}\n"
        ))
    };
    assert_eq!(refused(&world, &with("description: d"), How::default()).await, ["lock-out"]);
    world.applied(&with("may_lock_out: true"), How::default()).await;
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_would_lock_out_the_role_that_landing_made_for_itself_is_refused() {
    let world = World::new();
    let with = |policies: &str| {
        blueprint(&format!(
            "policies:\n  harsh:\n    content: {{Version: \"2012-10-17\", Statement: {{Effect: Deny, Action: \"cloudformation:*\", Resource: \"*\", \
             Condition: {{ArnLike: {{aws:PrincipalArn: \"arn:aws:iam::*:role/landing-*\"}}}}}}}}\n\
             organizational_units: {{A: {{accounts: [a], policies: [{policies}]}}}}\n\
             stacks: {{roles: {{template: landing-roles, in: [a]}}}}\n"
        ))
    };
    world.applied(&with(""), How::default()).await;
    assert_eq!(refused(&world, &with("harsh"), How::default()).await, ["lock-out"]);
}

#[tokio::test(start_paused = true)]
async fn a_move_into_a_unit_that_locks_out_landings_own_role_is_refused() {
    let world = World::new();
    let policy = "policies:\n  harsh: {content: {Version: \"2012-10-17\", Statement: {Effect: Deny, Action: \"cloudformation:*\", Resource: \"*\"}}}\n";
    world
        .applied(
            &blueprint(&format!("{policy}organizational_units: {{A: {{accounts: [a]}}, B: {{policies: [harsh]}}}}\n")),
            How::default(),
        )
        .await;
    let moved = blueprint(&format!("{policy}organizational_units: {{A: , B: {{policies: [harsh], accounts: [a]}}}}\n"));
    assert_eq!(refused(&world, &moved, How::default()).await, ["lock-out"]);
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_holds_what_is_not_ours_is_not_deleted() {
    let world = World::new();
    world.applied(&blueprint("organizational_units: {A: , B: }\n"), How::default()).await;
    let client = world.cloud().await.organizations.clone();
    let snapshot = world.sandbox.snapshot();
    let units = snapshot["organization"]["units"].as_object().expect("there are units");
    let b = units.iter().find(|(_, unit)| unit["name"] == "B").expect("it is there").0;
    client.create_organizational_unit().parent_id(b).name("theirs").send().await.expect("it is made");
    assert_eq!(refused(&world, &blueprint("organizational_units: {A: }\n"), DESTROY).await, ["not-empty"]);
}

#[tokio::test(start_paused = true)]
async fn the_last_policy_place_is_not_overbooked() {
    let world = World::new();
    let policies = |names: std::ops::Range<usize>| {
        let list: Vec<String> = names.map(|n| format!("p{n}")).collect();
        let defined: String = (0..12)
            .map(|n| format!("  p{n}: {{content: {{Version: \"2012-10-17\", Statement: {{Effect: Deny, Action: \"sqs:D{n}*\", Resource: \"*\"}}}}}}\n"))
            .collect();
        blueprint(&format!("policies:\n{defined}organizational_units: {{A: {{policies: [{}]}}}}\n", list.join(", ")))
    };
    world.applied(&policies(0..9), How::default()).await;
    assert_eq!(refused(&world, &policies(1..10), How::default()).await, ["places-taken"]);
}
