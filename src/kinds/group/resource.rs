use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// A group of Identity Center's directory. Its address says its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Group {
    /// What it is for, in words, without the mark of the blueprint; empty where nothing says so.
    pub description: String,
}

impl Resource for Group {
    const KIND: &'static str = "group";
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn its_fields_are_as_plans_show_them() {
        let text = r#"{"description":"Runs the platform"}"#;
        let group = Group::of(&serde_json::from_str(text).expect("it is a map")).expect("it is a group");
        assert_eq!(group.description, "Runs the platform");
        assert_eq!(Value::Object(group.body()).to_string(), text);
        assert_eq!(Value::Object(Group::default().body()).to_string(), r#"{"description":""}"#);
    }
}
