//! The errors of Identity Center, in AWS's words as far as they are known.

use crate::aws_error::ApiError;

pub(crate) fn not_found(message: impl Into<String>) -> ApiError {
    ApiError::new("ResourceNotFoundException", message)
}

pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationException", message)
}

pub(crate) fn conflict(message: impl Into<String>) -> ApiError {
    ApiError::new("ConflictException", message)
}

pub(crate) fn quota_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::new("ServiceQuotaExceededException", message)
}

pub(super) fn access_denied(message: impl Into<String>) -> ApiError {
    ApiError::new("AccessDeniedException", message)
}
