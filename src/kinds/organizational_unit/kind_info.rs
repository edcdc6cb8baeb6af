use crate::model::{Does, History, KindInfo, KindName, Names, Reach, Role, Trace, Words};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    noun: KindName::Named("OU"),
    reach: Reach::Itself,
    names: Names::Exchangeable,
    is_tagged: true,
    words: Words { changed: Some(("name", "renamed")), ..Words::USUAL },
    history: HISTORY,
    ..KindInfo::of(Role::Unit)
};

/// What Organizations records of it.
const HISTORY: History = History {
    traces: &[
        Trace { event: "UpdateOrganizationalUnit", does: Does::Change(&["name"]) },
        Trace { event: "TagResource", does: Does::Change(&["tags."]) },
        Trace { event: "UntagResource", does: Does::Change(&["tags."]) },
        Trace { event: "CreateOrganizationalUnit", does: Does::Make },
        Trace { event: "DeleteOrganizationalUnit", does: Does::Delete },
    ],
    ..History::NONE
};
