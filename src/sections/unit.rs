use landing_blueprint::{Entries, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::account::AccountEntry;
use super::guardrail::GuardrailUse;
use super::policy_use::PolicyUse;
use super::{Blueprint, account, guardrail, policy_use};
use crate::declaration::Declaration;
use crate::declaration::tags;
use crate::kinds::section::alternate_contact::Contacts;
use crate::model::{Address, Body, Wanted};

/// AWS's limits.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const MAX_DEPTH: usize = 5;
const MAX_UNITS: usize = 2000;
const MAX_NAME: usize = 128;

/// An organizational unit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UnitSection {
    /// The name that the unit had: it is renamed, not made anew.
    was: Option<Spanned<String>>,
    /// Tags of the unit, the only ones but those that `ignore_tags` leaves to others.
    tags: Entries<Spanned<String>>,
    /// Guardrails for the unit: by name, by set or by level.
    guardrails: Vec<GuardrailUse>,
    /// Policies attached to the unit.
    policies: Vec<PolicyUse>,
    /// false takes AWS's FullAWSAccess from the unit: only what attached policies allow is allowed then.
    full_aws_access: Option<Spanned<bool>>,
    /// The accounts in the unit: names, or maps with more to say.
    accounts: Vec<AccountEntry>,
    /// The units in the unit.
    organizational_units: Entries<UnitSection>,
}

/// What is enabled or attached somewhere: at the root, a unit or an account.
#[derive(Clone, Copy)]
pub(super) struct Enabled<'a> {
    pub guardrails: &'a [GuardrailUse],
    pub policies: &'a [PolicyUse],
}

/// What is enabled and attached at the root and everywhere below it.
pub(super) fn enabled(blueprint: &Blueprint) -> Vec<Enabled<'_>> {
    let root = Enabled { guardrails: &blueprint.guardrails, policies: &blueprint.organization.policies };
    let mut all = vec![root];
    all.extend(accounts(blueprint).into_iter().filter_map(account::enabled));
    all.extend(units(blueprint).iter().map(|it| Enabled { guardrails: &it.guardrails, policies: &it.policies }));
    all
}

/// Every account, wherever it is.
pub(super) fn accounts(blueprint: &Blueprint) -> Vec<&AccountEntry> {
    let in_units = units(blueprint).into_iter().flat_map(|unit| &unit.accounts);
    blueprint.accounts.iter().chain(in_units).collect()
}

fn units(blueprint: &Blueprint) -> Vec<&UnitSection> {
    let mut open: Vec<&UnitSection> = blueprint.organizational_units.iter().map(|(_, unit)| unit).collect();
    let mut all = Vec::new();
    while let Some(unit) = open.pop() {
        open.extend(unit.organizational_units.iter().map(|(_, unit)| unit));
        all.push(unit);
    }
    all
}

/// Wants the whole tree below the root, and what hangs on the root.
pub(super) fn declare_root(blueprint: &Blueprint, declaration: &mut Declaration) {
    let root = Address::root();
    let contacts = &blueprint.organization.contacts;
    policy_use::declare_uses(
        &root,
        &blueprint.organization.policies,
        &blueprint.organization.full_aws_access,
        declaration,
    );
    guardrail::declare_uses(&root, &blueprint.guardrails, declaration);
    for entry in &blueprint.accounts {
        account::declare(entry, &root, contacts, declaration);
    }
    for (name, unit) in &blueprint.organizational_units {
        declare(name, unit, &root, &[], contacts, 1, declaration);
    }
    let count = declaration.desired.of_kind("organizational-unit").count();
    if let Some((name, _)) = blueprint.organizational_units.iter().next().filter(|_| count > MAX_UNITS) {
        let message = format!("{count} organizational units, AWS takes {MAX_UNITS}");
        declaration.mistake("too-many", name.place, message, "merge some of them");
    }
}

/// `parents_were` holds the addresses that the parent had, its present one not among them; `contacts` those of accounts that
/// give none.
fn declare(
    name: &Spanned<String>,
    unit: &UnitSection,
    parent: &Address,
    parents_were: &[Address],
    contacts: &Contacts,
    depth: usize,
    declaration: &mut Declaration,
) {
    check(name, depth, declaration);
    let address = parent.child_unit(name);
    let names = std::iter::once(&name.value).chain(unit.was.as_ref().map(|was| &was.value));
    let parents: Vec<&Address> = std::iter::once(parent).chain(parents_were).collect();
    let was: Vec<Address> = names
        .flat_map(|name| parents.iter().map(move |parent| parent.child_unit(name)))
        .filter(|earlier| *earlier != address)
        .collect();
    let mut body = Body::new();
    body.insert("name".into(), json!(name.value));
    body.insert("tags".into(), json!(tags::with_defaults(&unit.tags, name.place, declaration)));
    let wanted = Wanted { was: was.clone(), ..Wanted::new("organizational-unit", address.clone(), body) };
    let above = if *parent == Address::root() { Address::organization() } else { parent.clone() };
    declaration.want(wanted.under(parent.clone()).needing([above]), name.place);
    policy_use::declare_uses(&address, &unit.policies, &unit.full_aws_access, declaration);
    guardrail::declare_uses(&address, &unit.guardrails, declaration);
    for entry in &unit.accounts {
        account::declare(entry, &address, contacts, declaration);
    }
    for (name, child) in &unit.organizational_units {
        declare(name, child, &address, &was, contacts, depth + 1, declaration);
    }
}

fn check(name: &Spanned<String>, depth: usize, declaration: &mut Declaration) {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME {
        let message = format!("the name has {length} characters, AWS takes 1 to {MAX_NAME}");
        declaration.mistake("too-long", name.place, message, "take another name");
    }
    if depth > MAX_DEPTH {
        let message = format!("`{}` is {depth} levels below the root, AWS takes {MAX_DEPTH}", name.value);
        declaration.mistake("too-deep", name.place, message, "move it up, or put its accounts into its parent");
    }
}

#[cfg(test)]
mod tests;
