use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;
use crate::model::Tags;

/// An organizational unit.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationalUnit {
    /// Its name, which no sibling has.
    pub name: String,
    /// Its tags, those of ownership not among them.
    pub tags: Tags,
}

impl Resource for OrganizationalUnit {
    const KIND: &'static str = "organizational-unit";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn a_unit_has_a_name_and_tags() {
        let unit = assert_same_fields::<OrganizationalUnit>(r#"{"name":"Dev","tags":{"a":"1","b":"${account/x}"}}"#);
        assert_eq!(unit.tags["b"], "${account/x}");
        assert_same_fields::<OrganizationalUnit>(r#"{"name":"Dev","tags":{}}"#);
    }
}
