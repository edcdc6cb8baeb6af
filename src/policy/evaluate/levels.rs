//! The way from the root to an account, and the decision along it.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::matching::{Asked, matches};
use super::request::Request;
use super::verdict::{DecidedBy, Decision, DecisionKind, Verdict};
use crate::policy::truth::Truth;
use crate::policy::{Effect, Policy, Statement};

/// The root, an organizational unit or an account, with the policies attached to it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Level {
    /// AWS's id.
    pub id: String,
    /// The policies attached directly.
    pub policies: Vec<AttachedPolicy>,
}

/// A policy attached to a level.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AttachedPolicy {
    /// Its name.
    pub name: String,
    /// What it says.
    pub policy: Policy,
}

/// Decides a request by the SCPs on the way from the root to the principal's account and the RCPs on the
/// way to the resource's account.
///
/// The last level of `scps` is the account; principals of other accounts are not bound by them, and without
/// levels, as where the policy type is not enabled, nobody is. Every
/// level of `scps` must allow; every level of `rcps` does, through the `RCPFullAWSAccess` that AWS
/// attaches, so that only denials count. `rcps` is empty for a resource of the management account. Where
/// several statements deny, the first from the root down is named, SCPs before RCPs; an explicit denial
/// is named before a missing allowance.
#[must_use]
pub fn evaluate(scps: &[Level], rcps: &[Level], request: &Request) -> Verdict {
    let bound = scps.last().is_some_and(|account| request.is_bound_by_scps_of(&account.id));
    let scps = if bound { scps } else { &[] };
    let rcps = if request.is_bound_by_rcps() { rcps } else { &[] };
    let asked = Asked::new(request);
    let denials = scps.iter().chain(rcps).flat_map(|level| explicit_denials(level, &asked));
    let allowances = scps.iter().filter_map(|level| missing_allowance(level, &asked));
    settle(denials.chain(allowances))
}

/// A reason to deny that holds or may hold: whether it does, and what it is.
type Reason = (Truth, DecidedBy);

fn explicit_denials<'a>(level: &'a Level, asked: &'a Asked<'_>) -> impl Iterator<Item = Reason> + 'a {
    level.policies.iter().flat_map(move |attached| {
        let statements = attached.policy.statements.iter().enumerate();
        statements.filter(|(_, statement)| statement.effect == Effect::Deny).filter_map(move |(index, statement)| {
            match matches(statement, asked) {
                Truth::False => None,
                denies => Some((denies, explicitly(level, attached, index, statement))),
            }
        })
    })
}

fn explicitly(level: &Level, attached: &AttachedPolicy, index: usize, statement: &Statement) -> DecidedBy {
    DecidedBy {
        level: level.id.clone(),
        policy: Some(attached.name.clone()),
        statement: Some(index),
        sid: statement.sid.clone(),
        kind: DecisionKind::Explicit,
    }
}

fn missing_allowance(level: &Level, asked: &Asked<'_>) -> Option<Reason> {
    let statements = level.policies.iter().flat_map(|attached| &attached.policy.statements);
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    match Truth::any(allowing.map(|statement| matches(statement, asked))) {
        Truth::True => None,
        allows => Some((allows.negated_if(true), implicitly(level))),
    }
}

fn implicitly(level: &Level) -> DecidedBy {
    DecidedBy { level: level.id.clone(), policy: None, statement: None, sid: None, kind: DecisionKind::Implicit }
}

fn settle(reasons: impl Iterator<Item = Reason>) -> Verdict {
    let mut missing = BTreeSet::new();
    let mut first_unknown = None;
    for (holds, reason) in reasons {
        match holds {
            Truth::True => {
                return Verdict { decision: Decision::Deny, decided_by: Some(reason), missing: Vec::new() };
            }
            Truth::Unknown(keys) => {
                missing.extend(keys);
                first_unknown.get_or_insert(reason);
            }
            Truth::False => {}
        }
    }
    let decision = if first_unknown.is_some() { Decision::Undecided } else { Decision::Allow };
    Verdict { decision, decided_by: first_unknown, missing: missing.into_iter().collect() }
}
