//! AWS Control Tower, by its API reference (version 2018-05-10): what its landing zone governs. The landing zone itself is
//! written into the state: setting one up is not simulated.

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "controltower",
    action_prefix: "controltower",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[
        rest_operation("ListLandingZones", "POST /list-landingzones", list_landing_zones),
        rest_operation("GetLandingZone", "POST /get-landingzone", get_landing_zone),
        rest_operation("ListEnabledBaselines", "POST /list-enabled-baselines", list_enabled_baselines),
        rest_operation("ListEnabledControls", "POST /list-enabled-controls", list_enabled_controls),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "maxResults",
    default: 100,
    largest: 200,
    bad_token: ("ValidationException", "INVALID"),
};

fn arn(state: &State) -> Option<String> {
    let region = state.control_tower.region.as_ref()?;
    let (partition, account) = (&state.partition, &state.management.id);
    Some(format!("arn:{partition}:controltower:{region}:{account}:landingzone/1A2B3C4D5E6F7G8H"))
}

fn list_landing_zones(request: &mut Request<'_>) -> Answer {
    let zones: Vec<Value> = arn(request.state).into_iter().map(|arn| json!({"arn": arn})).collect();
    Ok(json!({"landingZones": zones}))
}

fn get_landing_zone(request: &mut Request<'_>) -> Answer {
    let asked = request.input.text("landingZoneIdentifier")?;
    let arn = arn(request.state).filter(|arn| arn == asked && is_home(request));
    let arn = arn.ok_or_else(|| {
        ApiError::new("ResourceNotFoundException", "AWS Control Tower cannot find the landing zone.").with_status(404)
    })?;
    let mut zone = json!({"arn": arn, "version": "4.0", "status": "ACTIVE", "manifest": {}});
    if request.state.control_tower.auto_enrollment {
        zone["remediationTypes"] = json!(["INHERITANCE_DRIFT"]);
    }
    Ok(json!({"landingZone": zone}))
}

fn is_home(request: &Request<'_>) -> bool {
    request.state.control_tower.region.as_ref() == Some(&request.region)
}

fn list_enabled_baselines(request: &mut Request<'_>) -> Answer {
    let enabled = if is_home(request) { request.state.control_tower.baselines.clone() } else { Vec::new() };
    PAGES.page(request, "enabledBaselines", &enabled, |target| {
        let own = |sort: &str| target.replacen(":organizations:", &format!(":controltower:{sort}:"), 1);
        json!({
            "arn": own("enabledbaseline"), "baselineIdentifier": own("baseline"), "targetIdentifier": target,
            "statusSummary": {"status": "SUCCEEDED"},
        })
    })
}

fn list_enabled_controls(request: &mut Request<'_>) -> Answer {
    let enabled = if is_home(request) { request.state.control_tower.controls.clone() } else { Vec::new() };
    PAGES.page(
        request,
        "enabledControls",
        &enabled,
        |target| json!({"targetIdentifier": target, "statusSummary": {"status": "SUCCEEDED"}}),
    )
}
