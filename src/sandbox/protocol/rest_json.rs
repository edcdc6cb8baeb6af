//! restJson1, see "AWS restJson1 protocol" in the Smithy specification.

use serde_json::{Map, Value};

use super::json::{self, error_body};
use super::query::query;
use crate::sandbox::request::{ApiError, HttpAnswer, HttpRequest};

const CONTENT_TYPE: &str = "application/json";

/// Whether a request is for an operation with this path, which may begin with a method and a space.
pub(super) fn is_for(request: &HttpRequest, path: &str) -> bool {
    match path.split_once(' ') {
        Some((method, path)) => request.method == method && request.path() == path,
        None => request.path() == path,
    }
}

/// The members of the body and the fields of the query.
pub(super) fn members(request: &HttpRequest) -> Result<Map<String, Value>, ApiError> {
    let mut members = json::members(request)?;
    members.extend(query(request).into_iter().map(|(name, value)| (name, Value::from(value))));
    Ok(members)
}

pub(super) fn answer(output: &Value) -> HttpAnswer {
    HttpAnswer::new(200, CONTENT_TYPE, output.to_string().into_bytes())
}

/// An error, whose code is in a header as well.
pub(super) fn failure(error: &ApiError) -> HttpAnswer {
    let body = error_body(error).to_string().into_bytes();
    let mut answer = HttpAnswer::new(error.status, CONTENT_TYPE, body);
    answer.headers.push(("x-amzn-errortype", error.code.clone()));
    answer
}
