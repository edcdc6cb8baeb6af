//! Plain values that every other module speaks in: addresses, resources wanted and found, changes, plans.
//! Nothing here knows the SDK, a file, a clock or a terminal.

mod account_rule;
mod address;
mod author;
mod bindings;
mod body;
mod change;
mod control_tower;
mod date;
mod designation;
mod exclusion;
mod expectation;
mod history;
mod identity;
mod inventory;
mod kind_info;
mod listing;
mod occupied;
mod partition;
mod plan;
mod request_rate;
mod resource;
mod session;
mod slug;
mod tags;
mod until;

pub use account_rule::AccountRule;
pub use address::{Address, PREFIX_LIST};
pub use author::{Author, ChangedBy, Makers};
pub use bindings::{
    Bindings, body_references, field_references, is_plain, mark_references, references, unmark_references,
};
pub use body::{TEMPLATE, body_content, body_name, body_template, no_fields};
pub use change::{Action, Change, FieldChange, Risk};
pub use control_tower::{
    CONTROL_TOWER, CONTROL_TOWER_EXECUTION, CONTROL_TOWER_ROLES, ControlTower, Governed, GovernedNote,
};
pub use date::Date;
pub use designation::Designation;
pub use exclusion::{Excluded, Exclusion};
pub use expectation::Expectation;
pub use history::{ANY_FIELD, Does, History, Mark, Recorded, Trace};
pub use identity::{AssignmentRule, IdentitySettings, named_permission_set, permission_set_principal};
pub use inventory::{Inventory, InventoryItem};
pub use kind_info::{Deed, Heading, KindInfo, KindName, Names, Part, Reach, Role, Words};
pub use listing::{Access, AccessPortal, AccountListing, ListedAccount};
pub use occupied::{Held, Keep, Occupied};
pub use partition::{dns_suffix, dual_stack_suffix, global_region, partition_of};
pub use plan::{
    Against, ApiCalls, BlueprintId, Depth, Manual, NotKnown, Note, OrganizationId, Plan, Refusal, Summary, Undetected,
    Untrusted, Waiting,
};
pub use request_rate::{Basis, Counted, Operations, OwnRate, OwnRates, REQUEST_RATES, RequestRate, only_reads};
pub use resource::{
    Body, DEFAULT_ACCESS_ROLE, Desired, Findings, Found, Observed, Owner, PolicyQuota, Presence, Roles,
    STACK_SETS_ROLE, Settings, Wanted,
};
pub use session::{duration_minutes, iso_duration};
pub use slug::slug;
pub use tags::{OwnershipTags, TAG_ADDRESS, TAG_BLUEPRINT, TAG_GUARDRAIL, Tags, body_tags};
pub use until::Until;
