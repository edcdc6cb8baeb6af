use crate::model::{Nature, Part, Role};

pub(super) static NATURE: Nature =
    Nature { part: Part::Settings, short_name: Some(|_| "sign-in address".into()), ..Nature::of(Role::Other) };
