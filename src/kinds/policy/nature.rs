use crate::kinds::shared::words::policy_noun;
use crate::model::{Heading, Names, Nature, Noun, Reach, Role, Words};

pub(super) static NATURE: Nature = Nature {
    noun: Noun::OfAddress(policy_noun),
    heading: Some(Heading { title: "Policies", order: 10 }),
    reach: Reach::Targets,
    names: Names::Exchangeable,
    is_tagged: true,
    words: Words { changed: Some(("name", "renamed")), ..Words::USUAL },
    ..Nature::of(Role::Policy)
};
