//! Takes over what exists: reads an organization, writes a blueprint of it, and proves that planning this changes nothing.
//!
//! ```text
//! survey ─► kinds/*/outline ─► compact ─► files ─► declare ─► draft ─┬─► what differs is left out, and once more
//!                                                                     └─► proof, by reading everything anew
//! ```
//! Nothing is written to AWS.

mod beside;
mod compact;
mod differences;
mod files;
pub mod foreign;
mod proof;
mod scope;
mod summary;
mod survey;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cloud::Cloud;
use crate::facts::Facts;
use crate::kinds::read::is_untold;
use crate::outline::LeftOut;

pub use beside::Base;
pub use proof::{OtherPolicies, Verification};
pub use summary::{ImportError, ImportSummary, Options};

/// A blueprint of what exists.
#[derive(Debug)]
pub struct Imported {
    /// The files by their paths from the folder of the first one.
    pub files: BTreeMap<String, String>,
    /// The first file of the blueprint that these files are added to, as it includes them.
    pub including: Option<String>,
    /// What the report shows.
    pub summary: ImportSummary,
    /// Whether planning it changes nothing.
    pub proof: Verification,
}

impl Imported {
    /// Whether the blueprint that it is added to has everything already.
    #[must_use]
    pub fn has_nothing_new(&self) -> bool {
        self.files.is_empty() && self.summary.gaps().next().is_none()
    }
}

/// A blueprint of what exists that has not been held against the organization yet.
pub struct UnverifiedImport(write::Written);

impl UnverifiedImport {
    /// Every file by its path.
    #[must_use]
    pub fn files(&self) -> Vec<(&str, &str)> {
        self.0.files.all()
    }

    /// Holds it against the organization, read anew.
    ///
    /// # Errors
    /// When AWS refuses a read.
    pub async fn prove(self, cloud: &Arc<Cloud>, facts: &mut Facts) -> Result<Imported, ImportError> {
        // What AWS refuses to report, it refuses again, at length.
        facts.clear_but(is_untold);
        let proof = proof::prove(cloud, facts, &self.0).await?;
        let mut summary = self.0.summary;
        for undetected in &proof.plan.undetected {
            let left_out =
                LeftOut::not_known(undetected.why.clone(), "look at it in AWS: the blueprint may say too little of it");
            summary.left_out.entry(undetected.address.clone()).or_insert(left_out);
        }
        Ok(Imported { files: self.0.files.texts(), including: self.0.including, summary, proof })
    }
}

/// Reads the organization and writes a blueprint of it.
///
/// # Errors
/// When AWS refuses a read, and when there is nothing to import.
pub async fn written(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    options: &Options,
) -> Result<UnverifiedImport, ImportError> {
    let surveyed = survey::survey(cloud, facts, options).await?;
    write::write(cloud, facts, options, &surveyed).await.map(UnverifiedImport)
}

/// Reads the organization, writes a blueprint of it, and holds that against the organization, read anew.
///
/// # Errors
/// As for [`written`] and [`UnverifiedImport::prove`].
pub async fn import(cloud: &Arc<Cloud>, facts: &mut Facts, options: &Options) -> Result<Imported, ImportError> {
    written(cloud, facts, options).await?.prove(cloud, facts).await
}
