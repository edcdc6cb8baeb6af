use crate::kinds::shared::words::policy_noun;
use crate::model::{Nature, Noun, Role, Words};

/// An attachment is told as the policy that is attached.
pub(super) static NATURE: Nature = Nature {
    noun: Noun::OfAddress(policy_noun),
    binds_accounts: true,
    words: Words {
        deleted: Some("detached"),
        missing: Some("not attached"),
        unwanted: Some("not wanted here"),
        ..Words::USUAL
    },
    ..Nature::of(Role::Attachment)
};
