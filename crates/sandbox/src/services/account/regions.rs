//! Which regions an account has opted in to.

use serde_json::{Value, json};

use super::{Settings, subject};
use crate::options::Timings;
use crate::paging::Paging;
use crate::progress::Progress;
use crate::request::{Answer, ApiError, Request};
use crate::services::{Operation, rest_operation};
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

const BY_DEFAULT: &str = "ENABLED_BY_DEFAULT";
const ENABLED: &str = "ENABLED";
const ENABLING: &str = "ENABLING";
const DISABLED: &str = "DISABLED";
const DISABLING: &str = "DISABLING";

/// A partition's regions: those that every account has, and those that accounts opt in to. From "Enable or disable AWS
/// Regions in your account" in the Account Management reference, November 2026.
fn regions(partition: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match partition {
        "aws-cn" => (&["cn-north-1", "cn-northwest-1"], &[]),
        "aws-us-gov" => (&["us-gov-east-1", "us-gov-west-1"], &[]),
        "aws-eusc" => (&["eusc-de-east-1"], &[]),
        _ => (
            &[
                "ap-northeast-1",
                "ap-northeast-2",
                "ap-northeast-3",
                "ap-south-1",
                "ap-southeast-1",
                "ap-southeast-2",
                "ca-central-1",
                "eu-central-1",
                "eu-north-1",
                "eu-west-1",
                "eu-west-2",
                "eu-west-3",
                "sa-east-1",
                "us-east-1",
                "us-east-2",
                "us-west-1",
                "us-west-2",
            ],
            &[
                "af-south-1",
                "ap-east-1",
                "ap-east-2",
                "ap-south-2",
                "ap-southeast-3",
                "ap-southeast-4",
                "ap-southeast-5",
                "ap-southeast-6",
                "ap-southeast-7",
                "ca-west-1",
                "eu-central-2",
                "eu-south-1",
                "eu-south-2",
                "il-central-1",
                "me-central-1",
                "me-south-1",
                "mx-central-1",
            ],
        ),
    }
}

/// The regions with their opt-in status for an account, by name.
fn statuses(state: &State, account: &str) -> Vec<(&'static str, String)> {
    let settings = state.account_settings.get(account);
    let changed = |region: &str| settings.and_then(|settings| settings.regions.get(region).cloned());
    let (by_default, opt_in) = regions(&state.partition);
    let always = by_default.iter().map(|region| (*region, BY_DEFAULT.to_owned()));
    let opted = opt_in.iter().map(|region| (*region, changed(region).unwrap_or_else(|| DISABLED.to_owned())));
    let mut all: Vec<_> = always.chain(opted).collect();
    all.sort_unstable();
    all
}

/// Whether an account must opt in to a region and has not: no service knows its credentials there.
pub(crate) fn is_opted_out(state: &State, account: &str, region: &str) -> bool {
    let (_, opt_in) = regions(&state.partition);
    let status = || state.account_settings.get(account).and_then(|settings| settings.regions.get(region));
    opt_in.contains(&region) && !status().is_some_and(|status| [ENABLED, DISABLING].contains(&&**status))
}

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
