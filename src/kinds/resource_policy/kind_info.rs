use crate::model::{Does, History, KindInfo, KindName, Role, Trace};

/// There is one, of the whole organization.
pub(super) static KIND_INFO: KindInfo =
    KindInfo { noun: KindName::Named("delegation policy"), history: HISTORY, ..KindInfo::of(Role::Other) };

/// What Organizations records of it.
const HISTORY: History = History {
    traces: &[
        Trace { event: "PutResourcePolicy", does: Does::Change(&["content"]) },
        Trace { event: "TagResource", does: Does::Change(&["tags."]) },
        Trace { event: "UntagResource", does: Does::Change(&["tags."]) },
        Trace { event: "PutResourcePolicy", does: Does::Make },
        Trace { event: "DeleteResourcePolicy", does: Does::Delete },
    ],
    ..History::NONE
};
