//! Everything that was observed, as one file that plans can be made against without AWS.

use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::inventory::look_at_inventory;
use super::plan::{PlanError, look_and_plan, look_at_policies};
use super::plan_file::{is_sealed, seal_to, sha256, sha256_of};
use crate::cloud::Cloud;
use crate::facts::{Facts, Look, Recorded};
use crate::kinds::read::Organization;
use crate::model::{BlueprintId, Desired, OrganizationId};

/// What was observed of an organization, regardless of who owns it. The members stand in this order in the file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Always [`Snapshot::FORMAT`].
    pub format: String,
    /// The version of landing that took it.
    pub version: String,
    /// The organization.
    pub organization: OrganizationId,
    /// Where its stack sets and the lease are.
    pub home_region: String,
    /// When it was taken, in UTC: `2026-11-29T12:00:00Z`.
    pub taken: String,
    /// The blueprint whose questions it answers; absent where it was taken without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blueprint: Option<BlueprintId>,
    /// The SHA-256 of the facts alone, in hexadecimal: the same where nothing has changed.
    pub facts_sha256: String,
    /// The answers.
    pub facts: Facts,
}

/// Why a file is no snapshot that can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// It is not JSON, or not all of it.
    NotJson(String),
    /// It is JSON without a format.
    NotASnapshot,
    /// Its format is another one.
    Format(String),
    /// It is not as landing wrote it.
    Edited,
    /// Another version of landing took it.
    Version(String),
    /// It is as landing wrote it, and yet no snapshot.
    Unreadable(String),
}

impl Snapshot {
    /// The version of the file's form.
    pub const FORMAT: &'static str = "landing-snapshot/1";

    /// What these facts say, taken at `taken`.
    pub fn new(facts: Facts, home_region: &str, taken: String, blueprint: Option<BlueprintId>) -> Snapshot {
        // Facts are maps with string keys, which JSON always holds.
        let facts_sha256 = sha256_of(&facts).unwrap_or_default();
        Snapshot {
            format: Snapshot::FORMAT.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            organization: organization(&facts),
            home_region: home_region.into(),
            taken,
            blueprint,
            facts_sha256,
            facts,
        }
    }

    /// Writes its file, of which `json` writes the JSON as it is printed; the SHA-256 of the file, in hexadecimal.
    ///
    /// # Errors
    /// Those of `json` and of `out`.
    pub fn write_to(
        &self,
        out: &mut dyn Write,
        json: impl FnOnce(&mut dyn Write, &Snapshot) -> io::Result<()>,
    ) -> io::Result<String> {
        seal_to(out, |out| json(out, self))
    }

    /// Reads its file. The format and the version are looked at first: a file of another is not damaged.
    ///
    /// # Errors
    /// When it is none, or one that this version cannot look at.
    pub fn from_file(text: &[u8]) -> Result<Snapshot, SnapshotError> {
        let json: Value = serde_json::from_slice(text).map_err(|error| SnapshotError::NotJson(error.to_string()))?;
        match json.get("format").map(|format| format.as_str().unwrap_or_default()) {
            None => return Err(SnapshotError::NotASnapshot),
            Some(Snapshot::FORMAT) => {}
            Some(format) => return Err(SnapshotError::Format(format.to_owned())),
        }
        if !is_sealed(text) {
            return Err(SnapshotError::Edited);
        }
        match json.get("version").and_then(Value::as_str) {
            // Answers of another version may be read as if they said less.
            Some(version) if version != env!("CARGO_PKG_VERSION") => Err(SnapshotError::Version(version.to_owned())),
            _ => serde_json::from_value(json).map_err(|error| SnapshotError::Unreadable(error.to_string())),
        }
    }

    /// Its facts, as all that there is to know. `file` is the text that they were read from.
    pub fn into_facts(self, file: &[u8]) -> Facts {
        self.facts.as_recorded(Recorded { taken: self.taken, sha256: sha256(file) })
    }
}

fn organization(facts: &Facts) -> OrganizationId {
    let known = Look::new(facts).at(Organization).cloned().flatten();
    OrganizationId {
        id: known.as_ref().map(|it| it.id.clone()),
        management_account: known.map(|it| it.management_account),
    }
}

/// Reads all that there is, regardless of who owns it, and what plans for this blueprint ask, however far they look.
///
/// # Errors
/// As for a plan.
pub async fn survey(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    blueprint: &BlueprintId,
) -> Result<(), PlanError> {
    for deep in [false, true] {
        let mut desired = desired.clone();
        desired.settings.deep = deep;
        let draft = look_and_plan(cloud, facts, &desired, blueprint, &[]).await?;
        look_at_policies(cloud, facts, &desired, &draft).await?;
        look_at_inventory(cloud, facts, &desired, &draft).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
