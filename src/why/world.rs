//! What a denial is held against, and what came out.

use landing_policy::DenyingPolicy;

use crate::hierarchy::Hierarchy;
use crate::model::Address;
use crate::sections::Declared;

/// What a denial is held against.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The policies as they are, or as the blueprint says it where nothing else is known.
    pub now: &'a Hierarchy,
    /// The policies as the blueprint leaves them, and the blueprint; none where the organization is looked at alone.
    pub blueprint: Option<(&'a Hierarchy, &'a Declared)>,
    /// The region that was called, where the denial does not say it.
    pub region: Option<&'a str>,
}

/// Whose a principal or resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceOwner {
    /// An account of the organization, by its address and id.
    Member(Address, String),
    /// The management account, which no policy of the organization binds.
    Management(Address, String),
    /// An account that is not of the organization.
    Outside(String),
    /// No account: a service, or no one who signed.
    NoAccount,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These statements deny it.
    Denied,
    /// Whether they deny it depends on these condition keys, or on the `resource`.
    Undecided(Vec<String>),
    /// A policy of another type denied it.
    Elsewhere(DenyingPolicy),
    /// AWS says that a policy of the organization denied it, and none that there is does.
    Contradicted(DenyingPolicy),
    /// No policy of the organization denies it.
    NotByOrganization,
}
