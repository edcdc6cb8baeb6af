mod template;

use std::collections::BTreeSet;

use landing_blueprint::{Diagnostic, Entries, Place, Spanned};
use landing_policy::{check_identity, minified};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::declaration::Declaration;
use crate::declaration::name_or::NameOr;
use crate::declaration::{aws_names, policy_file, tags};
use crate::kinds::permission_set::resource::{self, PermissionSet};
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, duration_minutes, iso_duration};
pub(crate) use template::PermissionSets;
use template::{Resolved, resolve};

/// AWS's limits.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html>
const MAX_NAME: usize = 32;
const MAX_DESCRIPTION: usize = 700;
const MAX_RELAY_STATE: usize = 240;
const SESSION_MINUTES: std::ops::RangeInclusive<u32> = 60..=720;
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const MAX_SETS: usize = 3500;
const MAX_MANAGED: usize = 20;
const MAX_INLINE_BYTES: usize = 32_768;
const MAX_INLINE_CHARACTERS: usize = 10_240;
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CustomerManagedPolicyReference.html>
const MAX_POLICY_NAME: usize = 128;
const MAX_POLICY_PATH: usize = 512;

/// How long a session lasts unless the blueprint says so: AWS's own default.
const SESSION: u32 = 60;

/// What someone may do who has the permission set. One that says nothing of that is the built-in one of its name.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "PermissionSet")]
pub(crate) struct PermissionSetSection {
    /// A built-in permission set, or a file of your own with these keys, relative to this file. What is said beside it takes
    /// the place of what it says. `none`: it is not the built-in one of its name, even where it allows nothing.
    #[schemars(extend("x-form" = "permission-set-template"))]
    template: Option<Spanned<String>>,
    /// What it is for, in words.
    #[schemars(extend("x-form" = "set-description"))]
    description: Option<Spanned<String>>,
    /// How long one is signed in: 1h to 12h, as `8h`, `90m` or `PT8H`.
    #[schemars(extend("x-form" = "session"))]
    session: Option<Spanned<String>>,
    /// Where the console opens.
    #[schemars(extend("x-form" = "relay-state"))]
    relay_state: Option<Spanned<String>>,
    /// AWS's managed policies: AdministratorAccess, job-function/ViewOnlyAccess, or a whole ARN.
    #[schemars(extend("x-form" = "managed-policy"))]
    managed_policies: Vec<Spanned<String>>,
    /// Policies that every account has under this name, or that name and path.
    #[schemars(extend("x-form" = "iam-name"))]
    customer_managed_policies: Vec<CustomerManagedPolicy>,
    /// A policy document, or `{file: FILE}` with a JSON or YAML file, relative to this file.
    inline_policy: Option<Spanned<Value>>,
    /// The policy that nothing in the set can go beyond.
    boundary: Option<Spanned<Boundary>>,
    /// The name that the set had. AWS cannot rename one: a new one is made and assigned first, then the old one goes.
    was: Option<Spanned<String>>,
    /// Tags of the set, the only ones but those that `ignore_tags` leaves to others.
    #[schemars(extend("x-form" = "tags"))]
    tags: Entries<Spanned<String>>,
    /// false leaves alone what others assign the set to, and so what this blueprint has assigned and does not any more.
    exclusive: Option<bool>,
}

/// A policy of the accounts: its name, or a map with its path too.
type CustomerManagedPolicy = NameOr<CustomerManagedPolicySection>;

/// A policy that every account has which the permission set is assigned in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CustomerManagedPolicy")]
struct CustomerManagedPolicySection {
    /// The policy's name.
    #[schemars(extend("x-form" = "iam-name"))]
    name: Spanned<String>,
    /// Its path, `/` unless given.
    #[schemars(extend("x-form" = "path"))]
    path: Option<Spanned<String>>,
}

/// A permissions boundary: exactly one of both.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "boundary"))]
struct Boundary {
    /// One of AWS's managed policies, as under `managed_policies`.
    #[schemars(extend("x-form" = "managed-policy"))]
    managed: Option<Spanned<String>>,
    /// A policy of the accounts.
    #[schemars(extend("x-form" = "iam-name"))]
    customer_managed: Option<CustomerManagedPolicy>,
}

/// Wants one permission set; `trusted` is the trusted access that Identity Center takes.
pub(crate) fn declare(
    name: &Spanned<String>,
    section: &PermissionSetSection,
    trusted: &Address,
    declaration: &mut Declaration,
) {
    let address = Address::permission_set(name);
    check_name(name, declaration);
    let Resolved { section, template } = resolve(name, section, declaration);
    let said = declaration.diagnostics.len();
    let set = resource(name, &section, declaration);
    if let Some(place) = template {
        declaration.diagnostics.place_rest(said, place);
    }
    let mut wanted = set
        .wanted(address.clone())
        .under(Address::organization())
        .needing([Address::identity_center(), trusted.clone()]);
    wanted.was = section.was.iter().map(|was| Address::permission_set(was)).collect();
    declaration.want(wanted, name.place);
    let identity = declaration.desired.settings.identity.get_or_insert_default();
    if section.exclusive == Some(false) {
        identity.shared.push(address);
    }
}

/// AWS takes so many permission sets.
pub(crate) fn check_count(sets: &Entries<PermissionSetSection>, declaration: &mut Declaration) {
    if let Some(name) = sets.keys().next().filter(|_| sets.len() > MAX_SETS) {
        let message = format!("{} permission sets, AWS takes {MAX_SETS}", sets.len());
        declaration.mistake("too-many", name.place, message, "merge some of them");
    }
}

fn resource(name: &Spanned<String>, section: &PermissionSetSection, declaration: &mut Declaration) -> PermissionSet {
    let mut set = PermissionSet {
        name: name.value.clone(),
        session: iso_duration(session(section, declaration)),
        ..PermissionSet::default()
    };
    if let Some(text) = non_empty(&section.description) {
        check_text("description", text, MAX_DESCRIPTION, is_description, declaration);
        set.description = Some(text.value.clone());
    }
    if let Some(text) = non_empty(&section.relay_state) {
        check_text("relay state", text, MAX_RELAY_STATE, is_relay_state, declaration);
        set.relay_state = Some(text.value.clone());
    }
    check_policy_count(name, section, declaration);
    set.managed_policies = sorted(section.managed_policies.iter().map(|policy| managed_arn(policy, declaration)));
    let customer = section.customer_managed_policies.iter().map(|policy| customer_managed(policy, declaration));
    set.customer_managed_policies = sorted(customer);
    set.inline_policy = section.inline_policy.as_ref().and_then(|policy| inline(name, policy, declaration));
    set.boundary = section.boundary.as_ref().and_then(|boundary| bounded(boundary, declaration));
    set.tags = tags::with_defaults(&section.tags, name.place, declaration);
    set
}

fn non_empty(text: &Option<Spanned<String>>) -> Option<&Spanned<String>> {
    text.as_ref().filter(|text| !text.is_empty())
}

/// AWS keeps no order, and nothing twice.
fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let sorted: BTreeSet<T> = values.collect();
    sorted.into_iter().collect()
}

fn check_name(name: &Spanned<String>, declaration: &mut Declaration) {
    check_text("permission set's name", name, MAX_NAME, is_iam_name, declaration);
    if name.is_empty() {
        declaration.mistake("name", name.place, "the permission set has no name", "write one before the colon");
    }
}

fn check_text(what: &str, text: &Spanned<String>, most: usize, takes: fn(char) -> bool, declaration: &mut Declaration) {
    let length = text.chars().count();
    if length > most {
        let message = format!("the {what} has {length} characters, AWS takes {most}");
        declaration.mistake("too-long", text.place, message, "shorten it");
    }
    if let Some(bad) = text.chars().find(|c| !takes(*c)) {
        let message = format!("the {what} has the character {bad:?}, which AWS does not take");
        declaration.mistake("name", text.place, message, "write it without");
    }
}

fn is_iam_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

fn is_description(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}')
}

fn is_relay_state(c: char) -> bool {
    c.is_ascii_alphanumeric() || "&$@#\\/%?=~-_'\"|!:,.;*+[] (){}".contains(c)
}

fn session(section: &PermissionSetSection, declaration: &mut Declaration) -> u32 {
    let Some(text) = &section.session else { return SESSION };
    match duration_minutes(text) {
        Some(minutes) if SESSION_MINUTES.contains(&minutes) => return minutes,
        Some(_) => {
            let message = format!("a session of {} is not one that AWS accepts", text.value);
            declaration.mistake("duration", text.place, message, "write one from 1h to 12h");
        }
        None => {
            let message = format!("`{}` is not a duration", text.value);
            declaration.mistake("duration", text.place, message, "write one such as 8h, 90m or PT8H");
        }
    }
    SESSION
}

fn check_policy_count(name: &Spanned<String>, section: &PermissionSetSection, declaration: &mut Declaration) {
    let count = section.managed_policies.len() + section.customer_managed_policies.len();
    if count > MAX_MANAGED {
        let message = format!("{} has {count} managed policies, AWS takes {MAX_MANAGED}", name.value);
        declaration.mistake("too-many", name.place, message, "merge some of them, or write an `inline_policy`");
    }
}

/// The ARN of one of AWS's managed policies.
fn managed_arn(policy: &Spanned<String>, declaration: &mut Declaration) -> String {
    let partition = declaration.desired.settings.partition();
    let path = match policy.strip_prefix("arn:") {
        Some(_) => policy.split_once(":iam::aws:policy/").map(|(_, path)| path),
        None => Some(policy.as_str()),
    };
    let is_path = |path: &str| path.split('/').all(|part| !part.is_empty() && part.chars().all(is_iam_name));
    if !path.is_some_and(is_path) {
        let message = format!("`{}` is not one of AWS's managed policies", policy.value);
        let help = "write its name, path included, or arn:aws:iam::aws:policy/NAME; an account's own policy belongs \
                    under `customer_managed_policies`";
        declaration.mistake("policy", policy.place, message, help);
    } else if let Some(path) = path {
        aws_names::check_managed_policy(path, policy.place, declaration);
    }
    match path {
        Some(path) => format!("arn:{partition}:iam::aws:policy/{path}"),
        None => policy.value.clone(),
    }
}

fn customer_managed(policy: &CustomerManagedPolicy, declaration: &mut Declaration) -> resource::CustomerManagedPolicy {
    let (name, path) = match policy {
        NameOr::Name(name) => (name, None),
        NameOr::Map(section) => (&section.name, section.path.as_ref()),
    };
    check_text("policy's name", name, MAX_POLICY_NAME, is_iam_name, declaration);
    if let Some(path) = path {
        check_text("policy's path", path, MAX_POLICY_PATH, |c| is_iam_name(c) || c == '/', declaration);
        if !path.starts_with('/') || !path.ends_with('/') {
            let message = format!("the path `{}` must begin and end with `/`", path.value);
            declaration.mistake("name", path.place, message, format!("write /{}/", path.trim_matches('/')));
        }
    }
    let path = path.map_or("/", |path| path).to_owned();
    resource::CustomerManagedPolicy { name: name.value.clone(), path }
}

fn bounded(boundary: &Spanned<Boundary>, declaration: &mut Declaration) -> Option<resource::Boundary> {
    match (&boundary.managed, &boundary.customer_managed) {
        (Some(managed), None) => Some(resource::Boundary::Managed(managed_arn(managed, declaration))),
        (None, Some(policy)) => Some(resource::Boundary::CustomerManaged(customer_managed(policy, declaration))),
        _ => {
            let help = "write one of `managed` and `customer_managed`";
            declaration.mistake("policy", boundary.place, "a boundary is exactly one policy", help);
            None
        }
    }
}

/// The inline policy's document, checked for what AWS would refuse.
fn inline(name: &Spanned<String>, policy: &Spanned<Value>, declaration: &mut Declaration) -> Option<Value> {
    let document = match file(policy) {
        Some(file) => policy_file::read(&file, declaration)?,
        None => policy.value.clone(),
    };
    for problem in check_identity(&document) {
        let at = if problem.path.is_empty() { String::new() } else { format!(" at {}", problem.path) };
        let message = format!("inline policy of {}{at}: {}", name.value, problem.message);
        let diagnostic = Diagnostic::error("policy", message).at(policy.place);
        declaration.diagnostics.push(match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
    for (_, region, question) in aws_names::wrong_regions(&document) {
        let message = format!("inline policy of {}: no region is called `{region}`", name.value);
        declaration.mistake("region", policy.place, message, question);
    }
    check_size(name, &document, policy.place, declaration);
    Some(document)
}

/// `{file: FILE}` in the place of a document.
fn file(policy: &Spanned<Value>) -> Option<Spanned<String>> {
    let map = policy.as_object().filter(|map| map.len() == 1)?;
    Some(Spanned::new(map.get("file")?.as_str()?.to_owned(), policy.place))
}

/// IAM counts characters without white space, Identity Center bytes.
fn check_size(name: &Spanned<String>, document: &Value, place: Place, declaration: &mut Declaration) {
    let text = minified(document);
    let characters = text.chars().filter(|c| !c.is_whitespace()).count();
    let too_large = if characters > MAX_INLINE_CHARACTERS {
        format!("{characters} characters without white space, AWS takes {MAX_INLINE_CHARACTERS}")
    } else if text.len() > MAX_INLINE_BYTES {
        format!("{} bytes, AWS takes {MAX_INLINE_BYTES}", text.len())
    } else {
        return;
    };
    let message = format!("the inline policy of {} has {too_large}", name.value);
    declaration.mistake("too-long", place, message, "put parts of it into customer managed policies");
}

#[cfg(test)]
mod tests;
