use serde_json::json;

use super::*;
use crate::facts::Facts;
use crate::model::Presence;

pub(super) const OURS: Owner = Owner::This { stale: None };

pub(super) fn at(text: &str) -> Address {
    Address::parse(text)
}

/// An organization with service control policies, as it was found before attachments are looked at.
pub(super) struct World {
    pub desired: Desired,
    pub observed: Observed,
    pub facts: Facts,
}

impl World {
    /// The root and the units `A` and `B`.
    pub fn new() -> World {
        let mut world = World { desired: Desired::default(), observed: Observed::default(), facts: Facts::default() };
        world.find("policy-type", "policy-type/SERVICE_CONTROL_POLICY", "scp", Owner::Shared, Body::new());
        for (place, id) in [("root", "r-1"), ("ou/A", "ou-a"), ("ou/B", "ou-b")] {
            world.observed.bindings.bind(at(place), id);
        }
        world.observed.accounts.insert(at("account/management"), at("root"));
        world
    }

    pub fn find(&mut self, kind: &str, address: &str, id: &str, owner: Owner, body: Body) {
        self.observed.add(Found {
            address: at(address),
            kind: kind.into(),
            id: id.into(),
            owner,
            body,
            parent: None,
            attached_to: Vec::new(),
        });
    }

    /// A service control policy `NAME` with the id `p-NAME`, which says this and is attached there.
    pub fn policy(mut self, name: &str, owner: Owner, effect: &str, targets: &[&str]) -> World {
        self.find("policy", &format!("scp/{name}"), &format!("p-{name}"), owner, says(effect));
        self.targets(&format!("p-{name}"), targets)
    }

    pub fn targets(mut self, policy: &str, targets: &[&str]) -> World {
        self.facts.put(format!("organizations/targets-of/{policy}"), json!(targets));
        self
    }

    /// What AWS lists as attached to a target.
    pub fn policies_on(mut self, target: &str, policies: &[&str]) -> World {
        self.facts.put(format!("organizations/policies-on/SERVICE_CONTROL_POLICY/{target}"), json!(policies));
        self
    }

    pub fn wants(mut self, address: &str, presence: Presence, body: Body) -> World {
        let kind = if address.contains('@') { "attachment" } else { "policy" };
        self.desired.add(Wanted { presence, ..Wanted::new(kind, at(address), body) });
        self
    }

    pub fn wants_attached(self, address: &str) -> World {
        self.wants(address, Presence::Present, Body::new())
    }

    /// What is attached, what is wanted because of what was found, and what AWS is to be asked.
    pub fn recognized(mut self) -> (Vec<String>, Vec<String>, Vec<String>) {
        let look = Look::new(&self.facts);
        Attachments.recognize(&self.desired, &look, &mut self.observed);
        let attached = self.observed.found.values().filter(|it| it.kind == "attachment");
        let attached = attached.map(|it| it.address.to_string()).collect();
        let complete = crate::kinds::expand(&self.desired, &self.observed);
        let new = complete.resources.keys().filter(|address| !self.desired.resources.contains_key(address));
        let wanted = new.map(ToString::to_string).collect();
        (attached, wanted, look.into_missing().into_keys().collect())
    }

    /// What is wanted because of what was found, and the notes.
    pub fn reported(mut self) -> (Vec<String>, Vec<String>) {
        let look = Look::new(&self.facts);
        Attachments.recognize(&self.desired, &look, &mut self.observed);
        let wanted = Attachments.expand(&self.desired, &self.observed);
        let notes = self.observed.findings.notes.into_iter().map(|note| note.what);
        (wanted.into_iter().map(|wanted| wanted.address.to_string()).collect(), notes.collect())
    }
}

pub(super) fn says(effect: &str) -> Body {
    let content = json!({"Statement": {"Effect": effect, "Action": "*", "Resource": "*"}});
    [("content".to_owned(), content)].into_iter().collect()
}

#[test]
fn attaching_and_detaching_are_disruptive_and_say_why() {
    let judged = |action| Attachments.judge(action, &[], None);
    assert_eq!(judged(Action::Create), (Risk::Disruptive, "it is not attached here".into()));
    assert_eq!(judged(Action::Delete), (Risk::Disruptive, "the blueprint does not attach it here".into()));
    assert!(Attachments.kind_info().binds_accounts);
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
        attached_to: Vec::new(),
    };
    let others = [Owner::Unmanaged, Owner::Other("theirs".into()), Owner::Shared];
    let (plain, mut surveying, mut named) = (Desired::default(), Desired::default(), Desired::default());
    surveying.settings.surveys = true;
    named.add(Wanted::new("policy", at("scp/p"), Body::new()));
    for desired in [&plain, &surveying, &named] {
        let stale = Owner::This { stale: Some("scp/old".into()) };
        assert_eq!(owner(desired, &policy(stale)), Some(OURS), "an attachment has no address of its own");
    }
    for other in others {
        assert_eq!(owner(&plain, &policy(other.clone())), None, "no one asks where others attach theirs");
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
    let world = world.policy("theirs", Owner::Unmanaged, "Deny", &["ou-b"]);
    let world = world.wants_attached("scp/p@ou/A");
    assert_eq!(world.recognized(), (vec!["scp/p@ou/A".into()], vec![], vec![]));
}

#[test]
fn the_targets_of_a_policy_are_asked_for() {
    let mut world = World::new();
    world.find("policy", "scp/p", "p-p", OURS, says("Deny"));
    assert_eq!(world.recognized().2, ["organizations/targets-of/p-p"]);
}
