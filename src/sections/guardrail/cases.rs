//! What a guardrail must deny and what it must not, by itself.

use std::collections::BTreeMap;

use landing_cloudformation::Unreadable;
use serde_json::{Map, Value, json};

use crate::declaration::template::around;
use crate::hierarchy::{Hierarchy, broken};
use crate::model::{Address, Bindings, Desired, Roles};
use crate::sections::expect::of_case;
use crate::template::{Guardrail, Rendered};

/// In what the cases of a guardrail do not hold, in words. They are held in an organization of one account with nothing but
/// the guardrail: its regions are eu-west-1, which is its home region, and us-east-1; `role/BreakGlass` is for emergencies,
/// `role/landing-apply` is landing's own, some guardrail exempts `role/NetworkAdministrator`, and account 000000000001 keeps logs.
pub(super) fn broken_cases(guardrail: &Guardrail, given: &Map<String, Value>) -> Vec<String> {
    let desired = ordinary();
    let mut values = guardrail.example.clone();
    values.extend(given.clone());
    let (policy_type, statements) = match guardrail.rendered(&values, &around(&desired.settings)) {
        Ok(Rendered::Statements(policy_type, statements)) => (policy_type, statements),
        Ok(_) if guardrail.cases.is_empty() => return Vec::new(),
        Ok(_) => return vec!["only what a service or resource control policy decides has `cases`".to_owned()],
        Err(error) => return vec![error.message],
    };
    let account = Address::account("any");
    let mut hierarchy =
        Hierarchy::new(&desired, BTreeMap::from([(account, Address::root())]), None, Bindings::default());
    let policy = Address::new(policy_type.address_prefix(), [&guardrail.id]);
    hierarchy.learn(&policy, &json!({"Version": "2012-10-17", "Statement": statements}));
    hierarchy.attach(policy, Address::root());
    let mistakes = guardrail.cases.iter().flat_map(|case| match of_case(case) {
        Ok(expectation) => broken(&expectation, &hierarchy).iter().map(ToString::to_string).collect(),
        Err(message) => vec![message],
    });
    mistakes.collect()
}

/// What a guardrail renders in that organization, with values for what must be given.
///
/// # Errors
/// When its template cannot be rendered.
pub fn guardrail_example(guardrail: &Guardrail) -> Result<Rendered, Unreadable> {
    guardrail.rendered(&guardrail.example, &around(&ordinary().settings))
}

pub(super) fn ordinary() -> Desired {
    let mut desired = Desired::default();
    let settings = &mut desired.settings;
    settings.home_region = "eu-west-1".into();
    settings.regions = vec!["eu-west-1".into(), "us-east-1".into()];
    settings.access_role = "OrganizationAccountAccessRole".into();
    settings.break_glass_roles = vec!["BreakGlass".into()];
    settings.exempt_roles = vec!["NetworkAdministrator".into()];
    settings.log_archives = vec!["000000000001".into()];
    settings.roles = Some(Roles { plan: "landing-plan".into(), apply: "landing-apply".into() });
    desired
}
