use crate::model::{Nature, Noun, Role};

pub(super) static NATURE: Nature = Nature {
    noun: Noun::Said("GuardDuty administrator"),
    administered: Some(|_| "guardduty".into()),
    ..Nature::of(Role::Other)
};
