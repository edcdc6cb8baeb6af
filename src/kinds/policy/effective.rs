//! Effective policies that AWS calls invalid: what several policies come to in an account.

use std::collections::BTreeMap;

use landing_policy::PolicyType;

use super::read::{EffectivePolicies, InvalidEffectivePolicies, InvalidEffectivePolicy};
use crate::facts::Look;
use crate::model::{Address, Desired, Manual, Observed, Undetected};

const PAGE: &str = "https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html";

/// So many accounts are named.
const NAMED: usize = 5;

/// Looks for them as part of looking for drift: of each enabled type that AWS merges along the path of an account.
pub(super) fn recognize(desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
    if !desired.settings.detects_drift {
        return;
    }
    let merged = merged_types(observed);
    // All are asked for before any answer is looked at, so that they are asked at once.
    let answers: Vec<_> = merged.iter().map(|it| (it, look.at(InvalidEffectivePolicies(it.clone())))).collect();
    for (policy_type, answer) in answers {
        match answer {
            None => {}
            Some(EffectivePolicies::Read(invalid)) => {
                let found = manual(policy_type, invalid, observed);
                observed.findings.manual.extend(found);
            }
            Some(EffectivePolicies::NotRead(why)) => observed.findings.undetected.push(Undetected {
                address: Address::new("policy-type", [policy_type]),
                why: format!("whether effective policies are valid: {why}"),
            }),
        }
    }
}

/// The enabled types of policies that AWS merges along the path of an account, by AWS's names.
pub fn merged_types(observed: &Observed) -> Vec<String> {
    let enabled = observed.found.values().filter(|found| found.kind == "policy-type").map(|found| found.id.clone());
    enabled.filter(|policy_type| is_merged(policy_type)).collect()
}

/// Of service and resource control policies each decides by itself: there is no effective one.
fn is_merged(policy_type: &str) -> bool {
    !matches!(policy_type.parse(), Ok(PolicyType::ServiceControl | PolicyType::ResourceControl))
}

/// A manual step for each sort of errors, with the accounts that have them.
fn manual(policy_type: &str, invalid: &[InvalidEffectivePolicy], observed: &Observed) -> Vec<Manual> {
    let mut accounts: BTreeMap<&[String], Vec<Address>> = BTreeMap::new();
    for InvalidEffectivePolicy { account, errors } in invalid {
        let address = observed.bindings.address(account).cloned().unwrap_or_else(|| Address::account(account));
        accounts.entry(errors).or_default().push(address);
    }
    accounts.into_iter().map(|(errors, accounts)| step(policy_type, errors, &accounts)).collect()
}

fn step(policy_type: &str, errors: &[String], accounts: &[Address]) -> Manual {
    let named: Vec<String> = accounts.iter().take(NAMED).map(ToString::to_string).collect();
    let more = accounts.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let why = if errors.is_empty() { "AWS lists the errors for each account".into() } else { errors.join("; ") };
    Manual {
        address: accounts.first().cloned(),
        what: format!(
            "correct the policies of the type {policy_type} that apply to {}{more}: their effective policy is invalid, and \
             AWS keeps the last valid one in force: {why}",
            named.join(", ")
        ),
        link: Some(PAGE.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid(account: &str, errors: &[&str]) -> InvalidEffectivePolicy {
        InvalidEffectivePolicy { account: account.into(), errors: errors.iter().map(|it| (*it).into()).collect() }
    }

    #[test]
    fn accounts_with_the_same_errors_are_one_step_and_five_of_them_are_named() {
        let mut observed = Observed::default();
        observed.bindings.bind(Address::account("app"), "000000000001");
        let mut all: Vec<_> = (1..=7).map(|number| invalid(&format!("{number:012}"), &["X: too many"])).collect();
        all.push(invalid("000000000009", &[]));
        let steps = manual("TAG_POLICY", &all, &observed);
        let texts: Vec<&str> = steps.iter().map(|step| step.what.as_str()).collect();
        assert_eq!(texts.len(), 2);
        assert!(
            texts[0].contains("account/000000000009: ") && texts[0].ends_with("AWS lists the errors for each account")
        );
        assert!(texts[1].contains("apply to account/app, account/000000000002,"), "{}", texts[1]);
        assert!(texts[1].contains("account/000000000005 and 2 more: ") && texts[1].ends_with(": X: too many"));
    }

    #[test]
    fn control_policies_have_no_effective_policy() {
        for (policy_type, expected) in [
            ("SERVICE_CONTROL_POLICY", false),
            ("RESOURCE_CONTROL_POLICY", false),
            ("TAG_POLICY", true),
            ("BACKUP_POLICY", true),
            ("A_NEWER_POLICY", true),
        ] {
            assert_eq!(is_merged(policy_type), expected, "{policy_type}");
        }
    }
}
