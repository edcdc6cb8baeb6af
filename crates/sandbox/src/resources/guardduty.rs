//! Amazon GuardDuty.

use serde_json::json;

use super::kind::{Draft, ResourceType, resource};
use crate::ids;
use crate::shared::inventory::all;
use crate::state::State;

const DETECTOR: &str = "AWS::GuardDuty::Detector";

pub(super) const TYPES: &[ResourceType] = &[
    resource(DETECTOR, |draft| ids::hexadecimal(&draft.uuid(), 32))
        .required(&["Enable"])
        .attributes(|_, id| json!({"Id": id}))
        .check(only_one)
        .tagged(),
    resource("AWS::GuardDuty::Member", |draft| draft.named("MemberId"))
        .required(&["Email"])
        .refers(&[("DetectorId", DETECTOR)]),
];

/// See "CreateDetector" in the API reference: one for each account and region.
fn only_one(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let own = draft.physical();
    if all(state, draft.place, DETECTOR).all(|(id, detector)| *id == own || detector.stack == draft.stack_id) {
        return Ok(());
    }
    Err("The request is rejected because a detector already exists for the current account. (Service: GuardDuty, \
        Status Code: 400, Error Code: BadRequestException)"
        .into())
}
