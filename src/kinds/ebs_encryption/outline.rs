use super::resource::EbsEncryption;
use crate::kinds::shared::account_setting::{self, SettingFormat};
use crate::kinds::shared::survey::Survey;
use crate::outline::{Map, Node, Outline};

/// Writes where new volumes are encrypted.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let said = SettingFormat {
        key: "ebs_encryption",
        common: |encryption, _| encryption,
        value: |encryption, region, _| said(encryption, region).in_one_line().into(),
    };
    account_setting::outline(survey, outline, &said);
}

fn said(encryption: &EbsEncryption, region: Option<&str>) -> Map {
    let mut said = Map::default();
    said.set("regions", Node::texts(region));
    if let Some(key) = &encryption.key {
        said.set("key", Node::text(key));
    }
    said
}
