use serde::{Deserialize, Serialize};

use super::Address;

/// What a blueprint says that its policies must come to: that someone may do something somewhere, or may not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// Whether it is to be denied; else it is to be allowed.
    pub denied: bool,
    /// `s3:GetObject` …: each of them.
    pub actions: Vec<String>,
    /// `role/NAME`, `user/NAME`, `root` or `permission-set/NAME` of each account, an ARN, or a service.
    pub principal: String,
    /// The resource's ARN, if it matters.
    pub resource: Option<String>,
    /// The region that is called, if it matters.
    pub region: Option<String>,
    /// Condition keys and their values; without values, the request does not have the key.
    pub context: Vec<(String, Vec<String>)>,
    /// Where: `root`, units, accounts.
    pub places: Vec<Address>,
    /// The blueprint's line: `landing.yaml:12`.
    pub source: Option<String>,
}
