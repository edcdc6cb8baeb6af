use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use landing::cloud::Pace;
use landing_sandbox::{Options, Sandbox};
use tokio::time::Instant;

use super::world::{How, World};

const ACCOUNTS: usize = 500;
const UNITS: usize = 50;
const POLICIES: usize = 10;

/// Ten units at the top, each with four below it; accounts spread over all of them; every policy on one unit.
pub fn large() -> String {
    with_accounts(ACCOUNTS)
}

/// The same with so many accounts in all.
pub fn with_accounts(count: usize) -> String {
    let mut text = String::from(
        "version: 1\nname: large\norganization: {regions: [eu-west-1], account_email: \"{name}@example.com\"}\npolicies:\n",
    );
    for n in 0..POLICIES {
        writeln!(
            text,
            "  p{n}: {{content: {{Version: \"2012-10-17\", Statement: {{Effect: Deny, Action: \"sqs:Delete{n}*\", Resource: \"*\"}}}}}}"
        )
        .expect("memory takes it");
    }
    text.push_str("organizational_units:\n");
    let accounts = |unit: usize| {
        let names: Vec<String> = (0..count / UNITS).map(|n| format!("a{unit}-{n}")).collect();
        names.join(", ")
    };
    for top in 0..10 {
        writeln!(
            text,
            "  top{top}:\n    policies: [p{top}]\n    accounts: [{}]\n    organizational_units:",
            accounts(top * 5)
        )
        .expect("memory takes it");
        for below in 1..5 {
            writeln!(text, "      below{below}: {{accounts: [{}]}}", accounts(top * 5 + below))
                .expect("memory takes it");
        }
    }
    text
}

#[tokio::test(start_paused = true)]
async fn a_plan_without_changes_makes_no_more_calls_than_pages_and_policies_require() {
    let world = World::new();
    world.applied(&large(), How::default()).await;
    let plan = world.quiet(&large()).await;
    let pages = |items: usize, a_page: usize| items.div_ceil(a_page) as u64;
    let expected = BTreeMap::from([
        ("sts:GetCallerIdentity", 1),
        // Where the blueprint has had stacks.
        ("ssm:GetParameter", 1),
        ("organizations:DescribeOrganization", 1),
        ("organizations:ListRoots", 1),
        // The management account is one more.
        ("organizations:ListAccounts", pages(ACCOUNTS + 1, 20)),
        // The root and the ten units that have units.
        ("organizations:ListOrganizationalUnitsForParent", 11),
        // Whether Control Tower governs, which nothing else shows where units are governed by baselines alone.
        ("organizations:ListAWSServiceAccessForOrganization", 1),
        // One policy type; AWS's own policy is one more.
        ("organizations:ListPolicies", pages(POLICIES + 1, 20)),
        ("organizations:DescribePolicy", POLICIES as u64),
        ("organizations:ListTargetsForPolicy", POLICIES as u64),
        // Whether FullAWSAccess is missing beside the policies: the ten units, not the 28 pages of all of its targets.
        ("organizations:ListPoliciesForTarget", 10),
        ("tag:GetResources", pages(ACCOUNTS + UNITS + POLICIES, 100)),
    ]);
    let made: BTreeMap<&str, u64> =
        plan.api_calls.by_operation.iter().map(|(operation, count)| (operation.as_str(), *count)).collect();
    assert_eq!(made, expected);
    assert_eq!(plan.api_calls.total, 79);
    assert_eq!(plan.depth.units, 40, "what was not asked is said");
}

#[tokio::test(start_paused = true)]
async fn a_plan_writes_nothing() {
    let world = World::new();
    world.plan(&large()).await.expect("it can be planned");
    assert!(world.sandbox.calls().iter().all(|call| !call.write), "{:?}", world.sandbox.calls());
}

/// The accounts of a large organization in which every call takes 100 ms: how many calls by operation, and how long all took.
async fn from_far(pace: Pace) -> (BTreeMap<String, u64>, Duration) {
    let world = World::new();
    world.applied(&large(), How::default()).await;
    let options = Options { latency: Duration::from_millis(100), ..Options::default() };
    let sandbox = Sandbox::restore(world.sandbox.snapshot(), options).expect("it is a snapshot");
    let start = Instant::now();
    let plan = World { sandbox, pace, ..World::new() }.quiet(&large()).await;
    // The organization and its policy type, and 500 accounts, 50 units, 10 policies and 10 attachments.
    assert_eq!(plan.summary.unchanged, 572);
    (plan.api_calls.by_operation.clone(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn over_a_slow_connection_the_accounts_of_all_units_are_read_beside_the_pages() {
    let (calls, took) = from_far(Pace::OnceThrottled).await;
    assert_eq!(calls["organizations:ListAccountsForParent"], 51);
    assert!(calls["organizations:ListAccounts"] < 26, "{calls:?}");
    assert!(took < Duration::from_millis(2600), "26 pages alone take as long: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn under_awss_limits_accounts_are_read_by_pages_alone() {
    let (calls, _) = from_far(Pace::FromTheStart).await;
    assert_eq!(calls.get("organizations:ListAccountsForParent"), None);
    assert_eq!(calls["organizations:ListAccounts"], 26);
}
