//! How many calls an import makes of a large organization, and a plan of what it wrote: the formula of `docs/guides/adopt.md`.

use std::collections::BTreeMap;
use std::fmt::Write;

use landing::cloud::Pace;
use landing::engine::look_and_plan;
use landing::facts::Facts;
use landing::import::{Options, import};
use landing::model::Part;
use landing_sandbox::{Limits, Options as Behaviour};

use super::super::calls::with_accounts;
use super::super::world::{How, World};
use super::{forget_who_made_it, kept, options};

/// How many accounts there are where that is not [`ACCOUNTS`]: a large organization takes long to make.
const LARGE: &str = "LANDING_ACCOUNTS";
const ACCOUNTS: usize = 200;
/// What `calls::large` has: units of which none is five deep; policies on one of ten units at the top each.
const UNITS: usize = 50;
const TOP: usize = 10;
const POLICIES: usize = 10;
const SETS: usize = 3;
const PEOPLE: &str = "
identity:
  permission_sets: {s: , t: , u: }
  assignments:
    one: {s: [top0, top1]}
    two: {t: [top2]}
";

fn pages(resources: usize, a_page: usize) -> u64 {
    resources.div_ceil(a_page) as u64
}

/// What one look at everything costs, by operation: what `docs/guides/adopt.md` says, for these sizes.
fn one_look(members: usize) -> BTreeMap<&'static str, u64> {
    let accounts = members + 1;
    // `one` in two units at the top with all below, `two` in one: a tenth of the accounts each.
    let pairs = (members / TOP * 3) as u64;
    let (sets, units, policies) = (SETS as u64, UNITS as u64, POLICIES as u64);
    BTreeMap::from([
        ("sts:GetCallerIdentity", 1),
        ("ssm:GetParameter", 1),
        ("organizations:DescribeOrganization", 1),
        ("organizations:ListRoots", 1),
        ("organizations:ListAWSServiceAccessForOrganization", 1),
        ("organizations:DescribeResourcePolicy", 1),
        ("organizations:ListDelegatedAdministrators", 1),
        ("account:ListRegions", 1),
        ("account:GetAlternateContact", 3),
        ("tag:GetResources", 1),
        ("organizations:ListAccounts", pages(accounts, 20)),
        ("organizations:ListOrganizationalUnitsForParent", 1 + units),
        ("organizations:ListPolicies", pages(POLICIES + 1, 20)),
        ("organizations:DescribePolicy", policies),
        ("organizations:ListTargetsForPolicy", policies + pages(1 + UNITS + accounts, 20)),
        ("organizations:ListTagsForResource", pages(1 + accounts + UNITS + POLICIES, 1)),
        // Of each place with an SCP: whether FullAWSAccess is beside it.
        ("organizations:ListPoliciesForTarget", policies),
        ("sso:ListInstances", 1),
        ("sso:ListPermissionSets", 1),
        ("identitystore:ListGroups", 1),
        ("sso:DescribePermissionSet", sets),
        ("sso:GetInlinePolicyForPermissionSet", sets),
        ("sso:GetPermissionsBoundaryForPermissionSet", sets),
        ("sso:ListCustomerManagedPolicyReferencesInPermissionSet", sets),
        ("sso:ListManagedPoliciesInPermissionSet", sets),
        ("sso:ListTagsForResource", sets),
        // Where each is, and where it is not up to date: `s` is in a fifth of the accounts, `t` in a tenth, `u` nowhere.
        ("sso:ListAccountsForProvisionedPermissionSet", pages(members / 5, 100) + pages(members / 10, 100) + 1 + sets),
        ("sso:ListAccountAssignments", pairs),
        ("sso:ListAccountAssignmentsForPrincipal", pages(members / 5, 100) + pages(members / 10, 100)),
    ])
}

/// Makes sure that no operation was called more often than so many looks allow, and none that they do not have.
fn within(looks: u64, members: usize, calls: &BTreeMap<String, u64>) {
    let budget = one_look(members);
    let over = calls.iter().filter(|(operation, count)| {
        budget.get(operation.as_str()).is_none_or(|of_one_look| **count > looks * of_one_look)
    });
    assert_eq!(over.collect::<Vec<_>>(), [], "more than {looks} looks take");
}

#[tokio::test(start_paused = true)]
async fn an_import_of_a_large_organization_and_its_plan_stay_within_their_calls() {
    let members = std::env::var(LARGE).ok().and_then(|count| count.parse().ok()).unwrap_or(ACCOUNTS);
    let world = World::new();
    let mut text = with_accounts(members);
    text.write_str(PEOPLE).expect("memory takes it");
    world.applied(&text, How::default()).await;
    forget_who_made_it(&world);
    let mut world = World { pace: Pace::FromTheStart, ..world };
    world.sandbox.set_options(Behaviour { limits: Some(Limits::aws()), ..Behaviour::default() });
    let parts = options().parts.into_iter().filter(|part| *part != Part::Settings).collect();
    let (cloud, start) = (world.cloud().await, tokio::time::Instant::now());
    let imported = import(&cloud, &mut Facts::default(), &Options { parts, ..options() }).await;
    let imported = imported.expect("it can be imported");
    eprintln!("{members} accounts imported: {} calls in {:?}", cloud.meter.calls().total, start.elapsed());
    assert!(imported.proof.holds(), "{:#?}", imported.proof.differences().collect::<Vec<_>>());
    let calls = cloud.meter.calls();
    within(2, members, &calls.by_operation.into_iter().collect());
    // The lists of tags are the longest wait: five a second.
    let bound = 2.0 * (2 + members + UNITS + POLICIES) as f64 / 5.0;
    assert!(start.elapsed().as_secs_f64() < bound * 1.1, "{:?}, not {bound} s", start.elapsed());
    assert_eq!(world.throttled().await, 0);

    world.sandbox.set_options(Behaviour::default());
    let (_folder, text) = kept(&mut world, &imported.files);
    let (cloud, declared) = (world.cloud().await, world.declared(&text));
    let draft = look_and_plan(&cloud, &mut Facts::default(), &declared.desired, &declared.blueprint, &[]).await;
    draft.expect("it can be planned");
    within(1, members, &cloud.meter.calls().by_operation.into_iter().collect());
}
