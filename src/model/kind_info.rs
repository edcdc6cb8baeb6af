use super::{Address, History};

/// What is known of a kind beside how its resources are recognized and written, as plain data that the kind says of itself:
/// what it is to the order of changes, to guards and to reach, and in which words it is reported. Whatever a kind does not say
/// is as it is with most: see [`KindInfo::of`].
#[derive(Clone, Copy, Debug)]
pub struct KindInfo {
    /// What it is in the structure of an organization.
    pub role: Role,
    /// The part of an organization that it belongs to.
    pub part: Part,
    /// Which accounts its changes reach.
    pub reach: Reach,
    /// Whether others may have its name.
    pub names: Names,
    /// Whether its tags are those that Organizations keeps, which the tag index lists.
    pub is_tagged: bool,
    /// Whether a change of it can take something from the accounts that it reaches, as a guardrail does: what takes its
    /// place is made first.
    pub binds_accounts: bool,
    /// What it is called.
    pub noun: KindName,
    /// Whether its noun is reported beside its name, where neither this nor its heading says what it is.
    pub tells_noun: bool,
    /// What its changes stand under where they have no place in the organization's tree.
    pub heading: Option<Heading>,
    /// How one is called where it stands, in the tree or under its heading; else by the last name of its address, or of what
    /// hangs on something there.
    pub short_name: Option<fn(&Address) -> String>,
    /// How it is called among what an account has by its place; else by its noun and short name.
    pub name_when_held: Option<fn(&Address) -> String>,
    /// The service, in a word, that the account which it is in administers by it.
    pub administered: Option<fn(&Address) -> String>,
    /// What is said of its changes.
    pub words: Words,
    /// Which of CloudTrail's events show who changed it.
    pub history: History,
}

/// What a kind is in the structure of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// None that anything depends on.
    Other,
    /// An account.
    Account,
    /// An organizational unit, which accounts and other units are in.
    Unit,
    /// A policy, which does nothing where it is not attached.
    Policy,
    /// That a policy holds for a target.
    Attachment,
    /// A set of permissions, which no one has where it is not assigned.
    PermissionSet,
    /// That someone has a permission set in an account.
    Assignment,
    /// A stack in one account.
    Stack,
    /// Stacks in every account of units.
    StackSet,
    /// That an account uses a region, which stacks there need.
    OptIn,
}

/// A part of an organization that an import may be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The organization as a whole: trusted access, policy types, delegated administrators.
    Organization,
    /// Units and accounts.
    Accounts,
    /// Alternate contacts of accounts.
    Contacts,
    /// The regions that accounts have opted in to.
    Regions,
    /// Policies and where they are attached.
    Policies,
    /// Permission sets, and who has them where.
    Identity,
    /// What accounts are set to by themselves, which takes entering them.
    Settings,
    /// Stacks and stack sets.
    Stacks,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 8] = [
        Part::Organization,
        Part::Accounts,
        Part::Contacts,
        Part::Regions,
        Part::Policies,
        Part::Identity,
        Part::Settings,
        Part::Stacks,
    ];

    /// What it is called where it is chosen: `accounts`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Part::Organization => "organization",
            Part::Accounts => "accounts",
            Part::Contacts => "contacts",
            Part::Regions => "regions",
            Part::Policies => "policies",
            Part::Identity => "identity",
            Part::Settings => "settings",
            Part::Stacks => "stacks",
        }
    }

    /// That of most kinds of a role.
    const fn of(role: Role) -> Part {
        match role {
            Role::Account | Role::Unit => Part::Accounts,
            Role::Policy | Role::Attachment => Part::Policies,
            Role::PermissionSet | Role::Assignment => Part::Identity,
            Role::Stack | Role::StackSet => Part::Stacks,
            Role::OptIn => Part::Regions,
            Role::Other => Part::Organization,
        }
    }
}

/// Which accounts a change of a resource reaches that is not attached to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The account that it is in, or every account of the organization.
    Container,
    /// The account that it is, or those in the unit that it is.
    Itself,
    /// Those where it is attached, assigned or deployed.
    Targets,
}

/// How often a name may be taken among resources of a kind that are beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Once: a name must be free before it is taken.
    Unique,
    /// Once, and names are changed in place: where they change in a circle, one resource has a temporary name for a while.
    Exchangeable,
    /// Any number of times.
    Shared,
}

/// What a kind is called.
#[derive(Clone, Copy, Debug)]
pub enum KindName {
    /// By its name, with spaces for the hyphens.
    Name,
    /// By this.
    Named(&'static str),
    /// By what the address says, where that is more.
    OfAddress(fn(&Address) -> String),
}

impl KindName {
    /// The noun of a resource, by the name of its kind and its address: `OU`, `permission set`.
    #[must_use]
    pub fn of(self, kind: &str, address: &Address) -> String {
        match self {
            KindName::Name => kind.replace('-', " "),
            KindName::Named(noun) => noun.into(),
            KindName::OfAddress(noun) => noun(address),
        }
    }
}

/// What changes stand under beside the organization's tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// `Permission sets`.
    pub title: &'static str,
    /// Headings are shown by rising numbers; there is room between them.
    pub order: u8,
}

/// What is done to a resource, as a verb and as what comes of it: `enable`, `enabled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What the plan does.
    pub verb: &'static str,
    /// What then has been done.
    pub done: &'static str,
}

/// What is said of changes of a kind, where that is not what is said of most.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What a plan does that makes it.
    pub created: Option<Deed>,
    /// What a plan does that deletes it.
    pub deleted: Option<Deed>,
    /// A field, and what a plan does that deletes it by changing this field.
    pub ended: Option<(&'static str, Deed)>,
    /// What is wrong where it is not there: `not enabled`.
    pub missing: Option<&'static str>,
    /// What is wrong where it is there and the blueprint does not have it.
    pub unwanted: Option<&'static str>,
    /// The beginning of a field, and what is wrong where such a field differs.
    pub changed: Option<(&'static str, &'static str)>,
}

impl Words {
    /// Those of a kind that is said to be enabled and disabled.
    pub const SWITCHED: Words = Words {
        created: Some(Deed { verb: "enable", done: "enabled" }),
        deleted: Some(Deed { verb: "disable", done: "disabled" }),
        ..Words::USUAL
    };

    /// Those of most kinds: nothing of its own.
    pub const USUAL: Words =
        Words { created: None, deleted: None, ended: None, missing: None, unwanted: None, changed: None };
}

impl KindInfo {
    /// Of a kind with this role of which nothing else is unusual: it reaches the account that it is in, has names and words
    /// like most, and stands under its name where it is not in the tree.
    pub const fn of(role: Role) -> KindInfo {
        KindInfo {
            role,
            part: Part::of(role),
            reach: Reach::Container,
            names: Names::Unique,
            is_tagged: false,
            binds_accounts: false,
            noun: KindName::Name,
            tells_noun: true,
            heading: None,
            short_name: None,
            name_when_held: None,
            administered: None,
            words: Words::USUAL,
            history: History::NONE,
        }
    }
}
