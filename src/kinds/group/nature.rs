use crate::model::{Heading, Nature, Reach, Role};

pub(super) static NATURE: Nature =
    Nature { heading: Some(Heading { title: "Groups", order: 40 }), reach: Reach::Targets, ..Nature::of(Role::Other) };
