//! Amazon CloudWatch Logs, by its API reference (version 2014-03-28): the log groups that there are.

use serde_json::json;

use crate::aws_error::{Answer, ErrorCodes};
use crate::model::resources::Place;
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::inventory;

pub(super) const SERVICE: Service = Service {
    name: "logs",
    action_prefix: "logs",
    protocol: Protocol::Json,
    errors: ErrorCodes { invalid_input: "InvalidParameterException", ..ErrorCodes::JSON },
    operations: &[&[operation("DescribeLogGroups", describe_log_groups)]],
    admit: admit_all,
    settle: nothing_due,
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "limit",
    default: 50,
    largest: 50,
    bad_token: ("InvalidParameterException", "INVALID"),
};

fn describe_log_groups(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let prefix = request.input.optional("logGroupNamePrefix")?.unwrap_or_default();
    let all = inventory::all(request.state, &place, "AWS::Logs::LogGroup");
    let groups: Vec<_> = all.filter(|(name, _)| name.starts_with(prefix)).collect();
    PAGES.page(
        request,
        "logGroups",
        &groups,
        |(name, group)| json!({"logGroupName": name, "arn": group.attributes.get("Arn"), "storedBytes": 0}),
    )
}
