use crate::model::{Address, Nature, Role, Words};

/// What an account has of a stack by its place is what the stack shares with it.
pub(super) static NATURE: Nature = Nature {
    short_name: Some(short_name),
    name_when_held: Some(|address| format!("shares of {address}")),
    words: Words { changed: Some(("drift.", "drifted")), ..Words::USUAL },
    ..Nature::of(Role::Stack)
};

/// The account is what it stands under.
fn short_name(address: &Address) -> String {
    match address.parts().as_slice() {
        [_, name, region] => format!("{name} in {region}"),
        _ => address.name(),
    }
}
