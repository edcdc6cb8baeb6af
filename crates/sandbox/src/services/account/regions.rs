//! Which regions an account has opted in to.

use serde_json::{Value, json};

use super::subject::subject;
use crate::aws_error::{Answer, ApiError};
use crate::model::account::Settings;
use crate::options::Timings;
use crate::paging::Paging;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Operation, rest_operation};
use crate::shared::regions::{BY_DEFAULT, DISABLED, DISABLING, ENABLED, ENABLING, statuses};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    rest_operation("ListRegions", "/listRegions", list_regions),
    rest_operation("GetRegionOptStatus", "/getRegionOptStatus", get_region_opt_status),
    rest_operation("EnableRegion", "/enableRegion", enable_region),
    rest_operation("DisableRegion", "/disableRegion", disable_region),
];

const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 50,
    largest: 50,
    bad_token: ("ValidationException", "fieldValidationFailed"),
};

fn show((region, status): &(&'static str, String)) -> Value {
    json!({"RegionName": region, "RegionOptStatus": status})
}

fn list_regions(request: &mut Request<'_>) -> Answer {
    let asked = request.input.texts("RegionOptStatusContains");
    let mut rows = statuses(request.state, &subject(request)?);
    rows.retain(|(_, status)| asked.is_empty() || asked.contains(&status.as_str()));
    PAGES.page(request, "Regions", &rows, show)
}

/// The region that the request names, with its status.
fn named(request: &Request<'_>, account: &str) -> Result<(&'static str, String), ApiError> {
    let name = request.input.text("RegionName")?;
    let all = statuses(request.state, account);
    let unknown = || ApiError::new("ValidationException", format!("{name} is not a region."));
    all.into_iter().find(|(region, _)| *region == name).ok_or_else(unknown)
}

fn get_region_opt_status(request: &mut Request<'_>) -> Answer {
    Ok(show(&named(request, &subject(request)?)?))
}

fn enable_region(request: &mut Request<'_>) -> Answer {
    opt(request, ENABLED, ENABLING)
}

fn disable_region(request: &mut Request<'_>) -> Answer {
    opt(request, DISABLED, DISABLING)
}

/// Begins to change a region's status to `done`; nothing happens where it is so already.
fn opt(request: &mut Request<'_>, done: &str, doing: &str) -> Answer {
    let account = subject(request)?;
    let (region, status) = named(request, &account)?;
    match status.as_str() {
        BY_DEFAULT => {
            let message = format!("{region} is enabled by default and cannot be changed.");
            Err(ApiError::new("ValidationException", message).with("reason", "invalidRegionOptTarget"))
        }
        ENABLING | DISABLING => {
            let message = format!("A change of {region} is in progress.");
            Err(ApiError::new("ConflictException", message).with_status(409))
        }
        status => {
            if status != done {
                let settings = request.state.account_settings.entry(account).or_default();
                settings.regions.insert(region.to_owned(), doing.to_owned());
            }
            Ok(json!({}))
        }
    }
}

/// Ends the changes that are due; whether there were any.
pub(super) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings) -> bool {
    let mut settled = false;
    for (account, Settings { regions, .. }) in &mut state.account_settings {
        for (region, status) in regions.iter_mut() {
            let done = match status.as_str() {
                ENABLING => ENABLED,
                DISABLING => DISABLED,
                _ => continue,
            };
            if progress.is_due(&format!("region {account} {region}"), timings.region_opt) {
                done.clone_into(status);
                settled = true;
            }
        }
    }
    settled
}
