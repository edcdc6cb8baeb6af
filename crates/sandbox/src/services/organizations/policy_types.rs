//! The types of policies: their quotas, and enabling them in the root.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::errors::{constraint, invalid};
use crate::aws_error::{Answer, ApiError};
use crate::lags::Lags;
use crate::model::organizations::{Organization, Policy};
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] =
    &[operation("EnablePolicyType", enable_policy_type), operation("DisablePolicyType", disable_policy_type)];

pub(super) const SERVICE_CONTROL_POLICY: &str = "SERVICE_CONTROL_POLICY";
pub(super) const RESOURCE_CONTROL_POLICY: &str = "RESOURCE_CONTROL_POLICY";

const PENDING_ENABLE: &str = "PENDING_ENABLE";

/// A type of policy with its quotas, from "Quotas for AWS Organizations" in the user guide as of November 2026.
/// That the types it does not list have the quotas of declarative policies is assumed.
pub(super) struct PolicyType {
    pub(super) name: &'static str,
    /// Characters of a policy's content, white space included.
    pub(super) size: usize,
    /// Policies attached to one root, unit or account.
    pub(super) per_target: usize,
    /// Policies in the organization.
    pub(super) in_organization: usize,
    /// The service that must have trusted access before the type can be enabled.
    needs_service: Option<&'static str>,
}

const fn declarative(name: &'static str) -> PolicyType {
    PolicyType { name, size: 10_000, per_target: 10, in_organization: 1_000, needs_service: None }
}

/// Every type that the API knows.
const TYPES: &[PolicyType] = &[
    PolicyType { size: 10_240, in_organization: 10_000, ..declarative(SERVICE_CONTROL_POLICY) },
    PolicyType { size: 5_120, per_target: 5, ..declarative(RESOURCE_CONTROL_POLICY) },
    declarative("TAG_POLICY"),
    declarative("BACKUP_POLICY"),
    PolicyType { size: 2_500, per_target: 5, ..declarative("AISERVICES_OPT_OUT_POLICY") },
    PolicyType { per_target: 5, ..declarative("CHATBOT_POLICY") },
    declarative("DECLARATIVE_POLICY_EC2"),
    PolicyType { needs_service: Some("securityhub.amazonaws.com"), ..declarative("SECURITYHUB_POLICY") },
    PolicyType { needs_service: Some("securityhub.amazonaws.com"), ..declarative("SECURITYHUB_CSPM_POLICY") },
    declarative("INSPECTOR_POLICY"),
    declarative("UPGRADE_ROLLOUT_POLICY"),
    declarative("BEDROCK_POLICY"),
    declarative("S3_POLICY"),
    declarative("NETWORK_SECURITY_DIRECTOR_POLICY"),
    declarative("GUARDDUTY_POLICY"),
];

impl PolicyType {
    /// The type of that name.
    pub(super) fn named(name: &str) -> Result<&'static Self, ApiError> {
        let unknown = || invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type.");
        TYPES.iter().find(|kind| kind.name == name).ok_or_else(unknown)
    }

    /// The fewest policies of this type that a target must keep. (RCPs keep their full-access policy, which cannot be
    /// detached at all.)
    pub(super) fn minimum(&self) -> usize {
        usize::from(self.name == SERVICE_CONTROL_POLICY)
    }
}

/// Whether a type that is enabled needs a service's trusted access.
pub(super) fn need(organization: &Organization, service: &str) -> bool {
    let is_on =
        |name: &str| organization.policy_types.contains(name) || organization.pending_policy_types.contains_key(name);
    let mut enabled = TYPES.iter().filter(|kind| is_on(kind.name));
    enabled.any(|kind| kind.needs_service == Some(service))
}

const FULL_AWS_ACCESS: &str = "p-FullAWSAccess";
pub(super) const RCP_FULL_AWS_ACCESS: &str = "p-RCPFullAWSAccess";

/// The policies that AWS provides.
pub(super) fn aws_managed() -> BTreeMap<String, Policy> {
    let policy = |name: &str, description: &str, kind: &str, statement: serde_json::Value| Policy {
        name: name.into(),
        description: description.into(),
        kind: kind.into(),
        content: json!({"Version": "2012-10-17", "Statement": [statement]}).to_string(),
        aws_managed: true,
        targets: BTreeSet::new(),
    };
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let allow_all = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    let scp = policy("FullAWSAccess", "Allows access to every operation", SERVICE_CONTROL_POLICY, allow);
    let rcp = policy("RCPFullAWSAccess", "Allows access to every resource", RESOURCE_CONTROL_POLICY, allow_all);
    [(FULL_AWS_ACCESS.to_owned(), scp), (RCP_FULL_AWS_ACCESS.to_owned(), rcp)].into()
}

/// The type and the root that a request names.
fn of_request(request: &Request<'_>) -> Result<&'static PolicyType, ApiError> {
    let kind = PolicyType::named(request.input.text("PolicyType")?)?;
    if request.input.text("RootId")? != request.organization_view()?.root {
        return Err(ApiError::new("RootNotFoundException", "You specified a root that doesn't exist."));
    }
    Ok(kind)
}

fn enable_policy_type(request: &mut Request<'_>) -> Answer {
    let kind = of_request(request)?;
    let organization = request.organization()?;
    check_enabling(organization, kind)?;
    organization.pending_policy_types.insert(kind.name.to_owned(), PENDING_ENABLE.to_owned());
    Ok(json!({"Root": organization.show_root()}))
}

/// Ends the enabling and disabling that is due; whether any was.
pub(super) fn settle(state: &mut State, progress: &mut Progress, lags: &Lags) -> bool {
    let Some(organization) = &mut state.organization else { return false };
    let mut due: Vec<(String, String)> = organization.pending_policy_types.clone().into_iter().collect();
    due.retain(|(kind, status)| progress.is_due(&format!("{status} {kind}"), lags.policy_type));
    for (kind, status) in &due {
        organization.pending_policy_types.remove(kind);
        if status == PENDING_ENABLE {
            enabled(organization, kind);
        }
    }
    !due.is_empty()
}

/// AWS's own policy of the type is attached everywhere once it is enabled.
fn enabled(organization: &mut Organization, kind: &str) {
    organization.policy_types.insert(kind.to_owned());
    let targets: BTreeSet<String> = organization.targets().cloned().collect();
    for policy in organization.policies.values_mut() {
        if policy.aws_managed && policy.kind == kind {
            policy.targets.clone_from(&targets);
        }
    }
}

fn check_enabling(organization: &Organization, kind: &PolicyType) -> Result<(), ApiError> {
    if organization.feature_set != "ALL" {
        let message = "You can't use the specified policy type with the feature set currently enabled.";
        return Err(ApiError::new("PolicyTypeNotAvailableForOrganizationException", message));
    }
    check_settled(organization, kind)?;
    if organization.policy_types.contains(kind.name) {
        let message = "The specified policy type is already enabled.";
        return Err(ApiError::new("PolicyTypeAlreadyEnabledException", message));
    }
    let lacking = |service: &&str| !organization.trusted_services.contains_key(*service);
    if let Some(service) = kind.needs_service.filter(lacking) {
        let message = format!("You must enable trusted access for {service} before you enable the policy type.");
        return Err(constraint("SERVICE_ACCESS_NOT_ENABLED", &message));
    }
    Ok(())
}

fn check_settled(organization: &Organization, kind: &PolicyType) -> Result<(), ApiError> {
    match organization.pending_policy_types.get(kind.name).map(String::as_str) {
        None => Ok(()),
        Some(PENDING_ENABLE) => {
            let message = "The specified policy type is already enabled.";
            Err(ApiError::new("PolicyTypeAlreadyEnabledException", message))
        }
        Some(_) => {
            let message = "Changes to the effective policy are in progress. Try again later.";
            Err(ApiError::new("PolicyChangesInProgressException", message))
        }
    }
}

/// Disabling a type detaches all its policies from everything, see "Disabling policy types" in the user guide.
fn disable_policy_type(request: &mut Request<'_>) -> Answer {
    let kind = of_request(request)?;
    let organization = request.organization()?;
    if !organization.policy_types.remove(kind.name) {
        return Err(not_enabled());
    }
    for policy in organization.policies.values_mut().filter(|policy| policy.kind == kind.name) {
        policy.targets.clear();
    }
    organization.pending_policy_types.insert(kind.name.to_owned(), "PENDING_DISABLE".to_owned());
    Ok(json!({"Root": organization.show_root()}))
}

pub(super) fn not_enabled() -> ApiError {
    ApiError::new("PolicyTypeNotEnabledException", "This operation can be performed only for enabled policy types.")
}
