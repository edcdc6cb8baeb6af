use crate::model::{Names, Nature, Reach, Role, Words};

/// What the blueprint drops stays open; only its state closes it.
pub(super) static NATURE: Nature = Nature {
    reach: Reach::Itself,
    names: Names::Shared,
    is_tagged: true,
    words: Words { deleted: Some("let go"), ended: Some(("state", "closed")), ..Words::USUAL },
    ..Nature::of(Role::Account)
};
