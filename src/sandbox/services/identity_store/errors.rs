//! The errors of the directory.

use crate::sandbox::request::ApiError;

/// There is no such `GROUP`, `USER`, `GROUP_MEMBERSHIP` or `IDENTITY_STORE`.
pub(super) fn not_found(kind: &'static str, id: &str) -> ApiError {
    let error = ApiError::new("ResourceNotFoundException", format!("{kind} not found."));
    error.with_status(404).with("ResourceType", kind).with("ResourceId", id)
}

pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationException", message)
}

/// A name or a membership that is taken.
pub(super) fn duplicate(what: &str) -> ApiError {
    let error = ApiError::new("ConflictException", format!("Duplicate {what}")).with_status(409);
    error.with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
}
