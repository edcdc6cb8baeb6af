//! AWS Security Hub CSPM, by its API reference (version 2018-10-26): whether an account has it enabled.

use serde_json::json;

use super::{ErrorCodes, Service, admit_all, rest_operation};
use crate::sandbox::protocol::Protocol;
use crate::sandbox::request::{Answer, ApiError, Request};
use crate::sandbox::resources::{self, Place};

pub(super) const SERVICE: Service = Service {
    name: "securityhub",
    action_prefix: "securityhub",
    protocol: Protocol::RestJson,
    errors: ErrorCodes { invalid_input: "InvalidInputException", ..ErrorCodes::REST_JSON },
    operations: &[&[rest_operation("DescribeHub", "GET /accounts", describe_hub)]],
    admit: admit_all,
};

fn describe_hub(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let hub = resources::all(request.state, &place, "AWS::SecurityHub::Hub").next();
    match hub {
        Some((arn, _)) => Ok(json!({"HubArn": arn, "ControlFindingGenerator": "SECURITY_CONTROL"})),
        None => {
            let message = format!("Account {} is not subscribed to AWS Security Hub", place.account);
            Err(ApiError::new("InvalidAccessException", message).with_status(401))
        }
    }
}
