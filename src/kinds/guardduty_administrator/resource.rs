use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::kinds::shared::in_order;
use crate::kinds::shared::resource::Resource;

/// What the account that administers GuardDuty in a region switches on in the others.
/// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuardDutyAdministrator {
    /// Whose GuardDuty: `ALL`, `NEW` or `NONE`; absent where the account has no detector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_enable: Option<String>,
    /// The protection plans that the blueprint names, each with whose: `ALL`, `NEW` or `NONE`.
    #[serde(with = "in_order")]
    pub protection_plans: IndexMap<String, String>,
}

impl Resource for GuardDutyAdministrator {
    const KIND: &'static str = "guardduty-administrator";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn an_administrator_has_its_plans_in_the_order_in_which_they_were_written() {
        let json = r#"{"auto_enable":"NEW","protection_plans":{"S3_DATA_EVENTS":"NEW","EKS_AUDIT_LOGS":"NONE"}}"#;
        let administrator = assert_same_fields::<GuardDutyAdministrator>(json);
        assert_eq!(administrator.auto_enable.as_deref(), Some("NEW"));
        assert_same_fields::<GuardDutyAdministrator>(r#"{"protection_plans":{}}"#);
    }
}
