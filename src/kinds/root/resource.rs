use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::kinds::shared::in_order;
use crate::kinds::shared::resource::Resource;

/// The root of the tree, of which only the tags can be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Root {
    /// Its tags; one that is wanted without a value is to be removed.
    #[serde(with = "in_order")]
    pub tags: IndexMap<String, Option<String>>,
}

impl Resource for Root {
    const KIND: &'static str = "root";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn the_tags_of_the_root_stay_in_the_order_in_which_they_were_written() {
        let root = assert_same_fields::<Root>(r#"{"tags":{"owner":"ml","gone":null,"a":"${account/x}"}}"#);
        assert_eq!(root.tags["gone"], None);
        assert_same_fields::<Root>(r#"{"tags":{}}"#);
    }
}
