//! The errors of the directory.

use crate::aws_error::ApiError;

/// There is no `GROUP`, `USER` or `GROUP_MEMBERSHIP` of this id.
pub(super) fn not_found(kind: &'static str, id: &str) -> ApiError {
    unknown(kind).with("ResourceId", id)
}

/// There is no such resource, asked for by something else than its id, or no such `IDENTITY_STORE`.
pub(super) fn unknown(kind: &'static str) -> ApiError {
    let error = ApiError::new("ResourceNotFoundException", format!("{kind} not found."));
    error.with_status(404).with("ResourceType", kind)
}

pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationException", message)
}

/// A name or a membership that is taken.
pub(super) fn duplicate(what: &str) -> ApiError {
    let error = ApiError::new("ConflictException", format!("Duplicate {what}")).with_status(409);
    error.with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
}
