use crate::model::{Nature, Role};

pub(super) static NATURE: Nature = Nature { short_name: Some(|_| "alias".into()), ..Nature::of(Role::Other) };
