use crate::model::{Nature, Role};

pub(super) static NATURE: Nature = Nature { short_name: Some(|_| "IAM users".into()), ..Nature::of(Role::Other) };
