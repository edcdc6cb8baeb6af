//! Whether a call is allowed. The sandbox has policies as texts; what they mean is for a decider that it is given.

use std::fmt;

use serde_json::{Map, Value};

use crate::model::resources::{BUCKET, GLOBAL, Place};
use crate::resources::iam::ROLE;
use crate::shared::inventory;
use crate::state::State;

/// Decides about calls by the policies that the simulated AWS holds.
pub trait Authorizer: fmt::Debug + Send + Sync {
    /// Why the call is denied; `None` where it is allowed.
    fn denial(&self, call: &Attempt<'_>, policies: &Policies<'_>) -> Option<Denial>;
}

/// What a caller may not do, in the parts of AWS's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The action, which is not always that of the operation: `iam:CreateServiceLinkedRole`.
    pub action: String,
    /// The ARN of the resource, or `*`.
    pub resource: String,
    /// How the message ends: `with an explicit deny in a service control policy`.
    pub reason: String,
}

/// A call that is to be decided about.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The caller as GetCallerIdentity answers: of a role, its session.
    pub caller: &'a str,
    /// The caller's account.
    pub account: &'a str,
    /// The prefix of the service's actions in IAM policies.
    pub service: &'a str,
    /// The operation, by its name in the API.
    pub operation: &'a str,
    /// The region that is called.
    pub region: &'a str,
    /// The members of the request.
    pub input: &'a Map<String, Value>,
}

/// The policies of the simulated AWS, and the places that they are attached to.
#[derive(Clone, Copy)]
pub struct Policies<'a> {
    state: &'a State,
}

/// What a user or role may do, by its own policies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// The documents of its inline policies.
    pub documents: Vec<Value>,
    /// The ARNs of the managed policies that are attached to it.
    pub managed: Vec<String>,
}

/// The root, a unit or an account, with the policies of one type that are attached to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// AWS's id.
    pub id: String,
    /// Names and contents.
    pub policies: Vec<(String, String)>,
}

impl<'a> Policies<'a> {
    pub(super) fn new(state: &'a State) -> Self {
        Self { state }
    }

    /// The id of the account that manages the organization, or will.
    #[must_use]
    pub fn management_account(&self) -> &'a str {
        &self.state.management.id
    }

    /// The organization's id.
    #[must_use]
    pub fn organization(&self) -> Option<&'a str> {
        self.state.organization.as_ref().map(|organization| organization.id.as_str())
    }

    /// The ids of the places of an account, from the root to the account itself; none outside of the organization.
    #[must_use]
    pub fn places(&self, account: &str) -> Vec<&'a str> {
        let Some(organization) = &self.state.organization else { return Vec::new() };
        let Some((id, _)) = organization.accounts.get_key_value(account) else { return Vec::new() };
        let mut places: Vec<&str> = std::iter::successors(Some(id.as_str()), |id| organization.parent(id)).collect();
        places.reverse();
        places
    }

    /// The policies of a type on the way from the root to an account; none where the type is not enabled, or where they
    /// do not bind the account because it manages the organization.
    #[must_use]
    pub fn levels(&self, account: &str, policy_type: &str) -> Vec<Level> {
        let Some(organization) = &self.state.organization else { return Vec::new() };
        if account == organization.management || !organization.policy_types.contains(policy_type) {
            return Vec::new();
        }
        let level = |id: &str| {
            let of_type = organization.policies.values().filter(|policy| policy.kind == policy_type);
            let attached = of_type.filter(|policy| policy.targets.contains(id));
            let policies = attached.map(|policy| (policy.name.clone(), policy.content.clone())).collect();
            Level { id: id.to_owned(), policies }
        };
        self.places(account).into_iter().map(level).collect()
    }

    /// Whether any account has a bucket of this name.
    #[must_use]
    pub fn has_bucket(&self, name: &str) -> bool {
        inventory::find_anywhere(self.state, BUCKET, name).is_some()
    }

    /// The own policies of a caller, whom a member `policies` of the state's principals or a stack gave them; `None` for an
    /// administrator, as the role is by which a new account is entered.
    #[must_use]
    pub fn identity(&self, caller: &str) -> Option<Identity> {
        let named = |arn: &str| self.state.principals.values().find(|principal| principal.arn == arn);
        if let Some(documents) = named(caller).and_then(|principal| principal.policies.clone()) {
            return Some(Identity { documents, managed: Vec::new() });
        }
        let (account, role) = role_of(caller)?;
        let place = Place { account: account.to_owned(), region: GLOBAL.to_owned() };
        inventory::find(self.state, &place, ROLE, role).map(|role| Identity::of_role(&role.properties))
    }
}

impl fmt::Debug for Policies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Policies")
    }
}

impl Identity {
    /// By the properties of an `AWS::IAM::Role`.
    fn of_role(properties: &Value) -> Self {
        let rows = |name: &str| properties[name].as_array().into_iter().flatten();
        Self {
            documents: rows("Policies").map(|policy| policy["PolicyDocument"].clone()).collect(),
            managed: rows("ManagedPolicyArns").filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    }
}

/// The account and the role of a session's ARN, `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
fn role_of(session: &str) -> Option<(&str, &str)> {
    let (before, session) = session.split_once(":assumed-role/")?;
    Some((before.rsplit(':').next()?, session.split('/').next()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_session_has_the_policies_of_its_role() {
        assert_eq!(role_of("arn:aws:sts::1:assumed-role/landing-plan/me"), Some(("1", "landing-plan")));
        assert_eq!(role_of("arn:aws:iam::1:user/admin"), None);
    }

    #[test]
    fn a_role_has_inline_and_managed_policies() {
        let document = json!({"Statement": []});
        let role = json!({
            "Policies": [{"PolicyName": "P", "PolicyDocument": document}],
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/SecurityAudit"],
        });
        let managed = vec!["arn:aws:iam::aws:policy/SecurityAudit".to_owned()];
        assert_eq!(Identity::of_role(&role), Identity { documents: vec![document], managed });
        assert_eq!(Identity::of_role(&json!({})), Identity::default());
    }

    #[test]
    fn policies_bind_on_the_way_to_an_account_where_their_type_is_enabled() {
        let organization = json!({
            "id": "o-1", "management": "111111111111", "root": "r-1", "policy_types": ["SERVICE_CONTROL_POLICY"],
            "units": {"ou-1": {"parent": "r-1"}},
            "accounts": {"111111111111": {"parent": "r-1"}, "222222222222": {"parent": "ou-1"}},
            "policies": {
                "p-1": {"name": "a", "type": "SERVICE_CONTROL_POLICY", "content": "A", "targets": ["r-1"]},
                "p-2": {"name": "b", "type": "RESOURCE_CONTROL_POLICY", "content": "B", "targets": ["r-1"]},
                "p-3": {"name": "c", "type": "SERVICE_CONTROL_POLICY", "content": "C", "targets": ["222222222222"]},
            },
        });
        let state = State::from_json(json!({"organization": organization})).unwrap();
        let policies = Policies::new(&state);
        let level = |id: &str, policies: &[(&str, &str)]| Level {
            id: id.to_owned(),
            policies: policies.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        };
        let expected = [level("r-1", &[("a", "A")]), level("ou-1", &[]), level("222222222222", &[("c", "C")])];
        assert_eq!(policies.levels("222222222222", "SERVICE_CONTROL_POLICY"), expected);
        assert!(policies.levels("222222222222", "RESOURCE_CONTROL_POLICY").is_empty(), "it is not enabled");
        assert!(policies.levels("111111111111", "SERVICE_CONTROL_POLICY").is_empty(), "it manages the organization");
        assert!(policies.levels("333333333333", "SERVICE_CONTROL_POLICY").is_empty(), "it is not in the organization");
    }
}
