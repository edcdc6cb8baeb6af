use std::error::Error;
use std::fmt;
use std::time::SystemTime;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use super::answer::NotAws;
use super::fence::Fenced;
use super::help::{help, with_skew, without_secrets};
use super::new_accounts::{is_too_new, is_unknown_there};
use crate::model::only_reads;

/// Why a call failed, as far as what to do next depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// AWS understood and said no, with its error code; nothing happened.
    Refused(String),
    /// It may have happened: the answer was lost or was an internal error.
    Unclear,
    /// No connection could be made; nothing happened.
    Unreachable,
    /// What answered was not AWS: a proxy, or the sign-in page of a network.
    NotAws,
    /// It was not sent, because this run does not hold the lease any more.
    NoLease,
    /// It was answered, and cannot be used; with what to do about it.
    Unusable(&'static str),
    /// There are no credentials to sign with.
    NoCredentials,
}

/// A failed AWS call with all that a person needs to look into it.
#[derive(Clone, Debug)]
pub struct AwsError {
    /// What kind of failure it is.
    pub cause: Cause,
    /// `organizations:CreateAccount`.
    pub operation: String,
    /// AWS's own words, or what went wrong on the way.
    pub message: String,
    /// What the answer says beside its code and message.
    pub details: Box<Details>,
    /// The account whose credentials made the call.
    pub account: Option<String>,
}

/// What an answer says beside its code and message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// What AWS Support asks for; absent where no answer came.
    pub request_id: Option<String>,
    /// Which constraint AWS refused for, where it says so in a member of its own: `ACCOUNT_NUMBER_LIMIT_EXCEEDED`.
    pub constraint: Option<String>,
}

impl AwsError {
    /// An answer that makes no sense.
    pub fn odd(operation: &str, message: impl Into<String>) -> AwsError {
        AwsError {
            cause: Cause::Unclear,
            operation: operation.to_owned(),
            message: message.into(),
            details: Box::default(),
            account: None,
        }
    }

    /// An answer that must not be used, and what to do about it.
    pub fn unusable(operation: &str, message: impl Into<String>, help: &'static str) -> AwsError {
        AwsError { cause: Cause::Unusable(help), ..AwsError::odd(operation, message) }
    }

    /// AWS's error code, where AWS answered.
    pub fn code(&self) -> Option<&str> {
        match &self.cause {
            Cause::Refused(code) => Some(code),
            _ => None,
        }
    }

    /// What went wrong, without the operation and the request: the same for every call that an outage stops.
    pub fn reason(&self) -> String {
        let words = match &self.cause {
            Cause::Refused(code) => match &self.details.constraint {
                Some(constraint) => format!("was refused: {code} ({constraint})"),
                None => format!("was refused: {code}"),
            },
            Cause::Unclear if self.only_read() => "failed without a definite response".into(),
            Cause::Unclear => "failed without a definite response, and the change may have been made".into(),
            Cause::Unreachable => "could not reach AWS".into(),
            Cause::NotAws => "was not answered by AWS".into(),
            Cause::NoLease => "was not sent".into(),
            Cause::Unusable(_) => "cannot be used".into(),
            Cause::NoCredentials => "has no AWS credentials".into(),
        };
        format!("{words}: {}", self.message)
    }

    fn only_read(&self) -> bool {
        only_reads(self.operation.rsplit(':').next().unwrap_or_default())
    }

    /// Whether AWS refused with this error code.
    pub fn is(&self, code: &str) -> bool {
        self.code() == Some(code)
    }

    /// Whether AWS refused for this reason, which it names beside the error code.
    pub fn is_for(&self, constraint: &str) -> bool {
        self.details.constraint.as_deref() == Some(constraint)
    }

    /// Whether the caller lacks a permission.
    pub fn is_access_denied(&self) -> bool {
        self.code().is_some_and(|code| code.contains("AccessDenied") || code == "UnauthorizedOperation")
    }

    /// Whether the endpoint does not know the operation, as emulators do.
    pub fn is_unknown_operation(&self) -> bool {
        self.code().is_some_and(|code| {
            ["UnknownOperation", "InvalidAction", "NotImplemented", "UnrecognizedClient", "HTTP 40"]
                .iter()
                .any(|known| code.contains(known))
        })
    }

    /// Whether the service does not know the account, or it has not signed up or opted in to the region.
    pub fn is_unknown_there(&self) -> bool {
        let is_disabled = self.operation == "sts:AssumeRole" && self.is("RegionDisabledException");
        let are_the_callers = self.operation.starts_with("sts:");
        is_disabled || (!are_the_callers && self.code().is_some_and(is_unknown_there))
    }

    /// Whether a new account answers so until it can be used.
    pub fn is_too_new(&self) -> bool {
        is_too_new(self)
    }

    /// Whether AWS wants to be asked more slowly; nothing happened.
    pub fn is_throttled(&self) -> bool {
        self.code().is_some_and(|code| code.contains("Throttl") || code.contains("TooManyUpdates"))
    }

    /// What to do about it, where that can be said.
    pub fn help(&self) -> Option<String> {
        help(self)
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(account) = &self.account {
            write!(f, " in account {account}")?;
        }
        write!(f, " {}", self.reason())?;
        match &self.details.request_id {
            Some(id) => write!(f, " (request id {id})"),
            None => Ok(()),
        }
    }
}

impl Error for AwsError {}

/// Turns the SDK's error into one that says what was called.
pub trait Explain<T> {
    /// `operation` as IAM names it: `organizations:CreateAccount`.
    fn explain(self, operation: &str) -> Result<T, AwsError>;
}

impl<T, E> Explain<T> for Result<T, SdkError<E, HttpResponse>>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn explain(self, operation: &str) -> Result<T, AwsError> {
        self.map_err(|error| {
            let (cause, message) = cause_of(&error);
            AwsError {
                cause,
                operation: operation.to_owned(),
                message,
                details: Box::new(Details {
                    request_id: request_id(&error),
                    constraint: error.raw_response().and_then(constraint),
                }),
                account: None,
            }
        })
    }
}

fn cause_of<E>(error: &SdkError<E, HttpResponse>) -> (Cause, String)
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(service) => {
            let meta = service.err().meta();
            let message = without_secrets(meta.message().unwrap_or("no message"));
            match meta.code() {
                Some(code) if !service.raw().status().is_server_error() => {
                    let date = service.raw().headers().get("date");
                    (Cause::Refused(code.to_owned()), with_skew(message, code, date, SystemTime::now()))
                }
                // Every refusal of AWS's has a code: this is an endpoint that does not know the operation, and nothing happened.
                None if service.raw().status().is_client_error() => {
                    (Cause::Refused(format!("HTTP {}", service.raw().status().as_u16())), message)
                }
                _ => (Cause::Unclear, format!("HTTP {}: {message}", service.raw().status())),
            }
        }
        SdkError::DispatchFailure(failure) => stopped(failure.as_connector_error()).unwrap_or_else(|| {
            let message = chain(failure.as_connector_error().map(|e| e as &dyn Error));
            let lower = message.to_lowercase();
            if lower.contains("credentials") || lower.contains("no identity") {
                (Cause::NoCredentials, message)
            } else if is_unreachable(&message) {
                (Cause::Unreachable, message)
            } else {
                (Cause::Unclear, message)
            }
        }),
        SdkError::ConstructionFailure(_) => {
            let message = chain(Some(error));
            if message.to_lowercase().contains("credentials") {
                (Cause::NoCredentials, message)
            } else {
                (Cause::Refused("ConstructionFailure".into()), message)
            }
        }
        _ => (Cause::Unclear, chain(Some(error))),
    }
}

/// What the door stopped by itself.
fn stopped(error: Option<&ConnectorError>) -> Option<(Cause, String)> {
    let source = error?.source()?;
    if let Some(fenced) = source.downcast_ref::<Fenced>() {
        let cause = if fenced.was_sent { Cause::Unclear } else { Cause::NoLease };
        return Some((cause, fenced.to_string()));
    }
    let not_aws = source.downcast_ref::<NotAws>()?;
    Some((Cause::NotAws, not_aws.to_string()))
}

/// Organizations calls the member `Reason`, Account Management `reason`.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html#API_CloseAccount_Errors>
fn constraint(response: &HttpResponse) -> Option<String> {
    let body = response.body().bytes().filter(|_| response.status().is_client_error())?;
    let body: Value = serde_json::from_slice(body).ok()?;
    let reason = body.get("Reason").or_else(|| body.get("reason"))?.as_str()?;
    // AWS writes words of its own, which are shown.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!reason.is_empty() && reason.chars().all(is_plain)).then(|| reason.to_owned())
}

fn request_id<E>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    let headers = error.raw_response()?.headers();
    ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"]
        .iter()
        .find_map(|name| headers.get(*name))
        .map(str::to_owned)
}

/// Whether a connection error means that no connection was made, so that nothing was sent.
pub(super) fn is_unreachable(message: &str) -> bool {
    let lower = message.to_lowercase();
    ["connect error", "connection refused", "dns error"].iter().any(|words| lower.contains(words))
}

/// The texts of an error and of what caused it, outermost first, none twice.
pub(super) fn chain(error: Option<&dyn Error>) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error;
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|before| before.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}
