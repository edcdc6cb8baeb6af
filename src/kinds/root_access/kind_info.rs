use crate::model::{KindInfo, Role, Words};

pub(super) static NATURE: KindInfo = KindInfo { words: Words::SWITCHED, ..KindInfo::of(Role::Other) };
