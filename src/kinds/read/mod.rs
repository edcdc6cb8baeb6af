//! What kinds ask AWS. Reads only; every answer is a plain value without ids that only the SDK knows.

mod control_tower;
mod deployment_record;
mod endpoint_services;
mod event_history;
mod identity_center;
mod occupants;
mod organization;
mod policies;
mod prefix_lists;
mod seen;
mod service_administrators;
mod stack_contents;
mod stack_drift;
mod stack_set_drift;
mod stack_sets;
mod stacks;
mod tags;

pub use super::account::read::{Account, Accounts, OpenInvitations};
pub use super::alternate_contact::read::ContactOf;
pub use super::group::read::Groups;
pub use super::organizational_unit::read::{Unit, UnitsOf};
pub use super::policy::effective_policy::EffectivePolicy;
pub use super::region::read::RegionsOf;

pub use control_tower::{ControlTowerLandingZone, LandingZoneFacts};
pub use deployment_record::DeploymentRecord;
pub use endpoint_services::EndpointServicesIn;
pub use event_history::{Page, RecordedEvent, events_named};
pub use identity_center::{CenterFacts, IdentityCenter, OutdatedIn, ProvisionedTo, SetId};
pub use occupants::{Holder, HolderOf, Occupant, OccupantsIn};
pub use organization::{
    ALL_FEATURES, Caller, CallerIdentity, DelegatedAdministrators, DelegatedServices, EveryDelegatedAdministrator,
    Organization, OrganizationFacts, Root, RootFacts, TrustedAccess,
};
pub(super) use organization::{handshakes, text};
pub use policies::{PoliciesOf, PolicyContent, PolicyFacts, TargetsOf};
pub use prefix_lists::PrefixListsIn;
pub(super) use seen::is_disabled;
pub use seen::{Seen, Shut, is_untold};
pub use service_administrators::ServiceAdministrators;
pub(super) use service_administrators::has_role;
pub use stack_contents::{ContentsOf, StackContents};
pub use stack_drift::{DetectStackDrift, Detected, PropertyDrift, ResourceDrift, StackDrifts};
pub use stack_set_drift::DetectStackSetDrift;
pub use stack_sets::{
    PAGE, StackInstanceFacts, StackInstanceOverrides, StackInstancesOf, StackSetFacts, StackSetNamed, StackSetNames,
    StackSetTargets, home,
};
pub use stacks::{StackFacts, StackTemplate, StackTemplateText, StacksIn, stack_facts, template};
pub use tags::{Tagged, TagsOf};
