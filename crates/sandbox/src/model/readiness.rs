//! How far a new account is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::lags::Lags;

/// How far a new account is, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Readiness {
    /// Its role cannot be assumed.
    NoRole,
    /// Its role cannot be assumed in regional endpoints.
    NoRegion,
    /// Services do not know its credentials.
    UnknownCredentials,
    /// Regional services take it for one that has not signed up.
    NotSubscribed,
    /// It can be used.
    #[default]
    Ready,
}

/// What learns of a new member later than Organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LateService {
    /// Policies with `aws:PrincipalOrgID`.
    PrincipalOrgId,
    /// Identity Center.
    IdentityCenter,
}

impl LateService {
    pub(crate) const ALL: [Self; 2] = [Self::PrincipalOrgId, Self::IdentityCenter];

    pub(crate) fn lag(self, lags: &Lags) -> Duration {
        match self {
            Self::PrincipalOrgId => lags.principal_org_id,
            Self::IdentityCenter => lags.identity_center_account,
        }
    }
}

impl Readiness {
    /// What follows, and how long this lasts.
    pub(crate) fn next(self, lags: &Lags) -> Option<(Self, Duration)> {
        Some(match self {
            Self::NoRole => (Self::NoRegion, lags.account_role),
            Self::NoRegion => (Self::UnknownCredentials, lags.account_region),
            Self::UnknownCredentials => (Self::NotSubscribed, lags.account_credentials),
            Self::NotSubscribed => (Self::Ready, lags.account_services),
            Self::Ready => return None,
        })
    }
}
