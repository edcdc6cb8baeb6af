use crate::kinds::shared::history::account_and_name;
use crate::model::{ANY_FIELD, Does, History, KindInfo, Part, Recorded, Role, Trace};

pub(super) static KIND_INFO: KindInfo =
    KindInfo { part: Part::Contacts, history: HISTORY, ..KindInfo::of(Role::Other) };

/// What AWS Account Management records of it, by the account's id and the type of contact.
/// <https://docs.aws.amazon.com/accounts/latest/reference/monitoring-cloudtrail.html>
const HISTORY: History = History {
    recorded: Recorded::GloballyUnlessInside,
    marks: account_and_name,
    traces: &[
        Trace { event: "PutAlternateContact", does: Does::Make },
        Trace { event: "PutAlternateContact", does: Does::Change(ANY_FIELD) },
        Trace { event: "DeleteAlternateContact", does: Does::Delete },
    ],
};
