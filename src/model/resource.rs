use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    AccountRule, Address, AssignmentRule, Bindings, CONTROL_TOWER_ROLES, ControlTower, Date, Expectation,
    IdentitySettings, Manual, Note, Occupied, OwnRates, Refusal, Undetected, Untrusted, global_region, partition_of,
};

/// The fields of a resource, by name, in the shape that its kind compares and shows.
pub type Body = serde_json::Map<String, Value>;

/// Whether the blueprint wants a resource to be there, or says outright that it must not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It is to be there.
    #[default]
    Present,
    /// It must not be there.
    Absent,
}

/// One resource as the blueprint wants it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// What it is called.
    pub address: Address,
    /// The name of its kind, as the registry knows it.
    pub kind: String,
    /// Whether it is to be there.
    #[serde(default)]
    pub presence: Presence,
    /// How it is to be, in its kind's fields; references are not yet resolved.
    pub body: Body,
    /// Where it hangs in the tree that plans show.
    pub parent: Option<Address>,
    /// What must be there before it can be made or changed.
    pub needs: Vec<Address>,
    /// Earlier addresses, from `was:`.
    #[serde(default)]
    pub was: Vec<Address>,
    /// The blueprint's line: `landing.yaml:12`.
    pub source: Option<String>,
    /// The built-in template that it is made of, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Fields that stay as they are found, however they are spelled, as long as they come to the same: not the user's own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lenient: Vec<String>,
}

impl Wanted {
    /// A present resource with no needs; the caller adds what more there is to say.
    pub fn new(kind: &str, address: Address, body: Body) -> Wanted {
        Wanted {
            address,
            kind: kind.to_owned(),
            presence: Presence::Present,
            body,
            parent: None,
            needs: Vec::new(),
            was: Vec::new(),
            source: None,
            template: None,
            lenient: Vec::new(),
        }
    }

    /// The same, below `parent` in the tree.
    pub fn under(mut self, parent: Address) -> Wanted {
        self.parent = Some(parent);
        self
    }

    /// The same, with more that must be there first.
    pub fn needing(mut self, needs: impl IntoIterator<Item = Address>) -> Wanted {
        self.needs.extend(needs);
        self
    }

    /// The same, written at `source` (`landing.yaml:12`).
    pub fn from(mut self, source: impl Into<String>) -> Wanted {
        self.source = Some(source.into());
        self
    }

    /// The same, made of a built-in template.
    pub fn of_template(mut self, template: Option<&str>) -> Wanted {
        self.template = template.map(str::to_owned);
        self
    }

    /// The same, to be there or not.
    pub fn present(mut self, present: bool) -> Wanted {
        self.presence = if present { Presence::Present } else { Presence::Absent };
        self
    }
}

/// What the blueprint says about the organization as a whole, for anyone who plans and guards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Where the lease, stacks and Identity Center live.
    pub home_region: String,
    /// The regions that may be used.
    pub regions: Vec<String>,
    /// The role by which member accounts are entered from the management account.
    pub access_role: String,
    /// Roles for emergencies, by name: no guardrail may shut them out.
    pub break_glass_roles: Vec<String>,
    /// Roles that some guardrail or policy of the blueprint does not bind, by name; `*` stands for anything.
    pub exempt_roles: Vec<String>,
    /// The accounts in which the blueprint keeps logs, as references: `${account/log-archive}`.
    pub log_archives: Vec<String>,
    /// Keys of tags that others write and landing leaves alone; `*` at the end stands for anything.
    pub ignore_tags: Vec<String>,
    /// Policies that are meant to shut out even landing's own roles.
    pub may_lock_out: Vec<Address>,
    /// What is new in which version of a guardrail, and why, by the guardrail's name.
    pub guardrail_changes: BTreeMap<String, BTreeMap<u32, String>>,
    /// The roles that the blueprint makes for landing itself, where it makes them.
    pub roles: Option<Roles>,
    /// The bucket in the home region for templates that are too large for a request: a name, or a reference to the output
    /// of the stack that makes it. Absent where no template is.
    pub template_bucket: Option<String>,
    /// Places per target and characters of policy types, by AWS's name, where this organization's quotas are others.
    pub quotas: BTreeMap<String, PolicyQuota>,
    /// Request rates, where this organization's are others.
    #[serde(skip_serializing_if = "OwnRates::is_empty")]
    pub request_rates: OwnRates,
    /// What it says about Identity Center; absent where it says nothing.
    pub identity: Option<IdentitySettings>,
    /// Whether it says that AWS Control Tower governs the organization.
    pub control_tower: bool,
    /// Settings of accounts. Where several of a kind are for the same account, the last holds.
    pub account_rules: Vec<AccountRule>,
    /// What its policies must come to.
    pub expectations: Vec<Expectation>,
    /// Whether to read the assignments in every pair of permission set and account, a call for each. Without it those of the
    /// principals that the blueprint does not name are found only where nothing else explains that an account has the set.
    pub deep: bool,
    /// Whether AWS is to look for drift first, which takes it minutes; else what it found when it last looked counts.
    pub detects_drift: bool,
    /// The day that ends (`until`) are held against. A saved plan keeps the one that it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<Date>,
    /// Whether to look at what others own as well, for the caller that wants to see all that there is. No plan is made of that.
    #[serde(skip)]
    pub surveys: bool,
    /// The regions in which every account is asked for its stacks, regardless of who made them, for the caller that writes them down.
    #[serde(skip)]
    pub surveyed_regions: Vec<String>,
    /// The kinds that are not looked at, by name: AWS refuses to report them to anyone who surveys.
    #[serde(skip)]
    pub unread: BTreeSet<String>,
}

/// The role by which AWS makes the stacks of service-managed stack sets in an account. Its name ends in 32 digits and letters
/// that differ from account to account.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-enable-trusted-access.html>
pub const STACK_SETS_ROLE: &str = "stacksets-exec-*";

/// The role that Organizations makes in the accounts that it creates.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html>
pub const DEFAULT_ACCESS_ROLE: &str = "OrganizationAccountAccessRole";

/// Roles in every account by which landing works, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// May read what a plan needs.
    pub plan: String,
    /// May make what the blueprint says.
    pub apply: String,
}

impl Roles {
    /// Those of the built-in template `landing-roles`.
    #[must_use]
    pub fn usual() -> Roles {
        Roles { plan: "landing-plan".into(), apply: "landing-apply".into() }
    }
}

/// AWS's quotas on one type of policies, as far as this organization has others than most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyQuota {
    /// Characters of one policy.
    pub size: Option<usize>,
    /// Policies attached to one target.
    pub per_target: Option<usize>,
}

impl Settings {
    /// Whether everything is to be read, however many calls that takes: by `--deep`, `drift` and surveys.
    pub fn sees_everything(&self) -> bool {
        self.deep || self.surveys
    }

    /// The roles, by name, that guardrails spare: those for emergencies, and AWS Control Tower's where it governs.
    pub fn spared_roles(&self) -> impl Iterator<Item = &str> {
        let towers = CONTROL_TOWER_ROLES.into_iter().filter(|_| self.control_tower);
        self.break_glass_roles.iter().map(String::as_str).chain(towers)
    }

    /// `aws`, `aws-us-gov` or another partition, by the home region.
    pub fn partition(&self) -> &'static str {
        partition_of(&self.home_region)
    }

    /// Where the partition's global services (IAM, Organizations) answer.
    pub fn global_region(&self) -> &'static str {
        global_region(self.partition())
    }
}

/// Everything that the blueprint wants, by address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Desired {
    /// The blueprint's name, which owned resources are tagged with.
    pub blueprint: String,
    /// What holds for the organization as a whole.
    pub settings: Settings,
    /// Every wanted resource, also those that must not be there.
    pub resources: BTreeMap<Address, Wanted>,
}

impl Desired {
    /// Adds a wanted resource, over an earlier one with its address.
    pub fn add(&mut self, wanted: Wanted) {
        self.resources.insert(wanted.address.clone(), wanted);
    }

    /// Whether tags with this key are another owner's business.
    pub fn ignores_tag(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || self.settings.ignore_tags.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => key.starts_with(start),
                None => key == pattern,
            })
    }

    /// The rules that say who gets which permission set where, also those that have ended.
    #[must_use]
    pub fn assignment_rules(&self) -> &[AssignmentRule] {
        self.settings.identity.as_ref().map(|identity| identity.assignments.as_slice()).unwrap_or_default()
    }

    /// The rules that have not ended.
    pub fn lasting_assignment_rules(&self) -> impl Iterator<Item = &AssignmentRule> {
        self.assignment_rules().iter().filter(|rule| !rule.has_ended(self.settings.today))
    }

    /// Whether some rule excludes accounts by their tags.
    #[must_use]
    pub fn excludes_by_tags(&self) -> bool {
        let of_settings = self.settings.account_rules.iter().map(|rule| &rule.except);
        let of_people = self.assignment_rules().iter().map(|rule| &rule.except);
        of_settings.chain(of_people).any(|except| !except.tags.is_empty())
    }

    /// What is wanted at `address`.
    pub fn get(&self, address: &Address) -> Option<&Wanted> {
        self.resources.get(address)
    }

    /// The wanted resources with addresses that are such, in the order of these.
    pub fn of(&self, is_such: impl Fn(&Address) -> bool) -> impl Iterator<Item = &Wanted> {
        self.resources.values().filter(move |wanted| is_such(&wanted.address))
    }

    /// The wanted resources of one kind, in the order of their addresses.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Wanted> {
        self.resources.values().filter(move |wanted| wanted.kind == kind)
    }
}

/// Who owns an existing resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// No blueprint's: unmanaged, or adopted where the blueprint names it.
    Unmanaged,
    /// This blueprint's.
    This {
        /// The address in its tag, where that is not its address any more.
        stale: Option<String>,
    },
    /// Another blueprint's, by name.
    Other(String),
    /// AWS Control Tower's: it may be referred to, and stays as it is.
    ControlTower,
    /// Not a resource that is owned: it is added to, and goes only where the blueprint says `state: absent`.
    Shared,
}

/// One resource as it really is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What it is called: the blueprint's name for it, or one made from AWS's.
    pub address: Address,
    /// The name of its kind.
    pub kind: String,
    /// AWS's id, or where there is none the name by which AWS knows it.
    pub id: String,
    /// Whose it is.
    pub owner: Owner,
    /// How it is, in its kind's fields.
    pub body: Body,
    /// Where it hangs in the tree that plans show.
    pub parent: Option<Address>,
    /// What it hangs on, and so must leave before that is deleted.
    pub attached_to: Vec<Address>,
}

impl Found {
    /// One that is added to and not owned, of an account or of the organization.
    pub fn shared(kind: &str, address: Address, id: String, body: Body, of: Address) -> Found {
        let (parent, attached_to) = (Some(of.clone()), vec![of]);
        Found { address, kind: kind.to_owned(), id, owner: Owner::Shared, body, parent, attached_to }
    }
}

/// What is there, as far as the blueprint's kinds look, and under which ids.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Every found resource.
    pub found: BTreeMap<Address, Found>,
    /// AWS's ids of what was found.
    pub bindings: Bindings,
    /// Targets without FullAWSAccess on which all other service control policies are the blueprint's.
    pub without_full_access: BTreeSet<Address>,
    /// Every account's parent (`ou/…` or `root`), managed or not, by address.
    pub accounts: BTreeMap<Address, Address>,
    /// Every account's tags, those that others write included.
    pub account_tags: BTreeMap<Address, BTreeMap<String, String>>,
    /// Addresses that exist but can only be waited for (an account being made, an open invitation).
    pub waiting: BTreeSet<Address>,
    /// The AWS Control Tower that governs the organization, if one does.
    pub control_tower: Option<ControlTower>,
    /// Accounts of the blueprint that are closed: nothing of them is managed any more but the unit that they are in.
    pub closed: BTreeMap<Address, Found>,
    /// Resources that AWS does not delete before the closed account that each is held by is removed.
    pub held: BTreeMap<Address, Address>,
    /// The primary region of IAM Identity Center's instance, where it was looked for.
    pub identity_center_region: Option<String>,
    /// What is wanted, or is not to be, and cannot be looked at before something else of the blueprint is there, with what that
    /// is: nothing is known of it, so that it counts neither as there nor as absent.
    pub unseen: BTreeMap<Address, Address>,
    /// What there is to say about it.
    pub findings: Findings,
}

/// What was noticed on the way: what prevents a plan, and what its reader should know.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What a person must do first.
    pub manual: Vec<Manual>,
    /// What cannot be planned.
    pub refusals: Vec<Refusal>,
    /// What could not be looked at: by AWS for drift, or by landing for what is there already.
    pub undetected: Vec<Undetected>,
    /// Pairs of permission set and account whose assignments only a deep look reads.
    pub deep_pairs: usize,
    /// Units of the blueprint whose lists of units only a deep look reads.
    pub unlisted_units: usize,
    /// What claims by its tags to be a resource of the blueprint and is not used.
    pub untrusted: Vec<Untrusted>,
    /// What stacks would make and accounts have already.
    pub occupied: Vec<Occupied>,
    /// What a reader of the plan should know beside its changes.
    pub notes: Vec<Note>,
    /// The stacks that tools and services have, by whose they are, where every account is asked for its stacks.
    pub stacks_of_others: BTreeMap<&'static str, BTreeSet<Address>>,
    /// The questions without an answer, by the name of the kind that is recognized by them; none once AWS was asked.
    pub unknown: BTreeMap<String, Vec<String>>,
}

impl Observed {
    /// Adds a found resource and binds its id.
    pub fn add(&mut self, found: Found) {
        self.bindings.bind(found.address.clone(), found.id.clone());
        self.found.insert(found.address.clone(), found);
    }

    /// Adds a found resource whose id others have as well, such as a region's or an account's: no id leads to it.
    pub fn add_unbound(&mut self, found: Found) {
        self.found.insert(found.address.clone(), found);
    }

    /// What was found at an address, closed accounts included.
    pub fn get(&self, address: &Address) -> Option<&Found> {
        self.found.get(address).or_else(|| self.closed.get(address))
    }

    /// Whether an account is there and has not been closed.
    pub fn has_open(&self, account: &Address) -> bool {
        self.accounts.contains_key(account) && self.found.contains_key(account)
    }

    /// Every account's parent once everything that is wanted has been done, those included that are to be made and those that
    /// are closed or are to be.
    pub fn accounts_after(&self, desired: &Desired) -> BTreeMap<Address, Address> {
        let goes_there = |wanted: &&Wanted| match self.accounts.contains_key(&wanted.address) {
            true => self.get(&wanted.address).is_some(),
            false => wanted.presence == Presence::Present,
        };
        let root = Address::root();
        let mut after = self.accounts.clone();
        for wanted in desired.of(Address::is_account).filter(goes_there) {
            let parent = wanted.parent.as_ref().unwrap_or(&root);
            // Most accounts stay where they are.
            if self.accounts.get(&wanted.address) != Some(parent) {
                after.insert(wanted.address.clone(), parent.clone());
            }
        }
        after
    }
}
