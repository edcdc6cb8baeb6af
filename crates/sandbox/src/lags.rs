//! What AWS says is done, and goes on for a while as if it were not.

use std::time::Duration;

/// For how long each resource that is done does not show yet, with the error codes that AWS answers meanwhile. The default
/// is no time at all. Services end what is due in their `settle`, as with [`super::Timings`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lags {
    /// AssumeRole answers AccessDenied in an account whose creation has succeeded.
    pub account_role: Duration,
    /// Then AssumeRole answers RegionDisabledException there.
    pub account_region: Duration,
    /// Then services do not know the account's credentials: InvalidClientTokenId, UnrecognizedClientException or
    /// AuthFailure.
    pub account_credentials: Duration,
    /// Then regional services take the account for one that has not signed up: OptInRequired or
    /// SubscriptionRequiredException.
    pub account_services: Duration,
    /// CreateAccount and invitations answer ConstraintViolationException for ACCOUNT_NUMBER_LIMIT_EXCEEDED in a new
    /// organization.
    pub account_places: Duration,
    /// From the first write to Organizations, another program holds its lock: ConcurrentModificationException.
    pub organization_lock: Duration,
    /// A policy type that is enabled or disabled is PENDING_ENABLE or PENDING_DISABLE: PolicyTypeNotEnabledException.
    pub policy_type: Duration,
    /// GuardDuty does not know the administrator that was designated: BadRequestException.
    pub guardduty_administrator: Duration,
    /// RAM does not know the organization that sharing was enabled for: UnknownResourceException.
    pub ram_sharing: Duration,
    /// `aws:PrincipalOrgID` does not hold for a new member: AccessDenied.
    pub principal_org_id: Duration,
    /// Identity Center does not know a new member: ResourceNotFoundException.
    pub identity_center_account: Duration,
    /// Reads of what was written show what was there before: parameters, requests to create accounts, new accounts.
    pub reads: Duration,
    /// LookupEvents does not show the event of a call, by AWS's word for up to 15 minutes.
    pub events: Duration,
}

impl Lags {
    /// As AWS is reported to lag: new accounts are usable after up to seven minutes.
    #[must_use]
    pub fn aws() -> Self {
        Self {
            account_role: Duration::from_secs(90),
            account_region: Duration::from_secs(90),
            account_credentials: Duration::from_secs(120),
            account_services: Duration::from_secs(120),
            account_places: Duration::from_secs(300),
            organization_lock: Duration::from_secs(60),
            policy_type: Duration::from_secs(60),
            guardduty_administrator: Duration::from_secs(60),
            ram_sharing: Duration::from_secs(180),
            principal_org_id: Duration::from_secs(1_200),
            identity_center_account: Duration::from_secs(120),
            reads: Duration::from_secs(3),
            events: Duration::from_secs(300),
        }
    }

    /// The same, shortened to what a person waits for.
    #[must_use]
    pub fn short() -> Self {
        let (moment, second) = (Duration::from_millis(400), Duration::from_secs(1));
        Self {
            account_role: second,
            account_region: second,
            account_credentials: second,
            account_services: second,
            account_places: second,
            organization_lock: second,
            policy_type: second,
            guardduty_administrator: second,
            ram_sharing: second,
            principal_org_id: second,
            identity_center_account: second,
            reads: moment,
            events: second,
        }
    }
}
