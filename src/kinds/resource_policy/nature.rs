use crate::model::{Nature, Noun, Role};

/// There is one, of the whole organization.
pub(super) static NATURE: Nature = Nature { noun: Noun::Said("delegation policy"), ..Nature::of(Role::Other) };
