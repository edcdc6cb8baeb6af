//! Which accounts and regions requests are about, see "DeploymentTargets" in the API reference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::owner::set_view;
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::Organization;
use crate::model::stack_sets::StackSet;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::services::cloudformation::common::PAGES;
use crate::services::cloudformation::errors::invalid;
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[operation("ListStackSetAutoDeploymentTargets", list_targets)];

/// What a request's `DeploymentTargets` and `Regions` say.
pub(super) struct Targets {
    pub(super) units: Vec<String>,
    accounts: BTreeSet<String>,
    filter: Filter,
    pub(super) regions: BTreeSet<String>,
}

/// How accounts and units are to be taken together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    /// The units alone.
    None,
    Intersection,
    Difference,
    Union,
}

impl Targets {
    /// # Errors
    /// For units that are not in the organization, accounts without units, and filters that AWS does not take.
    pub(super) fn of(request: &Request<'_>, creates: bool) -> Result<Self, ApiError> {
        if !request.input.list("Accounts").is_empty() {
            let message = "StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target";
            return Err(invalid(message));
        }
        let shape = request.input.structure("DeploymentTargets");
        let list = |name: &str| shape.get(name).and_then(Value::as_array).into_iter().flatten();
        let texts = |name: &str| list(name).filter_map(Value::as_str).map(str::to_owned);
        let units: Vec<String> = texts("OrganizationalUnitIds").collect();
        check_units(request.state, &units)?;
        let accounts: BTreeSet<String> = texts("Accounts").collect();
        let filter = filter(shape.get("AccountFilterType").and_then(Value::as_str), &accounts, creates)?;
        if creates && units.is_empty() {
            return Err(invalid("OrganizationalUnitIds are required"));
        }
        let regions: BTreeSet<String> = request.input.texts("Regions").into_iter().map(str::to_owned).collect();
        Ok(Self { units, accounts, filter, regions })
    }

    /// Whether the request is about whole units.
    pub(super) fn are_whole_units(&self) -> bool {
        self.filter == Filter::None
    }

    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty() && self.accounts.is_empty()
    }

    /// The accounts that they are, with the unit that each is there for. Never the management account.
    pub(super) fn accounts(&self, organization: &Organization) -> BTreeMap<String, String> {
        let units: BTreeSet<&String> = self.units.iter().collect();
        let members = organization.accounts.keys().filter(|id| **id != organization.management);
        let below = members.filter_map(|id| Some((id, nearest(organization, id, |unit| units.contains(unit))?)));
        let named = |id: &str| self.accounts.contains(id);
        let chosen = below.filter(|(id, _)| match self.filter {
            Filter::None | Filter::Union => true,
            Filter::Intersection => named(id),
            Filter::Difference => !named(id),
        });
        let mut accounts: BTreeMap<String, String> = chosen.map(|(id, unit)| (id.clone(), unit.to_owned())).collect();
        if self.filter == Filter::Union {
            for id in &self.accounts {
                accounts.entry(id.clone()).or_default();
            }
        }
        accounts
    }
}

fn check_units(state: &State, units: &[String]) -> Result<(), ApiError> {
    let known = |id: &String| {
        let organization = state.organization.as_ref();
        organization.is_some_and(|organization| organization.root == *id || organization.units.contains_key(id))
    };
    match units.iter().find(|id| !known(id)) {
        Some(unknown) => Err(invalid(format!("Organizational unit {unknown} is not in the organization"))),
        None => Ok(()),
    }
}

fn filter(asked: Option<&str>, accounts: &BTreeSet<String>, creates: bool) -> Result<Filter, ApiError> {
    match (asked, accounts.is_empty()) {
        (None | Some("NONE"), true) => Ok(Filter::None),
        (Some("INTERSECTION"), false) => Ok(Filter::Intersection),
        (Some("DIFFERENCE"), false) => Ok(Filter::Difference),
        (None | Some("UNION"), _) if !creates => Ok(Filter::Union),
        _ => Err(invalid("AccountFilterType does not fit the Accounts and the operation")),
    }
}

/// The nearest of the units above an account, up to the root, that is a `target`.
fn nearest<'a>(organization: &'a Organization, account: &str, target: impl Fn(&String) -> bool) -> Option<&'a str> {
    above(organization, account).find(|unit| target(unit)).map(String::as_str)
}

/// The units above an account, the nearest first, and the root.
fn above<'a>(organization: &'a Organization, account: &str) -> impl Iterator<Item = &'a String> {
    let parent = organization.accounts.get(account).map(|account| &account.parent);
    std::iter::successors(parent, |unit| organization.units.get(*unit).map(|unit| &unit.parent))
}

impl StackSet {
    /// The accounts below its targets, with the targets that cover each. Never the management account.
    pub(super) fn covered(&self, organization: &Organization) -> BTreeMap<String, BTreeSet<String>> {
        if self.targets.is_empty() {
            return BTreeMap::new();
        }
        let members = organization.accounts.keys().filter(|id| **id != organization.management);
        let covering = |id: &String| -> BTreeSet<String> {
            above(organization, id).filter(|unit| self.targets.contains_key(*unit)).cloned().collect()
        };
        members.map(|id| (id.clone(), covering(id))).filter(|(_, targets)| !targets.is_empty()).collect()
    }

    /// The regions in which an account is to have instances, each with the nearest target that says so.
    pub(super) fn regions_of(&self, organization: &Organization, account: &str) -> BTreeMap<String, String> {
        let mut regions = BTreeMap::new();
        for unit in above(organization, account) {
            for region in self.targets.get(unit).into_iter().flatten() {
                regions.entry(region.clone()).or_insert_with(|| unit.clone());
            }
        }
        regions
    }
}

fn list_targets(request: &mut Request<'_>) -> Answer {
    let targets: Vec<_> = set_view(request)?.targets.iter().collect();
    PAGES.page(
        request,
        "Summaries",
        &targets,
        |(unit, regions)| json!({"OrganizationalUnitId": unit, "Regions": regions}),
    )
}
