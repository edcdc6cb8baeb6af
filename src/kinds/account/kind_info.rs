use crate::model::{Deed, Does, History, KindInfo, Names, Reach, Role, Trace, Words};

/// What the blueprint drops stays open; only its state closes it.
pub(super) static KIND_INFO: KindInfo = KindInfo {
    reach: Reach::Itself,
    names: Names::Shared,
    is_tagged: true,
    words: Words {
        deleted: Some(Deed { verb: "release", done: "released" }),
        ended: Some(("state", Deed { verb: "close", done: "closed" })),
        ..Words::USUAL
    },
    history: HISTORY,
    ..KindInfo::of(Role::Account)
};

/// What Organizations records of it.
const HISTORY: History = History {
    traces: &[
        Trace { event: "MoveAccount", does: Does::Move },
        Trace { event: "CloseAccount", does: Does::Change(&["state"]) },
        Trace { event: "UpdateAccountName", does: Does::Change(&["name"]) },
        // https://docs.aws.amazon.com/accounts/latest/reference/API_PutAccountName.html
        Trace { event: "PutAccountName", does: Does::Change(&["name"]) },
        Trace { event: "TagResource", does: Does::Change(&["tags."]) },
        Trace { event: "UntagResource", does: Does::Change(&["tags."]) },
        // AWS carries it out later, as itself.
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
        Trace { event: "CreateAccountResult", does: Does::EndMaking("CreateAccount") },
        Trace { event: "AcceptHandshake", does: Does::Make },
        Trace { event: "RemoveAccountFromOrganization", does: Does::Delete },
        Trace { event: "LeaveOrganization", does: Does::Delete },
    ],
    ..History::NONE
};
