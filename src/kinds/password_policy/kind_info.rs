use crate::kinds::shared::history::the_only_one;
use crate::model::{ANY_FIELD, Does, History, KindInfo, Part, Recorded, Role, Trace};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    part: Part::Settings,
    short_name: Some(|_| "IAM users".into()),
    history: HISTORY,
    ..KindInfo::of(Role::Other)
};

/// What IAM records of it. <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
const HISTORY: History = History {
    recorded: Recorded::InsideGlobally,
    marks: the_only_one,
    traces: &[
        Trace { event: "UpdateAccountPasswordPolicy", does: Does::Make },
        Trace { event: "UpdateAccountPasswordPolicy", does: Does::Change(ANY_FIELD) },
        Trace { event: "DeleteAccountPasswordPolicy", does: Does::Delete },
    ],
};
