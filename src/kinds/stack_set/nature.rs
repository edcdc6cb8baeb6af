use crate::model::{Heading, Nature, Reach, Role};

pub(super) static NATURE: Nature = Nature {
    heading: Some(Heading { title: "Stack sets", order: 20 }),
    reach: Reach::Targets,
    ..Nature::of(Role::StackSet)
};
