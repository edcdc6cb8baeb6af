use crate::model::{Heading, Nature, Part, Reach, Role};

pub(super) static NATURE: Nature = Nature {
    part: Part::Identity,
    heading: Some(Heading { title: "Groups", order: 40 }),
    reach: Reach::Targets,
    ..Nature::of(Role::Other)
};
