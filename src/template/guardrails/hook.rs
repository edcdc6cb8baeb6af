use landing_cloudformation::Unreadable;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Guardrail, render};

/// Proactive controls of AWS's Control Catalog, as a hook: CloudFormation asks it before it makes or changes a resource. It takes
/// no landing zone of Control Tower.
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/proactive-controls-hooks.html>
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hook {
    /// AWS's identifiers, such as `CT.S3.PR.1`.
    controls: Vec<String>,
    /// Handlebars that becomes `FAIL`, as it is unless given, or `WARN`: whether what breaks the controls is refused or reported.
    #[serde(default = "fail")]
    failure_mode: String,
}

fn fail() -> String {
    "FAIL".to_owned()
}

impl Hook {
    /// The hook of this guardrail, as the template `proactive-controls` takes it.
    ///
    /// # Errors
    /// Where a control is no proactive one by its name, or the failure mode is none.
    pub fn row(&self, guardrail: &Guardrail, values: &Map<String, Value>) -> Result<Value, Unreadable> {
        let wrong = |message: String| Unreadable { line: 0, column: 0, message };
        if let Some(other) = self.controls.iter().find(|control| !is_proactive(control)) {
            return Err(wrong(format!("`{other}` is no proactive control such as CT.S3.PR.1")));
        }
        if self.controls.is_empty() {
            return Err(wrong("`controls` has none".to_owned()));
        }
        let failure_mode = render(&self.failure_mode, values)?;
        if !["FAIL", "WARN"].contains(&failure_mode.as_str()) {
            return Err(wrong(format!("`failure_mode` is {failure_mode}, not FAIL or WARN")));
        }
        Ok(json!({"name": guardrail.id, "controls": self.controls, "failure_mode": failure_mode}))
    }
}

/// `CT.S3.PR.1`: all controls of that sort are called so.
/// <https://docs.aws.amazon.com/controltower/latest/controlreference/proactive-controls.html>
fn is_proactive(control: &str) -> bool {
    let parts: Vec<&str> = control.split('.').collect();
    matches!(parts.as_slice(), ["CT", _, "PR", number] if number.parse::<u32>().is_ok())
}
