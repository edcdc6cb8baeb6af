use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// Who has a permission set in an account. Its address says all of it: which set, who and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Assignment {}

impl Resource for Assignment {
    const KIND: &'static str = "assignment";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    #[test]
    fn it_has_no_fields() {
        assert_eq!(Assignment {}.body(), Body::new());
        assert_eq!(Assignment::of(&Body::new()), Some(Assignment {}));
    }
}
