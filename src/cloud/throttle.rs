//! How AWS answers when it throttles.

use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::service::error_code;

/// Parts of the error codes by which services throttle: of the JSON and query protocols, of EC2, and of S3.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
const THROTTLED: [&str; 4] = ["Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown"];

/// Whether an answer asks for fewer calls.
pub(super) fn is_throttled(response: &HttpResponse) -> bool {
    let status = response.status();
    if status.as_u16() == 429 || (status.as_u16() == 503 && response.headers().get("retry-after").is_some()) {
        return true;
    }
    let failed = status.is_client_error() || status.is_server_error();
    failed && (names_it(&error_code(response).unwrap_or_default()) || (status.is_client_error() && says_it(response)))
}

fn names_it(code: &str) -> bool {
    THROTTLED.iter().any(|part| code.contains(part))
}

/// Some gateways in front of services answer a text alone.
fn says_it(response: &HttpResponse) -> bool {
    let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    body.contains("Throttling") || body.contains("TooManyRequests")
}

/// How long an answer that came at `now` asks to wait: milliseconds in AWS's own header, or seconds or a date in HTTP's.
/// <https://smithy.io/2.0/spec/behavior-traits.html#retryable-trait>,
/// <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>
pub(super) fn pause_asked(response: &HttpResponse, now: SystemTime) -> Option<Duration> {
    let header = |name: &str| response.headers().get(name).map(str::trim);
    let own = header("x-amz-retry-after").and_then(|millis| Some(Duration::from_millis(millis.parse().ok()?)));
    own.or_else(|| http_pause(header("retry-after")?, now))
}

fn http_pause(value: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = SystemTime::try_from(DateTime::from_str(value, Format::HttpDate).ok()?).ok()?;
    until.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn response(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> HttpResponse {
        let mut response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        response
    }

    #[test]
    fn every_protocol_throttles_in_its_own_way() {
        let throttled = [
            response(400, &[], r#"{"__type":"com.amazonaws.organizations#TooManyRequestsException","Message":"slow"}"#),
            response(400, &[("x-amzn-errortype", "ThrottlingException:http://internal/")], "{}"),
            response(429, &[], ""),
            response(400, &[], "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"),
            response(
                503,
                &[],
                "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>",
            ),
            response(503, &[], "<Error><Code>SlowDown</Code></Error>"),
            response(503, &[("retry-after", "3")], ""),
            response(400, &[], "Throttling: Rate exceeded"),
        ];
        for response in throttled {
            assert!(is_throttled(&response), "{response:?}");
        }
        let others = [
            response(200, &[], r#"{"Policies":[{"Name":"Throttling"}]}"#),
            response(400, &[], r#"{"__type":"AccessDeniedException","Message":"no"}"#),
            response(400, &[], r#"{"__type":"LimitExceededException","Message":"too many stack sets"}"#),
            response(503, &[], r#"{"__type":"ServiceUnavailable"}"#),
            response(500, &[], ""),
        ];
        for response in others {
            assert!(!is_throttled(&response), "{response:?}");
        }
    }

    #[test]
    fn a_pause_is_seconds_a_date_or_milliseconds() {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let asked = |name, value| pause_asked(&response(429, &[(name, value)], ""), now);
        assert_eq!(asked("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("Retry-After", " 7 "), Some(Duration::from_secs(7)));
        assert_eq!(asked("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT"), None, "it is over");
        assert_eq!(asked("x-amz-retry-after", "1500"), Some(Duration::from_millis(1500)));
        for odd in ["", "-1", "soon", "1.5"] {
            assert_eq!(asked("retry-after", odd), None, "{odd}");
        }
        assert_eq!(pause_asked(&response(429, &[], ""), now), None);
    }
}
