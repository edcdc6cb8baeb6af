use landing_blueprint::{Entries, Place, Spanned};
use landing_policy::PolicyType;
use schemars::JsonSchema;
use serde::Deserialize;

use super::policy_use::PolicyUse;
use crate::declaration::Declaration;
use crate::declaration::administrator::DelegatedAdministrator;
use crate::declaration::aws_names;
use crate::declaration::name_or::NameOr;
use crate::declaration::state::{State, Switch};
use crate::declaration::trust::{policy_type_address, trust};
use crate::kinds::resource::{Organization, Resource, Root};
use crate::kinds::section::ROOT_FEATURES;
use crate::kinds::section::alternate_contact::{self, Contacts};
use crate::kinds::section::delegated_administrator;
use crate::kinds::section::resource_policy::{self, DelegationPolicy};
use crate::model::{Address, Presence, Wanted, no_fields};

/// The organization as a whole, and its root.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "allow-list"))]
pub(super) struct OrganizationSection {
    /// Where the lease and stacks live; Identity Center is used in the region of its instance; the first of `regions` unless it is given.
    #[schemars(extend("x-form" = "region"))]
    pub home_region: Option<Spanned<String>>,
    /// The regions that may be used: the region policy is made from them.
    #[schemars(extend("x-form" = "region"))]
    pub regions: Vec<Spanned<String>>,
    /// Regions that are newer than this version of landing, which takes no other code that it does not know.
    #[schemars(extend("x-form" = "newer-region"))]
    pub extra_regions: Vec<Spanned<String>>,
    /// The email of accounts that do not give one; `{name}` stands for the account's name.
    #[schemars(extend("x-form" = "emails"))]
    pub account_email: Option<Spanned<String>>,
    /// The role by which the management account enters member accounts.
    pub access_role: Option<Spanned<String>>,
    /// A bucket in the home region for templates of more than 51,200 bytes, which the accounts can read. Without it landing
    /// makes one by the stack `landing-templates` in the management account, once there is such a template.
    pub template_bucket: Option<Spanned<String>>,
    /// Whether AWS Control Tower governs the organization: guardrails then spare the roles by which it works.
    pub control_tower: bool,
    /// Roles for emergencies: no guardrail may shut them out.
    pub break_glass_roles: Vec<Spanned<String>>,
    /// Policy types to enable beside those that the blueprint's policies need anyway.
    #[schemars(extend("x-form" = "policy-type"))]
    policy_types: Vec<NameOr<PolicyTypeSwitch>>,
    /// AWS services that may act in every account, by principal, such as cloudtrail.amazonaws.com.
    #[schemars(extend("x-form" = "service"))]
    pub trusted_access: Vec<NameOr<TrustedService>>,
    /// Accounts that administer a service for the organization.
    pub delegated_administrators: Vec<Spanned<DelegatedAdministrator>>,
    /// The organization's delegation policy: which member accounts may do what of Organizations in the management account's place.
    delegation_policy: Option<Spanned<DelegationPolicy>>,
    /// What the management account may do about members' root users: `RootCredentialsManagement` lets it delete their
    /// credentials, `RootSessions` act as them for a few tasks. New accounts then have no root credentials at all.
    #[schemars(extend("x-form" = "root-feature"))]
    central_root_access: Vec<Switch>,
    /// Tags of the root. They are only added; one goes where its value is null.
    #[schemars(extend("x-form" = "tags-or-none"))]
    tags: Entries<Option<Spanned<String>>>,
    /// Tags of every unit, account, policy and permission set that does not give the same key another value.
    #[schemars(extend("x-form" = "tags"))]
    pub default_tags: Entries<Spanned<String>>,
    /// Tags of every account, over `default_tags`. A unit's `account_tags` and an account's own `tags` go before them.
    #[schemars(extend("x-form" = "tags"))]
    pub account_tags: Entries<Spanned<String>>,
    /// Keys of tags that others write and landing leaves alone; `*` at the end stands for anything.
    pub ignore_tags: Vec<Spanned<String>>,
    /// Policies attached to the root.
    #[schemars(extend("x-form" = "attached-policies"))]
    pub policies: Vec<PolicyUse>,
    /// Whether AWS's FullAWSAccess is attached to the root. false detaches it: only what attached policies allow is allowed then.
    /// true attaches it where it is missing. Unless given, it stays as it is.
    pub full_aws_access: Option<Spanned<bool>>,
    /// true beside `full_aws_access: false`: no attached policy allows anything, on purpose, as in a unit for suspended accounts.
    pub allows_nothing: Option<Spanned<bool>>,
    /// Alternate contacts of every account that gives none.
    pub contacts: Contacts,
    /// Regions that every account opts in to.
    #[schemars(extend("x-form" = "region"))]
    pub opt_in_regions: Vec<Switch>,
    /// Whether IAM users of new accounts may see bills.
    pub iam_user_access_to_billing: Option<bool>,
    /// Quotas that AWS has changed for this organization: on policies by policy type, such as `scp`; on requests by operation, such
    /// as `organizations:DescribePolicy`, `organizations:List*` or `sso:*`.
    #[schemars(extend("x-form" = "quotas"))]
    pub quotas: Entries<QuotaSection>,
}

/// AWS's quotas on one type of policies, or on the requests of an operation, as far as this organization has others than most.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct QuotaSection {
    /// Characters of one policy.
    #[schemars(range(min = 1, max = 1_000_000))]
    size: Option<u32>,
    /// Policies attached to one target.
    #[schemars(range(min = 1, max = 1_000))]
    per_target: Option<u32>,
    /// Requests a second, of an operation.
    #[schemars(range(min = 0.01, max = 10_000.0))]
    pub per_second: Option<f64>,
    /// Requests at once before that counts; as in the table of request rates unless given.
    #[schemars(range(min = 1.0, max = 10_000.0))]
    pub burst: Option<f64>,
}

impl QuotaSection {
    pub fn size(&self) -> Option<usize> {
        self.size.map(|size| size as usize)
    }

    pub fn per_target(&self) -> Option<usize> {
        self.per_target.map(|count| count as usize)
    }
}

/// A service by its principal, and what is to become of its trusted access.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TrustedService")]
pub(super) struct TrustedService {
    /// The service's principal.
    name: Spanned<String>,
    /// `absent` disables it; `unmanaged` leaves it as it is, whatever else of the blueprint needs it.
    #[serde(default)]
    state: TrustState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum TrustState {
    /// It is enabled.
    #[default]
    Present,
    /// It is disabled.
    Absent,
    /// It stays as it is, whatever else of the blueprint needs it.
    Unmanaged,
}

/// The service and what is to become of its trusted access.
fn trusted(service: &NameOr<TrustedService>) -> (&Spanned<String>, TrustState) {
    match service {
        NameOr::Name(name) => (name, TrustState::Present),
        NameOr::Map(service) => (&service.name, service.state),
    }
}

/// The services whose trusted access the blueprint leaves as it is.
pub(super) fn unmanaged_services(section: &OrganizationSection) -> impl Iterator<Item = &str> {
    let services = section.trusted_access.iter().map(trusted);
    services.filter(|(_, state)| *state == TrustState::Unmanaged).map(|(name, _)| name.as_str())
}

/// A policy type, and `state: absent` to disable it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PolicyTypeSwitch {
    /// Its short name (`backup-policy`) or AWS's (`BACKUP_POLICY`).
    #[serde(rename = "type")]
    policy_type: Spanned<String>,
    /// `absent` disables it.
    #[serde(default)]
    state: State,
}

/// Wants the organization, what is switched on in it, and the tags of its root.
pub(super) fn declare(section: &OrganizationSection, declaration: &mut Declaration) {
    let organization = Organization::with_all_features().wanted(Address::organization());
    declaration.want(organization, Place::NOWHERE);
    declare_root_tags(section, declaration);
    alternate_contact::check_all(&section.contacts, declaration);
    for (name, state) in section.trusted_access.iter().map(trusted) {
        aws_names::check_principal(name, declaration);
        if state == TrustState::Unmanaged {
            continue;
        }
        let address = Address::new("trusted-access", [&name.value]);
        let wanted = Wanted::new("trusted-access", address, no_fields()).under(Address::organization());
        let wanted = wanted.needing([Address::organization()]).present(state == TrustState::Present);
        declaration.want(wanted, name.place);
    }
    for switch in &section.policy_types {
        declare_policy_type(switch, declaration);
    }
    for administrator in &section.delegated_administrators {
        declare_administrator(administrator, declaration);
    }
    if let Some(policy) = &section.delegation_policy {
        resource_policy::declare(policy, declaration);
    }
    for feature in &section.central_root_access {
        declare_root_access(feature, declaration);
    }
}

fn declare_root_access(feature: &Switch, declaration: &mut Declaration) {
    let name = feature.name();
    if !ROOT_FEATURES.contains(&name.as_str()) {
        declaration.unknown(
            "feature of central root access",
            name,
            name.place,
            ROOT_FEATURES.into_iter(),
            "write one of the two",
        );
        return;
    }
    let trusted = trust("iam.amazonaws.com", name.place, declaration);
    let wanted = Wanted::new("root-access", Address::new("root-access", [&name.value]), no_fields());
    let wanted = wanted.under(Address::organization()).needing([Address::organization(), trusted]);
    declaration.want(wanted.present(feature.is_on()), name.place);
}

fn declare_root_tags(section: &OrganizationSection, declaration: &mut Declaration) {
    let Some((first, _)) = section.tags.iter().next() else { return };
    for (key, value) in &section.tags {
        crate::declaration::tags::check_key(key, declaration);
        if let Some(value) = value {
            crate::declaration::tags::check_value(value, value.place, declaration);
        }
    }
    let text = |value: &Option<Spanned<String>>| value.as_ref().map(|text| text.value.clone());
    let root = Root { tags: section.tags.iter().map(|(key, value)| (key.value.clone(), text(value))).collect() };
    let wanted = root.wanted(Address::root()).under(Address::organization());
    declaration.want(wanted.needing([Address::organization()]), first.place);
}

fn declare_policy_type(switch: &NameOr<PolicyTypeSwitch>, declaration: &mut Declaration) {
    let (name, state) = match switch {
        NameOr::Name(name) => (name, State::Present),
        NameOr::Map(switch) => (&switch.policy_type, switch.state),
    };
    let Some(policy_type) = crate::kinds::section::policy::policy_type(name, declaration) else { return };
    let address = policy_type_address(policy_type);
    let wanted = Wanted::new("policy-type", address, no_fields()).under(Address::organization());
    let present = state == State::Present;
    // A policy of the type says the same.
    if present && declaration.desired.get(&wanted.address).is_some_and(|known| known.presence == Presence::Present) {
        return;
    }
    declaration.want(wanted.needing([Address::organization()]).present(present), name.place);
}

/// Wants the services trusted without which AWS does not enable the policy types that are wanted.
pub(super) fn trust_for_policy_types(declaration: &mut Declaration) {
    let types = declaration.desired.of_kind("policy-type").filter(|wanted| wanted.presence == Presence::Present);
    let types: Vec<Address> = types.map(|wanted| wanted.address.clone()).collect();
    for address in types {
        let policy_type: Option<PolicyType> = address.name().parse().ok();
        let Some(service) = policy_type.and_then(PolicyType::trusted_service) else { continue };
        let place = declaration.places.get(&address).copied().unwrap_or(Place::NOWHERE);
        let trusted = trust(service, place, declaration);
        check_is_trusted(&trusted, &address.name(), place, declaration);
        if let Some(wanted) = declaration.desired.resources.get_mut(&address) {
            wanted.needs.push(trusted);
        }
    }
}

/// What needs trusted access is a mistake where the blueprint disables that.
fn check_is_trusted(trusted: &Address, what: &str, place: Place, declaration: &mut Declaration) {
    if declaration.desired.get(trusted).is_some_and(|wanted| wanted.presence == Presence::Absent) {
        let message = format!("{what} needs trusted access for {}, and `trusted_access` disables it", trusted.name());
        declaration.mistake("trusted-access", place, message, "remove the `state: absent` of one of them");
    }
}

fn declare_administrator(administrator: &Spanned<DelegatedAdministrator>, declaration: &mut Declaration) {
    let service = &administrator.service;
    // GuardDuty has a section of its own for it.
    if service.value == crate::kinds::section::guardduty_administrator::PRINCIPAL {
        return;
    }
    aws_names::check_principal(service, declaration);
    if let Some(auto_enable) = &administrator.auto_enable {
        let help = "remove it here: AWS or the service's own stack says what it enables";
        let message = format!("{} is not switched on for members", service.value);
        declaration.mistake("auto-enable", auto_enable.place, message, help);
    }
    if crate::kinds::section::service_administrator::is_designated(administrator, declaration) {
        return;
    }
    delegated_administrator::declare(administrator, declaration);
}
