//! The blueprint's sections: what each holds, what is wrong with it, and what it wants of the organization.
//! Reads files only through `blueprint`; knows no SDK.

mod account;
mod account_settings;
mod blueprint;
pub mod builtin;
mod editor;
mod enabled;
mod expect;
mod guardrail;
mod identity;
mod managed_policy;
mod network;
mod organization;
mod policy_use;
mod quotas;
mod references;
mod settings;
mod sharing;
mod stack;
mod stack_needs;
mod template_bucket;
mod unit;
mod zones;

use std::path::Path;

use landing_blueprint::{Failed, FileId, Loaded, salvage, salvage_changed, salvage_text};

use crate::declaration::Declaration;
pub use crate::declaration::Declared;
pub use crate::declaration::document::Document;
pub use crate::declaration::document::Written;
pub use crate::declaration::guardrail_rows::InPolicy;
use crate::kinds::section::{delegated_administrator, guardduty_administrator, policy, service_administrator};
use crate::model::Date;

pub use blueprint::Blueprint;
pub use editor::{SCHEMA_FILE, blueprint_keys, schema, schema_text, with_schema_line};
pub use guardrail::guardrail_example;

/// Reads a blueprint and all that it draws in, which lies in its folder.
///
/// # Errors
/// Every mistake that can be known without AWS, at once.
pub fn declare(path: &Path) -> Result<Declared, Box<Failed>> {
    declare_below(path, None, None)
}

/// As [`declare`], where files are read below `root`, and ends (`until`) are held against the day that is `today`.
///
/// # Errors
/// As [`declare`].
pub fn declare_below(path: &Path, root: Option<&Path>, today: Option<Date>) -> Result<Declared, Box<Failed>> {
    finish(salvage(path, root)?, today)
}

/// As [`declare`], for files held in memory, of which the blueprint is called `name`.
///
/// # Errors
/// As [`declare`].
pub fn declare_embedded(name: &str, files: &[(&str, &str)]) -> Result<Declared, Box<Failed>> {
    finish(landing_blueprint::salvage_embedded(name, files)?, None)
}

/// As [`declare`], for a text that draws in nothing.
///
/// # Errors
/// As [`declare`].
pub fn declare_text(name: &str, text: &str) -> Result<Declared, Box<Failed>> {
    finish(salvage_text(name, text)?, None)
}

/// As [`declare_text`], on the day that is `today`.
#[cfg(test)]
pub(crate) fn declare_text_on(today: &str, name: &str, text: &str) -> Result<Declared, Box<Failed>> {
    finish(salvage_text(name, text)?, Date::parse(today))
}

/// As [`declare`], for the files of a blueprint that was read, with other texts for some of them, and with more files, given as
/// paths from the blueprint's folder and texts.
///
/// # Errors
/// As [`declare`].
pub fn declare_changed(
    declared: &Declared,
    changed: &[(FileId, String)],
    added: &[(&str, &str)],
) -> Result<Declared, Box<Failed>> {
    finish(salvage_changed(&declared.sources, changed, added)?, declared.desired.settings.today)
}

fn finish(loaded: Loaded<Blueprint>, today: Option<Date>) -> Result<Declared, Box<Failed>> {
    let Loaded { value: blueprint, sources, warnings } = loaded;
    let mut declaration = Declaration::new(sources, warnings);
    declaration.desired.settings.today = today;
    settings::declare(&blueprint, &mut declaration);
    guardrail::of_policies(&blueprint.policies, &mut declaration);
    policy::declare(&blueprint.policies, &mut declaration);
    organization::declare(&blueprint.organization, &mut declaration);
    blueprint::declare_root(&blueprint, &mut declaration);
    account_settings::declare(&blueprint.account_settings, &mut declaration);
    organization::trust_for_policy_types(&mut declaration);
    for administrator in &blueprint.organization.delegated_administrators {
        service_administrator::declare(administrator, &mut declaration);
        delegated_administrator::deregister(administrator, &mut declaration);
    }
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
