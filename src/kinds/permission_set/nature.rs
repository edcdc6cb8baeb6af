use crate::model::{Heading, Nature, Reach, Role};

pub(super) static NATURE: Nature = Nature {
    heading: Some(Heading { title: "Permission sets", order: 30 }),
    reach: Reach::Targets,
    ..Nature::of(Role::PermissionSet)
};
