//! What AWS Organizations says in the member `Reason` of an error: its message does not name it.

/// What to do where AWS gives this reason.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>,
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html#API_InviteAccountToOrganization_Errors>
pub(super) fn help(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ACCOUNT_NUMBER_LIMIT_EXCEEDED" => {
            "request more accounts in Service Quotas (Organizations, L-E619E033): new organizations may have fewer than \
             ten, and closed accounts and open invitations count; an organization that is younger than an hour may \
             refuse accounts that it has place for: run apply again later"
        }
        "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED" => {
            "AWS creates five accounts at once: run apply again when those that are being created are there"
        }
        "ACCOUNT_CREATION_NOT_COMPLETE" => {
            "complete the sign-up of the management account (contact, payment method, phone verification, support plan) in \
             the AWS console, then run apply again"
        }
        "MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED" | "PAYMENT_INSTRUMENT_REQUIRED" | "INVALID_PAYMENT_INSTRUMENT" => {
            "add a valid payment method in the Billing console of the management account, then run apply again"
        }
        "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED" => {
            "add a payment method in the Billing console of the member account, then run apply again"
        }
        "MASTER_ACCOUNT_MISSING_CONTACT_INFO" => {
            "complete the address and phone number of the management account in its account settings, then run apply again"
        }
        "MASTER_ACCOUNT_ADDRESS_DOES_NOT_MATCH_MARKETPLACE" => {
            "correct the management account's address, or ask AWS Support to move it to the marketplace of that address"
        }
        "MASTER_ACCOUNT_MISSING_BUSINESS_LICENSE" => "ask AWS in China to register the business licence of the account",
        "MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED" => {
            "link the management account with one in AWS GovCloud (US) first, in its account settings"
        }
        "CLOSE_ACCOUNT_QUOTA_EXCEEDED" => {
            "AWS lets 250 accounts or a fifth of all, whichever is more, be closed in 30 days: run apply again later, or \
             close the account signed in as its root user"
        }
        "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED" => {
            "AWS closes three accounts at once: run apply again when those that are being closed are closed"
        }
        "CANNOT_CLOSE_MANAGEMENT_ACCOUNT" => "remove `state: closed` from the management account in the blueprint",
        "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG" => {
            "remove the account from `delegated_administrators` and apply that first; for services that the blueprint does \
             not name, deregister it in the console"
        }
        "WAIT_PERIOD_ACTIVE" => "AWS lets a created account leave four days after its creation: run apply again then",
        "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE" => {
            "enable all features: the organization has only consolidated billing"
        }
        "SERVICE_ACCESS_NOT_ENABLED" => "add the service to `trusted_access` in the blueprint, then run apply again",
        "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE" => {
            "disable the policy type that needs the service first, then its trusted access"
        }
        "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
        | "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED" => {
            "deregister the service's present delegated administrator first: `aws organizations \
             list-delegated-administrators` names it"
        }
        "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR" => {
            "name a member account as the delegated administrator: the management account cannot be one"
        }
        "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR" => {
            "name an account that is open as the delegated administrator"
        }
        "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED" => {
            "detach a policy of this type from the target, or join policies: those of guardrails are packed by landing"
        }
        "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED" => {
            "attach another policy of this type first: AWS keeps at least one on every target"
        }
        "POLICY_CONTENT_LIMIT_EXCEEDED" => "shorten the policy: `landing lint` shows what can be shorter",
        "POLICY_NUMBER_LIMIT_EXCEEDED" => {
            "delete policies that are attached to nothing, or request more in Service Quotas"
        }
        "OU_NUMBER_LIMIT_EXCEEDED" => "delete empty organizational units, or request more in Service Quotas",
        "OU_DEPTH_LIMIT_EXCEEDED" => "move the unit up: AWS has five levels below the root",
        "MAX_TAG_LIMIT_EXCEEDED" => "remove tags from the resource: AWS keeps 50, and landing sets two",
        "TAG_POLICY_VIOLATION" => "give the resource tags that the organization's tag policy allows",
        "HANDSHAKE_RATE_LIMIT_EXCEEDED" => "AWS limits invitations a day: run apply again tomorrow",
        "ALREADY_IN_AN_ORGANIZATION" => "remove the account from its present organization first",
        "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES" => {
            "run apply again when the organization has all features: until then AWS sends no invitations"
        }
        "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD" => {
            "invite accounts of the same partition and seller of record alone, or ask AWS Support to move the account"
        }
        "ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED" => {
            "the account changed its organization a short time ago: run apply again later"
        }
        "MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED" => {
            "verify the management account's email (its settings send the message again), then run apply again"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_lead_to_what_can_be_done() {
        let helps = |reason: &str, words: &str| {
            let text = help(reason).unwrap_or_default();
            assert!(text.contains(words), "{reason}: {text}");
        };
        helps("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "L-E619E033");
        helps("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "younger than an hour");
        helps("CLOSE_ACCOUNT_QUOTA_EXCEEDED", "30 days");
        helps("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", "three accounts at once");
        helps("MASTER_ACCOUNT_MISSING_CONTACT_INFO", "phone number");
        helps("SERVICE_ACCESS_NOT_ENABLED", "trusted_access");
        helps("WAIT_PERIOD_ACTIVE", "four days");
        assert_eq!(help("EMAIL_VERIFICATION_CODE_EXPIRED"), None);
    }
}
