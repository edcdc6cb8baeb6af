use crate::kinds::shared::words::service_word;
use crate::model::{KindInfo, Role};

pub(super) static KIND_INFO: KindInfo = KindInfo { administered: Some(service_word), ..KindInfo::of(Role::Other) };
