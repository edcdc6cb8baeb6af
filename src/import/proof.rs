//! Holds a blueprint that was written against the organization, read anew: planning it only says whose everything is, and the
//! policies on every account's path are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use landing_policy::{Asking, Level, Policy, PolicyType};

use super::differences::{changes, changes_nothing, manual, refusals};
use super::summary::ImportError;
use super::write::{Written, deep, planned};
use crate::cloud::Cloud;
use crate::engine::{look_and_plan, look_at_policies};
use crate::facts::Facts;
use crate::hierarchy::Hierarchy;
use crate::model::{Address, Plan};

/// What came of holding a blueprint against the organization.
#[derive(Debug)]
pub struct Verification {
    /// The plan of the blueprint, which reads everything.
    pub plan: Plan,
    /// The plan of the blueprint without what was added to it.
    pub before: Option<Plan>,
    /// The accounts for which the blueprint's policies are not those that were found.
    pub policies: Vec<OtherPolicies>,
    /// How many accounts' policies were compared.
    pub accounts: usize,
}

/// An account for which other policies would hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPolicies {
    /// The account.
    pub account: Address,
    /// The policies on its path that differ, as `POLICY at PLACE`.
    pub differ: Vec<String>,
    /// The actions, of those that any policy but FullAWSAccess names, that are decided otherwise.
    pub actions: Vec<String>,
}

impl Verification {
    /// Whether planning the blueprint changes nothing, and every policy decides as before.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.differences().next().is_none() && self.policies.is_empty()
    }

    /// What the plan would do beside adopting, and what stands in its way, one line each.
    pub fn differences(&self) -> impl Iterator<Item = String> {
        let (plan, before) = (&self.plan, self.before.as_ref());
        let changes = changes(plan, before).map(|change| {
            let fields: Vec<&str> = change.fields.iter().map(|field| field.path.as_str()).collect();
            let fields = if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) };
            format!("{} {}{fields}", change.action.verb(), change.address)
        });
        let refusals = refusals(plan, before).map(|refusal| format!("refused: {}", refusal.message));
        changes.chain(refusals).chain(manual(plan, before).map(|manual| manual.what.clone()))
    }

    /// How many resources are only adopted, without those that the blueprint adopted before anything was added to it.
    #[must_use]
    pub fn adopted(&self) -> usize {
        let adopts = |plan: &Plan| plan.changes.iter().filter(|change| changes_nothing(change)).count();
        adopts(&self.plan).saturating_sub(self.before.as_ref().map_or(0, adopts))
    }
}

/// Reads everything anew and compares.
pub(super) async fn prove(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    written: &Written,
) -> Result<Verification, ImportError> {
    let desired = deep(&written.declared.desired);
    let draft = look_and_plan(cloud, facts, &desired, &written.declared.blueprint, &[]).await?;
    let before = match &written.into {
        Some(into) => Some(planned(cloud, facts, &into.declared).await?),
        None => None,
    };
    let live = look_at_policies(cloud, facts, &desired, &draft).await?.before;
    let blueprint = Hierarchy::declared(&desired);
    let left_out = written.summary.left_out.keys().collect();
    let compared = Compared { live: &live, blueprint: &blueprint, left_out, known: &written.known };
    let accounts = || blueprint.accounts().filter(|account| !written.known.contains(*account));
    let policies: Vec<OtherPolicies> = accounts().filter_map(|account| compared.other_policies(account)).collect();
    let accounts = accounts().count();
    Ok(Verification { plan: draft.plan, before, policies, accounts })
}

/// What was found beside what the blueprint says by itself, which knows nothing of what was found.
struct Compared<'a> {
    live: &'a Hierarchy,
    blueprint: &'a Hierarchy,
    left_out: BTreeSet<&'a Address>,
    /// Units of the blueprint that something is added to: what it says of them is its own.
    known: &'a BTreeSet<Address>,
}

const TYPES: [PolicyType; 2] = [PolicyType::ServiceControl, PolicyType::ResourceControl];

impl Compared<'_> {
    fn other_policies(&self, account: &Address) -> Option<OtherPolicies> {
        let mut differ = BTreeSet::new();
        for policy_type in TYPES {
            let (live, said) =
                (self.levels(self.live, account, policy_type), self.levels(self.blueprint, account, policy_type));
            differ.extend(symmetric(&live, &said));
        }
        if differ.is_empty() {
            return None;
        }
        let actions = self.decided_otherwise(account);
        Some(OtherPolicies { account: account.clone(), differ: differ.into_iter().collect(), actions })
    }

    /// The policies on an account's path that the blueprint speaks of.
    fn levels(&self, hierarchy: &Hierarchy, account: &Address, policy_type: PolicyType) -> Vec<Level> {
        let mut levels = hierarchy.levels(account, policy_type);
        levels.retain(|level| !self.known.contains(&Address::parse(&level.id)));
        let is_said = |name: &str| !self.left_out.contains(&Address::parse(name));
        for level in &mut levels {
            level.policies.retain(|policy| is_said(&policy.name));
            level.policies.sort_by(|one, other| one.name.cmp(&other.name));
        }
        levels
    }

    fn decided_otherwise(&self, account: &Address) -> Vec<String> {
        let actions: BTreeSet<String> = [self.live, self.blueprint]
            .into_iter()
            .flat_map(|hierarchy| TYPES.map(|policy_type| self.levels(hierarchy, account, policy_type)))
            .flatten()
            .flat_map(|level| level.policies)
            .filter(|policy| !names_every_action(&policy.name))
            .flat_map(|policy| policy.policy.actions())
            .collect();
        let asking =
            |action: &String| Asking { principal: "role/anyone".into(), action: action.clone(), ..Asking::default() };
        let askings: Vec<Asking> = actions.iter().map(asking).collect();
        let [live, said] = [self.live, self.blueprint].map(|hierarchy| hierarchy.decide_each(&askings, account));
        let compared = actions.into_iter().zip(live.into_iter().zip(said));
        compared.filter(|(_, (live, said))| live.decision != said.decision).map(|(action, _)| action).collect()
    }
}

/// AWS's own policies, which are on nearly every path, name all of some twenty thousand actions: asking about each takes seconds for
/// an account.
fn names_every_action(policy: &str) -> bool {
    policy.ends_with("FullAWSAccess")
}

/// What is on one of the two paths and not, or not the same, on the other.
fn symmetric(one: &[Level], other: &[Level]) -> BTreeSet<String> {
    let on = |levels: &[Level]| -> BTreeMap<(String, String), Policy> {
        let attached = levels.iter().flat_map(|level| level.policies.iter().map(move |policy| (level, policy)));
        attached.map(|(level, policy)| ((policy.name.clone(), level.id.clone()), policy.policy.clone())).collect()
    };
    let (one, other) = (on(one), on(other));
    let keys: BTreeSet<&(String, String)> = one.keys().chain(other.keys()).collect();
    let differ = keys.into_iter().filter(|key| one.get(key) != other.get(key));
    differ.map(|(policy, place)| format!("{policy} at {place}")).collect()
}
