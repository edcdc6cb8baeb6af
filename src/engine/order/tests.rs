use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::diff::compare;
use super::*;
use crate::model::{Body, Found, Held, Occupied, Owner, Presence};

mod denied;
mod rules;

/// What is wanted and what was found, as plain values.
#[derive(Default)]
struct World {
    desired: Desired,
    observed: Observed,
}

fn at(text: &str) -> Address {
    Address::parse(text)
}

fn denying(actions: &[&str]) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": actions, "Resource": "*"}]})
}

fn allowing(actions: &[&str]) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
}

fn body(value: Value) -> Body {
    value.as_object().cloned().unwrap_or_default()
}

fn policy_body(address: &Address, content: &Value) -> Body {
    body(json!({"type": "SERVICE_CONTROL_POLICY", "name": address.name(), "description": "", "content": content,
        "tags": {}}))
}

/// The kind and the place of what has this address: an attachment is at its target, a policy in the organization.
fn kind_info(address: &Address) -> (&'static str, Option<Address>) {
    if let Some((_, target)) = address.split_target() {
        return ("attachment", Some(target));
    }
    match address.prefix() {
        "ou" => ("organizational-unit", Some(address.parent_unit())),
        "account" => ("account", Some(Address::root())),
        "scp" | "rcp" => ("policy", Some(Address::organization())),
        other => panic!("{other} has no nature"),
    }
}

impl World {
    fn want(&mut self, wanted: Wanted) -> &mut World {
        self.desired.add(wanted);
        self
    }

    fn find(
        &mut self,
        kind: &str,
        address: &Address,
        parent: Option<Address>,
        body: Body,
        on: &[&Address],
    ) -> &mut World {
        self.observed.add(Found {
            address: address.clone(),
            kind: kind.into(),
            id: format!("id-{address}"),
            owner: Owner::This { stale: None },
            body,
            parent,
            attached_to: on.iter().map(|it| (*it).clone()).collect(),
        });
        self
    }

    /// A unit on either side.
    fn unit(&mut self, path: &str, before: bool, after: bool) -> &mut World {
        let (address, parent) = (at(path), at(path).parent_unit());
        let body = body(json!({"name": address.name(), "tags": {}}));
        if before {
            self.find("organizational-unit", &address, Some(parent.clone()), body.clone(), &[&parent]);
        }
        if after {
            self.want(Wanted::new("organizational-unit", address, body).under(parent.clone()).needing([parent]));
        }
        self
    }

    /// An account where it is and where it is wanted.
    fn account(&mut self, name: &str, before: Option<&str>, after: Option<&str>) -> &mut World {
        let address = Address::account(name);
        let body = body(json!({"name": name, "email": format!("{name}@example.com"), "tags": {}}));
        if let Some(place) = before.map(at) {
            self.observed.accounts.insert(address.clone(), place.clone());
            self.find("account", &address, Some(place.clone()), body.clone(), &[&place]);
        }
        if let Some(place) = after.map(at) {
            self.want(Wanted::new("account", address, body).under(place.clone()).needing([place]));
        }
        self
    }

    /// A policy with what it says on either side.
    fn policy(&mut self, address: &str, before: Option<Value>, after: Option<Value>) -> &mut World {
        let address = at(address);
        if let Some(content) = before {
            self.find("policy", &address, Some(Address::organization()), policy_body(&address, &content), &[]);
        }
        if let Some(content) = after {
            let body = policy_body(&address, &content);
            self.want(Wanted::new("policy", address, body).under(Address::organization()));
        }
        self
    }

    /// A policy's attachments on either side.
    fn attached(&mut self, policy: &str, before: &[&str], after: &[&str]) -> &mut World {
        let policy = at(policy);
        for target in before.iter().map(|target| at(target)) {
            let address = policy.at(&target);
            self.find("attachment", &address, Some(target.clone()), Body::new(), &[&policy, &target]);
        }
        for target in after.iter().map(|target| at(target)) {
            let wanted = Wanted::new("attachment", policy.at(&target), Body::new()).under(target.clone());
            self.want(wanted.needing([policy.clone(), target]));
        }
        self
    }

    /// Anything that is only wanted.
    fn make(&mut self, kind: &str, address: &str, parent: &str, needs: &[&str]) -> &mut World {
        let body = body(json!({"name": address}));
        self.want(Wanted::new(kind, at(address), body).under(at(parent)).needing(needs.iter().map(|need| at(need))))
    }

    fn planned(&self) -> (Vec<Change>, Option<Refusal>) {
        let mut changes = compare(&self.desired, &self.observed).changes;
        let refusal = order(&mut changes, &self.desired, &self.observed);
        (changes, refusal)
    }

    /// The changes in their order; there must be one.
    fn ordered(&self) -> Ordered {
        let (changes, refusal) = self.planned();
        assert_eq!(refusal, None);
        Ordered(changes)
    }

    fn refused(&self) -> Refusal {
        self.planned().1.expect("it is refused")
    }
}

struct Ordered(Vec<Change>);

impl Ordered {
    #[track_caller]
    fn change(&self, address: &str) -> &Change {
        let found = self.0.iter().find(|change| change.address == at(address));
        found.unwrap_or_else(|| panic!("no change of {address} among {:?}", self.addresses()))
    }

    fn addresses(&self) -> Vec<&str> {
        self.0.iter().map(|change| change.address.as_str()).collect()
    }

    #[track_caller]
    fn needs(&self, address: &str) -> Vec<&str> {
        self.change(address).needs.iter().map(Address::as_str).collect()
    }

    #[track_caller]
    fn after(&self, address: &str) -> Vec<&str> {
        self.change(address).after.iter().map(Address::as_str).collect()
    }
}
