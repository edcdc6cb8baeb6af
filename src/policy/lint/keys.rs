//! What is known of single condition keys
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>), as of November 2026.

/// Keys that every request of a role, a user or a root user carries.
const ALWAYS_PRESENT: [&str; 13] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:useragent",
    "aws:userid",
    "aws:viaawsservice",
    "aws:principalorgid",
];

/// Keys that are true, or there, where a request is as one wants it: encrypted, within a network, with a second factor.
const PROTECTIVE: [&str; 8] = [
    "aws:multifactorauthpresent",
    "aws:securetransport",
    "ec2:encrypted",
    "elasticfilesystem:encrypted",
    "rds:storageencrypted",
    "sagemaker:intercontainertrafficencryption",
    "sagemaker:networkisolation",
    "fsx:isbackupencrypted",
];

/// Protective keys that a creation carries whether or not it says anything of encryption, as AWS's own examples presume
/// (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.Conditions.Examples.html>,
/// <https://docs.aws.amazon.com/efs/latest/ug/security_iam_id-based-policy-examples.html>).
const TOLD_OF_CREATIONS: [&str; 3] = ["ec2:encrypted", "elasticfilesystem:encrypted", "rds:storageencrypted"];

/// Keys whose absence leaves a service at a default that a guard against one value means as well.
const ABSENT_IS_DEFAULT: [(&str, &str); 3] = [
    ("sagemaker:rootaccess", "Enabled"),
    ("sagemaker:directinternetaccess", "Enabled"),
    ("sagemaker:appnetworkaccesstype", "PublicInternetOnly"),
];

/// Whether every request carries the key. In SCPs the principal always belongs to the organization.
pub(super) fn is_always_present(key: &str, in_scp: bool) -> bool {
    let key = key.to_lowercase();
    ALWAYS_PRESENT.contains(&key.as_str()) && (in_scp || key != "aws:principalorgid")
        || (in_scp && key == "aws:principalorgpaths")
}

/// Whether true is the value that one wants.
pub(super) fn is_protective(key: &str) -> bool {
    PROTECTIVE.contains(&key.to_lowercase().as_str())
}

/// Whether a request that makes something carries the key, whatever it says.
pub(super) fn is_told_of_creations(key: &str) -> bool {
    TOLD_OF_CREATIONS.contains(&key.to_lowercase().as_str())
}

/// Whether the presence of the key is what one wants: it names a key to encrypt with, or a network.
pub(super) fn is_protective_by_presence(key: &str) -> bool {
    let key = key.to_lowercase();
    is_protective(&key)
        || ["kmskey", "kmskeyid", "vpcsubnets", "vpcsecuritygroupids", "server-side-encryption"]
            .iter()
            .any(|end| key.ends_with(end))
}

/// Whether a request without the key gets what this value names.
pub(super) fn is_default(key: &str, value: &str) -> bool {
    ABSENT_IS_DEFAULT.iter().any(|(known, default)| known.eq_ignore_ascii_case(key) && *default == value)
}
