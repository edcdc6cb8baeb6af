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
mod survey;
mod told;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cloud::Cloud;
use crate::facts::Facts;
use crate::kinds::read::is_untold;
use crate::outline::LeftOut;

pub use beside::Base;
pub use proof::{OtherPolicies, Verification};
pub use told::{ImportError, ImportSummary, Options};

/// A blueprint of what there is.
#[derive(Debug)]
pub struct Imported {
    /// The files by their paths from the folder of the first one.
    pub files: BTreeMap<String, String>,
    /// The first file of the blueprint that these files are added to, as it includes them.
    pub including: Option<String>,
    /// What the report tells.
    pub told: ImportSummary,
    /// Whether planning it changes nothing.
    pub proof: Verification,
}

impl Imported {
    /// Whether the blueprint that it is added to has everything already.
    #[must_use]
    pub fn has_nothing_new(&self) -> bool {
        self.files.is_empty() && self.told.gaps().next().is_none()
    }
}

/// A blueprint of what there is that has not been held against the organization yet.
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
        // What AWS refuses to tell, it refuses again, at length.
        facts.clear_but(is_untold);
        let proof = proof::prove(cloud, facts, &self.0).await?;
        let mut told = self.0.told;
        for undetected in &proof.plan.undetected {
            let left_out =
                LeftOut::not_known(undetected.why.clone(), "look at it in AWS: the blueprint may say too little of it");
            told.left_out.entry(undetected.address.clone()).or_insert(left_out);
        }
        Ok(Imported { files: self.0.files.texts(), including: self.0.including, told, proof })
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
