//! Mistakes that only show on the whole way from the root to an account.

use serde_json::Value;

use super::finding::{Code, Finding};
use super::lint;
use crate::policy::statement::pointer;
use crate::policy::view::{List, Policy};
use crate::policy::{Effect, PolicyType, Quotas};

/// The policies attached to one level, each with its place.
struct Attached<'a> {
    path: String,
    id: &'a str,
    policies: Vec<(String, Policy<'a>)>,
}

/// Everything that is wrong or doubtful in the SCPs on a path: what [`lint`] finds in each, allowances that another level
/// does not let through, levels that allow nothing, and levels without a place left. `levels` is a list as in the cases
/// of `simulate`.
#[must_use]
pub fn lint_levels(levels: &Value, quotas: &Quotas) -> Vec<Finding> {
    let path: Vec<Attached<'_>> = attached(levels, quotas);
    let mut findings = Vec::new();
    for level in &path {
        for (place, policy) in &level.policies {
            let own = lint(policy.document, PolicyType::ServiceControl, quotas);
            findings.extend(own.into_iter().map(|finding| finding.below(place)));
        }
        findings.extend(allows_nothing(level));
        findings.extend(places(level, quotas));
        findings.extend(path.iter().flat_map(|other| not_let_through(level, other)));
    }
    findings
}

fn attached<'a>(levels: &'a Value, quotas: &'a Quotas) -> Vec<Attached<'a>> {
    let items = levels.as_array().into_iter().flatten().enumerate();
    let level = |(index, level): (usize, &'a Value)| {
        let path = format!("/{index}");
        let policies = level["policies"].as_array().into_iter().flatten().enumerate().map(|(number, attached)| {
            let place = pointer(&format!("{path}/policies/{number}"), "policy");
            (place, Policy::new(&attached["policy"], PolicyType::ServiceControl, quotas))
        });
        Attached { policies: policies.collect(), id: level["id"].as_str().unwrap_or_default(), path }
    };
    items.map(level).collect()
}

impl Attached<'_> {
    /// The actions of its allowances.
    fn allowed(&self) -> impl Iterator<Item = &List> {
        let statements = self.policies.iter().flat_map(|(_, policy)| &policy.statements);
        statements.filter(|statement| statement.effect == Effect::Allow).map(|statement| &statement.actions)
    }
}

fn allows_nothing(level: &Attached<'_>) -> Option<Finding> {
    level.allowed().next().is_none().then(|| {
        let message = format!("nothing attached to {} allows anything: everything below is shut out", level.id);
        Finding::new(Code::AllowListGap, &level.path, message).help("attach FullAWSAccess, or an allow-list")
    })
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

fn places(level: &Attached<'_>, quotas: &Quotas) -> Option<Finding> {
    let (taken, places) = (level.policies.len(), quotas.limits(PolicyType::ServiceControl).per_target);
    let (code, message) = match taken.cmp(&places) {
        std::cmp::Ordering::Less => return None,
        std::cmp::Ordering::Equal => (Code::NoPlaceLeft, format!("all {places} places of {} are taken", level.id)),
        std::cmp::Ordering::Greater => {
            (Code::TooManyPolicies, format!("{taken} policies are attached to {}, but {places} may be", level.id))
        }
    };
    Some(Finding::new(code, &level.path, message).help("join policies, or attach some of them to another level"))
}
