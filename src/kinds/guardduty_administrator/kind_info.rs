use crate::model::{KindInfo, KindName, Role};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    noun: KindName::Named("GuardDuty administrator"),
    administered: Some(|_| "guardduty".into()),
    ..KindInfo::of(Role::Other)
};
