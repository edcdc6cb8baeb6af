//! CloudFormation's own types. Hooks are there and are shown, but ask nothing: no stack is refused because of one.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::shared::inventory::find;
use crate::state::State;

const ACTIVATION: &str = "AWS::CloudFormation::TypeActivation";
const CONFIGURATION: &str = "AWS::CloudFormation::HookTypeConfig";

pub(super) const TYPES: &[ResourceType] = &[
    resource(ACTIVATION, activated).attributes(|_, id| json!({"Arn": id})).check(is_known),
    resource(CONFIGURATION, configured)
        .required(&["Configuration"])
        .attributes(|_, id| json!({"ConfigurationArn": id}))
        .check(configures),
    resource("AWS::CloudFormation::WaitConditionHandle", address),
];

/// The address that would be called.
fn address(draft: &Draft<'_>) -> String {
    let (region, id) = (&draft.place.region, draft.uuid());
    format!("https://cloudformation-waitcondition-{region}.s3.{region}.amazonaws.com/{id}")
}

/// The ARN of the extension under the name that it has in this account.
fn activated(draft: &Draft<'_>) -> String {
    let name = draft.text("TypeNameAlias").or(draft.text("TypeName")).unwrap_or_default().replace("::", "-");
    let sort = draft.text("Type").unwrap_or_default().to_lowercase();
    draft.arn("cloudformation", &format!("type/{sort}/{name}"))
}

/// Of the public extensions only AWS's hook of proactive controls is known:
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/proactive-controls-hooks-activate-hooks.html>.
fn is_known(_: &State, draft: &Draft<'_>) -> Result<(), String> {
    let given = ["Type", "TypeName", "PublisherId"].map(|name| draft.text(name).unwrap_or_default());
    match given {
        ["HOOK", "AWS::ControlTower::Hook", "aws-hooks"] => Ok(()),
        [_, name, publisher] => Err(format!(
            "Type {name} of publisher {publisher} not found. (Service: CloudFormation, Status Code: 404, Error Code: \
                TypeNotFoundException)"
        )),
    }
}

fn configured(draft: &Draft<'_>) -> String {
    let hook = draft.text("TypeArn").unwrap_or_default();
    format!("{}/default", hook.replacen(":type/", ":type-configuration/", 1))
}

/// The hook is activated and its configuration of the form that hooks have:
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hook-configuration-schema.html>.
fn configures(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let hook = draft.text("TypeArn").unwrap_or_default();
    if find(state, draft.place, ACTIVATION, hook).is_none() {
        return Err(format!(
            "Type {hook} not found. (Service: CloudFormation, Status Code: 404, Error Code: TypeNotFoundException)"
        ));
    }
    let given: Value = serde_json::from_str(draft.text("Configuration").unwrap_or_default()).unwrap_or_default();
    let hook = &given["CloudFormationConfiguration"]["HookConfiguration"];
    let asks_controls = hook["Properties"]["ControlsToApply"].as_str().is_some_and(|controls| !controls.is_empty());
    let is_mode = matches!(hook["FailureMode"].as_str(), Some("FAIL" | "WARN"));
    if asks_controls && is_mode && hook["TargetOperations"] == json!(["RESOURCE"]) {
        return Ok(());
    }
    Err("Configuration is invalid for the hook. (Service: CloudFormation, Status Code: 400, Error Code: \
        CFNRegistryException)"
        .to_owned())
}
