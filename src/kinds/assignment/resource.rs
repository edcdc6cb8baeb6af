use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// Who has a permission set in an account. Its address says all of it: which set, who and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Assignment {
    /// Why it is not wanted any more, of one that was found, where there is more to say than that the blueprint lacks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwanted: Option<String>,
}

impl Resource for Assignment {
    const KIND: &'static str = "assignment";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    #[test]
    fn it_has_no_fields() {
        assert_eq!(Assignment::default().body(), Body::new());
        assert_eq!(Assignment::of(&Body::new()), Some(Assignment::default()));
    }
}
