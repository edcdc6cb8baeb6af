use std::collections::{BTreeMap, BTreeSet};

use landing_blueprint::Failed;

use super::beside::Base;
use super::foreign::{Compared, Foreign};
use crate::engine::PlanError;
use crate::model::{Address, Part};
use crate::outline::{LeftOut, ReaderNote};

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
    /// The regions in which settings and stacks of accounts are looked at; the home region unless given.
    pub regions: Vec<String>,
    /// Whether people come from another identity provider.
    pub external: bool,
    /// Whether assignments are written for whole units.
    pub folds: bool,
    /// What the files of another tool say, which is held against what is found.
    pub foreign: Option<Foreign>,
    /// The blueprint that what is new is added to, whose name, home region and so on are the ones above.
    pub into: Option<Base>,
}

/// What there is to report an import beside its files.
#[derive(Clone, Debug, Default)]
pub struct ImportSummary {
    /// The organization's id.
    pub organization: String,
    /// How many resources of each kind are written, by the kind's name.
    pub written: BTreeMap<String, usize>,
    /// What is not in the blueprint.
    pub left_out: BTreeMap<Address, LeftOut>,
    /// What a reader should know of what is in it.
    pub remarks: BTreeSet<ReaderNote>,
    /// What the files of another tool say, held against what was found.
    pub foreign: Option<Compared>,
}

impl ImportSummary {
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
    /// The blueprint's `include` cannot be added to, by the file's name.
    NotIncluded(String),
}

impl From<PlanError> for ImportError {
    fn from(error: PlanError) -> ImportError {
        ImportError::Plan(error)
    }
}
