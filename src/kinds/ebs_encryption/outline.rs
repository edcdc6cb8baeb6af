use super::resource::EbsEncryption;
use crate::kinds::shared::account_setting;
use crate::kinds::shared::survey::Survey;
use crate::outline::{Map, Node, Outline};

/// Writes where new volumes are encrypted.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    account_setting::outline(survey, outline, "ebs_encryption", |encryption: &EbsEncryption, region| {
        let mut said = Map::default();
        said.set("regions", Node::texts(region));
        if let Some(key) = &encryption.key {
            said.set("key", Node::text(key));
        }
        said
    });
}
