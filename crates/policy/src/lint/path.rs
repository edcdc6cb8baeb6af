//! Mistakes that only show on the whole way from the root to an account.

use std::cmp::Ordering;

use serde_json::Value;

use super::code::Code;
use super::finding::Finding;
use super::organization_context::OrganizationContext;
use super::{lint, lock_out};
use crate::statement::pointer;
use crate::view::{List, Policy};
use crate::{Effect, PolicyType, how_to_pack};

/// Policies of AWS's that allow everything, and that no document of one's own can take in.
const FULL_ACCESS: [&str; 2] = ["FullAWSAccess", "RCPFullAWSAccess"];

/// The policies attached to one level, each with its place.
struct Attached<'a> {
    path: String,
    id: &'a str,
    policies: Vec<(String, Policy<'a>)>,
    /// The documents of those that are not AWS's.
    own: Vec<Value>,
    /// Whether they are said to allow nothing.
    is_meant_to_allow_nothing: bool,
}

/// Everything that is wrong or doubtful in the policies on a path: what [`lint`] finds in each, and what
/// [`lint_path`] finds in all together.
#[must_use]
pub fn lint_levels(levels: &Value, policy_type: PolicyType, around: &OrganizationContext) -> Vec<Finding> {
    // Whom the policies lock out is asked on the path.
    let alone = OrganizationContext { roles: Vec::new(), ..around.clone() };
    let mut findings = Vec::new();
    for (place, policy) in attached(levels, policy_type).iter().flat_map(|level| &level.policies) {
        let own = lint(policy.document, policy_type, &alone);
        findings.extend(own.into_iter().map(|finding| finding.below(place)));
    }
    findings.extend(lint_path(levels, policy_type, around));
    findings
}

/// What is wrong with policies on a path because they are there together: allowances that another level does not let
/// through, levels that allow nothing, that lock out whom they must not, or that have no place left. `levels` is a list
/// as in the cases of `simulate`; the findings' places are in it. Of a level with `allows_nothing: true` it is not reported that it
/// allows nothing.
#[must_use]
pub fn lint_path(levels: &Value, policy_type: PolicyType, around: &OrganizationContext) -> Vec<Finding> {
    let path = attached(levels, policy_type);
    let mut findings: Vec<Finding> = path.iter().filter_map(|level| places(level, policy_type, around)).collect();
    if policy_type == PolicyType::ServiceControl {
        for level in &path {
            findings.extend(locks_out(level, around));
            findings.extend(path.iter().flat_map(|other| not_let_through(level, other)));
        }
    }
    findings
}

fn attached(levels: &Value, policy_type: PolicyType) -> Vec<Attached<'_>> {
    let items = levels.as_array().into_iter().flatten().enumerate();
    items.map(|(index, level)| Attached::new(level, format!("/{index}"), policy_type)).collect()
}

impl<'a> Attached<'a> {
    fn new(level: &'a Value, path: String, policy_type: PolicyType) -> Self {
        let all = || level["policies"].as_array().into_iter().flatten();
        let placed = all().enumerate().map(|(number, attached)| {
            let place = pointer(&format!("{path}/policies/{number}"), "policy");
            (place, Policy::new(&attached["policy"], policy_type))
        });
        let is_own = |attached: &&Value| !FULL_ACCESS.iter().any(|name| attached["name"] == *name);
        let own = all().filter(is_own).map(|attached| attached["policy"].clone()).collect();
        Attached {
            policies: placed.collect(),
            id: level["id"].as_str().unwrap_or_default(),
            own,
            is_meant_to_allow_nothing: level["allows_nothing"] == true,
            path,
        }
    }

    /// The actions of its allowances.
    fn allowed(&self) -> impl Iterator<Item = &List> {
        let statements = self.policies.iter().flat_map(|(_, policy)| &policy.statements);
        statements.filter(|statement| statement.effect == Effect::Allow).map(|statement| &statement.actions)
    }
}

fn locks_out(level: &Attached<'_>, around: &OrganizationContext) -> Vec<Finding> {
    if level.allowed().next().is_none() {
        if level.is_meant_to_allow_nothing {
            return Vec::new();
        }
        let message = format!("nothing attached to {} allows anything: everything below is shut out", level.id);
        let finding = Finding::new(Code::AllowListGap, &level.path, message);
        return vec![finding.help("attach FullAWSAccess, or an allow-list")];
    }
    let denied = |(place, policy): &(String, Policy<'_>)| {
        lock_out::find(policy, around).into_iter().map(|finding| finding.below(place)).collect::<Vec<_>>()
    };
    let documents = level.policies.iter().map(|(_, policy)| policy.document);
    let not_allowed = lock_out::find_at_level(documents, &level.path, level.id, around);
    level.policies.iter().flat_map(denied).chain(not_allowed).collect()
}

/// Allowances of one level of which another level allows nothing.
fn not_let_through(level: &Attached<'_>, other: &Attached<'_>) -> Vec<Finding> {
    if level.path == other.path || other.allowed().next().is_none() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (place, policy) in &level.policies {
        let allowances = policy.statements.iter().filter(|statement| statement.effect == Effect::Allow);
        for item in allowances.filter(|statement| !statement.actions.negated).flat_map(|one| &one.actions.items) {
            if !other.allowed().any(|allowed| allowed.meets(&item.pattern)) {
                let message = format!("`{}` has no effect: nothing attached to {} allows it", item.text, other.id);
                let finding = Finding::new(Code::AllowListGap, &item.path, message).below(place);
                findings.push(finding.help("what is allowed must be allowed on every level of the path"));
            }
        }
    }
    findings
}

fn places(level: &Attached<'_>, policy_type: PolicyType, around: &OrganizationContext) -> Option<Finding> {
    let limits = around.quotas.limits(policy_type);
    let (taken, places) = (level.policies.len(), limits.per_target);
    let (code, message) = match taken.cmp(&places) {
        Ordering::Less => return None,
        Ordering::Equal => (Code::NoPlaceLeft, format!("all {places} places of {} are taken", level.id)),
        Ordering::Greater => {
            (Code::TooManyPolicies, format!("{taken} policies are attached to {}, but {places} may be", level.id))
        }
    };
    let for_own = places.saturating_sub(taken - level.own.len());
    let help = how_to_pack(&level.own, policy_type, limits.size, for_own);
    Some(Finding::new(code, &level.path, message).help(help))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_level_that_allows_nothing_on_purpose_is_left_alone() {
        let statement = json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]);
        let deny = json!({"name": "deny", "policy": {"Version": "2012-10-17", "Statement": statement}});
        let found = |allows_nothing: Value| {
            let levels = json!([{"id": "ou/Suspended", "policies": [deny], "allows_nothing": allows_nothing}]);
            let found = lint_path(&levels, PolicyType::ServiceControl, &OrganizationContext::default());
            found.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        assert_eq!(found(json!(true)), []);
        assert_eq!(found(json!(false)), [Code::AllowListGap]);
        assert_eq!(found(Value::Null), [Code::AllowListGap]);
    }
}
