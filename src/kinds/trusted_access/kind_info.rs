use crate::model::{Address, Bindings, Does, Heading, History, KindInfo, Mark, Role, Trace, Words};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    tells_noun: false,
    heading: Some(Heading { title: "Trusted access", order: 60 }),
    words: Words { missing: Some("not enabled"), ..Words::SWITCHED },
    history: HISTORY,
    ..KindInfo::of(Role::Other)
};

/// What Organizations records of it.
const HISTORY: History = History {
    marks: by_name,
    traces: &[
        Trace { event: "EnableAWSServiceAccess", does: Does::Make },
        Trace { event: "DisableAWSServiceAccess", does: Does::Delete },
    ],
    ..History::NONE
};

/// The event names the service.
fn by_name(address: &Address, _: Option<&str>, _: &Bindings) -> Option<Vec<Mark>> {
    Some(vec![Mark::Text(address.name())])
}
