//! What comes back for a request: whole, in time, of bounded size, and AWS's.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::call::Call;

/// What an answer may take. The defaults hold for AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerLimits {
    /// From when the turn of an attempt has come until its answer is there in whole: 60 seconds. The SDK's own limits would
    /// count the waiting for the turn as well.
    pub whole: Duration,
    /// From one part of an answer's body until the next: 15 seconds.
    pub stall: Duration,
    /// Bytes of a body: 64 MiB. AWS's pages have a hundredth of that.
    pub bytes: usize,
    /// Attempts of one call after which one that took too long is not repeated: 3.
    pub timed_out: u32,
}

impl Default for AnswerLimits {
    fn default() -> AnswerLimits {
        AnswerLimits {
            whole: Duration::from_secs(60),
            stall: Duration::from_secs(15),
            bytes: 64 * 1024 * 1024,
            timed_out: 3,
        }
    }
}

/// An answer that AWS does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotAws {
    /// Nothing, where AWS always says something.
    Empty { status: u16 },
    /// A page for people; with its title, where it has one.
    Page { status: u16, title: Option<String> },
    /// Neither JSON nor XML, whichever the service writes.
    Other { status: u16 },
    /// To ask elsewhere.
    Redirect { status: u16, to: String },
    /// More than is taken.
    TooLarge { bytes: usize },
}

impl fmt::Display for NotAws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an answer of AWS (a proxy?): ")?;
        match self {
            NotAws::Empty { status } => write!(f, "an empty one with HTTP {status}"),
            NotAws::Page { status, title: None } => write!(f, "an HTML page with HTTP {status}"),
            NotAws::Page { status, title: Some(title) } => write!(f, "an HTML page with HTTP {status}: {title}"),
            NotAws::Other { status } => write!(f, "a text with HTTP {status} in a form that the service does not have"),
            NotAws::Redirect { status, to } => write!(f, "HTTP {status}, which leads to {to}"),
            NotAws::TooLarge { bytes } => write!(f, "more than {bytes} bytes"),
        }
    }
}

impl Error for NotAws {}

/// The answer to a request, in memory.
///
/// # Errors
/// When there is none within the limits.
pub(super) async fn answer(
    inner: &SharedHttpConnector,
    request: HttpRequest,
    limits: AnswerLimits,
) -> Result<HttpResponse, ConnectorError> {
    let whole = async { in_memory(inner.call(request).await?, limits).await };
    let words = || format!("no whole answer within {} seconds", limits.whole.as_secs_f32());
    timeout(limits.whole, whole).await.unwrap_or_else(|_| Err(ConnectorError::timeout(words().into())))
}

/// The response with its body in memory: over the network it may still be streaming.
async fn in_memory(mut response: HttpResponse, limits: AnswerLimits) -> Result<HttpResponse, ConnectorError> {
    if response.body().bytes().is_some() {
        return Ok(response);
    }
    let mut body = response.take_body();
    let mut bytes = Vec::new();
    while let Some(part) = next_part(&mut body, limits.stall).await? {
        if bytes.len() + part.len() > limits.bytes {
            return Err(ConnectorError::user(NotAws::TooLarge { bytes: limits.bytes }.into()));
        }
        bytes.extend_from_slice(&part);
    }
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

async fn next_part(body: &mut SdkBody, stall: Duration) -> Result<Option<Vec<u8>>, ConnectorError> {
    let words = || format!("the answer stopped half-way for {} seconds", stall.as_secs_f32());
    let frame = timeout(stall, body.frame()).await.map_err(|_| ConnectorError::timeout(words().into()))?;
    let Some(frame) = frame else { return Ok(None) };
    // What is not data are trailers, which no answer here has.
    let data = frame.map_err(ConnectorError::io)?.into_data().unwrap_or_default();
    Ok(Some(data.to_vec()))
}

/// Looks whether an answer can be AWS's, by its first characters alone: the SDK reads the rest.
///
/// # Errors
/// When it cannot. An empty answer is AWS's where a write has nothing to say, and to a HEAD request.
pub(super) fn check(call: &Call, response: &HttpResponse) -> Result<(), NotAws> {
    let status = response.status().as_u16();
    let body = response.body().bytes().unwrap_or_default();
    let text = body.trim_ascii_start();
    match status {
        _ if call.operation.starts_with("Head") => Ok(()),
        200..300 if text.is_empty() && call.is_write() => Ok(()),
        200..300 if text.is_empty() => Err(NotAws::Empty { status }),
        // S3 names the region of a bucket by one; other services know none.
        300..400 if call.service != "s3" => Err(NotAws::Redirect { status, to: place(response) }),
        // AWS's own load balancers answer with pages when they are overloaded.
        200..500 if is_page(text) => Err(NotAws::Page { status, title: title(text) }),
        200..300 if !is_in_form(call.service, text) => Err(NotAws::Other { status }),
        _ => Ok(()),
    }
}

fn place(response: &HttpResponse) -> String {
    let location = response.headers().get("location").unwrap_or("nowhere");
    // What follows the host may hold whatever a sign-in page was asked for.
    location.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// The services that write XML; the others write JSON objects.
fn is_in_form(service: &str, text: &[u8]) -> bool {
    let first = if matches!(service, "cloudformation" | "sts" | "iam" | "ec2" | "s3") { b'<' } else { b'{' };
    text.first() == Some(&first)
}

/// Whether a text begins as HTML does, after a declaration of XML and comments.
fn is_page(text: &[u8]) -> bool {
    let mut text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    while let Some(rest) = after(text, b"<?", b"?>").or_else(|| after(text, b"<!--", b"-->")) {
        text = rest.trim_ascii_start();
    }
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<body")
}

/// What follows a part of `text` that goes from `start`, where it begins so, to `end`.
fn after<'t>(text: &'t [u8], start: &[u8], end: &[u8]) -> Option<&'t [u8]> {
    let inside = text.strip_prefix(start)?;
    let at = inside.windows(end.len()).position(|window| window == end)?;
    Some(&inside[at + end.len()..])
}

/// What a page is called, shortened.
fn title(page: &[u8]) -> Option<String> {
    let page = String::from_utf8_lossy(page);
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    let words: Vec<&str> = page[start..end].split_whitespace().collect();
    Some(words.join(" ").chars().take(80).collect()).filter(|title: &String| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(service: &'static str, operation: &str) -> Call {
        Call { service, operation: operation.into(), site: None }
    }

    fn response(status: u16, body: &str) -> HttpResponse {
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
    }

    fn checked(service: &'static str, operation: &str, status: u16, body: &str) -> Result<(), String> {
        check(&call(service, operation), &response(status, body)).map_err(|it| it.to_string())
    }

    #[test]
    fn answers_in_the_form_of_their_service_pass() {
        let passes = |service, operation, status, body| {
            assert_eq!(checked(service, operation, status, body), Ok(()), "{operation} {status} {body}");
        };
        passes("organizations", "ListAccounts", 200, " {\"Accounts\":[]}");
        passes("cloudformation", "ListStacks", 200, "<?xml version=\"1.0\"?>\n<ListStacksResponse/>");
        passes("sts", "GetCallerIdentity", 200, "<GetCallerIdentityResponse/>");
        // "sends back an HTTP 200 response with an empty HTTP body", as AttachPolicy's reference has it.
        passes("organizations", "AttachPolicy", 200, "");
        passes("s3", "HeadBucket", 200, "");
        passes("s3", "HeadBucket", 301, "");
        passes("s3", "ListBuckets", 301, "<Error><Code>PermanentRedirect</Code></Error>");
        passes("organizations", "ListAccounts", 400, "{\"__type\":\"AccessDeniedException\"}");
        passes("organizations", "ListAccounts", 404, "<UnknownOperationException/>");
        passes("organizations", "ListAccounts", 503, "<html><body><b>Http/1.1 Service Unavailable</b></body></html>");
    }

    #[test]
    fn what_aws_does_not_answer_is_named() {
        let named = |service, operation, status, body: &str, words: &str| {
            let expected = Err(format!("not an answer of AWS (a proxy?): {words}"));
            assert_eq!(checked(service, operation, status, body), expected, "{operation} {status} {body}");
        };
        named("organizations", "ListAccounts", 200, " \n", "an empty one with HTTP 200");
        named("cloudformation", "DescribeStacks", 204, "", "an empty one with HTTP 204");
        let page =
            "\u{feff}<!-- x -->\n<!DOCTYPE HTML><html><head><TITLE>Sign in\n to the network</TITLE></head></html>";
        named("organizations", "ListAccounts", 200, page, "an HTML page with HTTP 200: Sign in to the network");
        named("organizations", "CreateAccount", 403, page, "an HTML page with HTTP 403: Sign in to the network");
        named("organizations", "AttachPolicy", 200, "<HTML>", "an HTML page with HTTP 200");
        let xhtml = "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html><title></title></html>";
        named("cloudformation", "ListStacks", 200, xhtml, "an HTML page with HTTP 200");
        let other = "a text with HTTP 200 in a form that the service does not have";
        named("organizations", "ListAccounts", 200, "blocked", other);
        named("organizations", "ListAccounts", 200, "<ListAccounts/>", other);
        named("organizations", "ListAccounts", 200, "[]", other);
        named("ec2", "DescribeRegions", 200, "{}", other);
        named("organizations", "AttachPolicy", 200, "ok", other);
        named("organizations", "ListAccounts", 302, "", "HTTP 302, which leads to nowhere");
    }

    #[test]
    fn a_redirect_is_named_without_what_it_asks() {
        let mut response = response(302, "");
        response.headers_mut().insert("location", "https://portal.example/login?token=secret#x");
        let error = check(&call("organizations", "ListAccounts"), &response).unwrap_err();
        assert_eq!(error, NotAws::Redirect { status: 302, to: "https://portal.example/login".into() });
    }
}
