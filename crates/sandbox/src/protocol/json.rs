//! awsJson1.1, see "AWS JSON 1.1 protocol" in the Smithy specification.

use serde_json::{Map, Value};

use crate::aws_error::ApiError;
use crate::http::{HttpAnswer, HttpRequest};

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The operation after the dot of `X-Amz-Target: PREFIX.Operation`.
pub(super) fn operation_name(request: &HttpRequest) -> String {
    let target = request.header("x-amz-target").unwrap_or_default();
    target.rsplit('.').next().unwrap_or_default().to_owned()
}

/// The body's members; an empty body has none.
pub(super) fn members(request: &HttpRequest) -> Result<Map<String, Value>, ApiError> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(&request.body).map_err(|error| ApiError::new("SerializationException", error.to_string()))
}

pub(super) fn answer(output: &Value) -> HttpAnswer {
    HttpAnswer::new(200, CONTENT_TYPE, output.to_string().into_bytes())
}

pub(super) fn failure(error: &ApiError) -> HttpAnswer {
    HttpAnswer::new(error.status, CONTENT_TYPE, error_body(error).to_string().into_bytes())
}

/// The error as JSON. Services differ in whether the message is called `Message` or `message`; SDKs read both.
pub(super) fn error_body(error: &ApiError) -> Value {
    let mut body = Map::new();
    body.insert("__type".into(), Value::from(error.code.as_str()));
    for name in ["Message", "message"] {
        body.insert(name.into(), Value::from(error.message.as_str()));
    }
    body.extend(error.details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(body)
}
