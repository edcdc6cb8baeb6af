//! What stands between a blueprint that was written and a plan that changes nothing, and what is left out for it.

use std::collections::BTreeMap;

use landing_blueprint::{Failed, Severity};

use super::beside::is_of_rules;
use super::files::Files;
use crate::kinds::{OfKind, kind_info};
use crate::model::{Action, Address, Change, Found, Manual, Observed, Plan, Refusal, Role};
use crate::outline::LeftOut;

/// What is left out because of the mistakes of a blueprint: whatever their lines are about.
pub(super) fn of_mistakes(failed: &Failed, files: &Files) -> Vec<(Address, LeftOut)> {
    let errors = failed.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let about = errors.filter_map(|error| {
        let at = failed.sources.at(error.place?);
        let (file, line) = at.rsplit_once(':')?;
        let address = files.about(file, line.parse().ok()?)?.clone();
        let remedy = error.help.clone().unwrap_or_else(|| "change it in AWS, then import again".into());
        Some((address, LeftOut::not_expressible(format!("landing refuses it: {}", error.message), remedy)))
    });
    about.collect()
}

/// What is left out because of what a plan would do: whatever it would do it to. `before` is what was planned already before
/// anything was written; with it, what follows from rules of the blueprint stays.
pub(super) fn of_plan(plan: &Plan, before: Option<&Plan>, observed: &Observed) -> Vec<(Address, LeftOut)> {
    let changes = changes(plan, before).filter(|change| before.is_none() || !is_of_rules(change));
    let changes = changes.map(|change| (culprit(change, observed), left_out(change)));
    let refused = refusals(plan, before).filter_map(|refusal| {
        Some((refusal.address.clone()?, LeftOut::not_expressible(refusal.message.clone(), refusal.help.clone())))
    });
    let manual = manual(plan, before).filter_map(|manual| {
        Some((manual.address.clone()?, LeftOut::not_expressible(manual.what.clone(), manual.what.clone())))
    });
    changes.chain(refused).chain(manual).collect()
}

/// What a plan would do beside adopting, unless `before` would do so too.
pub(super) fn changes<'p>(plan: &'p Plan, before: Option<&'p Plan>) -> impl Iterator<Item = &'p Change> {
    let same = |one: &Change, other: &Change| {
        one.address == other.address && one.action == other.action && one.fields == other.fields
    };
    let old: BTreeMap<&Address, &Change> =
        before.into_iter().flat_map(all).map(|change| (&change.address, change)).collect();
    let is_old = move |change: &Change| old.get(&change.address).is_some_and(|other| same(change, other));
    all(plan).filter(move |change| !changes_nothing(change) && !is_old(change))
}

fn all(plan: &Plan) -> impl Iterator<Item = &Change> {
    plan.changes.iter().chain(plan.waiting.iter().map(|waiting| &waiting.change))
}

/// Why a plan cannot be carried out, unless that held for `before` too.
pub(super) fn refusals<'p>(plan: &'p Plan, before: Option<&'p Plan>) -> impl Iterator<Item = &'p Refusal> {
    let is_old =
        move |it: &Refusal| before.is_some_and(|before| before.refusals.iter().any(|old| old.message == it.message));
    plan.refusals.iter().filter(move |it| !is_old(it))
}

/// What a person must do for a plan, unless that held for `before` too.
pub(super) fn manual<'p>(plan: &'p Plan, before: Option<&'p Plan>) -> impl Iterator<Item = &'p Manual> {
    let is_old = move |it: &Manual| before.is_some_and(|before| before.manual.iter().any(|old| old.what == it.what));
    plan.manual.iter().filter(move |it| !is_old(it))
}

fn left_out(change: &Change) -> LeftOut {
    // Only what else is written needs it.
    if change.action == Action::Create && change.address.is_trusted_access() {
        let reason = "it is not enabled, and what is written needs it: `state: unmanaged` leaves that as it is";
        return LeftOut::not_asked_for(reason, "remove `state: unmanaged` to have it enabled");
    }
    LeftOut::not_expressible(said(change), "change it in AWS, or write it by hand and read the plan")
}

/// Whether a change only says whose something is.
pub(super) fn changes_nothing(change: &Change) -> bool {
    change.action == Action::Adopt && change.fields.is_empty()
}

/// `landing would create it`, or what it would change.
fn said(change: &Change) -> String {
    if change.fields.is_empty() || change.action != Action::Adopt {
        return format!("written down, landing would {} {}: {}", change.action.verb(), change.address, change.reason);
    }
    let fields: Vec<&str> = change.fields.iter().map(|field| field.path.as_str()).collect();
    format!("written down, landing would change its {}", fields.join(", "))
}

/// What has to be left out for a change not to be planned.
fn culprit(change: &Change, observed: &Observed) -> Address {
    if change.is_a(Role::Attachment) {
        return change.address.split_target().map_or_else(|| change.address.clone(), |(policy, _)| policy);
    }
    if let Some((set, _, _)) = change.address.assigned() {
        return set;
    }
    administered(change, observed).unwrap_or_else(|| change.address.clone())
}

/// The account's administration of the same service, as it was written: some services designate their administrators by calls of their
/// own.
fn administered(change: &Change, observed: &Observed) -> Option<Address> {
    let word = |kind: &str, address: &Address| kind_info(kind).administered.map(|word| word(address));
    let service = word(&change.kind, &change.address)?;
    let is_it =
        |found: &&Found| found.parent == change.parent && word(&found.kind, &found.address).as_ref() == Some(&service);
    observed.found.values().find(is_it).map(|found| found.address.clone())
}
