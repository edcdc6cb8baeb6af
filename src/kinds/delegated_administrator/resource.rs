use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// An account that is registered with Organizations as a service's administrator.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegatedAdministrator {
    /// The service's principal.
    pub service: String,
    /// The account's name.
    pub account: String,
}

impl Resource for DelegatedAdministrator {
    const KIND: &'static str = "delegated-administrator";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn an_administrator_is_an_account_of_a_service() {
        let json = r#"{"service":"config.amazonaws.com","account":"audit"}"#;
        assert_eq!(assert_same_fields::<DelegatedAdministrator>(json).account, "audit");
    }
}
