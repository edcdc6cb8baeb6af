use crate::model::{Heading, Nature, Role, Words};

pub(super) static NATURE: Nature = Nature {
    tells_noun: false,
    heading: Some(Heading { title: "Trusted access", order: 60 }),
    words: Words { missing: Some("not enabled"), ..Words::SWITCHED },
    ..Nature::of(Role::Other)
};
