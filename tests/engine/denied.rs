//! What AWS denies is a failure of the change that needs it, and never taken for done.

use std::collections::BTreeSet;

use landing::engine::{Applied, ApplyError};
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

fn blueprint(organization: &str, rest: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"{organization}}}\n\
         {rest}\n"
    )
}

/// Applies `text` to the same organization once for each write that this takes, with that write denied.
async fn every_denial_is_reported(world: &World, text: &str) {
    let start = world.at_rest().await;
    let writes = writes(world, text).await;
    let end = world.at_rest().await;
    for action in &writes {
        restore(world, &start, Some(action));
        let reported = reported(world.apply(text, DESTROY).await);
        assert!(reported.iter().any(|error| error.contains(action)), "{action} was denied: {reported:#?}");
    }
    restore(world, &end, None);
}

/// The actions that write, but for those that sign in and what is cleaned up as far as that is possible.
async fn writes(world: &World, text: &str) -> BTreeSet<String> {
    let before = world.sandbox.calls().len();
    world.applied(text, DESTROY).await;
    let calls = world.sandbox.calls().split_off(before);
    let writes = calls.into_iter().filter(|call| call.write && call.service != "sts" && call.service != "ssm");
    writes.map(|call| format!("{}:{}", call.service, call.operation)).collect()
}

/// Puts the organization back, with this action denied to anyone who asks.
fn restore(world: &World, state: &Value, denied: Option<&str>) {
    let management = state["management"]["id"].as_str().expect("there is a management account");
    let mut principals =
        json!({"*": {"arn": format!("arn:aws:iam::{management}:user/admin"), "deny": denied.as_slice()}});
    for account in state["organization"]["accounts"].as_object().expect("there are accounts").keys() {
        let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
        principals[&role] = json!({"arn": role, "deny": denied.as_slice()});
    }
    let edited = world.sandbox.edit(|now| {
        *now = state.clone();
        now["principals"] = principals;
    });
    edited.expect("the state can be edited");
}

fn reported(applied: Result<Applied, ApplyError>) -> Vec<String> {
    match applied {
        Ok(applied) => applied.outcome.failed.into_iter().map(|failure| failure.error).collect(),
        Err(ApplyError::Aws(error)) => vec![error.to_string()],
        Err(error) => panic!("{error:?}"),
    }
}

const UNITS: &str = "organizational_units: {A: {accounts: [a]}, B: {accounts: [b]}}";

fn policy(name: &str, action: &str) -> String {
    format!(
        "policies: {{{name}: {{content: {{Version: '2012-10-17', Statement: {{Effect: Deny, Action: '{action}', Resource: '*'}}}}}}}}"
    )
}

#[tokio::test(start_paused = true)]
async fn writes_of_the_organization_that_are_denied_are_failures() {
    let world = World::new();
    world.applied(&blueprint("", UNITS), How::default()).await;
    let contact =
        |name: &str| format!("contacts: {{security: {{name: {name}, title: T, email: s@example.com, phone: '1'}}}}");
    let full = blueprint(
        &format!(
            ", tags: {{x: y}}, trusted_access: [config.amazonaws.com], opt_in_regions: [ap-east-1], {}, \
             delegated_administrators: [{{service: config.amazonaws.com, account: a}}]",
            contact("S")
        ),
        &format!(
            "{}\norganizational_units: {{A: {{tags: {{x: y}}, policies: [p], accounts: [{{name: a, tags: {{x: y}}}}]}}, \
             B: {{accounts: [b, c]}}, New: }}",
            policy("p", "sqs:*")
        ),
    );
    every_denial_is_reported(&world, &full).await;
    let other = blueprint(
        &format!(
            ", tags: {{x: null, z: y}}, trusted_access: [{{name: config.amazonaws.com, state: absent}}], {}, \
             delegated_administrators: [{{service: config.amazonaws.com, account: a, state: absent}}], \
             opt_in_regions: [{{name: ap-east-1, state: absent}}]",
            contact("Other")
        ),
        &format!(
            "{}\norganizational_units: {{Renamed: {{was: A, tags: {{z: y}}, policies: [q]}}, B: {{accounts: [b, \
             {{name: a, tags: {{z: y}}}}, {{name: c, state: closed}}]}}}}",
            policy("q", "sns:*")
        ),
    );
    every_denial_is_reported(&world, &other).await;
    every_denial_is_reported(&world, &blueprint(", contacts: {security: {state: absent}}", UNITS)).await;
}

#[tokio::test(start_paused = true)]
async fn writes_of_identity_center_that_are_denied_are_failures() {
    let world = World::new();
    let with = |identity: &str| blueprint("", &format!("{UNITS}\nidentity: {identity}"));
    world.applied(&with("{}"), How::default()).await;
    let inline = |action: &str| {
        format!("{{Version: '2012-10-17', Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}}}")
    };
    let full = format!(
        "{{permission_sets: {{s: {{description: d, managed_policies: [ReadOnlyAccess], \
         boundary: {{managed: PowerUserAccess}}, tags: {{x: y}}, inline_policy: {}}}, t: {{customer_managed_policies: [mine]}}}}, groups: {{g: {{description: some}}}}, \
         assignments: {{g: {{s: [A]}}}}}}",
        inline("s3:Get*")
    );
    every_denial_is_reported(&world, &with(&full)).await;
    let other = "{permission_sets: {s: {description: other, managed_policies: [ViewOnlyAccess], tags: {z: y}}, t: {customer_managed_policies: [other]}}, \
                 groups: {g: {description: other}}, assignments: {g: {s: [B]}}}";
    every_denial_is_reported(&world, &with(other)).await;
    every_denial_is_reported(&world, &with("{}")).await;
}

#[tokio::test(start_paused = true)]
async fn writes_of_stacks_and_settings_that_are_denied_are_failures() {
    let world = World::new();
    let with = |limit: u32, account: &str, length: u32| {
        let budget = |place: &str| {
            format!("{{template: budget, in: [{place}], parameters: {{limit_usd: {limit}, emails: [c@example.com]}}}}")
        };
        blueprint(
            "",
            &format!(
                "{UNITS}\nstacks: {{one: {}, set: {}}}\naccount_settings: [{{in: A, password_policy: {{minimum_length: \
                 {length}}}, ebs_encryption: {{}}}}]",
                budget(account),
                budget("B")
            ),
        )
    };
    world.applied(&blueprint("", UNITS), How::default()).await;
    every_denial_is_reported(&world, &with(500, "a", 20)).await;
    every_denial_is_reported(&world, &with(700, "management", 24)).await;
    every_denial_is_reported(&world, &blueprint("", UNITS)).await;
}
