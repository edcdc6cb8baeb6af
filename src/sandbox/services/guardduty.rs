//! Amazon GuardDuty, by its API reference (version 2017-11-28): the detectors that there are.

use super::{ErrorCodes, Service, admit_all, rest_operation};
use crate::sandbox::paging::Paging;
use crate::sandbox::protocol::Protocol;
use crate::sandbox::request::{Answer, Request};
use crate::sandbox::resources::{self, Place};

pub(super) const SERVICE: Service = Service {
    name: "guardduty",
    action_prefix: "guardduty",
    protocol: Protocol::RestJson,
    errors: ErrorCodes { invalid_input: "BadRequestException", ..ErrorCodes::REST_JSON },
    operations: &[&[rest_operation("ListDetectors", "GET /detector", list_detectors)]],
    admit: admit_all,
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "maxResults",
    default: 50,
    largest: 50,
    bad_token: ("BadRequestException", "INVALID"),
};

fn list_detectors(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let ids: Vec<&String> =
        resources::all(request.state, &place, "AWS::GuardDuty::Detector").map(|(id, _)| id).collect();
    PAGES.page(request, "detectorIds", &ids, |id| id.as_str().into())
}
