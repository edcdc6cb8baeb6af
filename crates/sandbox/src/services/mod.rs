//! The services that are simulated. A service is a file (or a folder) and a line in [`SERVICES`]; an operation is a
//! function and a line in its service's table.

mod access_analyzer;
mod account;
mod cloudformation;
mod cloudtrail;
mod config;
mod control_tower;
mod detective;
mod ec2;
mod firewall_manager;
mod guardduty;
mod health;
mod iam;
mod identity_center;
mod identity_store;
mod inspector;
mod kms;
mod logs;
mod macie;
mod network_manager;
mod notifications;
mod organizations;
mod ram;
mod s3;
mod security_hub;
mod ssm;
mod sts;
mod tagging;

use crate::service::{Due, Service};

/// Every simulated service; first those that have something to finish, in the order in which it is finished.
const SERVICES: &[&Service] = &[
    &organizations::SERVICE,
    &ssm::SERVICE,
    &account::SERVICE,
    &cloudformation::SERVICE,
    &identity_center::SERVICE,
    &guardduty::SERVICE,
    &access_analyzer::SERVICE,
    &cloudtrail::SERVICE,
    &config::SERVICE,
    &control_tower::SERVICE,
    &detective::SERVICE,
    &ec2::SERVICE,
    &firewall_manager::SERVICE,
    &health::SERVICE,
    &iam::SERVICE,
    &identity_store::SERVICE,
    &inspector::SERVICE,
    &kms::SERVICE,
    &logs::SERVICE,
    &macie::SERVICE,
    &network_manager::SERVICE,
    &notifications::SERVICE,
    &ram::SERVICE,
    &s3::SERVICE,
    &security_hub::SERVICE,
    &sts::SERVICE,
    &tagging::SERVICE,
];

/// The service whose requests are signed for `name`.
pub(super) fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().copied().find(|service| service.name == name)
}

/// Finishes everything in progress that is due; whether anything was.
pub(super) fn settle(due: &mut Due<'_>) -> bool {
    SERVICES.iter().fold(false, |settled, service| (service.settle)(due) | settled)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::service::operation;

    #[test]
    fn no_service_and_no_operation_is_listed_twice() {
        let mut seen = HashSet::new();
        for service in SERVICES {
            for operation in service.operations() {
                assert!(seen.insert((service.name, operation.name)), "{}", operation.name);
            }
        }
    }

    #[test]
    fn names_distinguish_reads_from_writes() {
        let is_write = |name| operation(name, |_| Ok(serde_json::Value::Null)).is_write();
        assert!(is_write("PutParameter") && is_write("CreateAccount") && is_write("EnableRegion"));
        assert!(!is_write("GetParameter") && !is_write("ListRoots") && !is_write("AssumeRole"));
    }
}
