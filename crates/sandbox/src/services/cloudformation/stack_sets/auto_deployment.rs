//! Accounts that enter and leave a stack set's targets, see "Enable or disable automatic deployments for StackSets in
//! AWS Organizations" in the user guide: they are followed whatever accounts the targets once left out.

use std::collections::{BTreeMap, BTreeSet};

use super::begun::StartedOperation;
use super::instances::expect_instance;
use crate::model::organizations::Organization;
use crate::model::preferences::Preferences;
use crate::model::readiness::Readiness;
use crate::model::stack_sets::{Action, Row, SetOperation, StackSet};
use crate::state::State;

/// Looks which accounts came and went since the last look, and begins what follows from it; whether anything changed.
/// While an operation is under way a stack set waits.
pub(super) fn settle(state: &mut State, now: u64) -> bool {
    let Some(organization) = state.organization.as_ref() else {
        return false;
    };
    let is_due = |set: &StackSet| settled(set, organization) != set.members;
    let first = state.stack_sets.keys(|set| set.is_busy() || is_due(set));
    let waits = |set: &StackSet| set.auto_deployment.depends_on.iter().any(|arn| is_any(&first, arn, set));
    let moved = state.stack_sets.keys(|set| !set.is_busy() && is_due(set) && !waits(set));
    let organization = if moved.is_empty() { return false } else { organization.clone() };
    for (region, name) in &moved {
        let ids = [state.stack_sets.new_id(), state.stack_sets.new_id()];
        let Some(set) = state.stack_sets.find_mut(region, name) else { continue };
        let after = settled(set, &organization);
        let before = std::mem::replace(&mut set.members, after);
        if set.auto_deployment.enabled {
            follow(set, &organization, &before, ids, now);
        }
    }
    true
}

/// Whether an ARN is that of another of these stack sets, which are given by region and name.
fn is_any(sets: &[(String, String)], arn: &str, set: &StackSet) -> bool {
    let id = arn.split_once(":stackset/").map(|(_, id)| id).unwrap_or_default();
    let (named, region) = (id.split(':').next().unwrap_or_default(), arn.split(':').nth(3).unwrap_or_default());
    named != set.name && sets.iter().any(|(place, name)| place == region && name == named)
}

/// The accounts below the targets that are ready for stacks; one that was there stays, whatever becomes of it.
fn settled(set: &StackSet, organization: &Organization) -> BTreeMap<String, BTreeSet<String>> {
    let mut covered = set.covered(organization);
    covered.retain(|id, _| {
        let account = organization.accounts.get(id);
        set.members.contains_key(id)
            || account.is_some_and(|account| account.state == "ACTIVE" && account.readiness == Readiness::Ready)
    });
    covered
}

/// Takes stacks away where accounts left, then adds them where accounts came.
fn follow(
    set: &mut StackSet,
    organization: &Organization,
    before: &BTreeMap<String, BTreeSet<String>>,
    [leaving, coming]: [String; 2],
    now: u64,
) {
    let accounts: BTreeSet<&String> = before.keys().chain(set.members.keys()).collect();
    let moved = accounts.into_iter().filter(|id| before.get(*id) != set.members.get(*id));
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for account in moved.cloned().collect::<Vec<_>>() {
        let wanted = set.regions_of(organization, &account);
        let existing = set.instances.entry(account.clone()).or_default();
        gone.extend(
            existing
                .iter()
                .filter(|(region, _)| !wanted.contains_key(*region))
                .map(|(region, instance)| Row::pending(&account, region, &instance.unit)),
        );
        for (region, unit) in &wanted {
            match existing.get_mut(region) {
                Some(instance) => instance.unit.clone_from(unit),
                None => new.push(Row::pending(&account, region, unit)),
            }
        }
    }
    set.instances.retain(|_, regions| !regions.is_empty());
    let retain = set.auto_deployment.retain;
    begin(set, leaving, StartedOperation { action: Action::Delete, rows: gone, retain }, now);
    begin(set, coming, StartedOperation { action: Action::Create, rows: new, retain: false }, now);
}

fn begin(set: &mut StackSet, id: String, begun: StartedOperation, now: u64) {
    if begun.rows.is_empty() {
        return;
    }
    for row in &begun.rows {
        if begun.action == Action::Create {
            let uuid = crate::ids::uuid(&format!("{id}/{}/{}", row.account, row.region));
            expect_instance(set, row, &uuid, &id);
        } else if let Some(instance) = set.instance_mut(&row.account, &row.region) {
            instance.await_operation(&id);
        }
    }
    set.enqueue(SetOperation::new(id, begun, Preferences::at_once(), now));
}
