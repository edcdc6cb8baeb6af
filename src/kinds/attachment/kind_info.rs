use super::full_access::{FULL_ACCESS, FULL_ACCESS_ID};
use crate::kinds::shared::words::policy_noun;
use crate::model::{Address, Bindings, Deed, Does, History, KindInfo, KindName, Mark, Role, Trace, Words};

/// An attachment is reported as the policy that is attached.
pub(super) static KIND_INFO: KindInfo = KindInfo {
    noun: KindName::OfAddress(policy_noun),
    binds_accounts: true,
    words: Words {
        deleted: Some(Deed { verb: "detach", done: "detached" }),
        missing: Some("not attached"),
        unwanted: Some("not wanted here"),
        ..Words::USUAL
    },
    history: HISTORY,
    ..KindInfo::of(Role::Attachment)
};

/// What Organizations records of it.
const HISTORY: History = History {
    marks: both_ends,
    traces: &[Trace { event: "AttachPolicy", does: Does::Make }, Trace { event: "DetachPolicy", does: Does::Delete }],
    ..History::NONE
};

fn both_ends(address: &Address, _: Option<&str>, bindings: &Bindings) -> Option<Vec<Mark>> {
    let (policy, target) = address.split_target()?;
    let policy = match policy.name() == FULL_ACCESS {
        true => FULL_ACCESS_ID,
        false => bindings.id(&policy)?,
    };
    Some(vec![policy.into(), bindings.id(&target)?.into()])
}
