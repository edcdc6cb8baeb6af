use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Action, Address, Change, Desired};

/// Which blueprint a plan was made from. `sha256` covers every file that it draws in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlueprintId {
    pub name: String,
    pub sha256: String,
}

/// Which organization a plan is for; empty texts where it is still to be created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrganizationId {
    pub id: Option<String>,
    pub management_account: Option<String>,
}

/// How many changes of each action, and how many things need none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub create: usize,
    pub update: usize,
    pub delete: usize,
    pub adopt: usize,
    #[serde(rename = "move")]
    pub moved: usize,
    pub unchanged: usize,
}

impl Summary {
    /// Counts `changes`; `unchanged` is the number of wanted things without one.
    pub fn of(changes: &[Change], unchanged: usize) -> Summary {
        let mut summary = Summary { unchanged, ..Summary::default() };
        for change in changes {
            match change.action {
                Action::Create => summary.create += 1,
                Action::Update => summary.update += 1,
                Action::Delete => summary.delete += 1,
                Action::Adopt => summary.adopt += 1,
                Action::Move => summary.moved += 1,
            }
        }
        summary
    }
}

/// What no API can do and a person must.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Manual {
    pub address: Option<Address>,
    pub what: String,
    pub link: Option<String>,
}

/// Why a plan may be shown but not be applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refusal {
    /// A stable code: `lock-out`, `another-blueprint`, `places-taken` …
    pub code: String,
    pub address: Option<Address>,
    pub message: String,
    pub help: String,
}

/// How many AWS calls were made, attempts that were repeated included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiCalls {
    pub total: u64,
    /// By `service:Operation`.
    pub by_operation: BTreeMap<String, u64>,
}

/// What would change, in the form that `--format json` and `--out` write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`Plan::FORMAT`].
    pub format: String,
    pub blueprint: BlueprintId,
    pub organization: OrganizationId,
    pub summary: Summary,
    pub changes: Vec<Change>,
    pub manual: Vec<Manual>,
    pub unmanaged: Vec<Address>,
    pub refusals: Vec<Refusal>,
    pub api_calls: ApiCalls,
    /// A digest of every thing found, by address: whoever applies the plan must find the same.
    pub observed: BTreeMap<Address, String>,
    /// What the changes lead to, bodies rendered, so that a saved plan needs no blueprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<Desired>,
    /// The addresses that `--target` limited it to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Address>,
}

impl Plan {
    /// The version of the JSON form.
    pub const FORMAT: &'static str = "landing-plan/1";

    /// The one rule that says whether there is anything to do.
    pub fn is_quiet(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn change(&self, address: &Address) -> Option<&Change> {
        self.changes.iter().find(|change| change.address == *address)
    }
}
