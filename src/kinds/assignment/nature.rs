use crate::model::{Address, Nature, Role, Words};

/// It binds accounts: who loses a permission set in an account gets what takes its place there first.
pub(super) static NATURE: Nature = Nature {
    short_name: Some(short_name),
    name_when_held: Some(short_name),
    binds_accounts: true,
    words: Words { unwanted: Some("not wanted here"), ..Words::USUAL },
    ..Nature::of(Role::Assignment)
};

fn short_name(address: &Address) -> String {
    match address.assigned() {
        Some((set, principal, _)) => format!("{} for {}", set.name(), principal.name()),
        None => address.name(),
    }
}
