use super::resource::Resource;
use crate::import::foreign::claim::{ResourceClaim, Subject, reason};
use crate::import::foreign::ledger::Ledger;
use crate::model::Address;

/// What a resource of AWS CloudFormation says. Returns whether it is one.
pub(super) fn claim(resource: &Resource<'_>, ledger: &mut Ledger) -> bool {
    match resource.of_type {
        "aws_cloudformation_stack_set" => {
            // Only those that Organizations deploys are landing's to take over.
            let is_managed = resource.text("permission_model") == Some("SERVICE_MANAGED");
            if let Some(name) = resource.get("name").filter(|_| is_managed) {
                let address = Address::stack_set(name.text().unwrap_or_default()).to_string();
                ledger.fact(&[name], Subject::Of("stack-set", address), ResourceClaim::IsThere);
            }
        }
        "aws_cloudformation_stack_set_instance" | "aws_cloudformation_stack" => {}
        _ => return false,
    }
    ledger.rest(resource.values, |_| reason::STACKS);
    true
}
