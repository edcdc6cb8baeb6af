//! No step on the way denies less than both before and after.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

const ACTIONS: [&str; 5] = ["s3:DeleteBucket", "ec2:DeleteVpc", "iam:CreateUser", "kms:Encrypt", "sqs:Send"];

/// An organization as its changes leave it, as AWS would have it, without anything of the code under test.
#[derive(Clone, Debug, Default, PartialEq)]
struct State {
    accounts: BTreeMap<String, String>,
    policies: BTreeMap<String, Value>,
    attached: BTreeSet<(String, String)>,
}

impl State {
    /// The account's levels: the root, its units, itself.
    fn levels(&self, account: &str) -> Vec<String> {
        let mut levels = vec!["root".to_owned(), account.to_owned()];
        let mut place = self.accounts[account].clone();
        while place != "root" {
            levels.push(place.clone());
            place = match place.rsplit_once('/') {
                Some(("ou", _)) | None => "root".into(),
                Some((above, _)) => above.into(),
            };
        }
        levels
    }

    fn names(&self, policy: &str, effect: &str, action: &str) -> bool {
        let Some(content) = self.policies.get(policy) else { return false };
        content["Statement"].as_array().unwrap().iter().any(|statement| {
            let actions = statement["Action"].as_array().unwrap();
            statement["Effect"] == effect && actions.iter().any(|it| it == action || it == "*")
        })
    }

    fn denies(&self, account: &str, action: &str) -> bool {
        self.levels(account).iter().any(|level| {
            let here = || self.attached.iter().filter(|(_, target)| target == level).map(|(policy, _)| policy.as_str());
            let denied = here().any(|policy| self.names(policy, "Deny", action));
            let is_full = here().any(|policy| policy == "scp/FullAWSAccess");
            denied || !(is_full || here().any(|policy| self.names(policy, "Allow", action)))
        })
    }

    fn apply(&mut self, change: &Change, world: &World) {
        let address = change.address.to_string();
        let wanted = || world.desired.get(&change.address).unwrap();
        match (change.kind.as_str(), change.action) {
            ("attachment", action) => {
                let (policy, target) = change.address.split_target().unwrap();
                let place = (policy.to_string(), target.to_string());
                if action == Action::Delete {
                    self.attached.remove(&place)
                } else {
                    self.attached.insert(place)
                };
            }
            ("policy", Action::Delete) => drop(self.policies.remove(&address)),
            ("policy", _) => drop(self.policies.insert(address, wanted().body["content"].clone())),
            ("account", Action::Move) => {
                drop(self.accounts.insert(address, wanted().parent.as_ref().unwrap().to_string()));
            }
            _ => {}
        }
    }
}

fn before(world: &World) -> State {
    let mut state = State::default();
    for found in world.observed.found.values() {
        let address = found.address.to_string();
        match found.kind.as_str() {
            "account" => drop(state.accounts.insert(address, found.parent.as_ref().unwrap().to_string())),
            "policy" => drop(state.policies.insert(address, found.body["content"].clone())),
            "attachment" => {
                let (policy, target) = found.address.split_target().unwrap();
                state.attached.insert((policy.to_string(), target.to_string()));
            }
            _ => {}
        }
    }
    state
}

/// What is denied before and after, and is not in `now`.
fn lost(before: &State, now: &State, after: &State) -> Vec<String> {
    let accounts = before.accounts.keys().flat_map(|account| ACTIONS.map(|action| (account, action)));
    let both = accounts.filter(|(account, action)| before.denies(account, action) && after.denies(account, action));
    both.filter(|(account, action)| !now.denies(account, action)).map(|(a, b)| format!("{a} {b}")).collect()
}

/// Makes the changes one by one, the next one being any that `choose` picks of those that wait for nothing; some fail.
fn walk(
    world: &World,
    changes: &[Change],
    mut choose: impl FnMut(usize) -> usize,
    fails: Option<&Address>,
) -> Vec<String> {
    let start = before(world);
    let mut after = start.clone();
    changes.iter().for_each(|change| after.apply(change, world));
    let (mut now, mut open) = (start.clone(), changes.iter().collect::<Vec<_>>());
    let mut failed: BTreeSet<Address> = fails.into_iter().cloned().collect();
    let mut all_lost = Vec::new();
    while !open.is_empty() {
        let is_open = |address: &Address| open.iter().any(|change| change.address == *address);
        let ready: Vec<&Change> =
            open.iter().filter(|change| !change.needs.iter().chain(&change.after).any(is_open)).copied().collect();
        let change = ready[choose(ready.len())];
        open.retain(|other| other.address != change.address);
        if failed.contains(&change.address) || change.needs.iter().any(|need| failed.contains(need)) {
            failed.insert(change.address.clone());
            continue;
        }
        now.apply(change, world);
        all_lost.extend(lost(&start, &now, &after).into_iter().map(|lost| format!("{lost} after {}", change.address)));
    }
    all_lost
}

#[track_caller]
fn keeps_denied(world: &World) {
    let ordered = world.ordered();
    let mut seed = 1_usize;
    for _ in 0..200 {
        let random = |number: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % number
        };
        assert_eq!(walk(world, &ordered.0, random, None), [""; 0], "{:#?}", ordered.0);
    }
}

/// A unit with an account in it, before and after.
fn in_alpha() -> World {
    let mut world = World::default();
    world.unit("ou/Alpha", true, true).account("a", Some("ou/Alpha"), Some("ou/Alpha"));
    world.attached("scp/FullAWSAccess", &["root", "ou/Alpha", "account/a"], &["root", "ou/Alpha", "account/a"]);
    world
}

#[test]
fn what_is_handed_along_a_chain_of_policies_stays_denied() {
    let mut world = in_alpha();
    world.policy("scp/base-1", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["iam:CreateUser"])));
    world.policy("scp/base-2", Some(denying(&["ec2:DeleteVpc"])), Some(denying(&["s3:DeleteBucket"])));
    world.policy("scp/base-3", None, Some(denying(&["ec2:DeleteVpc"])));
    world.attached("scp/base-1", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/base-2", &["ou/Alpha"], &["ou/Alpha"]);
    world.attached("scp/base-3", &[], &["ou/Alpha"]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("scp/base-1"), ["scp/base-2"]);
    assert_eq!(ordered.needs("scp/base-2"), ["scp/base-3@ou/Alpha"]);
    keeps_denied(&world);
}

#[test]
fn contents_that_are_swapped_are_refused_with_a_way_out() {
    let mut world = in_alpha();
    world.policy("scp/one", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["ec2:DeleteVpc"])));
    world.policy("scp/two", Some(denying(&["ec2:DeleteVpc"])), Some(denying(&["s3:DeleteBucket"])));
    world.attached("scp/one", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/two", &["ou/Alpha"], &["ou/Alpha"]);
    let refusal = world.refused();
    assert_eq!((refusal.code.as_str(), refusal.address), ("circle", Some(at("scp/one"))));
    assert!(refusal.message.contains("denied"), "{}", refusal.message);
    assert!(refusal.help.contains("first add"), "{}", refusal.help);
}

#[test]
fn contents_that_are_swapped_and_widened_are_refused_too() {
    let mut world = in_alpha();
    world.policy("scp/one", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["ec2:*"])));
    world.policy("scp/two", Some(denying(&["ec2:DeleteVpc"])), Some(denying(&["s3:*"])));
    world.attached("scp/one", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/two", &["ou/Alpha"], &["ou/Alpha"]);
    assert_eq!(world.refused().code, "circle");
}

#[test]
fn contents_and_places_that_are_swapped_are_refused() {
    let mut world = in_alpha();
    world.unit("ou/Beta", true, true).account("b", Some("ou/Beta"), Some("ou/Beta"));
    world.policy("scp/one", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["ec2:DeleteVpc"])));
    world.policy("scp/two", Some(denying(&["ec2:DeleteVpc"])), Some(denying(&["s3:DeleteBucket"])));
    world.attached("scp/one", &["ou/Alpha"], &["ou/Beta"]).attached("scp/two", &["ou/Beta"], &["ou/Alpha"]);
    assert_eq!(world.refused().code, "circle");
}

#[test]
fn contents_that_are_swapped_where_no_account_has_both_are_updated() {
    let mut world = in_alpha();
    world.unit("ou/Beta", true, true).account("b", Some("ou/Beta"), Some("ou/Beta"));
    world.policy("scp/one", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["ec2:DeleteVpc"])));
    world.policy("scp/two", Some(denying(&["ec2:DeleteVpc"])), Some(denying(&["s3:DeleteBucket"])));
    world.attached("scp/one", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/two", &["ou/Beta"], &["ou/Beta"]);
    assert_eq!(world.ordered().needs("scp/one"), [""; 0]);
}

#[test]
fn a_denial_that_moves_up_or_down_the_tree_is_taken_over_first() {
    for (before, after) in [("ou/Alpha", "root"), ("root", "ou/Alpha"), ("account/a", "root"), ("root", "account/a")] {
        let mut world = in_alpha();
        world.policy("scp/p", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["s3:DeleteBucket"])));
        world.attached("scp/p", &[before], &[after]);
        assert_eq!(world.ordered().needs(&format!("scp/p@{before}")), [format!("scp/p@{after}")]);
        keeps_denied(&world);
    }
}

#[test]
fn a_wider_denial_takes_over_from_narrower_ones() {
    let mut world = in_alpha();
    world.policy("scp/narrow", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["kms:Encrypt"])));
    world.policy("scp/wide", None, Some(denying(&["*"])));
    world.attached("scp/narrow", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/wide", &[], &["root"]);
    assert_eq!(world.ordered().needs("scp/narrow"), ["scp/wide@root"]);
    keeps_denied(&world);
}

#[test]
fn a_statement_that_is_split_is_taken_over_by_both_parts() {
    let mut world = in_alpha();
    world.policy("scp/p", Some(denying(&["s3:DeleteBucket", "ec2:DeleteVpc"])), Some(denying(&["sqs:Send"])));
    world.policy("scp/q", None, Some(denying(&["s3:DeleteBucket"])));
    world.policy("scp/r", None, Some(denying(&["ec2:DeleteVpc"])));
    world.attached("scp/p", &["ou/Alpha"], &["ou/Alpha"]);
    world.attached("scp/q", &[], &["ou/Alpha"]).attached("scp/r", &[], &["root"]);
    assert_eq!(world.ordered().needs("scp/p"), ["scp/q@ou/Alpha", "scp/r@root"]);
    keeps_denied(&world);
}

#[test]
fn what_is_denied_all_the_while_by_another_policy_waits_for_nothing() {
    let mut world = in_alpha();
    world.policy("scp/always", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["s3:DeleteBucket"])));
    world.policy("scp/p", Some(denying(&["s3:DeleteBucket"])), Some(denying(&["sqs:Send"])));
    world.policy("scp/q", Some(denying(&["sqs:Send"])), Some(denying(&["s3:DeleteBucket"])));
    world.attached("scp/always", &["root"], &["root"]);
    world.attached("scp/p", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/q", &[], &["ou/Alpha"]);
    assert_eq!(world.ordered().needs("scp/p"), [""; 0]);
}

#[test]
fn a_statement_that_only_overlaps_refuses_no_plan() {
    let regions = |regions: &[&str]| {
        json!({"Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": regions}}})
    };
    let people = |arns: &[&str]| {
        json!({"Sid": "People", "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": arns}}})
    };
    let policy = |statement: Value| Some(json!({"Version": "2012-10-17", "Statement": [statement]}));
    let mut world = in_alpha();
    world.policy("scp/p", policy(regions(&["eu-west-1"])), policy(regions(&["eu-west-1", "us-east-1"])));
    world.policy("scp/q", policy(people(&["a"])), policy(people(&["a", "b"])));
    world.attached("scp/p", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/q", &["ou/Alpha"], &["ou/Alpha"]);
    world.ordered();
}

#[test]
fn an_account_leaves_before_its_old_guardrail_goes() {
    let mut world = in_alpha();
    world.unit("ou/Beta", true, true).account("a", Some("ou/Alpha"), Some("ou/Beta"));
    world.attached("scp/FullAWSAccess", &["ou/Beta"], &["ou/Beta"]);
    let same = || Some(denying(&["s3:DeleteBucket"]));
    world.policy("scp/p", same(), same()).policy("scp/q", same(), same());
    world.attached("scp/p", &["ou/Alpha"], &[]).attached("scp/q", &["ou/Beta"], &["ou/Beta"]);
    assert_eq!(world.ordered().needs("scp/p@ou/Alpha"), ["account/a"]);
    keeps_denied(&world);
}

#[test]
fn an_account_moves_once_the_policy_there_says_what_it_should() {
    let mut world = in_alpha();
    world.unit("ou/Beta", true, true).account("a", Some("ou/Alpha"), Some("ou/Beta"));
    world.attached("scp/FullAWSAccess", &["ou/Beta"], &["ou/Beta"]);
    let same = || Some(denying(&["s3:DeleteBucket"]));
    world.policy("scp/p", same(), same());
    world.policy("scp/q", Some(denying(&["sqs:Send"])), Some(denying(&["sqs:Send", "s3:DeleteBucket"])));
    world.attached("scp/p", &["ou/Alpha"], &["ou/Alpha"]).attached("scp/q", &["ou/Beta"], &["ou/Beta"]);
    assert_eq!(world.ordered().needs("account/a"), ["scp/q"]);
    keeps_denied(&world);
}

#[test]
fn a_list_of_what_is_allowed_is_given_up_once_denials_take_over() {
    let mut world = in_alpha();
    world.observed.found.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.policy("scp/list", Some(allowing(&["s3:DeleteBucket"])), None).attached("scp/list", &["ou/Alpha"], &[]);
    world.policy("scp/deny", None, Some(denying(&["iam:CreateUser"]))).attached("scp/deny", &[], &["ou/Alpha"]);
    assert_eq!(world.ordered().needs("scp/FullAWSAccess@ou/Alpha"), ["scp/deny@ou/Alpha"]);
    keeps_denied(&world);
}

#[test]
fn denials_are_given_up_once_a_list_of_what_is_allowed_takes_over() {
    let mut world = in_alpha();
    world.desired.resources.get_mut(&at("scp/FullAWSAccess@ou/Alpha")).unwrap().presence = Presence::Absent;
    world.policy("scp/list", None, Some(allowing(&["s3:DeleteBucket"]))).attached("scp/list", &[], &["ou/Alpha"]);
    world.policy("scp/deny", Some(denying(&["iam:CreateUser"])), Some(denying(&["iam:CreateUser"])));
    world.attached("scp/deny", &["ou/Alpha"], &[]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("scp/deny@ou/Alpha"), ["scp/FullAWSAccess@ou/Alpha", "scp/list@ou/Alpha"]);
    keeps_denied(&world);
}

#[test]
fn a_list_of_what_is_allowed_may_become_another_one() {
    let mut world = in_alpha();
    world.observed.found.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.desired.resources.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.policy("scp/old", Some(allowing(&["s3:DeleteBucket"])), None).attached("scp/old", &["ou/Alpha"], &[]);
    world.policy("scp/new", None, Some(allowing(&["ec2:DeleteVpc"]))).attached("scp/new", &[], &["ou/Alpha"]);
    assert_eq!(world.ordered().needs("scp/old@ou/Alpha"), ["scp/new@ou/Alpha"]);
    keeps_denied(&world);
}

#[test]
fn a_list_that_another_policy_widens_is_not_refused() {
    let mut world = in_alpha();
    world.observed.found.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.desired.resources.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.policy("scp/old", Some(allowing(&["s3:DeleteBucket"])), None).attached("scp/old", &["ou/Alpha"], &[]);
    let wider = allowing(&["s3:DeleteBucket", "ec2:DeleteVpc"]);
    world.policy("scp/new", None, Some(wider)).attached("scp/new", &[], &["ou/Alpha"]);
    assert_eq!(world.ordered().needs("scp/old@ou/Alpha"), ["scp/new@ou/Alpha"]);
    keeps_denied(&world);
}

#[test]
fn a_list_that_allows_something_else_changes_once_that_is_denied() {
    let mut world = in_alpha();
    world.observed.found.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.desired.resources.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.policy("scp/list", Some(allowing(&["s3:DeleteBucket"])), Some(allowing(&["ec2:DeleteVpc"])));
    world.attached("scp/list", &["ou/Alpha"], &["ou/Alpha"]);
    world.policy("scp/deny", None, Some(denying(&["ec2:DeleteVpc"]))).attached("scp/deny", &[], &["root"]);
    assert_eq!(world.ordered().needs("scp/list"), ["scp/deny@root"]);
    keeps_denied(&world);
}

#[test]
fn where_two_denials_overlap_the_new_one_is_there_first() {
    let mut world = in_alpha();
    let (old, new) = (denying(&["s3:DeleteBucket", "ec2:DeleteVpc"]), denying(&["s3:DeleteBucket", "kms:Encrypt"]));
    world.policy("scp/old", Some(old.clone()), Some(old)).attached("scp/old", &["ou/Alpha"], &[]);
    world.policy("scp/new", None, Some(new)).attached("scp/new", &[], &["root"]);
    assert_eq!(world.ordered().needs("scp/old@ou/Alpha"), ["scp/new@root"]);
    keeps_denied(&world);
}

#[test]
fn what_a_wider_policy_denies_all_the_while_waits_for_nothing() {
    let mut world = in_alpha();
    world.policy("scp/always", Some(denying(&["*"])), Some(denying(&["*"]))).attached(
        "scp/always",
        &["root"],
        &["root"],
    );
    let one = || Some(denying(&["s3:DeleteBucket"]));
    world.policy("scp/p", one(), Some(denying(&["sqs:Send"]))).attached("scp/p", &["ou/Alpha"], &["ou/Alpha"]);
    world.policy("scp/q", None, one()).attached("scp/q", &[], &["root"]);
    assert_eq!(world.ordered().needs("scp/p"), [""; 0]);
}

#[test]
fn only_what_allows_more_ends_a_list_of_what_is_allowed() {
    let mut world = in_alpha();
    world.observed.found.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.desired.resources.remove(&at("scp/FullAWSAccess@ou/Alpha"));
    world.policy("scp/old", Some(allowing(&["s3:DeleteBucket"])), None).attached("scp/old", &["ou/Alpha"], &[]);
    world.policy("scp/new", None, Some(allowing(&["ec2:DeleteVpc"]))).attached("scp/new", &[], &["ou/Alpha"]);
    world.policy("scp/deny", None, Some(denying(&["ec2:DeleteVpc"]))).attached("scp/deny", &[], &["root"]);
    world.policy("scp/more", None, Some(denying(&["s3:DeleteBucket"]))).attached("scp/more", &[], &["ou/Alpha"]);
    world.unit("ou/Beta", true, true).policy("scp/elsewhere", None, Some(allowing(&["kms:Encrypt"])));
    world.attached("scp/elsewhere", &[], &["ou/Beta"]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("scp/elsewhere@ou/Beta"), ["scp/elsewhere"]);
    assert_eq!(ordered.needs("scp/new@ou/Alpha"), ["scp/deny@root", "scp/new"], "ec2 is allowed once it is denied");
    assert_eq!(ordered.needs("scp/old@ou/Alpha"), ["scp/more@ou/Alpha", "scp/new@ou/Alpha"], "what takes its place");
    assert_eq!(ordered.needs("scp/more@ou/Alpha"), ["scp/more"]);
    keeps_denied(&world);
}

/// What a policy says, and where it is attached.
type DrawnPolicy = Option<(BTreeSet<usize>, BTreeSet<usize>)>;

const PLACES: [&str; 4] = ["root", "ou/A", "ou/A/B", "ou/C"];

#[derive(Clone, Debug)]
struct Side {
    policies: [DrawnPolicy; 3],
    accounts: [usize; 2],
}

fn side() -> impl Strategy<Value = Side> {
    let actions = prop::collection::btree_set(0..ACTIONS.len(), 1..3);
    let policy = prop::option::weighted(0.8, (actions, prop::collection::btree_set(0..PLACES.len(), 0..3)));
    let policies = [policy.clone(), policy.clone(), policy];
    (policies, [0..PLACES.len(), 0..PLACES.len()]).prop_map(|(policies, accounts)| Side { policies, accounts })
}

fn drawn_world(before: &Side, after: &Side) -> World {
    let mut world = World::default();
    for unit in &PLACES[1..] {
        world.unit(unit, true, true);
    }
    let full: Vec<&str> = PLACES.into_iter().chain(["account/x", "account/y"]).collect();
    world.attached("scp/FullAWSAccess", &full, &full);
    for (nth, name) in ["x", "y"].into_iter().enumerate() {
        world.account(name, Some(PLACES[before.accounts[nth]]), Some(PLACES[after.accounts[nth]]));
    }
    let content = |policy: &DrawnPolicy| {
        let (actions, _) = policy.as_ref()?;
        Some(denying(&actions.iter().map(|nth| ACTIONS[*nth]).collect::<Vec<_>>()))
    };
    let targets = |policy: &DrawnPolicy| {
        let places = policy.iter().flat_map(|(_, places)| places);
        places.map(|nth| PLACES[*nth]).collect::<Vec<_>>()
    };
    for (nth, address) in ["scp/p", "scp/q", "scp/r"].into_iter().enumerate() {
        let (before, after) = (&before.policies[nth], &after.policies[nth]);
        world.policy(address, content(before), content(after));
        world.attached(address, &targets(before), &targets(after));
    }
    world
}

/// Whether any order at all keeps denied what is denied before and after, by trying them.
fn can_be_done(world: &World, changes: &[Change]) -> bool {
    let start = before(world);
    let mut after = start.clone();
    changes.iter().for_each(|change| after.apply(change, world));
    let requires = |change: &Change, done: &[bool]| {
        let done = |address: &Address| changes.iter().zip(done).all(|(it, done)| it.address != *address || *done);
        let own = change.address.split_target().filter(|_| change.action == Action::Create).map(|(policy, _)| policy);
        // A policy says what it should before it is attached anywhere.
        let own = own.into_iter().flat_map(|policy| changes.iter().filter(move |it| it.address == policy));
        let own = own.map(|it| &it.address).all(done);
        // What replaces a policy at its target is attached first.
        let replaces =
            |it: &&Change| it.kind == "attachment" && it.action == Action::Create && it.parent == change.parent;
        let is_detached = change.kind == "attachment" && change.action == Action::Delete;
        let replaced = changes.iter().filter(|it| is_detached && replaces(it)).map(|it| &it.address).all(done);
        let leaves = changes.iter().filter(|it| {
            change.kind == "policy" && change.action == Action::Delete && {
                it.address.split_target().is_some_and(|(policy, _)| policy == change.address)
            }
        });
        replaced && own && leaves.map(|it| &it.address).all(done)
    };
    let mut open = vec![(start.clone(), vec![false; changes.len()])];
    let mut seen = BTreeSet::new();
    while let Some((now, done)) = open.pop() {
        if done.iter().all(|done| *done) {
            return true;
        }
        if !seen.insert(done.clone()) {
            continue;
        }
        for (nth, change) in changes.iter().enumerate().filter(|(nth, change)| !done[*nth] && requires(change, &done)) {
            let (mut next, mut done) = (now.clone(), done.clone());
            next.apply(change, world);
            done[nth] = true;
            if lost(&start, &next, &after).is_empty() {
                open.push((next, done));
            }
        }
    }
    false
}

fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(strategy, test) {
        panic!("{error}");
    }
}

#[test]
fn at_every_step_of_any_order_what_both_sides_deny_is_denied() {
    let choices = prop::collection::vec(any::<prop::sample::Index>(), 20);
    let avoidable = std::cell::Cell::new(0);
    run(2000, &(side(), side(), choices), |(before, after, choices)| {
        let world = drawn_world(&before, &after);
        let (changes, refusal) = world.planned();
        if refusal.is_some() {
            avoidable.set(avoidable.get() + u32::from(changes.len() <= 9 && can_be_done(&world, &changes)));
            return Ok(());
        }
        // Every change fails once, and once none does.
        for fails in changes.iter().map(|change| Some(&change.address)).chain([None]) {
            let mut nth = 0;
            let next = |number: usize| {
                nth += 1;
                choices[nth % choices.len()].index(number)
            };
            prop_assert_eq!(walk(&world, &changes, next, fails), Vec::<String>::new(), "{:#?}", changes);
        }
        Ok(())
    });
    // Which provider takes over is chosen one by one: now and then that misses the one order there is, and refuses.
    assert!(avoidable.get() <= 20, "{} of 2000 plans are refused although an order exists", avoidable.get());
}
