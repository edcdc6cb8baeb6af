use crate::model::{Nature, Role, Words};

pub(super) static NATURE: Nature =
    Nature { words: Words { missing: Some("not enabled"), ..Words::SWITCHED }, ..Nature::of(Role::OptIn) };
