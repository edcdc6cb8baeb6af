//! How large policies may be and how many a target may carry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PolicyType;

/// The quotas of one policy type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The largest document, in characters of the text that is sent.
    pub size: usize,
    /// The most policies of the type attached directly to one root, organizational unit or account.
    pub per_target: usize,
    /// The fewest policies of the type that a target keeps while the type is enabled.
    pub minimum_per_target: usize,
}

/// The quotas of all policy types.
///
/// The default is what AWS grants without asking
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>), as taken in
/// [`Quotas::TAKEN`]. For Security Hub CSPM, Inspector, Bedrock, S3, network security director and GuardDuty policies AWS
/// states no numbers; they are assumed to be those of Security Hub policies, as are the places of
/// upgrade rollout policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas {
    limits: BTreeMap<PolicyType, Limits>,
}

impl Quotas {
    /// The month in which the default numbers were taken.
    pub const TAKEN: &'static str = "2026-11";

    /// The limits of a policy type.
    #[must_use]
    pub fn limits(&self, policy_type: PolicyType) -> Limits {
        self.limits.get(&policy_type).copied().unwrap_or_else(|| policy_type.granted())
    }

    /// The same quotas with what is given changed, for an organization whose quotas AWS has raised.
    #[must_use]
    pub fn changed(self, policy_type: PolicyType, size: Option<usize>, per_target: Option<usize>) -> Self {
        let now = self.limits(policy_type);
        let limits = Limits {
            size: size.unwrap_or(now.size),
            per_target: per_target.unwrap_or(now.per_target),
            minimum_per_target: now.minimum_per_target,
        };
        self.with(policy_type, limits)
    }

    /// AWS's quotas with those changed that an organization has named: characters of one policy and policies per target, by
    /// AWS's names of policy types. Names that are none count for nothing.
    #[must_use]
    pub fn named<'a>(given: impl IntoIterator<Item = (&'a str, Option<usize>, Option<usize>)>) -> Self {
        given.into_iter().fold(Self::default(), |quotas, (name, size, per_target)| match name.parse() {
            Ok(policy_type) => quotas.changed(policy_type, size, per_target),
            Err(_) => quotas,
        })
    }

    /// The same quotas with other limits for one policy type.
    #[must_use]
    pub fn with(mut self, policy_type: PolicyType, limits: Limits) -> Self {
        self.limits.insert(policy_type, limits);
        self
    }
}

impl Default for Quotas {
    fn default() -> Self {
        Self { limits: PolicyType::ALL.map(|kind| (kind, kind.granted())).into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_authorization_policies_have_a_minimum() {
        let quotas = Quotas::default();
        for kind in PolicyType::ALL {
            let authorization = matches!(kind, PolicyType::ServiceControl | PolicyType::ResourceControl);
            assert_eq!(quotas.limits(kind).minimum_per_target > 0, authorization, "{kind}");
        }
    }

    #[test]
    fn a_raised_quota_replaces_the_default_of_its_type_only() {
        let raised = Limits { size: 20_000, per_target: 15, minimum_per_target: 1 };
        let quotas = Quotas::default().with(PolicyType::ServiceControl, raised);
        assert_eq!(quotas.limits(PolicyType::ServiceControl), raised);
        assert_eq!(quotas.limits(PolicyType::Tag), Quotas::default().limits(PolicyType::Tag));
    }
}
