use crate::kinds::shared::words::policy_noun;
use crate::model::{Does, Heading, History, KindInfo, KindName, Names, Reach, Role, Trace, Words};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    noun: KindName::OfAddress(policy_noun),
    heading: Some(Heading { title: "Policies", order: 10 }),
    reach: Reach::Targets,
    names: Names::Exchangeable,
    is_tagged: true,
    words: Words { changed: Some(("name", "renamed")), ..Words::USUAL },
    history: HISTORY,
    ..KindInfo::of(Role::Policy)
};

/// What Organizations records of it.
const HISTORY: History = History {
    traces: &[
        Trace { event: "UpdatePolicy", does: Does::Change(&["content", "name", "description"]) },
        Trace { event: "TagResource", does: Does::Change(&["tags."]) },
        Trace { event: "UntagResource", does: Does::Change(&["tags."]) },
        Trace { event: "CreatePolicy", does: Does::Make },
        Trace { event: "DeletePolicy", does: Does::Delete },
    ],
    ..History::NONE
};
