use serde::{Deserialize, Serialize};

use crate::kinds::read::ALL_FEATURES;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Observed};

/// The organization as a whole.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub feature_set: String,
}

impl Organization {
    /// One with all features.
    pub fn with_all_features() -> Organization {
        Organization { feature_set: ALL_FEATURES.into() }
    }

    /// The organization that was found, where one was.
    pub fn found(observed: &Observed) -> Option<Organization> {
        Organization::of(&observed.found.get(&Address::organization())?.body)
    }

    /// Whether it has more than consolidated billing.
    pub fn has_all_features(&self) -> bool {
        self.feature_set == ALL_FEATURES
    }
}

impl Resource for Organization {
    const KIND: &'static str = "organization";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn an_organization_is_its_feature_set() {
        let organization = assert_same_fields::<Organization>(r#"{"feature_set":"ALL"}"#);
        assert!(organization.has_all_features());
        assert!(!assert_same_fields::<Organization>(r#"{"feature_set":"CONSOLIDATED_BILLING"}"#).has_all_features());
    }
}
