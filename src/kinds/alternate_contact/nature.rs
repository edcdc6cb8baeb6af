use crate::model::{Nature, Part, Role};

pub(super) static NATURE: Nature = Nature { part: Part::Contacts, ..Nature::of(Role::Other) };
