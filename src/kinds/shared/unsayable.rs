//! What keeps something with a template from being written into a blueprint.

use std::collections::BTreeMap;

use landing_cloudformation::is_large;
use serde_json::Value;

use crate::outline::LeftOut;

/// What AWS gives for the value of a parameter that is not to be shown.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
pub(in crate::kinds) const HIDDEN: &str = "****";

/// Why a template and the values of its parameters cannot be written.
pub(in crate::kinds) fn template(template: &Value, parameters: &BTreeMap<String, String>) -> Option<LeftOut> {
    if !template.is_object() {
        let remedy = "have the tool that deploys it submit its template as YAML or JSON, then import again";
        return Some(LeftOut::not_expressible("its template is neither YAML nor JSON", remedy));
    }
    if is_large(template) {
        let reason = "its template is larger than a request takes: landing would create a bucket for it";
        return Some(LeftOut::not_expressible(reason, "write it by hand, with `template_bucket` under `organization`"));
    }
    hidden(parameters)
}

/// Why values cannot be written of which AWS shows one to no one.
pub(in crate::kinds) fn hidden(parameters: &BTreeMap<String, String>) -> Option<LeftOut> {
    let (name, _) = parameters.iter().find(|(_, value)| *value == HIDDEN)?;
    Some(LeftOut::not_expressible(
        format!("AWS does not show the value of its parameter {name}"),
        "write it by hand, with a reference such as {{resolve:ssm:/NAME}} for the parameter",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reason(of: &Value, parameters: &[(&str, &str)]) -> Option<String> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        template(of, &parameters).map(|left_out| left_out.reason)
    }

    #[test]
    fn what_aws_does_not_show_or_a_request_does_not_take_cannot_be_written() {
        let small = json!({"Resources": {}});
        assert_eq!(reason(&small, &[("A", "x"), ("B", "***")]), None);
        assert_eq!(
            reason(&small, &[("A", "x"), ("B", "****")]).as_deref(),
            Some("AWS does not show the value of its parameter B")
        );
        assert!(reason(&json!("Resources: {{"), &[]).is_some_and(|it| it.contains("neither YAML nor JSON")));
        let large = json!({"Resources": {}, "Description": "x".repeat(51_200)});
        assert!(reason(&large, &[]).is_some_and(|it| it.contains("larger than a request takes")));
    }
}
