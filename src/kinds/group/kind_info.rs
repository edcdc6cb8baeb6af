use crate::model::{Does, Heading, History, KindInfo, Part, Reach, Recorded, Role, Trace};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    part: Part::Identity,
    heading: Some(Heading { title: "Groups", order: 40 }),
    reach: Reach::Targets,
    history: HISTORY,
    ..KindInfo::of(Role::Other)
};

/// What the directory of Identity Center records of it, by its id. The console's own calls, the API's and those of an identity
/// provider have the same names; who is in a group is not the blueprint's business.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/logging-using-cloudtrail.html>
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/scim-logging-using-cloudtrail.html>
const HISTORY: History = History {
    recorded: Recorded::WithIdentityCenter,
    traces: &[
        Trace { event: "CreateGroup", does: Does::Make },
        Trace { event: "UpdateGroup", does: Does::Change(&["description"]) },
        Trace { event: "DeleteGroup", does: Does::Delete },
    ],
    ..History::NONE
};
