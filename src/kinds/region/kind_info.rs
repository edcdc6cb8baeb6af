use crate::kinds::shared::history::account_and_name;
use crate::model::{Does, History, KindInfo, Recorded, Role, Trace, Words};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    words: Words { missing: Some("not enabled"), ..Words::SWITCHED },
    history: HISTORY,
    ..KindInfo::of(Role::OptIn)
};

/// What AWS Account Management records of it, by the account's id and the region.
/// <https://docs.aws.amazon.com/accounts/latest/reference/monitoring-cloudtrail.html>
const HISTORY: History = History {
    recorded: Recorded::GloballyUnlessInside,
    marks: account_and_name,
    traces: &[Trace { event: "EnableRegion", does: Does::Make }, Trace { event: "DisableRegion", does: Does::Delete }],
};
