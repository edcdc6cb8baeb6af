use crate::model::{Nature, Role};

pub(super) static NATURE: Nature =
    Nature { short_name: Some(|_| "account alias".into()), tells_noun: false, ..Nature::of(Role::Other) };
