use crate::kinds::shared::words::service_word;
use crate::model::{Address, Bindings, Does, Heading, History, KindInfo, Mark, Role, Trace};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    tells_noun: false,
    heading: Some(Heading { title: "Delegated administrators", order: 70 }),
    short_name: Some(short_name),
    administered: Some(service_word),
    history: HISTORY,
    ..KindInfo::of(Role::Other)
};

/// The account alone would not say what it administers.
fn short_name(address: &Address) -> String {
    match address.parts().as_slice() {
        [service, account] => format!("{service}: {account}"),
        _ => address.name(),
    }
}

/// What Organizations records of it.
const HISTORY: History = History {
    marks: service_and_account,
    traces: &[
        Trace { event: "RegisterDelegatedAdministrator", does: Does::Make },
        Trace { event: "DeregisterDelegatedAdministrator", does: Does::Delete },
    ],
    ..History::NONE
};

fn service_and_account(address: &Address, _: Option<&str>, bindings: &Bindings) -> Option<Vec<Mark>> {
    let parts = address.parts();
    let [service, account] = parts.as_slice() else { return None };
    Some(vec![service.as_str().into(), bindings.id(&Address::account(account))?.into()])
}
