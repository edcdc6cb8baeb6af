use landing_blueprint::{Entries, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use super::account::{self, AccountEntry, Inherited};
use super::account_settings::AccountSettings;
use super::enabled::Enabled;
use super::expect::ExpectSection;
use super::guardrail::{self, GuardrailUse};
use super::identity::IdentitySection;
use super::organization::OrganizationSection;
use super::policy_use;
use super::stack::StackSection;
use super::unit::{self, UnitSection};
use crate::declaration::Declaration;
use crate::kinds::section::attachment::FullAccess;
use crate::kinds::section::policy::PolicySection;
use crate::model::{Address, Tags};

/// A landing zone: the organization, its units and accounts, and what holds for them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "landing blueprint", extend("x-form" = "blueprint"))]
pub struct Blueprint {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name that owned resources are tagged with. Several blueprints may share an organization, each under its own.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"))]
    pub name: Spanned<String>,
    /// The organization as a whole, and its root.
    #[serde(default)]
    pub(super) organization: OrganizationSection,
    /// Policies by name; units, accounts and the organization attach them by that name.
    #[serde(default)]
    #[schemars(extend("x-form" = "policies"))]
    pub(super) policies: Entries<PolicySection>,
    /// Guardrails for the whole organization: by name, by set or by level.
    #[serde(default)]
    #[schemars(extend("x-form" = "guardrails"))]
    pub(super) guardrails: Vec<GuardrailUse>,
    /// The units directly under the root.
    #[serde(default)]
    #[schemars(extend("x-form" = "units"))]
    pub(super) organizational_units: Entries<UnitSection>,
    /// Accounts directly under the root.
    #[serde(default)]
    #[schemars(extend("x-form" = "account-name"))]
    pub(super) accounts: Vec<AccountEntry>,
    /// Settings that accounts have of their own, and that no stack can make.
    #[serde(default)]
    pub(super) account_settings: Vec<Spanned<AccountSettings>>,
    /// Who may do what in which accounts, by IAM Identity Center.
    #[serde(default)]
    pub(super) identity: Option<Spanned<IdentitySection>>,
    /// What lives inside accounts, by the stack's name.
    #[serde(default)]
    #[schemars(extend("x-form" = "stacks"))]
    pub(super) stacks: Entries<StackSection>,
    /// What the policies must come to: whom they must stop where, and whom they must not.
    #[serde(default)]
    pub(super) expect: Vec<Spanned<ExpectSection>>,
}

impl Blueprint {
    /// What is enabled and attached at the root and everywhere below it.
    pub(super) fn enabled(&self) -> Vec<Enabled<'_>> {
        let root = Enabled { guardrails: &self.guardrails, policies: &self.organization.policies };
        let mut all = vec![root];
        all.extend(self.all_accounts().into_iter().filter_map(account::enabled));
        all.extend(self.all_units().into_iter().map(UnitSection::enabled));
        all
    }

    /// Every account, wherever it is.
    pub(super) fn all_accounts(&self) -> Vec<&AccountEntry> {
        let in_units = self.all_units().into_iter().flat_map(UnitSection::own_accounts);
        self.accounts.iter().chain(in_units).collect()
    }

    fn all_units(&self) -> Vec<&UnitSection> {
        let mut open: Vec<&UnitSection> = self.organizational_units.iter().map(|(_, unit)| unit).collect();
        let mut all = Vec::new();
        while let Some(unit) = open.pop() {
            open.extend(unit.own_units());
            all.push(unit);
        }
        all
    }
}

/// Wants the whole tree below the root, and what hangs on the root.
pub(super) fn declare_root(blueprint: &Blueprint, declaration: &mut Declaration) {
    let root = Address::root();
    let nothing = Inherited { contacts: &blueprint.organization.contacts, tags: Tags::new() };
    let inherited = nothing.with(&blueprint.organization.account_tags, declaration);
    let organization = &blueprint.organization;
    let (attached, allows_nothing) = (organization.full_aws_access.as_ref(), organization.allows_nothing.as_ref());
    policy_use::declare_uses(&root, &organization.policies, FullAccess { attached, allows_nothing }, declaration);
    for entry in &blueprint.accounts {
        account::declare(entry, &root, &inherited, declaration);
    }
    for (name, unit) in &blueprint.organizational_units {
        unit::declare(name, unit, &root, &[], &inherited, 1, declaration);
    }
    declare_guardrails(blueprint, declaration);
    let count = declaration.desired.of_kind("organizational-unit").count();
    if let Some((name, _)) = blueprint.organizational_units.iter().next().filter(|_| count > unit::MAX_UNITS) {
        let message = format!("{count} organizational units, AWS takes {}", unit::MAX_UNITS);
        declaration.mistake("too-many", name.place, message, "merge some of them");
    }
}

/// Enables the guardrails of the root and of everything below it, from the top down: what they exclude is declared by now.
fn declare_guardrails(blueprint: &Blueprint, declaration: &mut Declaration) {
    let root = Address::root();
    guardrail::declare_uses(&root, &blueprint.guardrails, declaration);
    blueprint.accounts.iter().for_each(|entry| account::declare_guardrails(entry, declaration));
    for (name, unit) in &blueprint.organizational_units {
        unit::declare_guardrails(name, unit, &root, declaration);
    }
}
