use super::super::tests::{OURS, World, at, says};
use super::*;
use crate::model::Body;

/// A policy of ours denies in `A`, and FullAWSAccess is not there.
fn without_full_access() -> World {
    let world = World::new().policy("p", OURS, "Deny", &["ou-a"]).targets("p-FullAWSAccess", &["r-1", "ou-b"]);
    world.wants_attached("scp/p@ou/A")
}

const BOTH_WORDS: &str = "FullAWSAccess is not attached to ou/A, and landing does not attach it: write `full_aws_access: true` there to \
                          attach it, or `full_aws_access: false` and `allows_nothing: true` to keep it detached";

#[test]
fn full_access_that_others_detached_stays_so_and_the_word_for_it_is_named() {
    let reported = || without_full_access().policies_on("ou-a", &["p-p"]).reported();
    assert_eq!(reported(), (vec![], vec![BOTH_WORDS.to_owned()]));
    assert_eq!(without_full_access().recognized().2, ["organizations/policies-on/SERVICE_CONTROL_POLICY/ou-a"]);
    let adopted = World::new().policy("p", Owner::Unmanaged, "Deny", &["ou-a"]).targets("p-FullAWSAccess", &["r-1"]);
    let adopted = adopted.wants("scp/p", Presence::Present, says("Deny")).wants_attached("scp/p@ou/A");
    assert_eq!(adopted.policies_on("ou-a", &["p-p"]).reported(), (vec![], vec![BOTH_WORDS.to_owned()]));
}

#[test]
fn full_access_is_wanted_back_where_an_allow_list_of_landings_goes() {
    let list = |owner: Owner| {
        let world = World::new().policy("list", owner, "Allow", &["ou-a"]).targets("p-FullAWSAccess", &["r-1", "ou-b"]);
        world.policies_on("ou-a", &["p-list"])
    };
    let back = (vec!["scp/FullAWSAccess@ou/A".to_owned()], vec![]);
    assert_eq!(list(OURS).reported(), back, "its attachment goes");
    let rewritten = list(OURS).wants("scp/list", Presence::Present, says("Deny")).wants_attached("scp/list@ou/A");
    assert_eq!(rewritten.reported(), back, "it will be a list no more");
    let unwanted = list(OURS).wants("scp/list", Presence::Present, says("Allow"));
    assert_eq!(unwanted.wants("scp/list@ou/A", Presence::Absent, Body::new()).reported(), back);
}

#[test]
fn an_allow_list_that_stays_gives_nothing_back() {
    let list = |owner: Owner| {
        let world = World::new().policy("list", owner, "Allow", &["ou-a"]).targets("p-FullAWSAccess", &["r-1", "ou-b"]);
        let world = world.wants("scp/list", Presence::Present, says("Allow")).wants_attached("scp/list@ou/A");
        world.policies_on("ou-a", &["p-list"]).reported()
    };
    for owner in [OURS, Owner::Unmanaged] {
        let (wanted, notes) = list(owner);
        assert_eq!(wanted, [""; 0]);
        assert!(notes[0].ends_with("or `full_aws_access: false` to keep it detached"), "{notes:?}");
    }
}

#[test]
fn nothing_is_wanted_or_said_where_others_took_its_place_or_the_blueprint_says_so() {
    let none = (vec![], vec![]);
    let theirs = || without_full_access().policy("theirs", Owner::Unmanaged, "Allow", &[]);
    assert_eq!(theirs().policies_on("ou-a", &["p-p", "p-theirs"]).reported(), none);
    assert_eq!(without_full_access().policies_on("ou-a", &["p-p", "p-unknown"]).reported(), none);
    for presence in [Presence::Absent, Presence::Present] {
        let said = without_full_access().wants("scp/FullAWSAccess@ou/A", presence, Body::new());
        assert_eq!(said.policies_on("ou-a", &["p-p"]).reported(), none);
    }
    assert_eq!(without_full_access().targets("p-FullAWSAccess", &["ou-a"]).recognized().2, [""; 0], "it is there");
}

#[test]
fn full_access_is_found_where_the_blueprint_wants_it() {
    let world = || World::new().wants_attached("scp/FullAWSAccess@ou/B");
    assert_eq!(world().policies_on("ou-b", &["p-FullAWSAccess"]).recognized().0, ["scp/FullAWSAccess@ou/B"]);
    assert_eq!(world().policies_on("ou-b", &["p-other"]).recognized().0, [""; 0]);
}

#[test]
fn full_access_is_found_where_the_blueprint_unwants_it() {
    let world = || World::new().wants("scp/FullAWSAccess@ou/B", Presence::Absent, Body::new());
    let there = world().policies_on("ou-b", &["p-FullAWSAccess"]).recognized();
    assert_eq!((there.0, there.1), (vec!["scp/FullAWSAccess@ou/B".to_owned()], vec![]));
    let gone = world().policies_on("ou-b", &["p-other"]).recognized();
    assert_eq!((gone.0, gone.1), (vec![], vec![]));
}

#[test]
fn full_access_comes_with_a_new_target_and_with_the_policy_type() {
    let new = World::new().wants("scp/FullAWSAccess@ou/New", Presence::Absent, Body::new());
    assert_eq!(new.recognized().0, ["scp/FullAWSAccess@ou/New"]);
    let mut disabled = World::new().wants("scp/FullAWSAccess@ou/A", Presence::Absent, Body::new());
    disabled.observed.found.clear();
    let (attached, _, asked) = disabled.recognized();
    assert_eq!((attached, asked), (vec!["scp/FullAWSAccess@ou/A".to_owned()], vec![]));
}

/// The targets that are asked about FullAWSAccess.
fn in_question(world: &World) -> Vec<String> {
    targets_in_question(&world.desired, &world.observed).iter().map(Address::to_string).collect()
}

fn attach(mut world: World, address: &str) -> World {
    world.find("attachment", address, address, OURS, Body::new());
    world
}

#[test]
fn full_access_is_in_question_where_lists_of_what_is_allowed_are_or_will_be() {
    let wants =
        |effect: &str| World::new().wants("scp/list", Presence::Present, says(effect)).wants_attached("scp/list@ou/A");
    assert_eq!(in_question(&wants("Allow")), ["ou/A"]);
    assert_eq!(in_question(&wants("Deny")), [""; 0]);
    let has = |effect: &str| {
        attach(World::new().policy("list", OURS, effect, &[]).wants_attached("scp/list@ou/A"), "scp/list@ou/A")
    };
    assert_eq!(in_question(&has("Allow")), ["ou/A"]);
    assert_eq!(in_question(&has("Deny")), [""; 0]);
}

#[test]
fn full_access_is_in_question_where_a_service_control_policy_leaves() {
    assert_eq!(in_question(&attach(World::new().policy("p", OURS, "Deny", &[]), "scp/p@ou/A")), ["ou/A"]);
    assert_eq!(in_question(&attach(World::new(), "rcp/p@ou/A")), [""; 0], "it has a full access of its own");
    let absent = World::new().wants("scp/p@ou/B", Presence::Absent, Body::new());
    assert_eq!(in_question(&absent), ["ou/B"]);
    assert_eq!(in_question(&World::new().wants("rcp/p@ou/B", Presence::Absent, Body::new())), [""; 0]);
    // What is no attachment has no target.
    let mut assigned = World::new();
    assigned.find("assignment", "scp/p@ou/A", "x", OURS, Body::new());
    assert_eq!(in_question(&assigned), [""; 0]);
}

#[test]
fn only_service_control_policies_of_ours_make_full_access_missed() {
    let lacking = |address: &str, targets: &[&str]| {
        let world = attach(World::new().targets("p-FullAWSAccess", targets), address);
        let look = Look::new(&world.facts);
        let lacking = targets_without(&world.desired, &look, &world.observed);
        assert!(look.misses_nothing());
        lacking.iter().map(Address::to_string).collect::<Vec<_>>()
    };
    let with_parent = |address: &str, targets: &[&str]| {
        let mut world = World::new().targets("p-FullAWSAccess", targets);
        let (policy, target) = at(address).split_target().expect("a policy and its target");
        insert(&mut world.observed, &policy, &target, OURS);
        let look = Look::new(&world.facts);
        targets_without(&world.desired, &look, &world.observed).iter().map(Address::to_string).collect::<Vec<_>>()
    };
    assert_eq!(with_parent("scp/p@ou/A", &["r-1"]), ["ou/A"]);
    assert_eq!(with_parent("scp/p@ou/A", &["ou-a"]), [""; 0]);
    assert_eq!(with_parent("rcp/p@ou/A", &["r-1"]), [""; 0]);
    assert_eq!(with_parent("scp/p@ou/New", &["r-1"]), [""; 0], "it is not there yet");
    assert_eq!(lacking("scp/p@ou/A", &["r-1"]), [""; 0]);
}

#[test]
fn targets_of_ours_are_asked_each_where_that_takes_fewer_calls_than_the_list_of_all_targets() {
    let asked_of = |are_found: bool, accounts: usize, deep: bool| {
        let wanted = World::new().policy("p", OURS, "Deny", &[]);
        let mut world = wanted.wants_attached("scp/p@ou/A").wants_attached("scp/p@ou/B");
        world.desired.settings.deep = deep;
        for (policy, unit) in [("scp/p", "ou/A"), ("scp/p", "ou/B")].into_iter().filter(|_| are_found) {
            insert(&mut world.observed, &at(policy), &at(unit), OURS);
        }
        world.observed.accounts = (0..accounts).map(|n| (at(&format!("account/{n}")), at("root"))).collect();
        let look = Look::new(&world.facts);
        recognize(&world.desired, &look, &mut world.observed);
        look.into_missing().into_keys().collect::<Vec<_>>()
    };
    let asked = |accounts, deep| asked_of(true, accounts, deep);
    let each = [
        "organizations/policies-on/SERVICE_CONTROL_POLICY/ou-a",
        "organizations/policies-on/SERVICE_CONTROL_POLICY/ou-b",
    ];
    assert_eq!(asked(41, false), each, "three pages of accounts");
    assert_eq!(asked(40, false), ["organizations/targets-of/p-FullAWSAccess"], "as many calls, and it shows more");
    assert_eq!(asked(41, true), ["organizations/targets-of/p-FullAWSAccess"], "anyone who looks deep sees all of them");
    assert_eq!(asked(0, false), [""; 0], "accounts are not known yet");
    assert_eq!(asked_of(false, 41, false), each, "they are asked beside the policies");
    assert_eq!(asked_of(false, 40, false), [""; 0]);
}
