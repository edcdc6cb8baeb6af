use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use super::shared::cover::Cover;
use super::shared::fields::differences;
use super::shared::occupancy::{Deployment, OccupancyContext};
use super::shared::survey::Survey;
use super::shared::write::{Step, WriteContext, WriteError};
use crate::facts::Look;
use crate::model::{Action, Address, Bindings, Body, Desired, FieldChange, Found, KindInfo, Observed, Risk, Wanted};
use crate::outline::Outline;

/// A future that is not known by its type.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the engine knows of a kind.
pub trait Kind: Sync {
    /// AWS's name for it in one word: `organizational-unit`.
    fn name(&self) -> &'static str;

    /// What is known of it beside that: its role, its reach, its words.
    fn kind_info(&self) -> &'static KindInfo;

    /// Whether its resources have addresses like this one.
    fn has_address(&self, address: &Address) -> bool {
        address.prefix() == self.name()
    }

    /// Reports what is there, in terms of addresses. Pure: what it does not find will be fetched, and it is
    /// called again. Kinds are called in the registry's order and see what earlier ones recognized.
    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed);

    /// What the blueprint wants because of what was found: what its rules come to, and what is missing that AWS brings by
    /// itself; or what else something of the blueprint needs. Pure; asked once everything is recognized.
    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        let _ = (desired, observed);
        Vec::new()
    }

    /// The fields in which what is found differs from what is wanted. `wanted` has its references resolved.
    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        differences(&wanted.body, &found.body)
    }

    /// What a change costs, and why it is made.
    fn judge(&self, action: Action, fields: &[FieldChange], found: Option<&Found>) -> (Risk, String);

    /// What others take from a resource and can know only once it has been changed from how it was found to how it is wanted.
    fn invalidated_outputs(&self, wanted: &Wanted, found: &Found) -> Vec<Address> {
        let _ = (wanted, found);
        Vec::new()
    }

    /// What accounts have of a resource, how it is found or how it is wanted, by being where they are.
    fn covers(&self, address: &Address, body: &Body, bindings: &Bindings) -> Option<Cover> {
        let _ = (address, body, bindings);
        None
    }

    /// Wishes for whatever of this kind an account may have, for the caller that wants to see it: what no blueprint names is not
    /// looked for. Nothing where all of it is found anyway.
    fn each_of(&self, account: &Address) -> Vec<Wanted> {
        let _ = account;
        Vec::new()
    }

    /// The regions in which each place has something of it, for a kind that says so place by place.
    fn regions(&self, body: &Body) -> BTreeMap<Address, BTreeSet<String>> {
        let _ = body;
        BTreeMap::new()
    }

    /// The accounts at its places that it does not reach.
    fn leaves_out(&self, body: &Body) -> BTreeSet<Address> {
        let _ = body;
        BTreeSet::new()
    }

    /// Where resources of what is wanted will be made or changed in accounts that are there already; nothing as long as
    /// that is not known. `wanted` has its references resolved.
    fn deployments(&self, wanted: &Wanted, scene: &OccupancyContext<'_>) -> Vec<Deployment> {
        let _ = (wanted, scene);
        Vec::new()
    }

    /// Writes what was found of it into a blueprint. Asked of the kinds in the registry's order: places are there before what is
    /// in them or attached to them.
    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        let _ = (survey, outline);
    }

    /// Makes the change. Doing again what was done already is not an error.
    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>>;

    /// The IAM actions that reading it takes.
    fn reads(&self) -> &'static [&'static str];

    /// The IAM actions that changing it takes.
    fn writes(&self) -> &'static [&'static str];
}
