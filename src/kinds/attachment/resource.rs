use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// A policy where it is attached. Its address says all of it: which policy, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {}

impl Resource for Attachment {
    const KIND: &'static str = "attachment";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    #[test]
    fn it_has_no_fields() {
        assert_eq!(Attachment {}.body(), Body::new());
        assert_eq!(Attachment::of(&Body::new()), Some(Attachment {}));
    }
}
