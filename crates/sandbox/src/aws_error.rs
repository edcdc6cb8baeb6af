//! What operations answer when they refuse, and what services call the errors that any of them may answer.

use serde_json::Value;

/// What went wrong, as the service words it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// Further members of the error, such as Organizations' `Reason`.
    pub(crate) details: Vec<(&'static str, Value)>,
}

/// What an operation answers.
pub(crate) type Answer = Result<Value, ApiError>;

impl ApiError {
    /// An error that the caller caused: HTTP 400.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { status: 400, code: code.to_owned(), message: message.into(), details: Vec::new() }
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.details.push((member, value.into()));
        self
    }
}

/// What a service calls the errors that any operation may answer.
pub(crate) struct ErrorCodes {
    pub(crate) access_denied: &'static str,
    /// HTTP status of a denied request.
    pub(crate) access_denied_status: u16,
    pub(crate) invalid_input: &'static str,
    /// The member of its errors that holds a reason, if there is one.
    pub(crate) reason: Option<&'static str>,
    pub(crate) throttled: &'static str,
    /// HTTP status of a throttled request.
    pub(crate) throttled_status: u16,
}

impl ErrorCodes {
    /// What services of the query protocol have in common.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>
    pub(crate) const QUERY: Self = Self {
        access_denied: "AccessDenied",
        access_denied_status: 403,
        invalid_input: "ValidationError",
        reason: None,
        throttled: "Throttling",
        throttled_status: 400,
    };

    /// What most services of the JSON protocol have in common.
    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html>
    pub(crate) const JSON: Self = Self {
        access_denied: "AccessDeniedException",
        access_denied_status: 400,
        invalid_input: "ValidationException",
        reason: None,
        throttled: "ThrottlingException",
        throttled_status: 400,
    };
}

impl ErrorCodes {
    /// What most services of REST protocols have in common, which answer a denied request with 403.
    pub(crate) const REST_JSON: Self = Self { access_denied_status: 403, throttled_status: 429, ..Self::JSON };
}
