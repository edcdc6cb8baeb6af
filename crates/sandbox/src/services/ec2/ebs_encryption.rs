//! Whether an account's new volumes are encrypted in a region, and by which key.

use serde_json::{Value, json};

use crate::aws_error::Answer;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("GetEbsEncryptionByDefault", |request| Ok(shown(request))),
    operation("EnableEbsEncryptionByDefault", |request| switch(request, true)),
    operation("DisableEbsEncryptionByDefault", |request| switch(request, false)),
    operation("GetEbsDefaultKmsKeyId", |request| Ok(key(request))),
    operation("ModifyEbsDefaultKmsKeyId", modify_ebs_default_kms_key_id),
];

/// `ACCOUNT/REGION`.
fn place(request: &Request<'_>) -> String {
    format!("{}/{}", request.caller.account, request.region)
}

fn shown(request: &Request<'_>) -> Value {
    json!({"ebsEncryptionByDefault": request.state.ebs_encryption.contains(&place(request))})
}

fn switch(request: &mut Request<'_>, is_on: bool) -> Answer {
    let place = place(request);
    if is_on {
        request.state.ebs_encryption.insert(place);
    } else {
        request.state.ebs_encryption.remove(&place);
    }
    Ok(shown(request))
}

/// AWS's own key, unless another was chosen.
fn key(request: &Request<'_>) -> Value {
    let chosen = request.state.ebs_keys.get(&place(request)).cloned();
    json!({"kmsKeyId": chosen.unwrap_or_else(|| arn(request, "alias/aws/ebs"))})
}

fn arn(request: &Request<'_>, name: &str) -> String {
    let (partition, region, account) = (&request.state.partition, &request.region, &request.caller.account);
    format!("arn:{partition}:kms:{region}:{account}:{name}")
}

/// Keys are named by ARN, by id, and by alias.
fn modify_ebs_default_kms_key_id(request: &mut Request<'_>) -> Answer {
    let named = request.input.text("KmsKeyId")?.to_owned();
    let key = match named.split_once(':') {
        Some(_) => named,
        None if named.starts_with("alias/") => arn(request, &named),
        None => arn(request, &format!("key/{named}")),
    };
    let place = place(request);
    request.state.ebs_keys.insert(place, key.clone());
    Ok(json!({"kmsKeyId": key}))
}
