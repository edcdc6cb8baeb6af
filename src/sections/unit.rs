use landing_blueprint::{Entries, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use super::account::{AccountEntry, Inherited};
use super::enabled::Enabled;
use super::guardrail::GuardrailUse;
use super::policy_use::PolicyUse;
use super::{account, guardrail, policy_use};
use crate::declaration::Declaration;
use crate::declaration::tags;
use crate::kinds::resource::{OrganizationalUnit, Resource};
use crate::kinds::section::attachment::FullAccess;
use crate::model::{Address, Wanted};

/// AWS's limits.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const MAX_DEPTH: usize = 5;
pub(super) const MAX_UNITS: usize = 2000;
const MAX_NAME: usize = 128;

/// An organizational unit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "allow-list"))]
pub(super) struct UnitSection {
    /// The name that the unit had: it is renamed, not made anew.
    was: Option<Spanned<String>>,
    /// Tags of the unit, the only ones but those that `ignore_tags` leaves to others.
    #[schemars(extend("x-form" = "tags"))]
    tags: Entries<Spanned<String>>,
    /// Tags of every account in the unit and in the units below it. Those of a nearer unit go before them, and the account's own
    /// before all.
    #[schemars(extend("x-form" = "tags"))]
    account_tags: Entries<Spanned<String>>,
    /// Guardrails for the unit: by name, by set or by level.
    #[schemars(extend("x-form" = "guardrails"))]
    guardrails: Vec<GuardrailUse>,
    /// Policies attached to the unit.
    #[schemars(extend("x-form" = "attached-policies"))]
    policies: Vec<PolicyUse>,
    /// Whether AWS's FullAWSAccess is attached to the unit. false detaches it: only what attached policies allow is allowed then.
    /// true attaches it where it is missing. Unless given, it stays as it is.
    full_aws_access: Option<Spanned<bool>>,
    /// true beside `full_aws_access: false`: no attached policy allows anything, on purpose, as in a unit for suspended accounts.
    allows_nothing: Option<Spanned<bool>>,
    /// The accounts in the unit: names, or maps with more to say.
    #[schemars(extend("x-form" = "account-name"))]
    accounts: Vec<AccountEntry>,
    /// The units in the unit.
    #[schemars(extend("x-form" = "units"))]
    organizational_units: Entries<UnitSection>,
}

impl UnitSection {
    /// What is enabled and attached there.
    pub fn enabled(&self) -> Enabled<'_> {
        Enabled { guardrails: &self.guardrails, policies: &self.policies }
    }

    fn full_access(&self) -> FullAccess<'_> {
        FullAccess { attached: self.full_aws_access.as_ref(), allows_nothing: self.allows_nothing.as_ref() }
    }

    /// The accounts right in it.
    pub fn own_accounts(&self) -> impl Iterator<Item = &AccountEntry> {
        self.accounts.iter()
    }

    /// The units right in it.
    pub fn own_units(&self) -> impl Iterator<Item = &UnitSection> {
        self.organizational_units.iter().map(|(_, unit)| unit)
    }
}

/// Wants one unit, and all that is in it. `parents_were` holds the addresses that the parent had, its present one not among them; `inherited` is what accounts
/// have that do not say otherwise.
pub(super) fn declare(
    name: &Spanned<String>,
    unit: &UnitSection,
    parent: &Address,
    parents_were: &[Address],
    inherited: &Inherited<'_>,
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
    let tags = tags::with_defaults(&unit.tags, name.place, declaration);
    let resource = OrganizationalUnit { name: name.value.clone(), tags };
    let wanted = Wanted { was: was.clone(), ..resource.wanted(address.clone()) };
    let above = if *parent == Address::root() { Address::organization() } else { parent.clone() };
    declaration.want(wanted.under(parent.clone()).needing([above]), name.place);
    policy_use::declare_uses(&address, &unit.policies, unit.full_access(), declaration);
    let inherited = inherited.with(&unit.account_tags, declaration);
    for entry in &unit.accounts {
        account::declare(entry, &address, &inherited, declaration);
    }
    for (name, child) in &unit.organizational_units {
        declare(name, child, &address, &was, &inherited, depth + 1, declaration);
    }
}

/// Enables the guardrails of one unit, and of all that is in it.
pub(super) fn declare_guardrails(name: &str, unit: &UnitSection, parent: &Address, declaration: &mut Declaration) {
    let address = parent.child_unit(name);
    guardrail::declare_uses(&address, &unit.guardrails, declaration);
    unit.accounts.iter().for_each(|entry| account::declare_guardrails(entry, declaration));
    for (name, child) in &unit.organizational_units {
        declare_guardrails(name, child, &address, declaration);
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
