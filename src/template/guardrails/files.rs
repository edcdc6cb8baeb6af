//! Which guardrails are built in.

/// A guardrail's name and its file.
macro_rules! guardrail {
    ($id:literal) => {
        ($id, include_str!(concat!("../../../templates/guardrails/", $id, ".yaml")))
    };
}

/// The built-in guardrails, by name.
pub(super) const FILES: &[(&str, &str)] = &[
    guardrail!("bucket-policies-stay"),
    guardrail!("bucket-visibility-stays"),
    guardrail!("config-stays"),
    guardrail!("confused-deputy"),
    guardrail!("deny-all"),
    guardrail!("ebs-encrypted"),
    guardrail!("encrypted-uploads"),
    guardrail!("guardduty-on"),
    guardrail!("identity-perimeter"),
    guardrail!("imdsv2"),
    guardrail!("kms-keys-stay"),
    guardrail!("landing-roles-stay"),
    guardrail!("landing-stacks-stay"),
    guardrail!("log-archive-stays"),
    guardrail!("network-perimeter"),
    guardrail!("no-admin-policies"),
    guardrail!("no-ai-training"),
    guardrail!("no-default-vpc"),
    guardrail!("no-external-sharing"),
    guardrail!("no-iam-users"),
    guardrail!("no-internet-gateways"),
    guardrail!("no-leaving"),
    guardrail!("no-root-user"),
    guardrail!("public-access-blocked"),
    guardrail!("rds-encrypted"),
    guardrail!("region-restriction"),
    guardrail!("resource-perimeter"),
    guardrail!("root-mfa"),
    guardrail!("s3-public-read"),
    guardrail!("s3-public-write"),
    guardrail!("s3-versioning"),
    guardrail!("sagemaker-endpoints-encrypted"),
    guardrail!("sagemaker-in-vpc"),
    guardrail!("sagemaker-inter-container-encryption"),
    guardrail!("sagemaker-no-direct-internet"),
    guardrail!("sagemaker-no-notebook-root"),
    guardrail!("sagemaker-notebooks-encrypted"),
    guardrail!("sagemaker-notebooks-in-vpc"),
    guardrail!("sagemaker-notebooks-offline"),
    guardrail!("sagemaker-notebooks-rootless"),
    guardrail!("sagemaker-studio-vpc-only"),
    guardrail!("sagemaker-volume-encryption"),
    guardrail!("stacks-buckets-private"),
    guardrail!("stacks-databases-encrypted"),
    guardrail!("stacks-imdsv2"),
    guardrail!("stacks-notebooks-in-vpc"),
    guardrail!("stacks-notebooks-offline"),
    guardrail!("stacks-notebooks-rootless"),
    guardrail!("stacks-volumes-encrypted"),
    guardrail!("tls-only"),
    guardrail!("trail-stays"),
    guardrail!("unused-credentials"),
];
