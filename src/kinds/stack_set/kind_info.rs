use super::resource::{AUTO_DEPLOYMENT, EXCEPT, INSTANCES, OVERRIDES, PARAMETERS_BY, TARGETS};
use crate::kinds::shared::deployment::DEFINITION;
use crate::model::{Address, Bindings, Does, Heading, History, KindInfo, Mark, Reach, Recorded, Role, Trace};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    heading: Some(Heading { title: "Stack sets", order: 20 }),
    reach: Reach::Targets,
    history: HISTORY,
    ..KindInfo::of(Role::StackSet)
};

/// The fields of which accounts and regions have a stack of it.
const PLACES: &[&str] = &[TARGETS, EXCEPT];

/// What CloudFormation records of it, by its name, id or ARN.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html>
const HISTORY: History = History {
    recorded: Recorded::AtHome,
    marks: by_name,
    traces: &[
        Trace { event: "CreateStackSet", does: Does::Make },
        Trace { event: "UpdateStackSet", does: Does::Change(DEFINITION) },
        Trace { event: "UpdateStackSet", does: Does::Change(&[AUTO_DEPLOYMENT, INSTANCES]) },
        Trace { event: "CreateStackInstances", does: Does::Change(PLACES) },
        Trace { event: "DeleteStackInstances", does: Does::Change(PLACES) },
        Trace { event: "UpdateStackInstances", does: Does::Change(&[PARAMETERS_BY, OVERRIDES, INSTANCES]) },
        Trace { event: "DeleteStackSet", does: Does::Delete },
    ],
};

fn by_name(address: &Address, _: Option<&str>, _: &Bindings) -> Option<Vec<Mark>> {
    Some(vec![Mark::Name { keys: &["stackSetName", "stackSetId", "stackSetARN"], name: address.name() }])
}
