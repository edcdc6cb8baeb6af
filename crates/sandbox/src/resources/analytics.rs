//! Amazon Athena and AWS Glue.

use serde_json::json;

use super::kind::{Draft, ResourceType, resource};

const DATABASE: &str = "AWS::Glue::Database";
const WORK_GROUP: &str = "AWS::Athena::WorkGroup";

pub(super) const TYPES: &[ResourceType] = &[
    resource(WORK_GROUP, |draft| draft.named("Name")).required(&["Name"]).tagged(),
    resource("AWS::Athena::NamedQuery", |draft| draft.uuid())
        .required(&["Database", "QueryString"])
        .refers(&[("WorkGroup", WORK_GROUP)])
        .attributes(|_, id| json!({"NamedQueryId": id})),
    resource(DATABASE, |draft| named(draft, "/DatabaseInput/Name")).required(&["CatalogId", "DatabaseInput"]),
    resource("AWS::Glue::Table", |draft| named(draft, "/TableInput/Name"))
        .required(&["CatalogId", "DatabaseName"])
        .refers(&[("DatabaseName", DATABASE)]),
];

/// The name that a member of the properties gives, or the one that CloudFormation makes, in lower case.
fn named(draft: &Draft<'_>, pointer: &str) -> String {
    let given = draft.properties.pointer(pointer).and_then(|name| name.as_str());
    given.map_or_else(|| draft.generated().to_lowercase(), str::to_owned)
}
