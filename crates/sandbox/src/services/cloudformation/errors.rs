//! The errors of CloudFormation, in its own words.

use crate::aws_error::ApiError;

/// What CloudFormation calls nearly everything that is wrong with a request.
pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("ValidationError", message)
}

pub(super) fn stack_not_found(name: &str) -> ApiError {
    invalid(format!("Stack with id {name} does not exist"))
}

pub(super) fn already_exists(message: impl Into<String>) -> ApiError {
    ApiError::new("AlreadyExistsException", message)
}

pub(super) fn change_set_not_found(name: &str) -> ApiError {
    ApiError::new("ChangeSetNotFound", format!("ChangeSet [{name}] does not exist")).with_status(404)
}

pub(super) fn not_updatable(id: &str, status: &str) -> ApiError {
    invalid(format!("Stack:{id} is in {status} state and can not be updated."))
}

/// What an update that changes nothing ends with.
pub(super) const NO_UPDATES: &str = "No updates are to be performed.";

/// What a change set of nothing fails with.
pub(super) const NO_CHANGES: &str = "The submitted information didn't contain changes. Submit different information \
                                     to create a change set.";
