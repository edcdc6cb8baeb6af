//! Where the blueprint says what denies.

use landing_policy::{AttachedPolicy, DecidedBy, DecisionKind, Level, Policy, Request, grounds};
use serde_json::{Value, json};

use crate::hierarchy::Hierarchy;
use crate::model::{Address, body_content};
use crate::sections::{Declared, InPolicy, Written};

/// Where the blueprint says what denies.
#[derive(Clone, Debug)]
pub(super) enum Origin<'a> {
    /// Guardrails whose statements deny it.
    Guardrails(Vec<&'a InPolicy>),
    /// A statement of a policy, by a JSON pointer; the policy alone where it says something else now.
    Policy { written: &'a Written, content: &'a Value, statement: Option<String> },
    /// A place where no policy allows it.
    Level(Address),
}

impl<'a> Origin<'a> {
    /// Nothing for a policy that the blueprint does not have. `after` are the policies as it leaves them.
    pub fn of(
        decided_by: &DecidedBy,
        request: &Request,
        now: &Hierarchy,
        after: &Hierarchy,
        declared: &'a Declared,
    ) -> Option<Origin<'a>> {
        let Some(policy) = decided_by.policy.as_deref().map(Address::parse) else {
            return Some(Origin::Level(Address::parse(&decided_by.level)));
        };
        if let Some(all) = declared.guardrails.get(&policy) {
            let denying = all.iter().filter(|one| denies(one, &policy, request, after));
            let denying: Vec<&InPolicy> = denying.collect();
            let by_sid =
                |one: &&InPolicy| one.statements.iter().any(|it| it["Sid"].as_str() == decided_by.sid.as_deref());
            let named: Vec<&InPolicy> = denying.iter().copied().filter(by_sid).collect();
            return Some(Origin::Guardrails(if named.is_empty() { denying } else { named }));
        }
        let written = declared.policies.get(&policy)?;
        let content = body_content(&declared.desired.get(&policy)?.body)?;
        let index = index(decided_by, now.policy(&policy)?, after.policy(&policy)?);
        Some(Origin::Policy { written, content, statement: index.map(|index| pointer(content, index)) })
    }

    /// The names of the guardrails.
    pub fn guardrails(&self) -> Vec<String> {
        match self {
            Origin::Guardrails(all) => all.iter().map(|one| one.guardrail.id.clone()).collect(),
            Origin::Policy { .. } | Origin::Level(_) => Vec::new(),
        }
    }

    /// File and line.
    pub fn at(&self, declared: &Declared) -> Option<String> {
        let place = match self {
            Origin::Guardrails(all) => all.first()?.place,
            Origin::Policy { written, statement: Some(statement), .. } => written.value_at(statement),
            Origin::Policy { written, .. } => written.whole(),
            Origin::Level(level) => *declared.places.get(level)?,
        };
        place.is_somewhere().then(|| declared.sources.at(place))
    }
}

/// Whether the statements of a guardrail deny a request by themselves, or may.
fn denies(one: &InPolicy, policy: &Address, request: &Request, hierarchy: &Hierarchy) -> bool {
    let document = json!({"Version": "2012-10-17", "Statement": one.statements});
    let read = hierarchy.read(&document);
    let attached = |policy| AttachedPolicy { name: String::new(), policy };
    let policies = read.into_iter().chain([Policy::full_access()]).map(attached).collect();
    let levels = [Level { id: policy.to_string(), policies }];
    let found = if policy.is_scp() { grounds(&levels, &[], request) } else { grounds(&[], &levels, request) };
    found.iter().any(|ground| ground.decided_by.kind == DecisionKind::Explicit)
}

/// Which statement of the policy as the blueprint has it denies, where the organization may have another version of it.
fn index(decided_by: &DecidedBy, now: &Policy, after: &Policy) -> Option<usize> {
    let index = decided_by.statement?;
    if now == after {
        return Some(index);
    }
    let statement = now.statements.get(index)?;
    let is_same = |other: &&landing_policy::Statement| *other == statement;
    let same = after.statements.iter().position(|other| is_same(&other));
    same.or_else(|| after.statements.iter().position(|other| other.sid.is_some() && other.sid == statement.sid))
}

fn pointer(content: &Value, index: usize) -> String {
    if content["Statement"].is_array() { format!("/Statement/{index}") } else { "/Statement".to_owned() }
}
