//! ec2Query, see "AWS EC2 query protocol" in the Smithy specification; requests are those of the query protocol.

use std::fmt::Write;

use serde_json::{Value, json};

use super::xml;
use crate::aws_error::ApiError;
use crate::http::HttpAnswer;

const CONTENT_TYPE: &str = "text/xml";

pub(super) fn answer(operation: &str, namespace: &str, output: &Value, request_id: &str) -> HttpAnswer {
    let mut body = format!("<{operation}Response xmlns=\"{namespace}\">");
    xml::flat("requestId", &json!(request_id), &mut body);
    for (name, value) in output.as_object().into_iter().flatten() {
        xml::flat(name, value, &mut body);
    }
    let _ = write!(body, "</{operation}Response>");
    HttpAnswer::new(200, CONTENT_TYPE, body.into_bytes())
}

pub(super) fn failure(error: &ApiError, request_id: &str) -> HttpAnswer {
    let mut body = String::new();
    let shown = json!({"Errors": {"Error": {"Code": error.code, "Message": error.message}}, "RequestID": request_id});
    xml::flat("Response", &shown, &mut body);
    HttpAnswer::new(error.status, CONTENT_TYPE, body.into_bytes())
}
