use serde_json::json;

use super::*;
use crate::facts::Facts;

const OURS: Owner = Owner::This { stale: None };

fn at(text: &str) -> Address {
    Address::parse(text)
}

/// An organization with service control policies, as it was found before attachments are looked at.
struct World {
    desired: Desired,
    observed: Observed,
    facts: Facts,
}

impl World {
    /// The root and the units `A` and `B`.
    fn new() -> World {
        let mut world = World { desired: Desired::default(), observed: Observed::default(), facts: Facts::default() };
        world.find("policy-type", "policy-type/SERVICE_CONTROL_POLICY", "scp", Owner::Shared, Body::new());
        for (place, id) in [("root", "r-1"), ("ou/A", "ou-a"), ("ou/B", "ou-b")] {
            world.observed.bindings.bind(at(place), id);
        }
        world
    }

    fn find(&mut self, kind: &str, address: &str, id: &str, owner: Owner, body: Body) {
        self.observed.add(Found {
            address: at(address),
            kind: kind.into(),
            id: id.into(),
            owner,
            body,
            parent: None,
            hangs_on: Vec::new(),
        });
    }

    /// A service control policy `NAME` with the id `p-NAME`, which says this and is attached there.
    fn policy(mut self, name: &str, owner: Owner, effect: &str, targets: &[&str]) -> World {
        self.find("policy", &format!("scp/{name}"), &format!("p-{name}"), owner, says(effect));
        self.targets(&format!("p-{name}"), targets)
    }

    fn targets(mut self, policy: &str, targets: &[&str]) -> World {
        self.facts.put(format!("organizations/targets-of/{policy}"), json!(targets));
        self
    }

    /// What AWS lists as attached to a target.
    fn policies_on(mut self, target: &str, policies: &[&str]) -> World {
        self.facts.put(format!("organizations/policies-on/SERVICE_CONTROL_POLICY/{target}"), json!(policies));
        self
    }

    fn wants(mut self, address: &str, presence: Presence, body: Body) -> World {
        let kind = if address.contains('@') { "attachment" } else { "policy" };
        self.desired.add(Wanted { presence, ..Wanted::new(kind, at(address), body) });
        self
    }

    fn wants_attached(self, address: &str) -> World {
        self.wants(address, Presence::Present, Body::new())
    }

    /// What is attached, what is wanted because of what was found, and what AWS is to be asked.
    fn recognized(mut self) -> (Vec<String>, Vec<String>, Vec<String>) {
        let look = Look::new(&self.facts);
        Attachments.recognize(&self.desired, &look, &mut self.observed);
        let attached = self.observed.found.values().filter(|it| it.kind == "attachment");
        let attached = attached.map(|it| it.address.to_string()).collect();
        let complete = crate::kinds::expand(&self.desired, &self.observed);
        let new = complete.resources.keys().filter(|address| !self.desired.resources.contains_key(address));
        let wanted = new.map(ToString::to_string).collect();
        (attached, wanted, look.into_missing().into_keys().collect())
    }

    fn missed(self) -> Vec<String> {
        self.recognized().1
    }
}

fn says(effect: &str) -> Body {
    let content = json!({"Statement": {"Effect": effect, "Action": "*", "Resource": "*"}});
    [("content".to_owned(), content)].into_iter().collect()
}

#[test]
fn attaching_and_detaching_are_disruptive_and_say_why() {
    let judged = |action| Attachments.judge(action, &[], None);
    assert_eq!(judged(Action::Create), (Risk::Disruptive, "it is not attached here".into()));
    assert_eq!(judged(Action::Delete), (Risk::Disruptive, "the blueprint does not attach it here".into()));
    assert!(Attachments.nature().binds_accounts);
}

#[test]
fn attachments_are_those_of_the_policies_owner() {
    let policy = |owner: Owner| Found {
        address: at("scp/p"),
        kind: "policy".into(),
        id: "p-p".into(),
        owner,
        body: Body::new(),
        parent: None,
        hangs_on: Vec::new(),
    };
    let others = [Owner::Nobody, Owner::Other("theirs".into()), Owner::Shared];
    let (plain, mut surveying, mut named) = (Desired::default(), Desired::default(), Desired::default());
    surveying.settings.surveys = true;
    named.add(Wanted::new("policy", at("scp/p"), Body::new()));
    for desired in [&plain, &surveying, &named] {
        let stale = Owner::This { stale: Some("scp/old".into()) };
        assert_eq!(owner(desired, &policy(stale)), Some(OURS), "an attachment has no address of its own");
    }
    for other in others {
        assert_eq!(owner(&plain, &policy(other.clone())), None, "nobody asks where others attach theirs");
        assert_eq!(owner(&surveying, &policy(other.clone())), Some(other.clone()));
        assert_eq!(owner(&named, &policy(other)), Some(OURS));
    }
    let tower = |desired: &Desired| owner(desired, &policy(Owner::ControlTower));
    assert_eq!(
        (tower(&plain), tower(&surveying), tower(&named)),
        (None, Some(Owner::ControlTower), Some(Owner::ControlTower))
    );
}

#[test]
fn a_policy_is_found_where_aws_says_that_it_is_attached() {
    let world = World::new().policy("p", OURS, "Deny", &["ou-a", "ou-unknown"]).targets("p-FullAWSAccess", &["ou-a"]);
    let world = world.policy("theirs", Owner::Nobody, "Deny", &["ou-b"]);
    let world = world.wants_attached("scp/p@ou/A");
    assert_eq!(world.recognized(), (vec!["scp/p@ou/A".into()], vec![], vec![]));
}

#[test]
fn the_targets_of_a_policy_are_asked_for() {
    let mut world = World::new();
    world.find("policy", "scp/p", "p-p", OURS, says("Deny"));
    assert_eq!(world.recognized().2, ["organizations/targets-of/p-p"]);
}

/// A policy of ours denies in `A`, and FullAWSAccess is not there.
fn without_full_access() -> World {
    let world = World::new().policy("p", OURS, "Deny", &["ou-a"]).targets("p-FullAWSAccess", &["r-1", "ou-b"]);
    world.wants_attached("scp/p@ou/A")
}

#[test]
fn full_access_that_was_detached_beside_a_policy_of_ours_is_wanted_back() {
    assert_eq!(without_full_access().policies_on("ou-a", &["p-p"]).missed(), ["scp/FullAWSAccess@ou/A"]);
    assert_eq!(without_full_access().recognized().2, ["organizations/policies-on/SERVICE_CONTROL_POLICY/ou-a"]);
}

#[test]
fn full_access_is_not_wanted_back_where_others_took_its_place_or_the_blueprint_says_so() {
    let theirs = || without_full_access().policy("theirs", Owner::Nobody, "Allow", &[]);
    assert_eq!(theirs().policies_on("ou-a", &["p-p", "p-theirs"]).missed(), [""; 0]);
    assert_eq!(without_full_access().policies_on("ou-a", &["p-p", "p-unknown"]).missed(), [""; 0]);
    let unwanted = without_full_access().wants("scp/FullAWSAccess@ou/A", Presence::Absent, Body::new());
    assert_eq!(unwanted.policies_on("ou-a", &["p-p"]).missed(), [""; 0]);
    assert_eq!(without_full_access().targets("p-FullAWSAccess", &["ou-a"]).recognized().2, [""; 0], "it is there");
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
        let lacking = targets_without_full_access(&look, &world.observed);
        assert!(look.misses_nothing());
        lacking.iter().map(Address::to_string).collect::<Vec<_>>()
    };
    let with_parent = |address: &str, targets: &[&str]| {
        let mut world = World::new().targets("p-FullAWSAccess", targets);
        let (policy, target) = at(address).hanging().expect("a policy and its target");
        insert(&mut world.observed, &policy, &target, OURS);
        let look = Look::new(&world.facts);
        targets_without_full_access(&look, &world.observed).iter().map(Address::to_string).collect::<Vec<_>>()
    };
    assert_eq!(with_parent("scp/p@ou/A", &["r-1"]), ["ou/A"]);
    assert_eq!(with_parent("scp/p@ou/A", &["ou-a"]), [""; 0]);
    assert_eq!(with_parent("rcp/p@ou/A", &["r-1"]), [""; 0]);
    assert_eq!(with_parent("scp/p@ou/New", &["r-1"]), [""; 0], "it is not there yet");
    assert_eq!(lacking("scp/p@ou/A", &["r-1"]), [""; 0]);
}
