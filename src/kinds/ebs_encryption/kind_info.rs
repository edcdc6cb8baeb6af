use crate::kinds::shared::history::the_only_one;
use crate::model::{ANY_FIELD, Does, History, KindInfo, KindName, Part, Recorded, Role, Trace, Words};

/// It is a default: what it encrypts is each volume that is made while it is on.
pub(super) static KIND_INFO: KindInfo = KindInfo {
    part: Part::Settings,
    noun: KindName::Named("EBS encryption"),
    short_name: Some(|address| format!("new volumes in {}", address.name())),
    words: Words::SWITCHED,
    history: HISTORY,
    ..KindInfo::of(Role::Other)
};

/// What EC2 records of it. <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>
const HISTORY: History = History {
    recorded: Recorded::InsideRegion,
    marks: the_only_one,
    traces: &[
        Trace { event: "EnableEbsEncryptionByDefault", does: Does::Make },
        Trace { event: "DisableEbsEncryptionByDefault", does: Does::Delete },
        Trace { event: "ModifyEbsDefaultKmsKeyId", does: Does::Change(ANY_FIELD) },
        Trace { event: "ResetEbsDefaultKmsKeyId", does: Does::Change(ANY_FIELD) },
    ],
};
