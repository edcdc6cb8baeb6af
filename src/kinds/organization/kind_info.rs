use crate::model::{KindInfo, Role, Words};

/// The organization itself: its name says what it is.
pub(super) static NATURE: KindInfo = KindInfo {
    tells_noun: false,
    words: Words { created: Some("created"), ..Words::USUAL },
    ..KindInfo::of(Role::Other)
};
