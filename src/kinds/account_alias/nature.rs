use crate::model::{Nature, Role};

pub(super) static NATURE: Nature = Nature { short_name: Some(|_| "sign-in address".into()), ..Nature::of(Role::Other) };
