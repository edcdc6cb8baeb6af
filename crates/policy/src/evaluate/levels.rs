//! The way from the root to an account, and the decision along it.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::matching::{Asked, matches, matches_always, matches_every_resource};
use super::request::Request;
use super::verdict::{DecidedBy, Decision, DecisionKind, Verdict};
use crate::truth::Truth;
use crate::{Effect, Policy, Statement};

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
/// levels, as where the policy type is not enabled, no one is. Every
/// level of `scps` must allow; every level of `rcps` does, through the `RCPFullAWSAccess` that AWS
/// attaches, so that only denials count. `rcps` is empty for a resource of the management account. Where
/// several statements deny, the first from the root down is named, SCPs before RCPs; an explicit denial
/// is named before a missing allowance.
#[must_use]
pub fn evaluate(scps: &[Level], rcps: &[Level], request: &Request) -> Verdict {
    Candidates::new(scps, rcps, &request.action).decide(request)
}

/// As [`evaluate`], where the principal's own policies are known as well: one more level that must allow, whatever the principal is.
/// Policies of the resource, permissions boundaries and session policies are not looked at.
#[must_use]
pub fn evaluate_with_identity(scps: &[Level], rcps: &[Level], identity: Option<&Level>, request: &Request) -> Verdict {
    let candidates = Candidates::new(scps, rcps, &request.action);
    let identity = identity.map(|level| OfLevel::new(level, &Asked::action(&request.action)));
    let own = || identity.iter();
    let denials = own().flat_map(|level| level.explicit_denials(request));
    let allowances = own().filter_map(|level| level.missing_allowance(request));
    let (explicit, implicit): (Vec<_>, Vec<_>) = candidates.reasons(request).partition(|(_, _, by)| by.is_some());
    settle(explicit.into_iter().chain(denials).chain(implicit).chain(allowances))
}

/// A reason for a denial: what denies, and the condition keys, or `resource`, on which that depends. It surely denies where
/// there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialReason {
    /// The statement or level.
    pub decided_by: DecidedBy,
    /// What is not known.
    pub missing: Vec<String>,
}

/// All that denies a request, or may, in the order in which [`evaluate`] looks at it.
#[must_use]
pub fn grounds(scps: &[Level], rcps: &[Level], request: &Request) -> Vec<DenialReason> {
    let candidates = Candidates::new(scps, rcps, &request.action);
    let grounds = candidates.reasons(request).filter_map(|(holds, level, denying)| {
        let missing = match holds {
            Truth::False => return None,
            Truth::True => Vec::new(),
            Truth::Unknown(keys) => keys.keys().map(str::to_owned).collect(),
        };
        Some(DenialReason { decided_by: decided_by(level, denying), missing })
    });
    grounds.collect()
}

/// The statements on the way that are about one action: all that matters where many requests for it are decided.
#[derive(Debug)]
pub(crate) struct Candidates<'a> {
    scps: Vec<OfLevel<'a>>,
    rcps: Vec<OfLevel<'a>>,
}

#[derive(Debug)]
struct OfLevel<'a> {
    level: &'a Level,
    denying: Vec<Denying<'a>>,
    allowing: Allowing<'a>,
}

/// What a level allows.
#[derive(Debug)]
enum Allowing<'a> {
    /// Every request for the action.
    Always,
    /// What one of these matches.
    If(Vec<&'a Statement>),
}

#[derive(Debug)]
struct Denying<'a> {
    attached: &'a AttachedPolicy,
    index: usize,
    statement: &'a Statement,
}

/// A reason to deny that holds or may hold: whether it does, the level, and the statement if there is one.
type Reason<'a> = (Truth<'a>, &'a Level, Option<&'a Denying<'a>>);

impl<'a> Candidates<'a> {
    /// Takes from the levels, as in [`evaluate`], what is about an action.
    pub fn new(scps: &'a [Level], rcps: &'a [Level], action: &str) -> Self {
        Self::asked(scps, rcps, &Asked::action(action))
    }

    /// Takes from the levels what an unknown action of a service may depend on: what denies any of its actions, and what
    /// allows all of them.
    pub fn of_service(scps: &'a [Level], rcps: &'a [Level], prefix: &str) -> Self {
        Self::asked(scps, rcps, &Asked::service(prefix))
    }

    fn asked(scps: &'a [Level], rcps: &'a [Level], asked: &Asked) -> Self {
        let about = |levels: &'a [Level]| levels.iter().map(|level| OfLevel::new(level, asked)).collect();
        Self { scps: about(scps), rcps: about(rcps) }
    }

    /// Decides a request for the action.
    pub fn decide(&self, request: &Request) -> Verdict {
        settle(self.reasons(request))
    }

    fn reasons<'s>(&'s self, request: &'s Request) -> impl Iterator<Item = Reason<'s>> {
        let bound = self.scps.last().is_some_and(|account| request.is_bound_by_scps_of(&account.level.id));
        let scps = if bound { self.scps.as_slice() } else { &[] };
        let rcps = if request.is_bound_by_rcps() { self.rcps.as_slice() } else { &[] };
        let denials = scps.iter().chain(rcps).flat_map(|level| level.explicit_denials(request));
        let allowances = scps.iter().filter_map(|level| level.missing_allowance(request));
        denials.chain(allowances)
    }

    /// The condition keys that the statements ask for, in lower case.
    pub fn keys(&self) -> BTreeSet<&'a str> {
        self.statements().flat_map(Statement::keys).collect()
    }

    /// Whether it may matter which resource is asked for.
    pub fn heed_resource(&self) -> bool {
        self.statements().any(|statement| !matches_every_resource(statement))
    }

    fn statements(&self) -> impl Iterator<Item = &'a Statement> {
        let levels = || self.scps.iter().chain(&self.rcps);
        let denying = levels().flat_map(|level| level.denying.iter().map(|denying| denying.statement));
        denying.chain(levels().flat_map(|level| level.allowing.statements().iter().copied()))
    }

    /// Whether every request for the action is allowed.
    pub fn always_allow(&self) -> bool {
        let mut all = self.scps.iter().chain(&self.rcps);
        let allows = |level: &OfLevel<'_>| matches!(level.allowing, Allowing::Always);
        all.all(|level| level.denying.is_empty()) && self.scps.iter().all(allows)
    }
}

impl<'a> Allowing<'a> {
    fn add(&mut self, statement: &'a Statement) {
        match self {
            Self::If(_) if matches_always(statement) => *self = Self::Always,
            Self::If(statements) => statements.push(statement),
            Self::Always => {}
        }
    }

    fn statements(&self) -> &[&'a Statement] {
        match self {
            Self::Always => &[],
            Self::If(statements) => statements,
        }
    }
}

impl<'a> OfLevel<'a> {
    fn new(level: &'a Level, asked: &Asked) -> Self {
        let mut of_level = Self { level, denying: Vec::new(), allowing: Allowing::If(Vec::new()) };
        for attached in &level.policies {
            let statements = attached.policy.statements.iter().enumerate();
            for (index, statement) in statements.filter(|(_, statement)| asked.is_met_by(statement)) {
                match statement.effect {
                    Effect::Deny => of_level.denying.push(Denying { attached, index, statement }),
                    Effect::Allow => of_level.allowing.add(statement),
                }
            }
        }
        of_level
    }

    fn explicit_denials<'s>(&'s self, request: &'s Request) -> impl Iterator<Item = Reason<'s>> + 's {
        self.denying.iter().filter_map(|denying| match matches(denying.statement, request) {
            Truth::False => None,
            denies => Some((denies, self.level, Some(denying))),
        })
    }

    fn missing_allowance(&self, request: &Request) -> Option<Reason<'_>> {
        let Allowing::If(allowing) = &self.allowing else { return None };
        match Truth::any(allowing.iter().map(|statement| matches(statement, request))) {
            Truth::True => None,
            allows => Some((allows.negated_if(true), self.level, None)),
        }
    }
}

fn decided_by(level: &Level, denying: Option<&Denying<'_>>) -> DecidedBy {
    DecidedBy {
        level: level.id.clone(),
        policy: denying.map(|denying| denying.attached.name.clone()),
        statement: denying.map(|denying| denying.index),
        sid: denying.and_then(|denying| denying.statement.sid.clone()),
        kind: if denying.is_some() { DecisionKind::Explicit } else { DecisionKind::Implicit },
    }
}

fn settle<'a>(reasons: impl Iterator<Item = Reason<'a>>) -> Verdict {
    let mut missing = BTreeSet::new();
    let mut first_unknown = None;
    for (holds, level, denying) in reasons {
        match holds {
            Truth::True => {
                let decided_by = Some(decided_by(level, denying));
                return Verdict { decision: Decision::Deny, decided_by, missing: Vec::new() };
            }
            Truth::Unknown(keys) => {
                missing.extend(keys.keys());
                first_unknown.get_or_insert((level, denying));
            }
            Truth::False => {}
        }
    }
    let decision = if first_unknown.is_some() { Decision::Undecided } else { Decision::Allow };
    Verdict {
        decision,
        decided_by: first_unknown.map(|(level, denying)| decided_by(level, denying)),
        missing: missing.into_iter().map(str::to_owned).collect(),
    }
}
