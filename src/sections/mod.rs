//! The blueprint's sections: what each holds, what is wrong with it, and what it wants of the organization.
//! Reads files only through `blueprint`; knows no SDK.

mod account;
mod account_settings;
pub mod builtin;
mod expect;
mod guardrail;
mod identity;
mod managed_policy;
mod network;
mod organization;
mod policy_use;
mod references;
mod settings;
mod sharing;
mod stack;
mod stack_needs;
mod template_bucket;
mod unit;
mod zones;

use std::path::Path;

use landing_blueprint::{Entries, Failed, Loaded, Spanned, salvage, salvage_text};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::Declaration;
pub use crate::declaration::Declared;
pub use crate::declaration::document::Written;
use crate::kinds::section::policy::PolicySection;
use crate::kinds::section::{guardduty_administrator, policy, service_administrator};

use account::AccountEntry;
use account_settings::AccountSettings;
use expect::ExpectSection;
use guardrail::GuardrailUse;
pub use guardrail::guardrail_example;
use identity::IdentitySection;
use organization::OrganizationSection;
use stack::StackSection;
use unit::UnitSection;

/// A landing zone: the organization, its units and accounts, and what holds for them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "landing blueprint")]
pub struct Blueprint {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The name that owned things are tagged with. Several blueprints may share an organization, each under its own.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"))]
    pub name: Spanned<String>,
    /// The organization as a whole, and its root.
    #[serde(default)]
    organization: OrganizationSection,
    /// Policies by name; units, accounts and the organization attach them by that name.
    #[serde(default)]
    policies: Entries<PolicySection>,
    /// Guardrails for the whole organization: by name, by set or by level.
    #[serde(default)]
    guardrails: Vec<GuardrailUse>,
    /// The units directly under the root.
    #[serde(default)]
    organizational_units: Entries<UnitSection>,
    /// Accounts directly under the root.
    #[serde(default)]
    accounts: Vec<AccountEntry>,
    /// Settings that accounts have of their own, and that no stack can make.
    #[serde(default)]
    account_settings: Vec<Spanned<AccountSettings>>,
    /// Who may do what in which accounts, by IAM Identity Center.
    #[serde(default)]
    identity: Option<Spanned<IdentitySection>>,
    /// What lives inside accounts, by the stack's name.
    #[serde(default)]
    stacks: Entries<StackSection>,
    /// What the policies must come to: whom they must stop where, and whom they must not.
    #[serde(default)]
    expect: Vec<Spanned<ExpectSection>>,
}

/// Reads a blueprint and all that it draws in, which lies in its folder.
///
/// # Errors
/// Every mistake that can be known without AWS, at once.
pub fn declare(path: &Path) -> Result<Declared, Box<Failed>> {
    declare_below(path, None)
}

/// As [`declare`], where files are read below `root`.
///
/// # Errors
/// As [`declare`].
pub fn declare_below(path: &Path, root: Option<&Path>) -> Result<Declared, Box<Failed>> {
    finish(salvage(path, root)?)
}

/// As [`declare`], for files held in memory, of which the blueprint is called `name`.
#[cfg(test)]
pub(crate) fn declare_embedded(name: &str, files: &[(&str, &str)]) -> Result<Declared, Box<Failed>> {
    finish(landing_blueprint::salvage_embedded(name, files)?)
}

/// As [`declare`], for a text that draws in nothing.
///
/// # Errors
/// As [`declare`].
pub fn declare_text(name: &str, text: &str) -> Result<Declared, Box<Failed>> {
    finish(salvage_text(name, text)?)
}

/// The JSON Schema that editors complete blueprints with.
pub fn schema() -> serde_json::Value {
    landing_blueprint::json_schema::<Blueprint>()
}

fn finish(loaded: Loaded<Blueprint>) -> Result<Declared, Box<Failed>> {
    let Loaded { value: blueprint, sources, warnings } = loaded;
    let mut declaration = Declaration::new(sources, warnings);
    settings::declare(&blueprint, &mut declaration);
    policy::declare(&blueprint.policies, &mut declaration);
    organization::declare(&blueprint.organization, &mut declaration);
    unit::declare_root(&blueprint, &mut declaration);
    account_settings::declare(&blueprint.account_settings, &mut declaration);
    organization::trust_for_policy_types(&mut declaration);
    service_administrator::declare(&blueprint.organization.delegated_administrators, &mut declaration);
    let of_guardrails = guardrail::stacks(&declaration);
    stack::declare(&blueprint.stacks, &of_guardrails, &mut declaration);
    network::check(&mut declaration);
    zones::check(&mut declaration);
    guardduty_administrator::declare(&blueprint.organization.delegated_administrators, &mut declaration);
    template_bucket::declare(&blueprint.organization, &mut declaration);
    identity::declare(&blueprint.identity, &mut declaration);
    managed_policy::come_first(&mut declaration);
    sharing::come_after(&mut declaration);
    references::check(&mut declaration);
    expect::declare(&blueprint.expect, &mut declaration);
    declaration.finish(&blueprint.name)
}

#[cfg(test)]
mod tests;
