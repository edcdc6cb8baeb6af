//! What guardrails want inside of accounts, and which of them are in a policy.

use std::collections::BTreeMap;

use landing_blueprint::{FileId, Place};
use serde_json::Value;

use crate::model::{Address, Excluded};
use crate::template::Guardrail;

/// What one stack holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Rules of AWS Config.
    Rules,
    /// Rules on what is the same in every region: one region is enough for them.
    GlobalRules,
    /// Hooks of CloudFormation.
    Hooks,
}

/// A guardrail, and what its stack's template takes of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The guardrail.
    pub guardrail: Guardrail,
    /// Its entry in the parameter of the stack's template.
    pub row: Value,
    /// Where it does not hold.
    pub excluded: Excluded,
}

/// Which stack holds what is wanted: that of a target, or one of a guardrail alone, by its id, that does not hold everywhere
/// there.
pub type Stack = (Address, Sort, Option<String>);

/// What is wanted at each target, and where the blueprint says so first.
pub type Rows = BTreeMap<Stack, (Place, Vec<Row>)>;

/// A guardrail in a policy that is made of one or several.
#[derive(Clone, Debug)]
pub struct InPolicy {
    /// The guardrail.
    pub guardrail: Guardrail,
    /// Where the blueprint enables it: its name, or the set or level that it is of.
    pub place: Place,
    /// The file that it is read from, where it is not built in.
    pub file: Option<FileId>,
    /// Its own statements. In the policy they may be joined with those of others.
    pub statements: Vec<Value>,
}
