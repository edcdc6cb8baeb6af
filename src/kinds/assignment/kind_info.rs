use crate::model::{Address, Bindings, Does, History, KindInfo, Mark, Recorded, Role, Trace, Words};

/// It binds accounts: who loses a permission set in an account gets what takes its place there first.
pub(super) static KIND_INFO: KindInfo = KindInfo {
    short_name: Some(short_name),
    name_when_held: Some(short_name),
    binds_accounts: true,
    words: Words { unwanted: Some("not wanted here"), ..Words::USUAL },
    history: HISTORY,
    ..KindInfo::of(Role::Assignment)
};

fn short_name(address: &Address) -> String {
    match address.assigned() {
        Some((set, principal, _)) => format!("{} for {}", set.name(), principal.name()),
        None => address.name(),
    }
}

/// What Identity Center records of it.
const HISTORY: History = History {
    recorded: Recorded::WithIdentityCenter,
    marks: all_three,
    traces: &[
        Trace { event: "CreateAccountAssignment", does: Does::Make },
        Trace { event: "DeleteAccountAssignment", does: Does::Delete },
    ],
};

/// Its id is that of the group or user, which the blueprint may not name.
fn all_three(address: &Address, id: Option<&str>, bindings: &Bindings) -> Option<Vec<Mark>> {
    let (set, principal, account) = address.assigned()?;
    let ids = [bindings.id(&set), id.or(bindings.id(&principal)), bindings.id(&account)];
    ids.into_iter().map(|id| id.map(Mark::from)).collect()
}
