use landing_policy::PolicyType;
use serde_json::Value;

use super::format::Format;

/// What the files of another tool say.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// The tool.
    pub format: Format,
    /// The files, those that others include among them.
    pub sheets: Vec<ClaimedFile>,
    /// What is said beside a resource, for the caller that reads.
    pub comments: Vec<(Subject, String)>,
    /// Which permission sets whom a file gives in a whole unit: the set, who has it, the unit.
    pub whole_units: Vec<(Subject, Subject, Subject)>,
}

/// A file, and a claim for each of its leaves.
#[derive(Clone, Debug, Default)]
pub struct ClaimedFile {
    /// Its path.
    pub file: String,
    /// How many leaves it has: texts, numbers, truth values, nulls, and lists and maps without content.
    pub leaves: usize,
    /// What they say.
    pub claims: Vec<Claim>,
}

/// What one or several leaves of a file say.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The way to the first of them.
    pub path: String,
    /// Its line, where it is known.
    pub line: Option<usize>,
    /// How many they are; none where the leaves say something else as well, which they are counted for.
    pub leaves: usize,
    /// What they say.
    pub meaning: Meaning,
}

/// What leaves say.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// Something that the live organization can be asked for.
    Fact(Fact),
    /// Something that has no place in a blueprint, or that only AWS knows; with the reason.
    Unmapped(&'static str),
}

/// Something that is said of a resource.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is about.
    pub about: Subject,
    /// What is said.
    pub says: ResourceClaim,
}

/// What is said of a resource.
#[derive(Clone, Debug)]
pub enum ResourceClaim {
    /// That it is there.
    IsThere,
    /// What it is in.
    Parent(Subject),
    /// A field of its kind, as plans show it.
    Field(&'static str, Value),
    /// An item of a field that is a list.
    Item(&'static str, Value),
    /// All items of a field that is a list.
    AllItems(&'static str, Vec<Value>),
    /// A tag.
    Tag(String, String),
    /// The keys of all its tags.
    AllTags(Vec<String>),
}

/// A resource as a file names it.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The organization, by its id.
    Organization(Option<String>),
    /// The root.
    Root,
    /// The management account.
    Management,
    /// An account.
    Account(Named),
    /// A unit.
    Unit(Named),
    /// A policy.
    Policy(Option<PolicyType>, Named),
    /// FullAWSAccess where it is attached.
    FullAccess(Box<Subject>),
    /// A policy where it is attached.
    Attachment(Box<Subject>, Box<Subject>),
    /// A permission set.
    PermissionSet(Named),
    /// A group or user, by `group` or `user`.
    Principal(&'static str, Named),
    /// A permission set that someone has in an account.
    Assignment(Box<Subject>, Box<Subject>, Box<Subject>),
    /// An account that administers a service.
    Delegated(String, Box<Subject>),
    /// An alternate contact of an account.
    Contact(Box<Subject>, String),
    /// The alias of an account.
    Alias(Box<Subject>),
    /// What an address says by itself, with the name of its kind.
    Of(&'static str, String),
}

/// What a resource is known by; the first that is known decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// AWS's id or ARN.
    pub id: Option<String>,
    /// An account's email.
    pub email: Option<String>,
    /// Its name; of a unit the names from the root down.
    pub name: Vec<String>,
}

impl Named {
    /// By its id.
    pub fn id(id: impl Into<String>) -> Named {
        Named { id: Some(id.into()), ..Named::default() }
    }

    /// By its name.
    pub fn name(name: impl Into<String>) -> Named {
        Named { name: vec![name.into()], ..Named::default() }
    }

    /// By the names from the root down.
    pub fn path<S: Into<String>>(path: impl IntoIterator<Item = S>) -> Named {
        Named { name: path.into_iter().map(Into::into).collect(), ..Named::default() }
    }
}

/// Reasons for which something has no place in a blueprint, or is not compared.
pub(super) mod reason {
    pub const BOOKKEEPING: &str = "the tool's own bookkeeping";
    pub const COMPUTED: &str = "AWS sets it; a blueprint says nothing of it";
    pub const EMPTY: &str = "it is empty and says nothing";
    pub const EXPRESSION: &str = "it is an expression that is not evaluated: what AWS has is taken";
    pub const INCLUDE: &str = "it names a file, which is read";
    pub const NO_KEY: &str = "landing has no key for it";
    pub const PLACEHOLDER: &str = "it is a placeholder that was never filled in";
    pub const SECRET: &str = "it is marked as sensitive: nothing of it is written";
    pub const NOT_RETURNED: &str = "AWS does not return it: write it by hand where it is needed";
    pub const AWS_OWN: &str = "it is AWS's own policy, which landing never writes";
    pub const PEOPLE: &str = "landing has no users and memberships: they stay as they are";
    pub const STACKS: &str =
        "stacks and stack sets stay as they are: what is deployed is taken from AWS, with `--stacks`";
    pub const PASSWORD: &str = "password policies are taken from the accounts, with `--settings`";
    pub const OWN_NAME: &str = "it is the tool's own name; AWS's is kept";
    pub const REPLACED: &str = "it is put in where it is referred to";
    pub const SELF_MANAGED: &str = "a self-managed stack set, which landing does not take over: keep it, or write its template as a stack of another name";
    pub const SETTING: &str = "a setting of the blueprint, which the command's own options say";
    pub const EXECUTES: &str = "it is a command, which is never run";
    pub const FETCHES: &str = "it is elsewhere, and nothing is fetched: what AWS has is taken";
}

/// Whether a text was left by an example to be filled in: `<audit>@example.com <----- UPDATE`, `{{email}}`.
pub(super) fn is_placeholder(text: &str) -> bool {
    let brackets = text.find('<').is_some_and(|open| text[open..].contains('>') || text[open..].contains("<--"));
    brackets || text.contains("{{") || text.contains("<---")
}
