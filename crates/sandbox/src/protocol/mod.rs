//! The wire protocols: how a request names its operation and members, and how answers and errors are written.

mod ec2;
mod json;
mod query;
pub(super) mod rest_json;
pub(super) mod rest_xml;
mod xml;

use serde_json::{Map, Value};

use crate::aws_error::ApiError;
use crate::http::{HttpAnswer, HttpRequest};

/// A wire protocol of AWS, as the Smithy specification names them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Protocol {
    /// awsJson1.1: the operation is in the `X-Amz-Target` header, everything else is JSON.
    Json,
    /// awsQuery: a form with the operation in `Action`; answers are XML in this namespace.
    Query { namespace: &'static str },
    /// restJson1: the operation is the path, everything else is JSON.
    RestJson,
    /// restXml as S3 speaks it: the operation is reported by method, bucket, key and query.
    RestXml,
    /// ec2Query: a form with the operation in `Action`; answers are XML in this namespace.
    Ec2 { namespace: &'static str },
}

impl Protocol {
    /// The name of the operation that a request asks for; none where its path says it.
    pub(super) fn operation_name(self, request: &HttpRequest) -> Option<String> {
        match self {
            Self::Json => Some(json::operation_name(request)),
            Self::Query { .. } | Self::Ec2 { .. } => Some(query::operation_name(request)),
            Self::RestXml => Some(rest_xml::operation_name(request)),
            Self::RestJson => None,
        }
    }

    /// The protocol of a service that is not known and the name of the operation, as far as the request shows.
    pub(super) fn guess(request: &HttpRequest) -> (Self, String) {
        let (target, action) = (json::operation_name(request), query::operation_name(request));
        match (target.is_empty(), action.is_empty()) {
            (false, _) => (Self::Json, target),
            (true, false) => (Self::Query { namespace: "" }, action),
            (true, true) => (Self::RestJson, request.path().to_owned()),
        }
    }

    /// The members of a request for an operation with this path.
    ///
    /// # Errors
    /// When the body is not what the protocol says.
    pub(super) fn members(self, request: &HttpRequest, path: &str) -> Result<Map<String, Value>, ApiError> {
        match self {
            Self::Json => json::members(request),
            Self::RestJson => rest_json::members(request, path),
            Self::Query { .. } | Self::Ec2 { .. } => Ok(query::members(request)),
            Self::RestXml => rest_xml::members(request),
        }
    }

    /// A successful answer of `operation`.
    pub(super) fn answer(self, operation: &str, output: &Value, request_id: &str) -> HttpAnswer {
        match self {
            Self::Json => json::answer(output),
            Self::Query { namespace } => query::answer(operation, namespace, output, request_id),
            Self::RestJson => rest_json::answer(output),
            Self::RestXml => rest_xml::answer(operation, output),
            Self::Ec2 { namespace } => ec2::answer(operation, namespace, output, request_id),
        }
        .identified(request_id)
    }

    /// An error.
    pub(super) fn failure(self, error: &ApiError, request_id: &str) -> HttpAnswer {
        match self {
            Self::Json => json::failure(error),
            Self::Query { namespace } => query::failure(namespace, error, request_id),
            Self::RestJson => rest_json::failure(error),
            Self::RestXml => rest_xml::failure(error, request_id),
            Self::Ec2 { .. } => ec2::failure(error, request_id),
        }
        .identified(request_id)
    }
}

impl HttpAnswer {
    fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body }
    }

    fn identified(mut self, request_id: &str) -> Self {
        self.headers.push(("x-amzn-requestid", request_id.to_owned()));
        self
    }
}
