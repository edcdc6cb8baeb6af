//! Levels from the root to an account, as JSON.

use super::json::Part;
use crate::{AttachedPolicy, Level, Policy, PolicyType, Problem, ProblemCode, Quotas, check};

/// The policies on the ways to a principal's and a resource's account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Levels {
    /// SCPs from the root to the principal's account.
    pub scps: Vec<Level>,
    /// RCPs from the root to the resource's account.
    pub rcps: Vec<Level>,
    /// The SCPs to compare with, if they are others.
    pub before: Option<Vec<Level>>,
    /// The RCPs to compare with, if they are others.
    pub rcps_before: Option<Vec<Level>>,
    /// The principal's own policies, where they are looked at.
    pub identity: Option<Level>,
}

impl Levels {
    /// The SCPs and RCPs to compare with: those that are given, beside what stays as it is. `None` if none are given.
    #[must_use]
    pub fn to_compare(&self) -> Option<(&[Level], &[Level])> {
        let is_given = self.before.is_some() || self.rcps_before.is_some();
        let scps = self.before.as_deref().unwrap_or(&self.scps);
        is_given.then(|| (scps, self.rcps_before.as_deref().unwrap_or(&self.rcps)))
    }
}

/// Reads what a case says of policies: `{"levels": LEVELS, "rcpLevels": LEVELS, "before": LEVELS, "rcpBefore": LEVELS}`,
/// of which only `levels` must be there, or `LEVELS` alone. `LEVELS` is `[{"id", "policies": [{"name", "policy"}]}]`,
/// root first. `before` holds the SCPs to compare with, `rcpBefore` the RCPs.
///
/// # Errors
/// Everything that is not of this form, and policies that cannot be used to decide or that AWS does not take as SCPs
/// because they have a `Principal`.
pub fn read_levels(part: &serde_json::Value) -> Result<Levels, Vec<Problem>> {
    let mut problems = Vec::new();
    let whole = Part::whole(part);
    let levels = if part.is_array() {
        Levels { scps: service_control(&whole, &mut problems), ..Levels::default() }
    } else {
        levels_of(&whole, &mut problems)
    };
    if problems.is_empty() { Ok(levels) } else { Err(problems) }
}

pub(super) fn levels_of(case: &Part<'_>, problems: &mut Vec<Problem>) -> Levels {
    let scps = case.required("levels", problems).map(|part| service_control(&part, problems));
    let rcps = case.member("rcpLevels").map(|part| resource_control(&part, problems));
    let before = case.member("before").map(|part| service_control(&part, problems));
    let rcps_before = case.member("rcpBefore").map(|part| resource_control(&part, problems));
    Levels { scps: scps.unwrap_or_default(), rcps: rcps.unwrap_or_default(), before, rcps_before, identity: None }
}

/// Levels of SCPs.
pub(crate) fn service_control(part: &Part<'_>, problems: &mut Vec<Problem>) -> Vec<Level> {
    levels(part, PolicyType::ServiceControl, problems)
}

/// Levels of RCPs.
pub(crate) fn resource_control(part: &Part<'_>, problems: &mut Vec<Problem>) -> Vec<Level> {
    levels(part, PolicyType::ResourceControl, problems)
}

fn levels(part: &Part<'_>, policy_type: PolicyType, problems: &mut Vec<Problem>) -> Vec<Level> {
    let items = part.items("levels", problems);
    items.iter().filter_map(|item| level(item, policy_type, problems)).collect()
}

fn level(part: &Part<'_>, policy_type: PolicyType, problems: &mut Vec<Problem>) -> Option<Level> {
    let id = part.required("id", problems).and_then(|id| id.text(problems));
    let policies = part.member("policies").map(|list| list.items("policies", problems)).unwrap_or_default();
    let policies = policies.iter().filter_map(|policy| attached(policy, policy_type, problems)).collect();
    Some(Level { id: id?.to_owned(), policies })
}

fn attached(part: &Part<'_>, policy_type: PolicyType, problems: &mut Vec<Problem>) -> Option<AttachedPolicy> {
    let name = part.required("name", problems).and_then(|name| name.text(problems));
    let document = part.required("policy", problems)?;
    let policy = policy(&document, policy_type, problems);
    Some(AttachedPolicy { name: name?.to_owned(), policy: policy? })
}

/// A policy, unless it cannot be decided with, or names principals where an SCP cannot.
fn policy(document: &Part<'_>, policy_type: PolicyType, problems: &mut Vec<Problem>) -> Option<Policy> {
    let refused: Vec<Problem> = check(document.value, policy_type, &Quotas::default())
        .into_iter()
        .filter(|problem| problem.code == ProblemCode::UnsupportedElement)
        .map(|problem| Problem { path: format!("{}{}", document.path, problem.path), ..problem })
        .collect();
    if !refused.is_empty() {
        problems.extend(refused);
        return None;
    }
    match Policy::read(document.value) {
        Ok(policy) => Some(policy),
        Err(error) => {
            let path = format!("{}{}", document.path, error.path);
            problems.push(Problem::new(ProblemCode::InvalidValue, path, format!("this {}", error.message)));
            None
        }
    }
}
