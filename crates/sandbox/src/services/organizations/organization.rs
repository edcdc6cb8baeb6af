//! The organization itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::errors::{constraint, invalid, not_in_use};
use super::pages::PAGES;
use super::{handshakes, policy_types};
use crate::aws_error::{Answer, ApiError};
use crate::ids::characters;
use crate::model::organizations::{Account, Organization};
use crate::options::Options;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateOrganization", create_organization),
    operation("DescribeOrganization", describe_organization),
    operation("DeleteOrganization", delete_organization),
    operation("EnableAllFeatures", enable_all_features),
    operation("ListRoots", list_roots),
];

impl Request<'_> {
    /// The organization that the caller's account is in.
    pub(super) fn organization(&mut self) -> Result<&mut Organization, ApiError> {
        self.state.organization.as_mut().ok_or_else(not_in_use)
    }

    /// The same, to read only.
    pub(super) fn organization_view(&self) -> Result<&Organization, ApiError> {
        self.state.organization.as_ref().ok_or_else(not_in_use)
    }
}

fn create_organization(request: &mut Request<'_>) -> Answer {
    let feature_set = request.input.optional("FeatureSet")?.unwrap_or("ALL").to_owned();
    if !["ALL", "CONSOLIDATED_BILLING"].contains(&feature_set.as_str()) {
        return Err(invalid("INVALID_ENUM", format!("{feature_set} is not a feature set.")));
    }
    let member = |organization: &Organization| organization.accounts.contains_key(&request.caller.account);
    if request.state.organization.as_ref().is_some_and(member) {
        let message = "The AWS account is already a member of an organization.";
        return Err(ApiError::new("AlreadyInOrganizationException", message));
    }
    if request.caller.account != request.state.management.id {
        let message = "The sandbox simulates one organization, that of its management account.";
        return Err(constraint("ACCOUNT_CREATION_NOT_COMPLETE", message));
    }
    let organization = found(request.state, feature_set, request.now);
    let shown = organization.show();
    request.state.organization = Some(organization);
    Ok(json!({"Organization": shown}))
}

/// A new organization. Its policy types are all disabled: the API enables none, whatever its reference says about
/// SCPs; only the console does, which asks for organizations:EnablePolicyType ("Creating an organization" in the
/// user guide).
fn found(state: &State, feature_set: String, now: u64) -> Organization {
    let id = format!("o-{}", characters(&state.management.id, 10));
    let root = format!("r-{}", characters(&id, 4));
    let management = Account {
        name: state.management.name.clone(),
        email: state.management.email.clone(),
        state: "ACTIVE".into(),
        joined_method: "INVITED".into(),
        joined: now,
        parent: root.clone(),
        ..Account::default()
    };
    Organization {
        partition: state.partition.clone(),
        management: state.management.id.clone(),
        feature_set,
        finalizing: true,
        without_places: true,
        policies: policy_types::aws_managed(),
        accounts: [(state.management.id.clone(), management)].into_iter().collect(),
        id,
        root,
        ..Organization::default()
    }
}

/// Ends the time in which a new organization is still being initialized.
pub(super) fn settle(state: &mut State, progress: &mut Progress, options: &Options) -> bool {
    let Some(organization) = &mut state.organization else { return false };
    let (timings, lags) = (&options.timings, &options.lags);
    let mut end = |flag: &mut bool, key: &str, after: Duration| {
        let due = *flag && progress.is_due(&format!("{key} {}", organization.id), after);
        *flag &= !due;
        due
    };
    let is_finalized = end(&mut organization.finalizing, "organization", timings.finalizing);
    end(&mut organization.without_places, "places", lags.account_places) || is_finalized
}

fn describe_organization(request: &mut Request<'_>) -> Answer {
    Ok(json!({"Organization": request.organization()?.show()}))
}

fn delete_organization(request: &mut Request<'_>) -> Answer {
    if request.organization()?.accounts.len() > 1 {
        let message = "You must remove all member accounts from the organization before you can delete it.";
        return Err(ApiError::new("OrganizationNotEmptyException", message));
    }
    request.state.organization = None;
    Ok(json!({}))
}

/// The management account's own handshake finalizes the change, once every member that was invited has accepted one.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAllFeatures.html>
fn enable_all_features(request: &mut Request<'_>) -> Answer {
    let now = request.now;
    let organization = request.organization()?;
    let refused = |reason: &'static str, message: &str| {
        Err(ApiError::new("HandshakeConstraintViolationException", message).with("Reason", reason))
    };
    if organization.feature_set == "ALL" {
        let message = "The organization already has all features enabled.";
        return refused("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", message);
    }
    if organization.enables_all_features() {
        let message = "The organization has already started the process to enable all features.";
        return refused("ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", message);
    }
    let id = handshakes::begin_all_features(organization, now);
    Ok(json!({"Handshake": handshakes::show(organization, &id)}))
}

fn list_roots(request: &mut Request<'_>) -> Answer {
    let root = request.organization()?.show_root();
    PAGES.page(request, "Roots", &[root], Value::clone)
}
