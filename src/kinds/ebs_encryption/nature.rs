use crate::model::{Nature, Noun, Part, Role, Words};

/// It is a default: what it encrypts is each volume that is made while it is on.
pub(super) static NATURE: Nature = Nature {
    part: Part::Settings,
    noun: Noun::Said("EBS encryption"),
    short_name: Some(|address| format!("new volumes in {}", address.name())),
    words: Words::SWITCHED,
    ..Nature::of(Role::Other)
};
