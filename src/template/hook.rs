use serde_json::{Value, json};

/// The configuration of a hook that asks these proactive controls. AWS has them look at resources only, not at calls of the Cloud
/// Control API.
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/proactive-controls-hooks-activate-hooks.html>
pub(super) fn configuration(controls: &[Value], failure_mode: &str) -> String {
    let controls: Vec<&str> = controls.iter().filter_map(Value::as_str).collect();
    let configuration = json!({"CloudFormationConfiguration": {"HookConfiguration": {
        "HookInvocationStatus": "ENABLED",
        "TargetOperations": ["RESOURCE"],
        "FailureMode": failure_mode,
        "Properties": {"ControlsToApply": controls.join(",")},
    }}});
    configuration.to_string()
}
