//! The stacks of a stack set that AWS is about to make or change in accounts that are there.

use std::collections::BTreeMap;

use super::super::read::{StackInstanceFacts, StackInstancesOf, StackSetNamed};
use super::super::{Deployment, OccupancyContext};
use super::resource::Targeting;
use crate::model::{Address, Found, Wanted};

/// The stacks that are missing or will be changed; nothing as long as it is not known what is there. `differs` shows
/// whether the stack set is not as it is wanted.
pub(super) fn of(wanted: &Wanted, scene: &OccupancyContext<'_>, differs: impl Fn(&Found) -> bool) -> Vec<Deployment> {
    let found = scene.observed.found.get(&wanted.address);
    let wants = Targeting::of(&wanted.body);
    let is_known_to_be_missing = || matches!(scene.look.at(StackSetNamed(wanted.address.name())), Some(None));
    let there = match found {
        Some(found) => Some(ExistingStackSet {
            instances: instances(scene, found),
            differs: differs(found),
            follows_accounts: wants.follows_accounts(),
        }),
        None if is_known_to_be_missing() => None,
        None => return Vec::new(),
    };
    let management = scene.observed.bindings.id(&Address::management());
    let targets = &wants.targets;
    let mut deployments = Vec::new();
    for (account, place) in scene.observed.accounts_after(scene.desired) {
        let Some(id) = scene.id(&account).filter(|id| Some(*id) != management) else { continue };
        if wants.except.contains(&account) {
            continue;
        }
        let is_at = |place: &Address| targets.keys().any(|unit| place.is_below(unit));
        let is_moved_here = !scene.observed.accounts.get(&account).is_some_and(is_at);
        for (_, regions) in targets.iter().filter(|(unit, _)| place.is_below(unit)) {
            for region in regions {
                let own = match &there {
                    None => Some((String::new(), false)),
                    Some(there) => there.stack_in(id, region, is_moved_here),
                };
                deployments.extend(own.map(|(own_stack, is_there)| Deployment {
                    account: account.clone(),
                    region: region.clone(),
                    is_there,
                    own_stack,
                }));
            }
        }
    }
    deployments
}

/// A stack set that is there.
struct ExistingStackSet<'a> {
    instances: BTreeMap<(&'a str, &'a str), &'a StackInstanceFacts>,
    differs: bool,
    follows_accounts: bool,
}

impl ExistingStackSet<'_> {
    /// The ARN of the stack in an account and region, empty where there is none, and whether it came to be; nothing where
    /// AWS has nothing to do there.
    fn stack_in(&self, account: &str, region: &str, is_moved_here: bool) -> Option<(String, bool)> {
        match self.instances.get(&(account, region)) {
            None => (self.differs || is_moved_here && self.follows_accounts).then(|| (String::new(), false)),
            Some(instance) => self.differs.then(|| (instance.stack.clone(), !instance.is_stuck())),
        }
    }
}

fn instances<'a>(scene: &OccupancyContext<'a>, found: &Found) -> BTreeMap<(&'a str, &'a str), &'a StackInstanceFacts> {
    let all = scene.look.at(StackInstancesOf(found.id.clone())).into_iter().flatten();
    all.map(|instance| ((instance.account.as_str(), instance.region.as_str()), instance)).collect()
}
