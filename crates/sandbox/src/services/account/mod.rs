//! AWS Account Management, by its API reference (version 2021-02-01).

mod contacts;
mod information;
mod regions;
mod subject;

use crate::aws_error::ErrorCodes;
use crate::protocol::Protocol;
use crate::service::{Service, admit_all};
use subject::ACCESS_DENIED;

pub(super) const SERVICE: Service = Service {
    name: "account",
    action_prefix: "account",
    protocol: Protocol::RestJson,
    errors: ErrorCodes {
        access_denied: ACCESS_DENIED,
        access_denied_status: 403,
        invalid_input: "ValidationException",
        reason: None,
        throttled: "TooManyRequestsException",
        throttled_status: 429,
    },
    operations: &[contacts::OPERATIONS, information::OPERATIONS, regions::OPERATIONS],
    admit: admit_all,
    settle: |due| regions::settle(due.state, due.progress, &due.options.timings),
};
