//! Organizations as plain values, for the tests of what looks at them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::guard::{Guarded, guard};
use super::reach::Places;
use crate::facts::{Facts, Look};
use crate::hierarchy::full_access;
use crate::model::{Action, Address, Body, Change, Desired, FieldChange, Found, Observed, Owner, Refusal, Wanted};

/// An organization of the management account `root`; ids are made from addresses.
pub(in crate::engine) struct OrganizationFixture {
    pub desired: Desired,
    pub observed: Observed,
    pub changes: Vec<Change>,
    targets: BTreeMap<String, Vec<String>>,
    contents: BTreeMap<String, Value>,
}

pub(in crate::engine) fn address(text: &str) -> Address {
    Address::parse(text)
}

pub(in crate::engine) fn body(value: Value) -> Body {
    value.as_object().cloned().unwrap_or_default()
}

/// AWS's id of what is at an address: twelve digits where it is an account.
pub(in crate::engine) fn id(text: &str) -> String {
    match text {
        "management" | "account/boss" => "999999999999".into(),
        account if account.starts_with("account/") => {
            let digits: u64 = account.bytes().fold(7, |sum, byte| (sum * 31 + u64::from(byte)) % 899_999_999_999);
            (100_000_000_000 + digits).to_string()
        }
        unit if unit.starts_with("ou/") => format!("ou-{}", unit.replace('/', "-")),
        other => format!("id-{other}"),
    }
}

pub(in crate::engine) fn change(action: Action, kind: &str, at: &str) -> Change {
    Change::new(action, kind, address(at))
}

pub(in crate::engine) fn field(path: &str, before: Value, after: Value) -> FieldChange {
    FieldChange { path: path.into(), before, after }
}

impl OrganizationFixture {
    /// The organization with its root, its management account `boss` and service and resource control policies.
    pub fn new() -> OrganizationFixture {
        let mut scene = OrganizationFixture {
            desired: Desired { blueprint: "ours".into(), ..Desired::default() },
            observed: Observed::default(),
            changes: Vec::new(),
            targets: BTreeMap::new(),
            contents: BTreeMap::new(),
        };
        scene.desired.settings.home_region = "eu-west-1".into();
        scene.desired.settings.access_role = "Access".into();
        scene.finds("organization", "organization", Owner::Shared, None, json!({}));
        scene.finds("root", "root", Owner::Shared, None, json!({}));
        scene.observed.bindings.bind(Address::management(), id("management"));
        scene.account("boss", "root");
        for policy_type in ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"] {
            scene.finds("policy-type", &format!("policy-type/{policy_type}"), Owner::Shared, None, json!({}));
        }
        scene
    }

    pub fn finds(&mut self, kind: &str, at: &str, owner: Owner, parent: Option<&str>, fields: Value) -> &mut Found {
        let parent = parent.map(address);
        self.observed.add(Found {
            address: address(at),
            kind: kind.into(),
            id: id(at),
            owner,
            body: body(fields),
            attached_to: parent.iter().cloned().collect(),
            parent,
        });
        self.observed.found.get_mut(&address(at)).expect("it was added")
    }

    pub fn unit(&mut self, path: &str) -> &mut OrganizationFixture {
        let at = format!("ou/{path}");
        let parent = address(&at).parent_unit();
        let fields = json!({"name": address(&at).name()});
        self.finds("organizational-unit", &at, Owner::This { stale: None }, Some(parent.as_str()), fields);
        self
    }

    /// An open account, in the blueprint and found.
    pub fn account(&mut self, name: &str, place: &str) -> &mut OrganizationFixture {
        let at = format!("account/{name}");
        self.finds("account", &at, Owner::This { stale: None }, Some(place), json!({"name": name}));
        self.observed.accounts.insert(address(&at), address(place));
        self.wants(Wanted::new("account", address(&at), Body::new()).under(address(place)))
    }

    /// An account that is closed, and that the blueprint does not have.
    pub fn closed_account(&mut self, name: &str, place: &str) -> &mut OrganizationFixture {
        let at = address(&format!("account/{name}"));
        self.observed.bindings.bind(at.clone(), id(at.as_str()));
        self.observed.accounts.insert(at, address(place));
        self
    }

    pub fn wants(&mut self, wanted: Wanted) -> &mut OrganizationFixture {
        self.desired.add(wanted);
        self
    }

    /// Puts an account elsewhere: the blueprint says so and the plan does it.
    pub fn moves(&mut self, name: &str, to: &str) -> &mut OrganizationFixture {
        let at = address(&format!("account/{name}"));
        let from = self.observed.accounts[&at].clone();
        let body = self.desired.get(&at).map(|wanted| wanted.body.clone()).unwrap_or_default();
        self.desired.add(Wanted::new("account", at.clone(), body).under(address(to)));
        let mut moved = change(Action::Move, "account", at.as_str());
        moved.fields = vec![field("parent", json!(from), json!(to))];
        moved.parent = Some(address(to));
        self.changes.push(moved);
        self
    }

    /// A policy of the blueprint that exists, says this and is attached there.
    pub fn policy(&mut self, at: &str, statement: Value, targets: &[&str]) -> &mut OrganizationFixture {
        self.policy_of(Owner::This { stale: None }, at, statement, targets)
    }

    /// One of anyone who's. Attachments of others' policies are not looked at.
    pub fn policy_of(
        &mut self,
        owner: Owner,
        at: &str,
        statement: Value,
        targets: &[&str],
    ) -> &mut OrganizationFixture {
        let content = json!({"Version": "2012-10-17", "Statement": [statement]});
        let is_ours = matches!(owner, Owner::This { .. });
        self.finds("policy", at, owner, Some("organization"), json!({"name": address(at).name(), "content": content}));
        self.observed.found.get_mut(&address(at)).expect("it was added").attached_to.clear();
        self.contents.insert(id(at), content.clone());
        self.targets.insert(id(at), targets.iter().map(|target| id(target)).collect());
        if is_ours {
            self.wants(Wanted::new("policy", address(at), body(json!({"content": content}))));
            for target in targets {
                let attached = format!("{at}@{target}");
                self.finds("attachment", &attached, Owner::This { stale: None }, Some(target), json!({}));
                let attached_to = vec![address(at), address(target)];
                self.observed.found.get_mut(&address(&attached)).expect("it was added").attached_to = attached_to;
                self.wants(Wanted::new("attachment", address(&attached), Body::new()).under(address(target)));
            }
        }
        self
    }

    /// A policy that the plan makes or has made, and attaches there.
    pub fn attaches(&mut self, policy: &str, target: &str) -> &mut OrganizationFixture {
        let at = format!("{policy}@{target}");
        let wanted = Wanted::new("attachment", address(&at), Body::new()).under(address(target));
        self.wants(wanted.needing([address(policy), address(target)]));
        let mut attached = change(Action::Create, "attachment", &at);
        attached.parent = Some(address(target));
        self.changes.push(attached);
        self
    }

    /// The plan detaches a policy there.
    pub fn detaches(&mut self, policy: &str, target: &str) -> &mut OrganizationFixture {
        let at = address(&format!("{policy}@{target}"));
        self.desired.resources.remove(&at);
        let mut detached = change(Action::Delete, "attachment", at.as_str());
        detached.parent = Some(address(target));
        self.changes.push(detached);
        self
    }

    /// The targets that have FullAWSAccess, as AWS lists them.
    pub fn full_access_on(&mut self, targets: &[&str]) -> &mut OrganizationFixture {
        self.observed.bindings.bind(full_access(), "p-FullAWSAccess");
        self.targets.insert("p-FullAWSAccess".into(), targets.iter().map(|target| id(target)).collect());
        self
    }

    pub fn places(&self) -> Places {
        Places::new(&self.desired, &self.observed)
    }

    /// What of AWS is known: what every policy says and where it is attached.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        for (policy, content) in &self.contents {
            facts.put(format!("organizations/policy-content/{policy}"), content.clone());
        }
        for (policy, targets) in &self.targets {
            facts.put(format!("organizations/targets-of/{policy}"), json!(targets));
        }
        facts
    }

    pub fn guarded<T>(&self, ask: impl FnOnce(&Guarded<'_>, &Look<'_>) -> T) -> T {
        let (places, facts) = (self.places(), self.facts());
        let (changes, desired, observed) = (&self.changes[..], &self.desired, &self.observed);
        ask(&Guarded { changes, desired, observed, places: &places }, &Look::new(&facts))
    }

    /// Why the plan is refused. Everything that guards ask is known.
    pub fn refusals(&self) -> Vec<Refusal> {
        let facts = self.facts();
        let look = Look::new(&facts);
        let places = self.places();
        let (changes, desired, observed) = (&self.changes[..], &self.desired, &self.observed);
        let refusals = guard(&Guarded { changes, desired, observed, places: &places }, &look);
        assert!(look.misses_nothing(), "the guards ask for what the scene does not have");
        refusals
    }

    /// `code: message` of each refusal.
    pub fn refused(&self) -> Vec<String> {
        self.refusals().into_iter().map(|it| format!("{}: {}", it.code, it.message)).collect()
    }
}

pub(in crate::engine) fn deny(action: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": "*"})
}

/// A denial for the roles whose names look so.
pub(in crate::engine) fn deny_role(action: &str, role: &str) -> Value {
    let condition = json!({"ArnLike": {"aws:PrincipalArn": format!("arn:aws:iam::*:role/{role}")}});
    json!({"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition})
}
