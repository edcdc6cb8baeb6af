//! What a simulated service is: its protocol, its error codes and its operations.

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::http::HttpRequest;
use crate::identity::Caller;
use crate::options::Options;
use crate::progress::Progress;
use crate::protocol::{Protocol, rest_json};
use crate::request::Request;
use crate::state::State;

/// A simulated service.
pub(crate) struct Service {
    /// The name that requests are signed for.
    pub(crate) name: &'static str,
    /// The prefix of its actions in IAM policies.
    pub(crate) action_prefix: &'static str,
    pub(crate) protocol: Protocol,
    pub(crate) errors: ErrorCodes,
    pub(crate) operations: &'static [&'static [Operation]],
    /// Refuses callers whom the service does not serve, whatever their permissions are.
    pub(crate) admit: fn(&State, &Caller, &Operation) -> Result<(), ApiError>,
    /// Finishes what is due; whether anything was.
    pub(crate) settle: fn(&mut Due<'_>) -> bool,
}

/// What is known where a service finishes what is due.
pub(crate) struct Due<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) progress: &'a mut Progress,
    pub(crate) options: &'a Options,
    /// Seconds since 1970.
    pub(crate) now: u64,
}

/// One operation of a service.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    /// As AWS names it.
    pub(crate) name: &'static str,
    /// The path of its requests in a REST protocol, after their method where paths do not distinguish operations; otherwise
    /// empty.
    pub(crate) path: &'static str,
    pub(crate) answer: fn(&mut Request<'_>) -> Answer,
}

/// An operation that its request names.
pub(crate) const fn operation(name: &'static str, answer: fn(&mut Request<'_>) -> Answer) -> Operation {
    Operation { name, path: "", answer }
}

/// An operation of a REST protocol, which is known by its path.
pub(crate) const fn rest_operation(
    name: &'static str,
    path: &'static str,
    answer: fn(&mut Request<'_>) -> Answer,
) -> Operation {
    Operation { name, path, answer }
}

impl Operation {
    /// Whether it changes something. AWS's names show; AssumeRole and GetCallerIdentity change nothing that lasts.
    pub(crate) fn is_write(&self) -> bool {
        const READS: [&str; 8] = ["Describe", "List", "Get", "Head", "Assume", "Validate", "Detect", "Lookup"];
        !READS.iter().any(|verb| self.name.starts_with(verb))
    }

    /// Whether something of it is kept: also of a drift detection, which IAM counts among the reads.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_write() || self.name.starts_with("Detect")
    }
}

/// For a service all of whose operations are done when they answer.
pub(crate) fn nothing_due(_: &mut Due<'_>) -> bool {
    false
}

/// For a service that serves every caller.
pub(crate) fn admit_all(_: &State, _: &Caller, _: &Operation) -> Result<(), ApiError> {
    Ok(())
}

impl Service {
    /// The operation that a request asks for: its name as far as the request shows, and the operation if it is
    /// simulated.
    pub(crate) fn operation(&self, request: &HttpRequest) -> (String, Option<&'static Operation>) {
        let named = self.protocol.operation_name(request);
        let found = self.operations().find(|operation| match &named {
            Some(name) => operation.name == name,
            None => rest_json::is_for(request, operation.path),
        });
        let called = || found.map_or(request.path(), |operation| operation.name).to_owned();
        (named.unwrap_or_else(called), found)
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.operations.iter().copied().flatten()
    }
}
