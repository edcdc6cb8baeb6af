//! Whether what is to be done now is what a plan showed: the rest of it, where a part was done already, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::plan::Draft;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Change, FieldChange, Found, Observed, Owner, Plan, Role};

/// What keeps a plan from being carried out in the organization as it is now, a sentence each. What its own changes made since
/// does not.
pub fn stale(shown: &Plan, now: &Draft) -> Vec<String> {
    let comparison = Comparison::new(shown, now);
    let elsewhere = comparison.elsewhere();
    if !elsewhere.is_empty() {
        return elsewhere;
    }
    let mut differences = comparison.changed_meanwhile();
    differences.extend(comparison.no_longer_planned());
    if differences.is_empty() {
        let others = comparison.unseen().into_iter();
        differences
            .extend(others.map(|address| format!("{address} would be changed differently from what the plan shows")));
    }
    differences
}

/// The changes that the plan did not show, and those that need them.
pub(super) fn unseen(shown: &Plan, now: &Draft) -> BTreeSet<Address> {
    let mut unseen: BTreeSet<Address> = Comparison::new(shown, now).unseen().into_iter().collect();
    loop {
        let needing: Vec<&Change> = now
            .plan
            .changes
            .iter()
            .filter(|change| !unseen.contains(&change.address) && change.needs.iter().any(|need| unseen.contains(need)))
            .collect();
        if needing.is_empty() {
            return unseen;
        }
        unseen.extend(needing.into_iter().map(|change| change.address.clone()));
    }
}

/// A plan, and what would be planned now; both by addresses in which the management account is `management`.
struct Comparison<'a> {
    shown: &'a Plan,
    now: &'a Draft,
    planned: BTreeMap<Address, &'a Change>,
    waited: BTreeMap<Address, &'a Change>,
    /// What is left to do or waited for.
    left: BTreeSet<Address>,
    found: BTreeMap<Address, &'a Found>,
}

impl<'a> Comparison<'a> {
    fn new(shown: &'a Plan, now: &'a Draft) -> Comparison<'a> {
        let named = |address: &Address| canonical(address, now);
        let waiting = |plan: &'a Plan| plan.waiting.iter().map(|waiting| &waiting.change);
        let left = now.plan.changes.iter().chain(waiting(&now.plan)).map(|change| &change.address);
        Comparison {
            shown,
            now,
            planned: shown.changes.iter().map(|change| (named(&change.address), change)).collect(),
            waited: waiting(shown).map(|change| (named(&change.address), change)).collect(),
            left: left.chain(&now.observed.waiting).map(named).collect(),
            found: now
                .observed
                .found
                .values()
                .chain(now.observed.closed.values())
                .map(|found| (named(&found.address), found))
                .collect(),
        }
    }

    fn observed(&self) -> &'a Observed {
        &self.now.observed
    }

    /// Whether these are another organization or account.
    fn elsewhere(&self) -> Vec<String> {
        let (made_for, here) = (&self.shown.organization, &self.now.plan.organization);
        let other = |what: &str, before: &Option<String>, now: &Option<String>| {
            let before = before.as_ref().filter(|_| before != now)?;
            Some(format!("the plan was made for {what} {before}, this is {}", now.as_deref().unwrap_or("none")))
        };
        let organization = other("organization", &made_for.id, &here.id);
        let account = other("management account", &made_for.management_account, &here.management_account);
        organization.into_iter().chain(account).collect()
    }

    /// What was found otherwise than now, but for what the plan's own changes made.
    fn changed_meanwhile(&self) -> Vec<String> {
        let (before, now) = (&self.shown.observed, &self.now.plan.observed);
        let addresses: BTreeSet<&Address> = before.keys().chain(now.keys()).collect();
        let changed = addresses.into_iter().filter(|address| before.get(*address) != now.get(*address));
        let changed = changed.filter(|address| !self.is_ours(address));
        changed
            .map(|address| match (before.get(address), now.get(address)) {
                (Some(_), Some(_)) => format!("{address} has changed"),
                (Some(_), None) => format!("{address} is gone"),
                _ => format!("{address} is new"),
            })
            .collect()
    }

    /// Whether a difference at an address is what a change of the plan makes, or comes with what one makes.
    fn is_ours(&self, address: &Address) -> bool {
        let left = self.now.plan.change(address);
        match self.planned(address) {
            Some(planned) => left.is_none_or(|left| self.is_rest(planned, left)),
            None if left.is_some() => self.waited(address).is_some(),
            None => self.comes_along(address) || self.waited(address).is_some(),
        }
    }

    /// What exists or goes because something else does that the plan makes or deletes.
    fn comes_along(&self, address: &Address) -> bool {
        match self.observed().found.get(address) {
            Some(found) if found.is_a(Role::StackSet) => self.makes_accounts(),
            Some(_) if self.shown.observed.contains_key(address) => false,
            Some(found) => self.comes_with_the_organization(found) || self.comes_with_another(found),
            None => address.split_target().is_some_and(|(what, target)| self.deletes(&what) || self.deletes(&target)),
        }
    }

    /// CloudFormation gives the stacks of a set to accounts that come into its units.
    fn makes_accounts(&self) -> bool {
        let mut accounts = self.shown.changes.iter().filter(|change| change.is_a(Role::Account));
        accounts.any(|account| matches!(account.action, Action::Create | Action::Move))
    }

    fn comes_with_the_organization(&self, found: &Found) -> bool {
        let is_management = Some(&found.id) == self.now.plan.organization.management_account.as_ref();
        self.makes(&Address::organization()) && (is_management || found.address == Address::root())
    }

    /// Such as FullAWSAccess on a new unit, or the trust in Identity Center where that was enabled.
    fn comes_with_another(&self, found: &Found) -> bool {
        let enabled = Address::trusted_access("sso.amazonaws.com");
        let is_awaited = |address: &Address| self.shown.waiting.iter().any(|waiting| waiting.waits_for == *address);
        let attached_to = found.attached_to.iter().chain(&found.parent);
        found.owner == Owner::Shared
            && (attached_to.into_iter().any(|on| self.is_made(on))
                || (found.address == enabled && is_awaited(&Address::identity_center())))
    }

    fn is_made(&self, address: &Address) -> bool {
        let is_management = canonical(address, self.now) == Address::management();
        self.makes(address) || (self.makes(&Address::organization()) && (is_management || *address == Address::root()))
    }

    fn makes(&self, address: &Address) -> bool {
        self.planned(address).is_some_and(|planned| planned.action == Action::Create)
    }

    fn deletes(&self, address: &Address) -> bool {
        self.planned(address).is_some_and(|planned| planned.action == Action::Delete)
    }

    /// What the plan showed that is neither done nor left to do.
    fn no_longer_planned(&self) -> Vec<String> {
        let gone = self.shown.changes.iter().filter(|planned| !self.is_left(planned) && !self.is_done(planned));
        gone.map(|planned| format!("{} no longer needs the change that the plan shows", planned.address)).collect()
    }

    fn is_left(&self, planned: &Change) -> bool {
        self.left.contains(&canonical(&planned.address, self.now))
    }

    /// Of what does not differ any more: whether it is there, or gone, as the plan said.
    fn is_done(&self, planned: &Change) -> bool {
        let found = self.found.get(&canonical(&planned.address, self.now)).map(|found| &found.owner);
        match planned.action {
            Action::Delete => !matches!(found, Some(Owner::This { .. })),
            _ => matches!(found, Some(Owner::This { .. } | Owner::Shared)),
        }
    }

    /// The changes of now that are neither the plan's nor the rest of one.
    fn unseen(&self) -> Vec<Address> {
        let changes = self.now.plan.changes.iter();
        changes.filter(|change| !self.is_shown(change)).map(|change| change.address.clone()).collect()
    }

    fn is_shown(&self, change: &Change) -> bool {
        match self.planned(&change.address) {
            Some(planned) => self.is_rest(planned, change),
            None => self.waited(&change.address).is_some_and(|waiting| self.is_awaited(waiting, change)),
        }
    }

    fn planned(&self, address: &Address) -> Option<&'a Change> {
        self.planned.get(&canonical(address, self.now)).copied()
    }

    fn waited(&self, address: &Address) -> Option<&'a Change> {
        self.waited.get(&canonical(address, self.now)).copied()
    }

    fn is_awaited(&self, waiting: &Change, change: &Change) -> bool {
        let is_known = !waiting.fields.is_empty();
        change.action == Action::Create && (!is_known || self.has_fields(waiting, change))
    }

    /// Whether a change is a planned one, or what an interruption left of it.
    fn is_rest(&self, planned: &Change, change: &Change) -> bool {
        if planned.action == change.action && self.has_fields(planned, change) {
            return planned.risk == change.risk;
        }
        let is_left = |field: &FieldChange| self.is_left_of(planned, field);
        let completes = matches!(change.action, Action::Update | Action::Move);
        completes
            && planned.action != Action::Delete
            && self.is_ours_by_now(change)
            && change.fields.iter().all(is_left)
    }

    fn is_ours_by_now(&self, change: &Change) -> bool {
        let owner = self.observed().found.get(&change.address).map(|found| &found.owner);
        matches!(owner, Some(Owner::This { .. } | Owner::Shared))
    }

    fn has_fields(&self, planned: &Change, change: &Change) -> bool {
        planned.fields.len() == change.fields.len()
            && planned.fields.iter().all(|field| {
                let after = self.observed().bindings.resolve_value(&field.after);
                change.field(&field.path).is_some_and(|now| now.before == field.before && now.after == after)
            })
    }

    /// Whether a field is still as it was before the plan and becomes what the plan says.
    fn is_left_of(&self, planned: &Change, field: &FieldChange) -> bool {
        if is_unfinished(field) {
            return true;
        }
        let Some((before, after)) = self.said_of(planned, &field.path) else { return false };
        let after = self.observed().bindings.resolve_value(&after);
        field.after == after && is_between(&field.before, &before, &after)
    }

    /// What a plan says of one field, before and after; also of one inside of a field.
    fn said_of(&self, planned: &Change, path: &str) -> Option<(Value, Value)> {
        if let Some(field) = planned.field(path) {
            return Some((field.before.clone(), field.after.clone()));
        }
        if planned.action != Action::Create {
            return None;
        }
        if path == "parent" {
            // Organizations makes accounts in the root.
            return Some((json!(Address::root()), json!(planned.parent)));
        }
        let (whole, part) = path.split_once('.')?;
        Some((Value::Null, planned.field(whole)?.after.get(part)?.clone()))
    }
}

/// What an interrupted change leaves beside its fields: a stack that AWS still works on, a permission set that is not yet in
/// every account, an account that a stack set has not been deployed to.
fn is_unfinished(field: &FieldChange) -> bool {
    match field.path.as_str() {
        "status" => field.after.is_null(),
        "provisioned" => field.after == "latest",
        path if path.starts_with("instances.") => field.before == "MISSING",
        _ => false,
    }
}

/// Whether a value is on the way from one to another: not made yet, as before, or a list of which a part was changed.
fn is_between(value: &Value, before: &Value, after: &Value) -> bool {
    let is_empty = match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    let has = |whole: &Value, part: &Value| whole.as_array().is_some_and(|list| list.contains(part));
    let is_partial = |list: &Vec<Value>| list.iter().all(|part| has(before, part) || has(after, part));
    is_empty || value == before || value.as_array().is_some_and(is_partial)
}

/// The management account has a name as soon as there is an organization; until then it is `management`.
fn canonical(address: &Address, now: &Draft) -> Address {
    let management = now.plan.organization.management_account.as_deref();
    let is_management = |address: &Address| {
        address.is_account() && management.is_some() && now.observed.bindings.id(address) == management
    };
    match address.split_target() {
        Some((what, target)) if is_management(&target) => what.at(&Address::management()),
        None if is_management(address) => Address::management(),
        _ => address.clone(),
    }
}
