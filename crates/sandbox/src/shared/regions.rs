//! The regions of a partition, and which of them an account has opted in to.

use landing_policy::Region;

use crate::state::State;

pub(crate) const BY_DEFAULT: &str = "ENABLED_BY_DEFAULT";
pub(crate) const ENABLED: &str = "ENABLED";
pub(crate) const ENABLING: &str = "ENABLING";
pub(crate) const DISABLED: &str = "DISABLED";
pub(crate) const DISABLING: &str = "DISABLING";

/// A partition's regions, by their codes.
fn regions(partition: &str) -> impl Iterator<Item = &'static Region> {
    landing_policy::regions().iter().filter(move |region| partition_of(region.code) == partition)
}

/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>
fn partition_of(region: &str) -> &'static str {
    const ELSEWHERE: [(&str, &str); 3] = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")];
    let elsewhere = ELSEWHERE.iter().find(|(prefix, _)| region.starts_with(prefix));
    elsewhere.map_or("aws", |(_, partition)| partition)
}

/// The regions with their opt-in status for an account, by name.
pub(crate) fn statuses(state: &State, account: &str) -> Vec<(&'static str, String)> {
    let settings = state.account_settings.get(account);
    let changed = |region: &str| settings.and_then(|settings| settings.regions.get(region).cloned());
    let status = |region: &Region| match region.is_opt_in {
        true => changed(region.code).unwrap_or_else(|| DISABLED.to_owned()),
        false => BY_DEFAULT.to_owned(),
    };
    regions(&state.partition).map(|region| (region.code, status(region))).collect()
}

/// Whether an account must opt in to a region and has not: no service knows its credentials there.
pub(crate) fn is_opted_out(state: &State, account: &str, region: &str) -> bool {
    let status = || state.account_settings.get(account).and_then(|settings| settings.regions.get(region));
    let must_opt_in = regions(&state.partition).any(|known| known.is_opt_in && known.code == region);
    must_opt_in && !status().is_some_and(|status| [ENABLED, DISABLING].contains(&&**status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_has_regions_of_its_own() {
        let names = |partition: &str| regions(partition).map(|region| region.code).collect::<Vec<_>>();
        assert_eq!(names("aws-cn"), ["cn-north-1", "cn-northwest-1"]);
        assert_eq!(names("aws-us-gov"), ["us-gov-east-1", "us-gov-west-1"]);
        assert_eq!(names("aws-eusc"), ["eusc-de-east-1"]);
        assert_eq!(regions("aws").filter(|region| !region.is_opt_in).count(), 17);
        assert!(names("aws").contains(&"us-east-1"));
    }

    #[test]
    fn an_account_is_out_of_the_regions_that_it_has_not_opted_in_to() {
        let mut state = State::default();
        let out = |state: &State| is_opted_out(state, "1", "eu-south-1");
        assert!(out(&state) && !is_opted_out(&state, "1", "eu-west-1") && !is_opted_out(&state, "1", "cn-north-1"));
        for (status, expected) in [(ENABLING, true), (ENABLED, false), (DISABLING, false), (DISABLED, true)] {
            let settings = state.account_settings.entry("1".into()).or_default();
            settings.regions.insert("eu-south-1".into(), status.into());
            assert_eq!(out(&state), expected, "{status}");
        }
    }
}
