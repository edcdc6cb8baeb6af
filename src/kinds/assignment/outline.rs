use std::collections::{BTreeMap, BTreeSet};

use super::resource::Assignment;
use crate::kinds::shared::fold::{Fold, Place};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::{Address, Found};
use crate::outline::{Entry, LeftOut, List, Map, Node, Outline};

/// What each group or user has: by permission set, the accounts.
type Held = BTreeMap<Address, BTreeMap<Address, BTreeSet<Address>>>;

/// Writes who has what where, by whole units where all accounts in them have it.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let (fold, none) = (Fold::of(survey), BTreeSet::new());
    for (principal, sets) in held(survey, outline) {
        let mut said = Map::default();
        for (set, accounts) in sets {
            let meant = survey.whole_units.get(&(set.clone(), principal.clone())).unwrap_or(&none);
            let places = fold.places(&accounts, meant);
            let targets = targets(&set, &places, &fold, outline);
            if !targets.items.is_empty() {
                let comment = fold.comment(&places);
                said.put(Entry::new(set.name(), targets).saying(comment));
            }
        }
        said.flow = said.entries().len() == 1 && said.entries()[0].comment.is_none();
        if !said.is_empty() {
            let entry = Entry::new(key(&principal), said).of(&principal);
            outline.identity.within("assignments", |assignments| assignments.put(entry));
        }
    }
}

/// What is assigned of the permission sets that are written, by groups, then by users.
fn held(survey: &Survey<'_>, outline: &mut Outline) -> Held {
    let mut held = Held::new();
    for found in survey.observed.found.values().filter(|found| found.kind == Assignment::KIND) {
        let Some((set, principal, account)) = found.address.assigned() else { continue };
        if outline.is_known(&found.address) || !is_written(&set, outline) {
            continue;
        }
        if is_gone(found, &principal) {
            outline.leave_out(found.address.clone(), of_no_one(&set, &principal, &account));
            continue;
        }
        held.entry(principal).or_default().entry(set).or_default().insert(account);
    }
    held
}

fn is_written(set: &Address, outline: &Outline) -> bool {
    let is_new =
        matches!(outline.identity.get("permission_sets"), Some(Node::Map(sets)) if sets.get(&set.name()).is_some());
    is_new || outline.is_known(set)
}

/// Whether the directory has no one of that id any more: such a one is called by its id.
fn is_gone(found: &Found, principal: &Address) -> bool {
    principal.name() == found.id
}

fn of_no_one(set: &Address, principal: &Address, account: &Address) -> LeftOut {
    let kind = principal.prefix();
    let remedy = format!(
        "landing leaves it as it is; remove it in IAM Identity Center: the {kind} {} has {} in {account}",
        principal.name(),
        set.name()
    );
    LeftOut::gone(format!("the {kind} is deleted, and AWS keeps its assignments"), remedy)
}

/// A group is written by its name, where that is not taken for something else.
fn key(principal: &Address) -> String {
    let name = principal.name();
    match principal.prefix() {
        "group" if !name.starts_with("user/") && !name.starts_with("group/") => name,
        prefix => format!("{prefix}/{name}"),
    }
}

/// The places as they are written. Where one cannot be, what others assign of the set is left alone.
fn targets(set: &Address, places: &[Place], fold: &Fold, outline: &mut Outline) -> List {
    let mut targets = List::default();
    for place in places {
        match place.written(fold, outline) {
            Some(written) => targets.items.extend(written.into_iter().map(|text| Entry::new("", Node::text(text)))),
            None => share(set, place, outline),
        }
    }
    targets
}

fn share(set: &Address, place: &Place, outline: &mut Outline) {
    if outline.is_known(set) {
        return outline.remark(set, format!("is assigned in {place} too, which is left out"));
    }
    outline.identity.within("permission_sets", |sets| sets.within(&set.name(), |said| said.set("exclusive", false)));
    let text =
        format!("is assigned in {place} too, which is left out: with `exclusive: false` landing leaves that as it is");
    outline.remark(set, text);
}
