use crate::kinds::shared::history::the_only_one;
use crate::model::{ANY_FIELD, Does, History, KindInfo, Part, Recorded, Role, Trace};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    part: Part::Settings,
    short_name: Some(|_| "sign-in address".into()),
    history: HISTORY,
    ..KindInfo::of(Role::Other)
};

/// What IAM records of it: a new alias takes the place of the one that the account has.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html>
const HISTORY: History = History {
    recorded: Recorded::InsideGlobally,
    marks: the_only_one,
    traces: &[
        Trace { event: "CreateAccountAlias", does: Does::Make },
        Trace { event: "CreateAccountAlias", does: Does::Change(ANY_FIELD) },
        Trace { event: "DeleteAccountAlias", does: Does::Delete },
    ],
};
