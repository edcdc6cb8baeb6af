use crate::model::{Nature, Role, Words};

pub(super) static NATURE: Nature = Nature { words: Words::SWITCHED, ..Nature::of(Role::Other) };
