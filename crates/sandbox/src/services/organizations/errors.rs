//! The errors of Organizations, in the words of its API reference where AWS's own message is not known.

use crate::aws_error::ApiError;

/// A ConstraintViolationException with its `Reason`.
pub(super) fn constraint(reason: &'static str, message: &str) -> ApiError {
    ApiError::new("ConstraintViolationException", message).with("Reason", reason)
}

/// An InvalidInputException with its `Reason`.
pub(super) fn invalid(reason: &'static str, message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidInputException", message).with("Reason", reason)
}

pub(super) fn not_in_use() -> ApiError {
    ApiError::new("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
}

/// What AWS answers to member accounts, whatever their permissions.
pub(super) fn access_denied() -> ApiError {
    ApiError::new("AccessDeniedException", "You don't have permissions to access this resource.")
}

pub(super) fn account_not_found() -> ApiError {
    ApiError::new("AccountNotFoundException", "You specified an account that doesn't exist.")
}

pub(super) fn parent_not_found() -> ApiError {
    ApiError::new("ParentNotFoundException", "You specified a parent that doesn't exist.")
}

pub(super) fn unit_not_found() -> ApiError {
    let message = "You specified an organizational unit that doesn't exist.";
    ApiError::new("OrganizationalUnitNotFoundException", message)
}

pub(super) fn policy_not_found() -> ApiError {
    ApiError::new("PolicyNotFoundException", "You specified a policy that doesn't exist.")
}

pub(super) fn target_not_found() -> ApiError {
    ApiError::new("TargetNotFoundException", "You specified a target that doesn't exist.")
}
