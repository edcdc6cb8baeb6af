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

/// More keys that are true where a request is as one wants it. Of these a request that says nothing has false.
const TRUE_IF_SAFE: [&str; 4] = [
    "elasticache:atrestencryptionenabled",
    "elasticache:transitencryptionenabled",
    "memorydb:tlsenabled",
    "secretsmanager:blockpublicpolicy",
];

/// Keys that are false where a request is as one wants it: not public, not for accounts of others, checked.
const FALSE_IF_SAFE: [&str; 14] = [
    "codebuild:artifacts.encryptiondisabled",
    "codebuild:exportconfig.s3destination.encryptiondisabled",
    "codebuild:logsconfig.s3logs.encryptiondisabled",
    "codebuild:secondaryartifacts.encryptiondisabled",
    "codebuild:source.insecuressl",
    "ec2:associatepublicipaddress",
    "ec2:public",
    "ecs:auto-assign-public-ip",
    "eks:endpointpublicaccess",
    "kafka:publicaccessenabled",
    "neptune-graph:publicconnectivity",
    "ram:allowsexternalprincipals",
    "ram:requestedallowsexternalprincipals",
    "rds:publiclyaccessible",
];

/// Keys with few values: those that one wants, and those that one does not. What is in neither list is a matter of taste,
/// as `AES256` is beside keys of KMS.
const CHOICES: [(&str, &[&str], &[&str]); 14] = [
    ("autoscaling:metadatahttptokens", &["required"], &["optional"]),
    ("ec2:metadatahttptokens", &["required"], &["optional"]),
    ("imagebuilder:ec2metadatahttptokens", &["required"], &["optional"]),
    ("elasticloadbalancing:scheme", &["internal"], &["internet-facing"]),
    ("lambda:functionurlauthtype", &["AWS_IAM"], &["NONE"]),
    ("s3:authtype", &["REST-HEADER"], &["POST", "REST-QUERY-STRING"]),
    ("s3:signatureversion", &["AWS4-HMAC-SHA256"], &["AWS"]),
    (
        "s3:x-amz-acl",
        &["private", "bucket-owner-full-control"],
        &["public-read", "public-read-write", "authenticated-read"],
    ),
    ("s3:x-amz-server-side-encryption", &["aws:kms", "aws:kms:dsse"], &[]),
    ("s3express:x-amz-server-side-encryption", &["aws:kms"], &[]),
    ("sagemaker:appnetworkaccesstype", &["VpcOnly"], &["PublicInternetOnly"]),
    ("sagemaker:directinternetaccess", &["Disabled"], &["Enabled"]),
    ("sagemaker:rootaccess", &["Disabled"], &["Enabled"]),
    ("vpc-lattice:authtype", &["AWS_IAM"], &["NONE"]),
];

/// Which numbers are safer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SaferBound {
    More,
    Less,
}

/// Keys with numbers.
const NUMBERS: [(&str, SaferBound); 6] = [
    ("aws:multifactorauthage", SaferBound::Less),
    ("ec2:roledelivery", SaferBound::More),
    ("s3:signatureage", SaferBound::Less),
    ("s3:tlsversion", SaferBound::More),
    ("s3-object-lambda:tlsversion", SaferBound::More),
    ("s3express:tlsversion", SaferBound::More),
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

/// Whether the key holds the services through which a request came, so that its absence says that it came through none.
pub(super) fn names_services_on_the_way(key: &str) -> bool {
    ["aws:calledvia", "aws:principalservicenameslist"].contains(&key.to_lowercase().as_str())
}

/// Whether true is the value that one wants.
pub(super) fn is_protective(key: &str) -> bool {
    PROTECTIVE.contains(&key.to_lowercase().as_str())
}

/// The boolean that one wants of a key.
pub(super) fn safe_bool(key: &str) -> Option<bool> {
    let folded = key.to_lowercase();
    if is_protective(key) || TRUE_IF_SAFE.contains(&folded.as_str()) {
        return Some(true);
    }
    FALSE_IF_SAFE.contains(&folded.as_str()).then_some(false)
}

/// Whether the value is one that one wants of the key.
pub(super) fn is_safe(key: &str, value: &str) -> bool {
    choices(key).is_some_and(|(safe, _)| safe.contains(&value))
}

/// Whether the value is one that one does not want of the key.
pub(super) fn is_unsafe(key: &str, value: &str) -> bool {
    choices(key).is_some_and(|(_, others)| others.contains(&value))
}

fn choices(key: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    let found = CHOICES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(key));
    found.map(|(_, safe, others)| (*safe, *others))
}

/// Which numbers one wants of a key.
pub(super) fn safer(key: &str) -> Option<SaferBound> {
    NUMBERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, safer)| *safer)
}

/// Whether a request that makes something carries the key, whatever it says.
pub(super) fn is_reported_in_creations(key: &str) -> bool {
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
