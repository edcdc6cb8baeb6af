//! restJson1, see "AWS restJson1 protocol" in the Smithy specification.

use serde_json::{Map, Value};

use super::json;
use super::json::error_body;
use super::query::query;
use crate::aws_error::ApiError;
use crate::http::{HttpAnswer, HttpRequest};

const CONTENT_TYPE: &str = "application/json";

/// Whether a request is for an operation with this path, which may begin with a method and a space; `{Name}` stands for any
/// part of it.
pub(crate) fn is_for(request: &HttpRequest, path: &str) -> bool {
    let (method, path) = path.split_once(' ').unwrap_or((&request.method, path));
    let (asked, known) = (request.path().split('/'), path.split('/'));
    request.method == method
        && asked.clone().count() == known.clone().count()
        && asked.zip(known).all(|(asked, known)| asked == known || label(known).is_some())
}

fn label(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// The members of the body, the fields of the query, and what stands in the path for its labels.
pub(super) fn members(request: &HttpRequest, path: &str) -> Result<Map<String, Value>, ApiError> {
    let mut members = json::members(request)?;
    members.extend(query(request).into_iter().map(|(name, value)| (name, Value::from(value))));
    let parts = request.path().split('/').zip(path.split('/'));
    members.extend(parts.filter_map(|(asked, known)| Some((label(known)?.to_owned(), Value::from(asked)))));
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
