//! A request as it arrives, an answer as it leaves, and what an operation sees of a request.

use serde_json::Value;

use super::identity::Caller;
use super::input::Input;
use super::state::State;

/// An HTTP request whose body has arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct HttpRequest {
    pub(super) method: String,
    /// The path and, after `?`, the query.
    pub(super) target: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl HttpRequest {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// An HTTP answer.
#[derive(Clone, Debug)]
pub(super) struct HttpAnswer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// No answer arrives: the connection was never made or broke.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ConnectionLost;

/// What a Signature Version 4 says about a request, see "Create a signed AWS API request" in the IAM user guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) access_key: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) session_token: Option<String>,
}

impl Signature {
    /// Reads the `Authorization` header's credential scope, `KEY/DATE/REGION/SERVICE/aws4_request`.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        let authorization = request.header("authorization")?;
        let scope = authorization.split("Credential=").nth(1)?.split([',', ' ']).next()?;
        // The access key comes first and may itself hold no slash.
        let mut parts = scope.split('/').map(str::to_owned);
        let (access_key, _date) = (parts.next()?, parts.next()?);
        Some(Self {
            access_key,
            region: parts.next()?,
            service: parts.next()?,
            session_token: request.header("x-amz-security-token").map(str::to_owned),
        })
    }
}

/// One request as the operation that answers it sees it.
pub(super) struct Request<'a> {
    pub(super) state: &'a mut State,
    pub(super) caller: Caller,
    pub(super) region: String,
    pub(super) operation: &'static str,
    pub(super) input: Input,
    /// Seconds since 1970.
    pub(super) now: u64,
}

/// What went wrong, as the service words it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ApiError {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
    /// Further members of the error, such as Organizations' `Reason`.
    pub(super) details: Vec<(&'static str, Value)>,
}

impl ApiError {
    /// An error that the caller caused: HTTP 400.
    pub(super) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { status: 400, code: code.to_owned(), message: message.into(), details: Vec::new() }
    }

    pub(super) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(super) fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.details.push((member, value.into()));
        self
    }
}

/// What an operation answers.
pub(super) type Answer = Result<Value, ApiError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credential_scope_tells_key_region_and_service() {
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/organizations/aws4_request, \
                             SignedHeaders=host, Signature=0";
        let request =
            HttpRequest { headers: vec![("authorization".into(), authorization.into())], ..HttpRequest::default() };
        let signature = Signature::of(&request).unwrap();
        assert_eq!(signature.access_key, "AKIDEXAMPLE");
        assert_eq!((signature.region.as_str(), signature.service.as_str()), ("us-east-1", "organizations"));
        assert_eq!(Signature::of(&HttpRequest::default()), None);
    }
}
