//! The statements of the organization's policies that deny a request, or may.

use landing_policy::{DecidedBy, DecisionKind, DenialReason, DenyingPolicy, PolicyType, ReportedPolicy, grounds};

use super::asked::Asked;
use super::origin::Origin;
use super::{Verdict, World};
use crate::hierarchy::Hierarchy;
use crate::model::Address;

/// A statement that denies a request, or a place where nothing allows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenyingStatement {
    /// The action that it denies.
    pub action: String,
    /// What decides, its level and policy called by their addresses.
    pub decided_by: DecidedBy,
    /// AWS's id of the policy.
    pub policy_id: Option<String>,
    /// The condition keys, or `resource`, that it depends on; none where it surely denies.
    pub missing: Vec<String>,
    /// Whether it is of the type, or the very policy, that AWS says.
    pub is_named: bool,
    /// The guardrails that bring it about.
    pub guardrails: Vec<String>,
    /// File and line, where the blueprint says it.
    pub at: Option<String>,
}

impl DenyingStatement {
    /// Whether it surely denies.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.missing.is_empty()
    }
}

/// All of them, those that fit best to what AWS says first.
pub(super) fn find(asked: &Asked<'_>, world: World<'_>) -> Vec<DenyingStatement> {
    let mut all: Vec<DenyingStatement> = Vec::new();
    for action in asked.actions() {
        let case = asked.case(action, world.now);
        for ground in grounds(&case.levels.scps, &case.levels.rcps, &case.request) {
            all.push(statement(action, ground, asked, world));
        }
    }
    mark_named(&mut all, asked.denied.said.as_ref(), world.now);
    all.sort_by_key(|it| (!it.is_named, !it.is_sure()));
    all
}

fn statement(action: &str, ground: DenialReason, asked: &Asked<'_>, world: World<'_>) -> DenyingStatement {
    let origin = world.blueprint.and_then(|(after, declared)| {
        let request = asked.case(action, after).request;
        Origin::of(&ground.decided_by, &request, world.now, after, declared)
    });
    let policy = ground.decided_by.policy.as_deref().map(Address::parse);
    DenyingStatement {
        action: action.to_owned(),
        policy_id: policy.and_then(|policy| world.now.known_id(&policy).map(str::to_owned)),
        missing: ground.missing,
        is_named: false,
        guardrails: origin.as_ref().map(Origin::guardrails).unwrap_or_default(),
        at: origin.and_then(|origin| origin.at(world.blueprint?.1)),
        decided_by: ground.decided_by,
    }
}

/// Says which statements AWS may mean: those of the policy that it names, if it is among them; else those of the type that
/// deny in that way, or in any. AWS may call it an explicit deny where no policy allows the action.
fn mark_named(all: &mut [DenyingStatement], said: Option<&ReportedPolicy>, hierarchy: &Hierarchy) {
    let Some(said) = said else { return };
    let named = said.policy.as_deref().and_then(|arn| policy_of_arn(arn, hierarchy));
    let is_policy =
        |it: &DenyingStatement| named.is_some_and(|named| it.decided_by.policy.as_deref() == Some(named.as_str()));
    let is_sid = |it: &DenyingStatement| it.decided_by.sid.as_ref().is_some_and(|sid| said.sids.contains(sid));
    let is_type = |it: &DenyingStatement| said.through.or(said.policy_type).is_none_or(|named| is_of_type(it, named));
    let is_kind = |it: &DenyingStatement| (it.decided_by.kind == DecisionKind::Explicit) == said.explicit;
    let tests: [&dyn Fn(&DenyingStatement) -> bool; 5] =
        [&|it| is_policy(it) && is_sid(it), &is_policy, &is_sid, &|it| is_type(it) && is_kind(it), &is_type];
    if let Some(test) = tests.iter().find(|test| all.iter().any(test)) {
        all.iter_mut().for_each(|it| it.is_named = test(it));
    }
}

fn is_of_type(statement: &DenyingStatement, named: DenyingPolicy) -> bool {
    let prefix = statement.decided_by.policy.as_deref().map(|policy| Address::parse(policy).prefix().to_owned());
    let is_rcp = prefix.is_some_and(|prefix| prefix == PolicyType::ResourceControl.address_prefix());
    match named {
        DenyingPolicy::ServiceControl => !is_rcp,
        DenyingPolicy::ResourceControl => is_rcp,
        _ => false,
    }
}

/// The policy that an ARN such as `arn:aws:organizations::111111111111:policy/o-exampleorgid/service_control_policy/p-ab12` names.
fn policy_of_arn<'a>(arn: &str, hierarchy: &'a Hierarchy) -> Option<&'a Address> {
    hierarchy.called(arn.rsplit('/').next()?).filter(|address| address.is_control_policy())
}

/// Those that are worth reporting: what surely denies, and what AWS may mean; all that may deny where nothing is sure.
pub(super) fn that_matter(statements: Vec<DenyingStatement>, verdict: &Verdict) -> Vec<DenyingStatement> {
    let has_named = statements.iter().any(|it| it.is_named);
    let matters = |it: &DenyingStatement| match verdict {
        Verdict::Denied => it.is_sure() || it.is_named,
        Verdict::Undecided(_) => it.is_named || !has_named,
        _ => it.is_sure(),
    };
    statements.into_iter().filter(matters).collect()
}
