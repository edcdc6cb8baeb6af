use crate::model::{Nature, Role};

pub(super) static NATURE: Nature = Nature::of(Role::Other);
