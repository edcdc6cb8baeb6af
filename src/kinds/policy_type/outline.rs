use landing_policy::PolicyType;

use crate::kinds::shared::survey::Survey;
use crate::outline::{LeftOut, Node, Outline};

/// Writes the policy types that are enabled.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let mut types = Vec::new();
    for found in survey.of("policy-type", outline) {
        match found.id.parse::<PolicyType>() {
            Ok(policy_type) => types.push(policy_type.address_prefix()),
            Err(_) => outline.leave_out(
                found.address.clone(),
                LeftOut::not_expressible(
                    "this version of landing does not know the type",
                    "use a newer version, or leave it as it is",
                ),
            ),
        }
    }
    outline.organization.set("policy_types", Node::texts(types));
}
