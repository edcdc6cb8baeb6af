//! What to do about a failed call.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{AwsError, Cause, constraint};

/// Credentials that were good once.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html>
const EXPIRED: [&str; 3] = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"];

/// Credentials that AWS does not know.
const UNKNOWN: [&str; 3] = ["InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"];

/// A signature that is not that of the request, or not of this hour.
const SIGNATURE: [&str; 6] = [
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "AuthFailure",
    "IncompleteSignature",
];

/// A clock that is wrong by less than this, in seconds, does not explain a refusal: AWS allows five minutes.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>
const TOLERATED: i64 = 120;

/// What to do about `error`, where that can be said.
pub(super) fn help(error: &AwsError) -> Option<String> {
    match &error.cause {
        Cause::NoCredentials => Some(
            "sign in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or try \
             everything without an account by adding --sandbox"
                .into(),
        ),
        Cause::Unreachable => {
            Some("check the network, the proxy (HTTPS_PROXY, NO_PROXY), the region and --endpoint-url".into())
        }
        Cause::NotAws => Some(
            "sign in to the network or to the proxy, or let AWS's hosts past it (HTTPS_PROXY, NO_PROXY); check \
             --endpoint-url; then run the same command again"
                .into(),
        ),
        Cause::NoLease => Some(
            "make sure that no other apply is under way, then run the same command again: it compares anew and goes on"
                .into(),
        ),
        Cause::Refused(code) => refused(error, code),
        Cause::Unusable(help) => Some((*help).to_owned()),
        Cause::Unclear => None,
    }
}

fn refused(error: &AwsError, code: &str) -> Option<String> {
    let is_any = |codes: &[&str]| codes.contains(&code);
    let is_late = ["expired", "not yet current"].iter().any(|words| error.message.contains(words));
    let is_late = is_late || error.message.contains(SKEW) || matches!(code, "RequestExpired" | "RequestTimeTooSkewed");
    if let Some(help) = error.details.constraint.as_deref().and_then(constraint::help) {
        return Some(help.to_owned());
    }
    match () {
        () if is_any(&EXPIRED) => Some(
            "the session has ended: sign in again (`aws sso login`, or new temporary credentials), then run the same \
             command again; what was done stays done"
                .into(),
        ),
        () if is_any(&SIGNATURE) && is_late => Some(
            "set this machine's clock (`timedatectl set-ntp true`, or the time settings) and sign in again if the \
             credentials are old, then run the same command again"
                .into(),
        ),
        () if is_any(&SIGNATURE) => {
            Some("check AWS_SECRET_ACCESS_KEY or the profile's keys: the secret is not that of the access key".into())
        }
        () if is_any(&UNKNOWN) => Some(
            "check the profile and the keys: AWS does not know them in this partition; temporary ones need their \
             session token (AWS_SESSION_TOKEN)"
                .into(),
        ),
        () if error.is_access_denied() => {
            let action = denied_action(&error.message).unwrap_or(&error.operation);
            Some(format!("allow {action} for this principal, then run the same command again"))
        }
        () => None,
    }
}

/// The action that AWS names, which may be another one than the operation's: `iam:CreateServiceLinkedRole`.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
fn denied_action(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("is not authorized to perform: ")?;
    after.split_whitespace().next().filter(|action| action.contains(':'))
}

/// What a message says where the clock is wrong.
const SKEW: &str = "this machine's clock is";

/// `message`, followed by how wrong this machine's clock is, where a refusal may come from that and AWS's `date` shows it.
pub(super) fn with_skew(message: String, code: &str, date: Option<&str>, now: SystemTime) -> String {
    let wrong = SIGNATURE.contains(&code).then(|| seconds_ahead(date?, now)).flatten();
    match wrong.filter(|seconds| seconds.abs() >= TOLERATED) {
        Some(seconds) => {
            let way = if seconds > 0 { "ahead of" } else { "behind" };
            format!("{message} ({SKEW} {} {way} AWS's)", duration(seconds.unsigned_abs()))
        }
        None => message,
    }
}

/// How far `now` is ahead of the `Date` header of an answer.
fn seconds_ahead(date: &str, now: SystemTime) -> Option<i64> {
    let theirs = DateTime::from_str(date, Format::HttpDate).ok()?;
    Some(DateTime::from(now).secs() - theirs.secs())
}

fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds % 60, "s")];
    let parts = parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number} {unit}"));
    parts.collect::<Vec<_>>().join(" ")
}

/// An error's message without what AWS repeats of the request: the headers of a signed request hold the session token.
pub(super) fn without_secrets(message: &str) -> String {
    let repeated = ["The Canonical String", "The String-to-Sign", "x-amz-security-token", "X-Amz-Security-Token"];
    let end = repeated.iter().filter_map(|words| message.find(words)).min();
    end.map_or_else(|| message.to_owned(), |end| format!("{}…", message[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn error(code: &str, message: &str) -> AwsError {
        AwsError { cause: Cause::Refused(code.into()), ..AwsError::odd("organizations:ListAccounts", message) }
    }

    fn helps(code: &str, message: &str, words: &str) {
        let help = help(&error(code, message)).unwrap_or_default();
        assert!(help.contains(words), "{code}: {help}");
    }

    #[test]
    fn every_refusal_of_credentials_has_its_own_help() {
        for code in ["ExpiredToken", "ExpiredTokenException"] {
            helps(code, "The security token included in the request is expired", "sign in again (`aws sso login`");
        }
        helps("InvalidClientTokenId", "The security token included in the request is invalid.", "AWS_SESSION_TOKEN");
        helps("UnrecognizedClientException", "The security token included in the request is invalid.", "does not know");
        helps("AccessDeniedException", "no", "allow organizations:ListAccounts");
        let other = "User: u is not authorized to perform: iam:CreateServiceLinkedRole on resource: r because …";
        helps("AccessDeniedException", other, "allow iam:CreateServiceLinkedRole for");
        assert_eq!(help(&error("MalformedPolicyDocumentException", "no")), None);
    }

    #[test]
    fn a_signature_is_wrong_by_the_clock_or_by_the_secret() {
        let clock = "set this machine's clock";
        helps("InvalidSignatureException", "Signature expired: 20261129T010000Z is now earlier than …", clock);
        helps("SignatureDoesNotMatch", "Signature not yet current: …", clock);
        helps("SignatureDoesNotMatch", "no (this machine's clock is 7 min ahead of AWS's)", clock);
        helps("RequestExpired", "Request has expired.", clock);
        helps(
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            clock,
        );
        let secret = "the secret is not that of the access key";
        helps("SignatureDoesNotMatch", "The request signature we calculated does not match", secret);
        helps("InvalidSignatureException", "The request signature we calculated does not match", secret);
    }

    #[test]
    fn how_wrong_the_clock_is_is_reported_from_the_date_of_the_answer() {
        // 29 November 2026, 01:00:00 UTC.
        let now = |seconds: i64| {
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_914_000_u64.saturating_add_signed(seconds))
        };
        let date = Some("Sun, 29 Nov 2026 01:00:00 GMT");
        let said = |code: &str, date, seconds| with_skew("no".into(), code, date, now(seconds));
        assert_eq!(said("RequestExpired", date, 432), "no (this machine's clock is 7 min 12 s ahead of AWS's)");
        assert_eq!(
            said("RequestExpired", date, -90_061),
            "no (this machine's clock is 1 d 1 h 1 min 1 s behind AWS's)"
        );
        assert_eq!(said("RequestExpired", date, 120), "no (this machine's clock is 2 min ahead of AWS's)");
        assert_eq!(said("RequestExpired", date, 119), "no");
        assert_eq!(said("RequestExpired", date, -119), "no");
        assert_eq!(said("RequestExpired", None, 432), "no");
        assert_eq!(said("RequestExpired", Some("yesterday"), 432), "no");
        assert_eq!(said("AccessDeniedException", date, 432), "no");
    }

    #[test]
    fn no_message_repeats_the_session_token() {
        let message = "The request signature we calculated does not match the signature you provided.\n\nThe Canonical \
                       String for this request should have been\n'POST\n/\n\nx-amz-security-token:SECRET\n'";
        let shown = without_secrets(message);
        assert_eq!(shown, "The request signature we calculated does not match the signature you provided.…");
        assert_eq!(without_secrets("X-Amz-Security-Token=SECRET"), "…");
        assert_eq!(without_secrets("You are not allowed."), "You are not allowed.");
    }
}
