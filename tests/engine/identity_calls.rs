//! How many calls a plan with nothing to do makes of IAM Identity Center, by hand.

use std::collections::BTreeMap;
use std::fmt::Write;

use landing::model::{Action, Plan, Risk};
use serde_json::{Value, json};

use super::identity::{assign_by_hand, user};
use super::world::{How, World};

/// Four accounts of one unit, and the management account.
fn blueprint(identity: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
         organizational_units: {{W: {{accounts: [a, b, c, d]}}}}\nidentity:\n{identity}"
    )
}

/// Three sets that two groups have in all four accounts: 12 pairs of set and account.
fn few_groups() -> String {
    blueprint("  permission_sets: {s: , t: , u: }\n  assignments: {one: {s: [W], t: [W]}, two: {u: [W]}}\n")
}

/// Two sets that fourteen groups have in one account: two pairs. A third set is assigned nowhere.
fn many_groups() -> String {
    let mut text = blueprint("  permission_sets: {s: , t: , u: }\n  assignments:\n");
    for group in 0..14 {
        writeln!(text, "    g{group}: {{s: [a], t: [a]}}").expect("memory takes it");
    }
    text
}

/// The calls of Identity Center and its directory.
fn calls(plan: &Plan) -> BTreeMap<&str, u64> {
    let made = plan.api_calls.by_operation.iter().map(|(operation, count)| (operation.as_str(), *count));
    made.filter(|(operation, _)| operation.starts_with("sso:") || operation.starts_with("identitystore:")).collect()
}

/// What three sets of the blueprint take, regardless of who has them, and the operations by which it is read who has them.
fn expected<'a>(others: impl IntoIterator<Item = (&'a str, u64)>) -> BTreeMap<&'a str, u64> {
    let of_sets = [
        ("sso:ListInstances", 1),
        ("sso:ListPermissionSets", 1),
        ("sso:DescribePermissionSet", 3),
        ("sso:ListTagsForResource", 3),
        ("sso:ListManagedPoliciesInPermissionSet", 3),
        ("sso:ListCustomerManagedPolicyReferencesInPermissionSet", 3),
        ("sso:GetInlinePolicyForPermissionSet", 3),
        ("sso:GetPermissionsBoundaryForPermissionSet", 3),
        ("identitystore:ListGroups", 1),
    ];
    of_sets.into_iter().chain(others).collect()
}

#[tokio::test(start_paused = true)]
async fn few_groups_are_asked_each_and_sets_one_by_one() {
    let world = World::new();
    world.applied(&few_groups(), How::default()).await;
    let plan = world.quiet(&few_groups()).await;
    // Where each set is, and where it is outdated: three sets are fewer than four accounts.
    let others = [("sso:ListAccountsForProvisionedPermissionSet", 6), ("sso:ListAccountAssignmentsForPrincipal", 2)];
    assert_eq!(calls(&plan), expected(others));
    assert_eq!(plan.depth.pairs, 12);

    // A deep look asks for everyone in each pair beside.
    let deep = World { deep: true, ..world };
    let plan = deep.quiet(&few_groups()).await;
    let others = [
        ("sso:ListAccountsForProvisionedPermissionSet", 6),
        ("sso:ListAccountAssignmentsForPrincipal", 2),
        ("sso:ListAccountAssignments", 12),
    ];
    assert_eq!(calls(&plan), expected(others));
    assert_eq!(plan.depth.pairs, 12, "a look that is not deep leaves these out");
}

#[tokio::test(start_paused = true)]
async fn many_groups_in_one_account_are_read_there() {
    let world = World::new();
    world.applied(&many_groups(), How::default()).await;
    let ann = user(&world, "ann").await;
    let plan = world.quiet(&many_groups()).await;
    // Where each of three sets is; what is outdated in one account, which two of them are in; two pairs, not fourteen groups.
    let others = [
        ("sso:ListAccountsForProvisionedPermissionSet", 3),
        ("sso:ListPermissionSetsProvisionedToAccount", 1),
        ("sso:ListAccountAssignments", 2),
    ];
    assert_eq!(calls(&plan), expected(others));
    assert_eq!(plan.depth.pairs, 0, "nothing is left to a deep look");

    // Whoever was added beside the blueprint's own is seen by that, too.
    assign_by_hand(&world, "s", &ann, "a").await;
    let plan = world.plan(&many_groups()).await.expect("it can be planned").plan;
    let found: Vec<_> = plan.changes.iter().map(|it| (it.address.to_string(), it.action, it.risk)).collect();
    assert_eq!(found, [("assignment/s/user/ann@account/a".to_owned(), Action::Delete, Risk::Disruptive)]);
    world.applied(&many_groups(), How::default()).await;
    world.quiet(&many_groups()).await;
}

/// A set that was changed by hand is outdated in the accounts that have it, and the plan says in how many.
#[tokio::test(start_paused = true)]
async fn an_outdated_set_is_found_whichever_way_is_asked() {
    for (text, accounts) in [(few_groups(), 4), (many_groups(), 1)] {
        let world = World::new();
        world.applied(&text, How::default()).await;
        world
            .sandbox
            .edit(|state| {
                let sets = state["identity_center"]["permission_sets"].as_object_mut().expect("there are sets");
                let set = sets.values_mut().find(|set| set["name"] == "s").expect("it is there");
                set["revision"] = (set["revision"].as_u64().expect("it is a number") + 1).into();
            })
            .expect("the state can be edited");
        let plan = world.plan(&text).await.expect("it can be planned").plan;
        assert_eq!(plan.changes.len(), 1, "{:#?}", plan.changes);
        let before = &plan.changes[0].field("provisioned").expect("it is outdated").before;
        assert_eq!(before, &json!(format!("an older version in {accounts} accounts")));
        world.applied(&text, How::default()).await;
        world.quiet(&text).await;
    }
}

/// Several pages of groups, which take longer to read than where the sets are: until they are known, nothing is asked in their place.
#[tokio::test(start_paused = true)]
async fn no_pair_is_read_while_groups_are_still_listed() {
    let world = World::new();
    world.applied(&few_groups(), How::default()).await;
    let others = |state: &mut Value| {
        let groups = state["directory"]["groups"].as_object_mut().expect("there are groups");
        let one = groups.values().next().expect("there is one").clone();
        for nth in 0..520 {
            let mut other = one.clone();
            (other["name"], other["description"]) = (json!(format!("other-{nth}")), Value::Null);
            groups.insert(format!("90676d0f6e-{nth:08x}-0000-4000-8000-000000000000"), other);
        }
    };
    world.sandbox.edit(others).expect("the state can be edited");
    let plan = world.quiet(&few_groups()).await;
    let others = [("sso:ListAccountsForProvisionedPermissionSet", 6), ("sso:ListAccountAssignmentsForPrincipal", 2)];
    let mut expected = expected(others);
    expected.insert("identitystore:ListGroups", 6);
    assert_eq!(calls(&plan), expected);
}
