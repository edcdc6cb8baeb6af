use crate::kinds::shared::words::service_word;
use crate::model::{Address, Heading, Nature, Role};

pub(super) static NATURE: Nature = Nature {
    tells_noun: false,
    heading: Some(Heading { title: "Delegated administrators", order: 70 }),
    short_name: Some(short_name),
    administered: Some(service_word),
    ..Nature::of(Role::Other)
};

/// The account alone would not say what it administers.
fn short_name(address: &Address) -> String {
    match address.parts().as_slice() {
        [service, account] => format!("{service}: {account}"),
        _ => address.name(),
    }
}
