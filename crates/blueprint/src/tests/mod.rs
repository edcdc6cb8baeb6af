//! The text layer as a whole, with a small blueprint type that has every shape the real one has.

mod files;
mod mistakes;
mod properties;
mod published;
mod shapes;
mod typed;
mod values;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Entries, Failed, Loaded, Spanned, load_embedded, load_text};

/// A blueprint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    name: Spanned<String>,
    #[serde(default)]
    organization: Option<Organization>,
    #[serde(default)]
    organizational_units: Entries<Unit>,
    #[serde(default)]
    guardrails: Vec<Guardrail>,
    #[serde(default)]
    policies: BTreeMap<Spanned<String>, serde_json::Value>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// The region in which everything lives that lives in one region.
    home_region: Spanned<String>,
    #[serde(default)]
    #[schemars(length(min = 1))]
    regions: Vec<Spanned<String>>,
    #[serde(default)]
    #[schemars(extend("pattern" = r"^[^@\s]+@[^@\s]+$"))]
    account_email: Option<String>,
    #[serde(default)]
    management_account: Option<Spanned<String>>,
    #[serde(default)]
    #[schemars(range(min = 1, max = 3650))]
    retain_days: Option<u32>,
    #[serde(default)]
    protect: bool,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Unit {
    accounts: Vec<Spanned<String>>,
    organizational_units: Entries<Unit>,
    lifecycle: Option<Lifecycle>,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// Lives.
    Active,
    /// Waits for its end.
    Suspended,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Guardrail {
    /// All of one level.
    Level(Lifecycle),
    /// Only these regions.
    RegionRestriction(Exemption),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    exempt_roles: Vec<String>,
}

const START: &str = "version: 1\nname: ml\n";

fn load(text: &str) -> Result<Loaded<Sample>, Box<Failed>> {
    load_text("landing.yaml", text)
}

fn load_files(files: &[(&str, &str)]) -> Result<Loaded<Sample>, Box<Failed>> {
    load_embedded("landing.yaml", files)
}

/// The sample that `text` says after its version and name.
fn sample(text: &str) -> Sample {
    load(&format!("{START}{text}")).unwrap_or_else(|failed| panic!("{}", shown(&failed))).value
}

/// What is shown of a blueprint that cannot be used.
fn shown(failed: &Failed) -> String {
    failed.diagnostics.render(&failed.sources, false, 100)
}

/// What is shown of `text`, which has mistakes.
fn complaints(text: &str) -> String {
    shown(&load(text).expect_err("the text has mistakes"))
}

/// File, line, column, and message of every mistake in `files`.
fn messages(files: &[(&str, &str)]) -> Vec<String> {
    let failed = load_files(files).expect_err("the files have mistakes");
    let place = |place: super::Place| {
        let (line, column) = failed.sources.position(place);
        format!("{}:{line}:{column}: ", failed.sources.name(place.file()))
    };
    let sorted = failed.diagnostics.sorted();
    sorted.iter().map(|found| found.place.map(place).unwrap_or_default() + &found.message).collect()
}
