use crate::kinds::shared::deployment::DEFINITION;
use crate::model::{Address, Bindings, Does, History, KindInfo, Mark, Recorded, Role, Trace, Words};

/// What an account has of a stack by its place is what the stack shares with it.
pub(super) static KIND_INFO: KindInfo = KindInfo {
    short_name: Some(short_name),
    name_when_held: Some(|address| format!("shares of {address}")),
    words: Words { changed: Some(("drift.", "drifted")), ..Words::USUAL },
    history: HISTORY,
    ..KindInfo::of(Role::Stack)
};

/// What CloudFormation records of it, by its name or ARN. A change of one of its resources leaves an event of that
/// resource's service, which names no stack.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html>
const HISTORY: History = History {
    recorded: Recorded::InsideRegion,
    marks: by_name,
    traces: &[
        Trace { event: "CreateStack", does: Does::Make },
        Trace { event: "ExecuteChangeSet", does: Does::Make },
        Trace { event: "UpdateStack", does: Does::Change(DEFINITION) },
        Trace { event: "ExecuteChangeSet", does: Does::Change(DEFINITION) },
        Trace { event: "UpdateTerminationProtection", does: Does::Change(&["termination_protection"]) },
        Trace { event: "UpdateStack", does: Does::Change(&["status", "leftover"]) },
        Trace { event: "ExecuteChangeSet", does: Does::Change(&["status", "leftover"]) },
        Trace { event: "RollbackStack", does: Does::Change(&["status"]) },
        Trace { event: "ContinueUpdateRollback", does: Does::Change(&["status"]) },
        Trace { event: "DeleteStack", does: Does::Change(&["status", "leftover"]) },
        Trace { event: "DeleteStack", does: Does::Delete },
    ],
};

fn by_name(address: &Address, _: Option<&str>, _: &Bindings) -> Option<Vec<Mark>> {
    let name = address.parts().into_iter().nth(1)?;
    Some(vec![Mark::Name { keys: &["stackName", "stackId"], name }])
}

/// The account is what it stands under.
fn short_name(address: &Address) -> String {
    match address.parts().as_slice() {
        [_, name, region] => format!("{name} in {region}"),
        _ => address.name(),
    }
}
