use crate::model::{Names, Nature, Noun, Reach, Role, Words};

pub(super) static NATURE: Nature = Nature {
    noun: Noun::Said("OU"),
    reach: Reach::Itself,
    names: Names::Exchangeable,
    is_tagged: true,
    words: Words { changed: Some(("name", "renamed")), ..Words::USUAL },
    ..Nature::of(Role::Unit)
};
