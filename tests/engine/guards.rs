//! Whom a plan would shut out, and what it was expected to come to.

use landing::model::Plan;
use serde_json::json;

use super::world::{How, World};

const ACCOUNTS: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
";

async fn refusals(world: &World, text: &str) -> Vec<String> {
    let plan: Plan = world.plan(text).await.expect("it can be planned").plan;
    plan.refusals.iter().map(|refusal| format!("{}: {}", refusal.code, refusal.message)).collect()
}

/// A blueprint with one policy on the unit A that holds the account `a`.
fn with_policy(policy_type: &str, statement: &str, more: &str) -> String {
    let principal = if policy_type == "rcp" { "Principal: '*', " } else { "" };
    format!(
        "{ACCOUNTS}policies:
  guard: {{type: {policy_type}, content: {{Version: '2012-10-17', Statement: {{Effect: Deny, {principal}Resource: '*', {statement}}}}}}}
organizational_units: {{A: {{accounts: [a], policies: [guard]}}}}
{more}"
    )
}

#[tokio::test(start_paused = true)]
async fn identity_centers_administrators_are_not_shut_out() {
    let world = World::new();
    let identity = "identity:
  permission_sets: {admin: {managed_policies: [AdministratorAccess]}, reader: {managed_policies: [ReadOnlyAccess]}}
  assignments: {team: {admin: [a], reader: [a]}}
";
    world
        .applied(&format!("{ACCOUNTS}organizational_units: {{A: {{accounts: [a]}}}}\n{identity}"), How::default())
        .await;
    let stop = |set: &str| {
        let statement = format!(
            "Action: 'cloudtrail:*', Condition: {{ArnLike: {{'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/*/AWSReservedSSO_{set}_*'}}}}"
        );
        with_policy("scp", &statement, identity)
    };
    assert_eq!(
        refusals(&world, &stop("admin")).await,
        ["lock-out: permission set admin could not do cloudtrail:LookupEvents any more in account/a: \
          statement 1 of scp/guard, attached to ou/A, denies it"]
    );
    assert!(refusals(&world, &stop("reader")).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn landing_can_always_enter_its_roles() {
    let world = World::new();
    world.applied(&format!("{ACCOUNTS}organizational_units: {{A: {{accounts: [a]}}}}\n"), How::default()).await;
    let of_others = "Action: 'sts:*', Condition: {StringNotEquals: {'aws:PrincipalOrgID': '${organization}'}}";
    assert!(refusals(&world, &with_policy("rcp", of_others, "")).await.is_empty());
    let of_all = refusals(&world, &with_policy("rcp", "Action: 'sts:AssumeRole'", "")).await;
    assert_eq!(of_all.len(), 1, "{of_all:?}");
    assert!(of_all[0].starts_with("lock-out: the management account, to enter role OrganizationAccountAccessRole"));
}

#[tokio::test(start_paused = true)]
async fn logs_go_on_being_delivered() {
    let world = World::new();
    let stacks = "stacks: {logs: {template: log-archive, in: [a]}}\n";
    world.applied(&format!("{ACCOUNTS}organizational_units: {{A: {{accounts: [a]}}}}\n{stacks}"), How::default()).await;
    let from = |organization: &str| {
        let condition = format!(
            "StringNotEqualsIfExists: {{'aws:SourceOrgID': '{organization}'}}, Bool: {{'aws:PrincipalIsAWSService': 'true'}}"
        );
        with_policy("rcp", &format!("Action: 's3:*', Condition: {{{condition}}}"), stacks)
    };
    assert!(refusals(&world, &from("${organization}")).await.is_empty());
    let stopped = refusals(&world, &from("o-mistaken00")).await;
    assert!(
        stopped.iter().any(|it| it.starts_with("lock-out: cloudtrail.amazonaws.com could not do s3:PutObject")),
        "{stopped:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_expected_is_held_against_what_others_attach_too() {
    let world = World::new();
    let text = format!(
        "{ACCOUNTS}policies: {{other: {{content: {{Version: '2012-10-17', Statement: {{Effect: Deny, Action: 'sqs:*', Resource: '*'}}}}}}}}
organizational_units: {{A: {{accounts: [a], policies: [other]}}}}\nexpect: [{{allow: 's3:GetObject', in: A}}]\n"
    );
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let client = world.cloud().await.organizations.clone();
    let document = json!({"Version": "2012-10-17", "Statement": [{"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]});
    let made = client
        .create_policy()
        .name("theirs")
        .description("")
        .r#type(aws_sdk_organizations::types::PolicyType::ServiceControlPolicy)
        .content(document.to_string())
        .send()
        .await
        .expect("it is made");
    let policy =
        made.policy().and_then(|it| it.policy_summary()).and_then(|it| it.id()).expect("it has an id").to_owned();
    let root = client.list_roots().send().await.expect("there is a root").roots()[0].id().expect("an id").to_owned();
    client.attach_policy().policy_id(policy).target_id(root).send().await.expect("it is attached");
    assert_eq!(
        refusals(&world, &text).await,
        [
            "expectation: s3:GetObject is denied in account/a: statement 1 of scp/theirs (No), attached to root, denies it, \
          which landing.yaml:6 expects otherwise"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_made_under_a_guardrail_is_guarded_from_the_start() {
    let world = World::new();
    let text = |accounts: &str| {
        with_policy("scp", "Action: 'iam:CreateRole'", "").replace("accounts: [a]", &format!("accounts: [{accounts}]"))
    };
    world.applied(&text(""), How::default()).await;
    let refused = refusals(&world, &text("a")).await;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with(
        "lock-out: role OrganizationAccountAccessRole could not do iam:CreateRole any more in account/a: statement 1"
    ));
}
