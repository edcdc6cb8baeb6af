//! Where a request's template comes from: the request itself, or S3.

use super::errors::invalid;
use crate::aws_error::ApiError;
use crate::request::Request;
use crate::shared::objects::object_at;

/// Bytes of a template in the request itself, see "Understand CloudFormation quotas" in the user guide.
const LONGEST_BODY: usize = 51_200;
/// Bytes of a template in S3, from the same page.
const LONGEST_OBJECT: usize = 1_048_576;

/// The template that a request brings, if it brings one.
pub(super) fn template_body(request: &Request<'_>) -> Result<Option<String>, ApiError> {
    match (request.input.optional("TemplateBody")?, request.input.optional("TemplateURL")?) {
        (Some(_), Some(_)) => Err(invalid("Only one of TemplateBody and TemplateURL may be specified")),
        (Some(body), None) => inline(body).map(Some),
        (None, Some(url)) => stored(request, url).map(Some),
        (None, None) => Ok(None),
    }
}

fn inline(body: &str) -> Result<String, ApiError> {
    if body.len() > LONGEST_BODY {
        return Err(invalid(format!(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have \
             length less than or equal to {LONGEST_BODY}"
        )));
    }
    Ok(body.to_owned())
}

fn stored(request: &Request<'_>, url: &str) -> Result<String, ApiError> {
    let body = object_at(request.state, &request.caller.account, url).map_err(|error| {
        if error.code == "InvalidURL" {
            invalid("TemplateURL must be a supported URL.")
        } else {
            invalid(format!("S3 error: {}", error.message))
        }
    })?;
    if body.len() > LONGEST_OBJECT {
        return Err(invalid(format!("Template may not exceed {LONGEST_OBJECT} bytes in size.")));
    }
    Ok(body.to_owned())
}
