//! The errors of stack sets.

use crate::aws_error::ApiError;

pub(super) fn set_not_found(name: &str) -> ApiError {
    ApiError::new("StackSetNotFoundException", format!("StackSet {name} not found")).with_status(404)
}

pub(super) fn operation_not_found(id: &str) -> ApiError {
    ApiError::new("OperationNotFoundException", format!("Operation {id} not found")).with_status(404)
}

/// Another operation is under way.
pub(super) fn busy(operation: &str) -> ApiError {
    let message = format!("Another Operation on StackSet is in progress: {operation}");
    ApiError::new("OperationInProgressException", message).with_status(409)
}

pub(super) fn limit_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::new("LimitExceededException", message)
}
