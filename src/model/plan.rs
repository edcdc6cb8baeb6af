use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Action, Address, Change, Desired, Governed, Makers};

/// Which blueprint a plan was made from. `sha256` covers every file that it draws in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BlueprintId {
    /// The blueprint's name, which owned resources are tagged with.
    pub name: String,
    /// Of all that the blueprint draws in, in hexadecimal.
    pub sha256: String,
    /// The commit that was checked out where the blueprint lies, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// Which organization a plan is for; empty texts where it is still to be created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrganizationId {
    /// `o-…`; absent where there is no organization yet.
    pub id: Option<String>,
    /// The id of the account that manages it.
    pub management_account: Option<String>,
}

/// How many changes of each action, and how many resources need none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Resources to be created.
    pub create: usize,
    /// Resources to be changed in place.
    pub update: usize,
    /// Resources to be deleted or released from management.
    pub delete: usize,
    /// Resources that exist and come into ownership.
    pub adopt: usize,
    /// Accounts that change their place.
    #[serde(rename = "move")]
    pub moved: usize,
    /// Resources that are as wanted; where there are targets, those at or below them.
    pub unchanged: usize,
    /// Resources that are missing and can be made only after something that apply does not make.
    #[serde(default)]
    pub waiting: usize,
    /// Changes that `--target` leaves out.
    #[serde(default)]
    pub outside: usize,
}

impl Summary {
    /// Counts `changes`; `unchanged` is the number of wanted resources without one.
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

/// A resource that is wanted and missing, and that apply cannot make yet, or one that AWS does not delete yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waiting {
    /// What will be done once nothing is waited for any more.
    #[serde(flatten)]
    pub change: Change,
    /// What it waits for: a service that a person enables, an account that a person reopens. The resource itself where it is
    /// what a person must act on.
    pub waits_for: Address,
}

/// How far a plan looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Depth {
    /// Whether the assignments in every pair of permission set and account were read.
    pub deep: bool,
    /// Pairs of permission set and account whose assignments only a deep look reads, a call for each.
    pub pairs: usize,
    /// Units of the blueprint that were not asked for units below them: by the blueprint there are none, and no account is in
    /// one. A deep look asks each, a call for each.
    #[serde(skip_serializing_if = "is_zero")]
    pub units: usize,
}

/// Serde gives a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Depth {
    /// The pairs that the plan did not check.
    pub fn unchecked(self) -> usize {
        if self.deep { 0 } else { self.pairs }
    }
}

/// What no API can do and a person must.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Manual {
    /// What it is about, where it is about one resource.
    pub address: Option<Address>,
    /// What to do, in a sentence.
    pub what: String,
    /// The page where it is done or described.
    pub link: Option<String>,
}

/// What a reader of a plan should know beside its changes: that something of the blueprint has no effect, or what happens on
/// the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// What it is about, where it is about one resource.
    pub address: Option<Address>,
    /// The note, in a sentence.
    pub what: String,
    /// The resources whose changes it explains; a plan that changes none of them does not show it.
    #[serde(skip)]
    pub about: Vec<Address>,
}

/// Something of which not everything could be looked at: by AWS for drift, or by landing for what an account has already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Undetected {
    /// What it is.
    pub address: Address,
    /// What was not looked at, and why.
    pub why: String,
}

/// Something whose tags say that it is what it cannot be. An administrator of the account can set them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Untrusted {
    /// What it is by where it is.
    pub address: Address,
    /// What it claims.
    pub why: String,
}

/// Why a plan may be shown but not be applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// A stable code: `lock-out`, `another-blueprint`, `places-taken` …
    pub code: String,
    /// What it is about, where it is about one resource.
    pub address: Option<Address>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// How many AWS calls were made, attempts that were repeated included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiCalls {
    /// All calls together.
    pub total: u64,
    /// By `service:Operation`.
    pub by_operation: BTreeMap<String, u64>,
}

/// The snapshot that a plan was made against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Against {
    /// When it was taken: `2026-11-29T12:00:00Z`.
    pub taken: String,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// What it does not know and the blueprint asks.
    pub not_known: Vec<NotKnown>,
}

/// What a snapshot does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct NotKnown {
    /// The kind of resource that is not compared because of it; absent where it is only needed to check the changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What the blueprint wants, or may have had, of that kind and the plan leaves out.
    pub left_out: Vec<Address>,
    /// The questions without an answer, by their keys.
    pub questions: Vec<String>,
}

/// What would change, in the form that `--format json` and `--out` write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Always [`Plan::FORMAT`].
    pub format: String,
    /// The version of landing that made it.
    #[serde(default)]
    pub version: String,
    /// The blueprint that it is made from.
    pub blueprint: BlueprintId,
    /// The organization that it is made for.
    pub organization: OrganizationId,
    /// How many changes there are of each sort.
    pub summary: Summary,
    /// The changes, in the order of addresses; what comes first says each change's `needs`.
    pub changes: Vec<Change>,
    /// What is missing and can be made only later, in the order of addresses. Where apply itself makes what is waited for, as
    /// the organization that Identity Center is enabled in, it goes on with these, and with nothing else.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
    /// What a person must do first.
    pub manual: Vec<Manual>,
    /// How far the plan looked; apply looks alike.
    #[serde(default)]
    pub depth: Depth,
    /// What exists and belongs to no one.
    pub unmanaged: Vec<Address>,
    /// Who made what of that is new, where that was looked for.
    #[serde(default, skip_serializing_if = "Makers::is_empty")]
    pub unmanaged_made_by: Makers,
    /// What is AWS Control Tower's where it governs the organization, and what it makes of the changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_tower: Option<Governed>,
    /// What could not be looked at, by AWS for drift or by landing for what accounts have already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undetected: Vec<Undetected>,
    /// What a reader should know beside the changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What claims by its tags to be a resource of the blueprint and is not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untrusted: Vec<Untrusted>,
    /// Why it cannot be carried out; empty where it can.
    pub refusals: Vec<Refusal>,
    /// What making the plan cost.
    pub api_calls: ApiCalls,
    /// A digest of every resource found, by address: anyone who applies the plan must find the same.
    pub observed: BTreeMap<Address, String>,
    /// What the changes lead to, bodies rendered, so that a saved plan needs no blueprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub desired: Option<Desired>,
    /// What the plan would have changed for the calls in CloudTrail's logs, in the form of `landing replay`, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<serde_json::Value>,
    /// The snapshot that it was made against, in place of the organization: it shows, and cannot be carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// The addresses that `--target` limited it to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Address>,
}

impl Plan {
    /// The version of the JSON form.
    pub const FORMAT: &'static str = "landing-plan/1";

    /// The one rule that says whether there is anything for apply to do.
    pub fn is_quiet(&self) -> bool {
        self.changes.is_empty()
    }

    /// The one rule that says whether the organization is as the blueprint says. What a person must do, or what is waited for,
    /// differs as well, though apply can do nothing about it.
    pub fn agrees(&self) -> bool {
        let is_known = self.against.as_ref().is_none_or(|against| against.not_known.is_empty());
        is_known && self.is_quiet() && self.waiting.is_empty() && self.manual.is_empty() && self.refusals.is_empty()
    }

    /// The change of the resource at `address`, if there is one.
    pub fn change(&self, address: &Address) -> Option<&Change> {
        self.changes.iter().find(|change| change.address == *address)
    }
}
