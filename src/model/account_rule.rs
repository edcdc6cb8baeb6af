use serde::{Deserialize, Serialize};

use super::{Address, Body, Exclusion, Presence};

/// A setting that every account at or below a place has, and so one that comes later or moves there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountRule {
    /// The setting's kind: `password-policy`.
    pub kind: String,
    /// How it is to be, in its kind's fields.
    pub body: Body,
    /// Where in the account, for what each region has of its own.
    pub region: Option<String>,
    /// `root`, `management`, `ou/…` or `account/…`.
    pub target: Address,
    /// The accounts there that it is not for.
    #[serde(default, skip_serializing_if = "Exclusion::is_empty")]
    pub except: Exclusion,
    /// Whether it is to be there.
    pub presence: Presence,
    /// The blueprint's line: `landing.yaml:12`.
    pub source: Option<String>,
}
