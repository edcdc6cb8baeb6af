use crate::model::{Does, History, KindInfo, Role, Trace};

/// The root of the tree: its name says what it is.
pub(super) static KIND_INFO: KindInfo = KindInfo { tells_noun: false, history: HISTORY, ..KindInfo::of(Role::Other) };

/// What Organizations records of it.
const HISTORY: History = History {
    traces: &[
        Trace { event: "TagResource", does: Does::Change(&["tags."]) },
        Trace { event: "UntagResource", does: Does::Change(&["tags."]) },
    ],
    ..History::NONE
};
