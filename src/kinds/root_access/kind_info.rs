use crate::model::{KindInfo, Role, Words};

pub(super) static KIND_INFO: KindInfo = KindInfo { words: Words::SWITCHED, ..KindInfo::of(Role::Other) };
