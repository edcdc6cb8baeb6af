use crate::model::{Nature, Role, Words};

/// The organization itself: its name says what it is.
pub(super) static NATURE: Nature =
    Nature { tells_noun: false, words: Words { created: Some("created"), ..Words::USUAL }, ..Nature::of(Role::Other) };
