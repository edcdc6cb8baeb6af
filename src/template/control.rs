use handlebars::RenderErrorReason;
use serde_json::{Value, json};

use super::helpers::logical_id;

/// The controls of AWS Control Tower that these ARNs or ids name: `id` for the template, and `arn` with `${AWS::Region}`
/// and `${AWS::Partition}` in it. Global ids have small letters and no region in their ARN; those of a region, which are older,
/// have capital letters.
/// <https://docs.aws.amazon.com/controltower/latest/controlreference/control-identifiers.html>
///
/// # Errors
/// What is the number of a control in AWS's documentation, such as `CT.EC2.PV.1`: no call takes that.
pub(super) fn list(names: &Value) -> Result<Value, RenderErrorReason> {
    names.as_array().into_iter().flatten().filter_map(Value::as_str).map(described).collect()
}

fn described(name: &str) -> Result<Value, RenderErrorReason> {
    let id = name.rsplit('/').next().unwrap_or(name);
    if id.contains('.') {
        let why = format!(
            "controls: `{id}` is what documents call a control; write its identifier, which \
             https://docs.aws.amazon.com/controltower/latest/controlreference/all-global-identifiers.html lists"
        );
        return Err(RenderErrorReason::Other(why));
    }
    let arn = if name.starts_with("arn:") {
        name.to_owned()
    } else if id.contains(|c: char| c.is_ascii_uppercase()) {
        format!("arn:${{AWS::Partition}}:controltower:${{AWS::Region}}::control/{id}")
    } else {
        format!("arn:${{AWS::Partition}}:controlcatalog:::control/{id}")
    };
    Ok(json!({"id": logical_id(["Control", id].into_iter()), "arn": arn}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_named_by_its_identifier_not_by_its_number() {
        let arns = list(&json!(["AWS-GR_ENCRYPTED_VOLUMES", "4b0nsxnd47747up54ytdqesxi", "PEIQUNSHAALC"]));
        let arns = arns.expect("all are identifiers");
        let regional = "arn:${AWS::Partition}:controltower:${AWS::Region}::control/";
        assert_eq!(arns[0]["arn"], format!("{regional}AWS-GR_ENCRYPTED_VOLUMES"));
        assert_eq!(arns[1]["arn"], "arn:${AWS::Partition}:controlcatalog:::control/4b0nsxnd47747up54ytdqesxi");
        assert_eq!(arns[2]["arn"], format!("{regional}PEIQUNSHAALC"));
        assert!(list(&json!(["CT.EC2.PV.1"])).is_err());
    }
}
