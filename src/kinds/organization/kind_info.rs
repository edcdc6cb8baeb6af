use crate::model::{Deed, KindInfo, Role, Words};

/// The organization itself: its name says what it is.
pub(super) static KIND_INFO: KindInfo = KindInfo {
    tells_noun: false,
    words: Words { created: Some(Deed { verb: "create", done: "created" }), ..Words::USUAL },
    ..KindInfo::of(Role::Other)
};
