use crate::kinds::shared::words::service_word;
use crate::model::{Nature, Role};

pub(super) static NATURE: Nature = Nature { administered: Some(service_word), ..Nature::of(Role::Other) };
