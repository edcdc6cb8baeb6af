//! Which actions are decided otherwise by other policies.

use super::evaluate::Candidates;
use super::replay::Sides;
use super::services::services;
use super::{Decision, Request};

/// Actions that are decided otherwise, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// What was denied and is allowed now.
    pub opened: Vec<String>,
    /// What may have been denied, or may be allowed now: it depends on what is not known.
    pub perhaps: Vec<String>,
    /// What is denied now, or may be, and was not.
    pub closed: Vec<String>,
}

/// Decides requests that differ from `request` in their actions alone, for every action that AWS has, by the policies before and
/// after. Of other actions than its own the resource is not known.
#[must_use]
pub fn compared(scps: &Sides, rcps: &Sides, request: &Request) -> Compared {
    let mut compared = Compared::default();
    for action in services().actions_matching("*") {
        let allows = |scps, rcps| Candidates::new(scps, rcps, &action).always_allow();
        if allows(&scps.gone, &rcps.gone) && allows(&scps.new, &rcps.new) {
            continue;
        }
        let is_own = action.eq_ignore_ascii_case(&request.action);
        let resource = request.resource.clone().filter(|_| is_own);
        let asked = Request { action: action.clone(), resource, ..request.clone() };
        let decide = |scps, rcps| Candidates::new(scps, rcps, &action).decide(&asked).decision;
        match (decide(&scps.before, &rcps.before), decide(&scps.after, &rcps.after)) {
            (before, after) if before == after => {}
            (Decision::Deny, Decision::Allow) => compared.opened.push(action),
            (_, Decision::Deny) | (Decision::Allow, Decision::Undecided) => compared.closed.push(action),
            _ => compared.perhaps.push(action),
        }
    }
    compared
}
