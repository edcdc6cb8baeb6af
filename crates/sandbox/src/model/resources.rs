//! The resources that exist in accounts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::tags::Tags;

/// Where resources of global services are kept.
pub(crate) const GLOBAL: &str = "global";

/// Resources by account, region (or [`GLOBAL`]), type and physical id.
pub(crate) type Resources = BTreeMap<String, BTreeMap<String, BTreeMap<String, BTreeMap<String, Resource>>>>;

/// A resource as it really is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Resource {
    /// As CloudFormation names them.
    pub(crate) properties: Value,
    /// What `Fn::GetAtt` gives, by attribute.
    pub(crate) attributes: Value,
    /// The tags of its stack; its own are among its properties.
    pub(crate) tags: Tags,
    /// The id of the stack that made it.
    pub(crate) stack: String,
}

/// The types that services show or share.
pub(crate) const VPC: &str = "AWS::EC2::VPC";
pub(crate) const SUBNET: &str = "AWS::EC2::Subnet";

/// An account's region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) account: String,
    pub(crate) region: String,
}

pub(crate) const SHARE: &str = "AWS::RAM::ResourceShare";
pub(crate) const BUCKET: &str = "AWS::S3::Bucket";
pub(crate) const BUCKET_POLICY: &str = "AWS::S3::BucketPolicy";
