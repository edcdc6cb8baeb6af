//! Refusals of stacks that pass, because a service has not yet learnt what was changed minutes ago.

use super::super::{Step, WriteContext, WriteError};
use crate::cloud::AwsError;
use crate::kinds::shared::lag::of_failure;
use crate::kinds::shared::newcomer::joined_lately;
use crate::kinds::shared::opt_in;
use crate::model::Address;

/// What is waited for where `error` may pass; nothing where it stays.
///
/// # Errors
/// When AWS does not describe the account.
pub(super) async fn of(error: &WriteError, step: &Step, context: &WriteContext) -> Result<Option<String>, AwsError> {
    match error {
        WriteError::Failed { message, .. } => {
            let account = step.change.parent.as_ref().and_then(|account| context.id(account).ok());
            Ok(of_failure(context, account.as_deref(), message))
        }
        WriteError::Aws(error) if error.is_unknown_there() => {
            let account = step.change.parent.clone().unwrap_or_else(Address::management);
            Ok(opt_in::under_way(error, &account, &step.change.address.name(), context))
        }
        WriteError::Aws(error) if is_template_withheld(error) => {
            let Some(account) = step.change.parent.as_ref().filter(|it| **it != Address::management()) else {
                return Ok(None);
            };
            let Ok(id) = context.id(account) else { return Ok(None) };
            let is_new = joined_lately(context, &id).await?;
            Ok(is_new.then(|| format!("{account} joined lately, and the bucket of templates does not know it yet")))
        }
        _ => Ok(None),
    }
}

/// What CloudFormation says where the account may not read its template.
fn is_template_withheld(error: &AwsError) -> bool {
    error.is("ValidationError") && error.message.contains("S3 error: Access Denied")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cause;

    #[test]
    fn only_a_template_that_is_withheld_passes() {
        let error = |code: &str, message: &str| AwsError {
            cause: Cause::Refused(code.into()),
            ..AwsError::odd("cloudformation:CreateChangeSet", message)
        };
        assert!(is_template_withheld(&error("ValidationError", "S3 error: Access Denied")));
        assert!(!is_template_withheld(&error("ValidationError", "Template format error")));
        assert!(!is_template_withheld(&error("AccessDenied", "S3 error: Access Denied")));
    }
}
