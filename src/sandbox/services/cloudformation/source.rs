//! Where a request's template comes from.

use super::errors::invalid;
use crate::sandbox::request::{ApiError, Request};

/// Bytes of a template in the request itself, see "Understand CloudFormation quotas" in the user guide.
const LONGEST_BODY: usize = 51_200;

/// The template that a request brings, if it brings one.
pub(super) fn template_body(request: &Request<'_>) -> Result<Option<String>, ApiError> {
    let Some(body) = request.input.optional("TemplateBody")? else {
        return match request.input.optional("TemplateURL")? {
            Some(_) => Err(invalid("TemplateURL must be a supported URL.")),
            None => Ok(None),
        };
    };
    if body.len() > LONGEST_BODY {
        return Err(invalid(format!(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have \
             length less than or equal to {LONGEST_BODY}"
        )));
    }
    Ok(Some(body.to_owned()))
}
