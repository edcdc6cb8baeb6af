//! restJson1, see "AWS restJson1 protocol" in the Smithy specification.

use serde_json::Value;

use super::json::error_body;
use crate::sandbox::request::{ApiError, HttpAnswer};

const CONTENT_TYPE: &str = "application/json";

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
