use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Address;

/// The service that governs, as it is trusted by an organization.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-CTower.html>
pub const CONTROL_TOWER: &str = "controltower.amazonaws.com";

/// The role by which Control Tower enters enrolled accounts.
/// <https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html>
pub const CONTROL_TOWER_EXECUTION: &str = "AWSControlTowerExecution";

/// The roles in enrolled accounts that Control Tower's own policies spare.
/// <https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html>
pub const CONTROL_TOWER_ROLES: [&str; 4] = [
    CONTROL_TOWER_EXECUTION,
    "aws-controltower-ConfigRecorderRole",
    "aws-controltower-ForwardSnsNotificationRole",
    "AWSControlTower_VPCFlowLogsRole",
];

/// What was found of an AWS Control Tower that governs the organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlTower {
    /// AWS's ids of the organizational units that it governs: those with an enabled baseline or control, and those that its
    /// policies are attached to.
    pub registered: BTreeSet<String>,
    /// Whether it enrolls accounts that are moved into such a unit, and takes its baselines from those that are moved out; not
    /// known where its landing zone was not found.
    pub enrolls: Option<bool>,
}

/// What a plan says about an organization that AWS Control Tower governs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Governed {
    /// What is Control Tower's: it stays as it is.
    #[serde(rename = "things")]
    pub items: Vec<Address>,
    /// What a person should know before the plan is carried out.
    pub notes: Vec<GovernedNote>,
}

/// What Control Tower makes of a change, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct GovernedNote {
    /// What it is about, where it is about one resource.
    pub address: Option<Address>,
    /// In a sentence or two.
    pub what: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_plan_as_json_keeps_its_keys() {
        let governed = Governed { items: vec![Address::parse("ou/Security")], notes: Vec::new() };
        assert_eq!(
            serde_json::to_value(&governed).expect("it is JSON"),
            json!({"things": ["ou/Security"], "notes": []})
        );
    }
}
