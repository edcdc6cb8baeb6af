//! Takes over what exists: reads an organization, writes a blueprint of it, and proves that planning this changes nothing.
//!
//! ```text
//! survey ─► kinds/*/outline ─► compact ─► files ─► declare ─► draft ─┬─► what differs is left out, and once more
//!                                                                     └─► proof, by reading everything anew
//! ```
//! Nothing is written to AWS.

mod compact;
mod differences;
mod files;
mod proof;
mod scope;
mod survey;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use landing_blueprint::Failed;

use crate::cloud::Cloud;
use crate::engine::PlanError;
use crate::facts::Facts;
use crate::kinds::read::is_untold;
use crate::model::{Address, Part};
use crate::outline::{LeftOut, Remark};

pub use proof::Proof;

/// How an organization is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file that the blueprint begins in.
    pub main: String,
    /// The blueprint's name.
    pub name: String,
    /// The home region.
    pub home_region: String,
    /// The role by which member accounts are entered.
    pub access_role: String,
    /// The parts that are written.
    pub parts: BTreeSet<Part>,
    /// The unit to which the import is limited.
    pub unit: Option<Address>,
    /// The regions in which settings of accounts are looked at; the home region unless given.
    pub regions: Vec<String>,
    /// Whether people come from another identity provider.
    pub external: bool,
    /// Whether assignments are written for whole units.
    pub folds: bool,
}

/// A blueprint of what there is.
#[derive(Debug)]
pub struct Imported {
    /// The files by their paths from the folder of the first one.
    pub files: BTreeMap<String, String>,
    /// What the report tells.
    pub told: Told,
    /// Whether planning it changes nothing.
    pub proof: Proof,
}

/// What there is to tell of an import beside its files.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The organization's id.
    pub organization: String,
    /// How many resources of each kind are written, by the kind's name.
    pub written: BTreeMap<String, usize>,
    /// What is not in the blueprint.
    pub left_out: BTreeMap<Address, LeftOut>,
    /// What a reader should know of what is in it.
    pub remarks: BTreeSet<Remark>,
}

impl Told {
    /// What is missing from the blueprint although it was asked for.
    pub fn gaps(&self) -> impl Iterator<Item = (&Address, &LeftOut)> {
        self.left_out.iter().filter(|(_, left_out)| left_out.why.is_a_gap())
    }
}

/// Why there is no import.
#[derive(Debug)]
pub enum ImportError {
    /// The organization cannot be read.
    Plan(PlanError),
    /// There is no organization.
    NoOrganization,
    /// The unit to which it is to be limited is not there.
    NoUnit(Address),
    /// What was written is no blueprint, and nothing can be left out for it.
    Refused(Box<Failed>),
}

impl From<PlanError> for ImportError {
    fn from(error: PlanError) -> ImportError {
        ImportError::Plan(error)
    }
}

/// A blueprint of what there is that has not been held against the organization yet.
pub struct Unproven(write::Written);

impl Unproven {
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
        Ok(Imported { files: self.0.files.texts(), told, proof })
    }
}

/// Reads the organization and writes a blueprint of it.
///
/// # Errors
/// When AWS refuses a read, and when there is nothing to import.
pub async fn written(cloud: &Arc<Cloud>, facts: &mut Facts, options: &Options) -> Result<Unproven, ImportError> {
    let surveyed = survey::survey(cloud, facts, options).await?;
    write::write(cloud, facts, options, &surveyed).await.map(Unproven)
}

/// Reads the organization, writes a blueprint of it, and holds that against the organization, read anew.
///
/// # Errors
/// As for [`written`] and [`Unproven::prove`].
pub async fn import(cloud: &Arc<Cloud>, facts: &mut Facts, options: &Options) -> Result<Imported, ImportError> {
    written(cloud, facts, options).await?.prove(cloud, facts).await
}
