//! AWS CloudFormation, by its API reference (version 2010-05-15).

mod organizations_access;

use super::{ErrorCodes, Service, admit_all};
use crate::sandbox::protocol::Protocol;

pub(super) const SERVICE: Service = Service {
    name: "cloudformation",
    action_prefix: "cloudformation",
    protocol: Protocol::Query { namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/" },
    errors: ErrorCodes {
        access_denied: "AccessDenied",
        access_denied_status: 403,
        invalid_input: "ValidationError",
        reason: None,
        throttled: "Throttling",
        throttled_status: 400,
    },
    operations: &[organizations_access::OPERATIONS],
    admit: admit_all,
};
