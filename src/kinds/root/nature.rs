use crate::model::{Nature, Role};

/// The root of the tree: its name says what it is.
pub(super) static NATURE: Nature = Nature { tells_noun: false, ..Nature::of(Role::Other) };
