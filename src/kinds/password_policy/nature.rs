use crate::model::{Nature, Part, Role};

pub(super) static NATURE: Nature =
    Nature { part: Part::Settings, short_name: Some(|_| "IAM users".into()), ..Nature::of(Role::Other) };
