//! All that is known of an organization, for the caller that asks about one resource of it: what cannot be read is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::{after, declared, of_found, of_wanted, surveying};
use crate::cloud::Cloud;
use crate::engine::plan::{Draft, PlanError, look_at_full_access};
use crate::facts::{Facts, read_recorded, unanswered};
use crate::hierarchy::full_access;
use crate::kinds::read::EffectivePolicy;
use crate::kinds::{KINDS, OfKind, expand, merged_types, name_of, observe, unknown_with, unknown_without};
use crate::model::{Action, Address, Bindings, Change, Desired, Inventory, InventoryItem, Observed, Presence, Role};

/// What a blueprint says by itself, with what its rules come to in each account of it.
#[must_use]
pub fn declared_whole(desired: &Desired) -> Inventory {
    let mut inventory = declared(desired);
    let bindings = Bindings::default();
    let whole = expand(desired, &Observed::default());
    let present = whole.resources.values().filter(|it| it.presence == Presence::Present);
    for it in present.filter(|it| it.address.assigned().is_none()) {
        let item = of_wanted(it, &bindings);
        inventory.items.entry(it.address.clone()).or_insert(item);
    }
    let lacking = desired.resources.values().filter(|it| it.presence == Presence::Absent);
    inventory.without_full_access = lacking.filter_map(|it| is_full_access(&it.address)).collect();
    inventory
}

/// As [`super::look_at_inventory`], with all else that is known: what the plan deletes, who lacks FullAWSAccess, and of
/// `account` its contacts and regions, which are asked for account by account. What AWS refuses to report is named instead.
///
/// # Errors
/// When AWS refuses what everything rests on, such as the list of units.
pub async fn look_at_whole(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    draft: &Draft,
    account: Option<&Address>,
) -> Result<Inventory, PlanError> {
    let mut surveying = surveying(desired);
    if let Some(account) = account {
        for wanted in KINDS.iter().flat_map(|kind| kind.each_of(account)) {
            surveying.resources.entry(wanted.address.clone()).or_insert(wanted);
        }
    }
    let mut unknown = BTreeMap::new();
    let observed = look(cloud, facts, &mut surveying, &mut unknown).await?;
    let desired = expand(desired, &observed);
    let mut inventory = after(&observed, &desired, &draft.plan.changes);
    match look_at_full_access(cloud, facts, &desired, &observed).await {
        Ok(lacking) => inventory.without_full_access = lacking_after(lacking, &draft.plan.changes),
        Err(PlanError::Aws(error)) => drop(unknown.insert(name_of(Role::Attachment).into(), error.to_string())),
        Err(error) => return Err(error),
    }
    inventory
        .closed
        .extend(observed.closed.values().map(|found| (found.address.clone(), of_found(found, &observed.bindings))));
    inventory.gone.extend(unassigned(&observed, &draft.plan.changes));
    inventory.changes.clone_from(&draft.plan.changes);
    if let Some(id) = account.and_then(|account| observed.bindings.id(account)) {
        inventory.effective = effective(cloud, facts, &observed, id).await;
    }
    inventory.unknown = unknown;
    inventory.unread = unread(&observed);
    Ok(inventory)
}

/// What the policies of each enabled type come to in an account, a call each.
async fn effective(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    observed: &Observed,
    account: &str,
) -> BTreeMap<String, Result<Value, String>> {
    let mut effective = BTreeMap::new();
    for policy_type in merged_types(observed) {
        let question = || EffectivePolicy { policy_type: policy_type.clone(), account: account.to_owned() };
        let policy = match read_recorded(cloud, facts, |look| look.at(question()).cloned()).await {
            Ok(Some(None)) => continue,
            Ok(Some(Some(policy))) => Ok(policy),
            Ok(None) => Err("the snapshot does not have it".into()),
            Err(error) => Err(error.to_string()),
        };
        effective.insert(policy_type, policy);
    }
    effective
}

/// Single resources that AWS does not report.
fn unread(observed: &Observed) -> BTreeMap<Address, String> {
    let unseen =
        observed.unseen.iter().map(|(address, needed)| (address.clone(), format!("AWS requires {needed} for it")));
    let undetected = observed.findings.undetected.iter().map(|it| (it.address.clone(), it.why.clone()));
    unseen.chain(undetected).collect()
}

/// Looks at everything. Kinds whose questions AWS or the snapshot does not answer are left out, and named.
async fn look(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    surveying: &mut Desired,
    unknown: &mut BTreeMap<String, String>,
) -> Result<Observed, PlanError> {
    loop {
        let error = match read_recorded(cloud, facts, |look| observe(surveying, look)).await {
            Ok(mut observed) => {
                name_unanswered(&mut observed, unknown)?;
                return Ok(observed);
            }
            Err(error) => error,
        };
        let Some(unread) = unknown_without(&error.operation, &surveying.settings.unread) else {
            return Err(error.into());
        };
        for kind in unread {
            unknown.insert(kind.to_owned(), error.to_string());
            surveying.settings.unread.insert(kind.to_owned());
        }
    }
}

/// What a snapshot does not answer.
fn name_unanswered(observed: &mut Observed, unknown: &mut BTreeMap<String, String>) -> Result<(), PlanError> {
    for (name, questions) in std::mem::take(&mut observed.findings.unknown) {
        let kinds = unknown_with(&name).ok_or_else(|| unanswered(&questions))?;
        let why = "the snapshot does not have it";
        unknown.extend(kinds.into_iter().map(|kind| (kind.to_owned(), why.to_owned())));
    }
    Ok(())
}

fn is_full_access(attachment: &Address) -> Option<Address> {
    attachment.split_target().filter(|(policy, _)| *policy == full_access()).map(|(_, place)| place)
}

/// The places without FullAWSAccess once the changes are made.
fn lacking_after(mut lacking: BTreeSet<Address>, changes: &[Change]) -> BTreeSet<Address> {
    for change in changes {
        match is_full_access(&change.address) {
            Some(place) if change.action == Action::Delete => drop(lacking.insert(place)),
            Some(place) => drop(lacking.remove(&place)),
            None => {}
        }
    }
    lacking
}

/// The assignments that the plan deletes, account by account.
fn unassigned<'a>(
    observed: &'a Observed,
    changes: &'a [Change],
) -> impl Iterator<Item = (Address, InventoryItem)> + 'a {
    let deleted = changes.iter().filter(|it| it.action == Action::Delete && it.is_a(Role::Assignment));
    deleted.filter_map(|change| {
        let mut item = of_found(observed.get(&change.address)?, &observed.bindings);
        item.mark = Some(change.action);
        item.covers = change.address.assigned().map(|(.., account)| account).into_iter().collect();
        Some((change.address.clone(), item))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text)
    }

    #[test]
    fn full_access_is_lacking_from_where_the_plan_detaches_it_and_not_where_it_attaches_it() {
        let lacking = BTreeSet::from([address("ou/A"), address("ou/B")]);
        let changes = [
            Change::new(Action::Create, "attachment", address("scp/FullAWSAccess@ou/A")),
            Change::new(Action::Delete, "attachment", address("scp/FullAWSAccess@ou/C")),
            Change::new(Action::Delete, "attachment", address("scp/other@ou/D")),
        ];
        let after = lacking_after(lacking, &changes);
        assert_eq!(after, BTreeSet::from([address("ou/B"), address("ou/C")]));
    }

    #[test]
    fn a_snapshot_without_answers_says_so_of_what_rests_on_them() {
        let mut observed = Observed::default();
        observed.findings.unknown.insert("group".into(), vec!["x".into()]);
        let mut unknown = BTreeMap::new();
        assert!(name_unanswered(&mut observed, &mut unknown).is_ok());
        assert_eq!(unknown.keys().collect::<Vec<_>>(), ["assignment", "group"]);
        observed.findings.unknown.insert("account".into(), vec!["x".into()]);
        assert!(name_unanswered(&mut observed, &mut unknown).is_err());
    }
}
