//! The services that are simulated. A service is a file (or a folder) and a line in [`SERVICES`]; an operation is a
//! function and a line in its service's table.

mod access_analyzer;
pub(super) mod account;
mod administrators;
pub(super) mod cloudformation;
mod cloudtrail;
mod config;
pub(super) mod control_tower;
mod detective;
pub(super) mod ec2;
mod firewall_manager;
pub(super) mod guardduty;
mod health;
mod iam;
pub(super) mod identity_center;
pub(super) mod identity_store;
mod inspector;
mod kms;
mod logs;
mod macie;
mod network_manager;
mod notifications;
pub(super) mod organizations;
mod own_access;
pub(super) mod ram;
pub(super) mod s3;
mod security_hub;
pub(super) mod ssm;
mod sts;
pub(super) mod tagging;

use super::identity::Caller;
use super::options::Options;
use super::progress::Progress;
use super::protocol::Protocol;
use super::request::{Answer, ApiError, Request};
use super::state::State;

/// Every simulated service.
const SERVICES: &[&Service] = &[
    &access_analyzer::SERVICE,
    &account::SERVICE,
    &cloudformation::SERVICE,
    &cloudtrail::SERVICE,
    &config::SERVICE,
    &control_tower::SERVICE,
    &detective::SERVICE,
    &ec2::SERVICE,
    &firewall_manager::SERVICE,
    &guardduty::SERVICE,
    &health::SERVICE,
    &iam::SERVICE,
    &identity_center::SERVICE,
    &identity_store::SERVICE,
    &inspector::SERVICE,
    &kms::SERVICE,
    &logs::SERVICE,
    &macie::SERVICE,
    &network_manager::SERVICE,
    &notifications::SERVICE,
    &organizations::SERVICE,
    &ram::SERVICE,
    &s3::SERVICE,
    &security_hub::SERVICE,
    &ssm::SERVICE,
    &sts::SERVICE,
    &tagging::SERVICE,
];

/// A simulated service.
pub(super) struct Service {
    /// The name that requests are signed for.
    pub(super) name: &'static str,
    /// The prefix of its actions in IAM policies.
    pub(super) action_prefix: &'static str,
    pub(super) protocol: Protocol,
    pub(super) errors: ErrorCodes,
    pub(super) operations: &'static [&'static [Operation]],
    /// Refuses callers whom the service does not serve, whatever their permissions are.
    pub(super) admit: fn(&State, &Caller, &Operation) -> Result<(), ApiError>,
}

/// What a service calls the errors that any operation may answer.
pub(super) struct ErrorCodes {
    pub(super) access_denied: &'static str,
    /// HTTP status of a denied request.
    pub(super) access_denied_status: u16,
    pub(super) invalid_input: &'static str,
    /// The member of its errors that holds a reason, if there is one.
    pub(super) reason: Option<&'static str>,
    pub(super) throttled: &'static str,
    /// HTTP status of a throttled request.
    pub(super) throttled_status: u16,
}

impl ErrorCodes {
    /// What services of the query protocol have in common.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>
    const QUERY: Self = Self {
        access_denied: "AccessDenied",
        access_denied_status: 403,
        invalid_input: "ValidationError",
        reason: None,
        throttled: "Throttling",
        throttled_status: 400,
    };

    /// What most services of the JSON protocol have in common.
    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html>
    const JSON: Self = Self {
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
    const REST_JSON: Self = Self { access_denied_status: 403, throttled_status: 429, ..Self::JSON };
}

/// One operation of a service.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    /// As AWS names it.
    pub(super) name: &'static str,
    /// The path of its requests in a REST protocol, after their method where paths do not tell operations apart; otherwise
    /// empty.
    pub(super) path: &'static str,
    pub(super) answer: fn(&mut Request<'_>) -> Answer,
}

/// An operation that its request names.
pub(super) const fn operation(name: &'static str, answer: fn(&mut Request<'_>) -> Answer) -> Operation {
    Operation { name, path: "", answer }
}

/// An operation of a REST protocol, which is known by its path.
const fn rest_operation(name: &'static str, path: &'static str, answer: fn(&mut Request<'_>) -> Answer) -> Operation {
    Operation { name, path, answer }
}

impl Operation {
    /// Whether it changes something. AWS's names tell; AssumeRole and GetCallerIdentity change nothing that lasts.
    pub(super) fn is_write(&self) -> bool {
        const READS: [&str; 7] = ["Describe", "List", "Get", "Head", "Assume", "Validate", "Detect"];
        !READS.iter().any(|verb| self.name.starts_with(verb))
    }

    /// Whether something of it is kept: also of a drift detection, which IAM counts among the reads.
    pub(super) fn is_kept(&self) -> bool {
        self.is_write() || self.name.starts_with("Detect")
    }
}

impl Service {
    pub(super) fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.operations.iter().copied().flatten()
    }
}

/// The service whose requests are signed for `name`.
pub(super) fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().copied().find(|service| service.name == name)
}

/// Finishes everything in progress that is due; whether anything was.
pub(super) fn settle(state: &mut State, progress: &mut Progress, options: &Options, now: u64) -> bool {
    let Options { timings, lags, .. } = options;
    let in_organization = organizations::settle(state, progress, options, now);
    let in_parameters = ssm::settle(state, progress, lags);
    let in_accounts = account::settle(state, progress, timings);
    let in_stacks = cloudformation::settle(state, progress, timings, now);
    let in_identity_center = identity_center::settle(state, progress, timings);
    let in_guardduty = guardduty::settle(state, progress, lags);
    [in_organization, in_parameters, in_accounts, in_stacks, in_identity_center, in_guardduty].contains(&true)
}

/// For a service that serves every caller.
fn admit_all(_: &State, _: &Caller, _: &Operation) -> Result<(), ApiError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_service_and_no_operation_is_listed_twice() {
        let mut seen = HashSet::new();
        for service in SERVICES {
            for operation in service.operations() {
                assert!(seen.insert((service.name, operation.name)), "{}", operation.name);
            }
        }
    }

    #[test]
    fn names_tell_reads_from_writes() {
        let is_write = |name| operation(name, |_| Ok(serde_json::Value::Null)).is_write();
        assert!(is_write("PutParameter") && is_write("CreateAccount") && is_write("EnableRegion"));
        assert!(!is_write("GetParameter") && !is_write("ListRoots") && !is_write("AssumeRole"));
    }
}
