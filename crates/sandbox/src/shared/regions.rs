//! The regions of a partition, and which of them an account has opted in to.

use crate::state::State;

pub(crate) const BY_DEFAULT: &str = "ENABLED_BY_DEFAULT";
pub(crate) const ENABLED: &str = "ENABLED";
pub(crate) const ENABLING: &str = "ENABLING";
pub(crate) const DISABLED: &str = "DISABLED";
pub(crate) const DISABLING: &str = "DISABLING";

/// A partition's regions: those that every account has, and those that accounts opt in to. From "Enable or disable AWS
/// Regions in your account" in the Account Management reference, November 2026.
pub(crate) fn regions(partition: &str) -> (&'static [&'static str], &'static [&'static str]) {
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
pub(crate) fn statuses(state: &State, account: &str) -> Vec<(&'static str, String)> {
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
