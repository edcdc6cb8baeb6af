//! What the files of other tools say of an organization, leaf by leaf.
//!
//! ```text
//! text ─► tree (json, yaml) ─► terraform, org_formation, lza, cfct ─► Foreign: a claim for every leaf
//! Foreign + Observed ─► compare ─► Compared: agrees, differs, or has no place in a blueprint
//! ```
//! Files give names, comments and intent; the live organization gives facts. Nothing is executed and nothing fetched.

mod cfct;
mod claim;
mod compare;
mod document;
mod format;
mod json;
mod ledger;
mod live;
mod lza;
mod org_formation;
mod policy_file;
mod source;
mod terraform;
mod tree;
mod yaml;

pub use claim::{Claim, ClaimedFile, Fact, Foreign, Meaning, Named, ResourceClaim, Subject};
pub(super) use compare::compare;
pub use compare::{ClaimOutcome, Compared, ComparedFile, Difference, Judged};
pub use format::Format;
pub use source::{MAX_BYTES, Mistake, Source};

/// Reads files of a tool, and those that they include.
///
/// # Errors
/// When a file cannot be read, or is not what the tool takes.
pub fn read(format: Format, files: &[String], source: &dyn Source) -> Result<Foreign, Mistake> {
    match format {
        Format::Terraform => terraform::read(files, source),
        Format::OrgFormation => org_formation::read(files, source),
        Format::Lza => lza::read(files, source),
        Format::Cfct => cfct::read(files, source),
    }
}

#[cfg(test)]
mod tests;
