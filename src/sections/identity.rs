mod preconfigured;

use landing_blueprint::{Diagnostic, Entries, Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::Declaration;
use crate::declaration::except::Except;
use crate::declaration::name_or::NameOr;
use crate::declaration::one_or_many::OneOrMany;
use crate::declaration::targets::Target;
use crate::declaration::until::{Until, UntilDate};
use crate::declaration::{targets, trust};
use crate::kinds::resource::{Group, Resource};
use crate::kinds::section::permission_set::{self, PermissionSets};
use crate::model::{Address, AssignmentRule, Exclusion, IdentitySettings};
use preconfigured::PreconfiguredGroups;

/// AWS's limits.
/// <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html>
/// <https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html>
const MAX_GROUP: usize = 1024;
const MAX_USER: usize = 128;
/// AWS takes 1,024 characters, of which the mark of landing's own groups takes its part.
const MAX_DESCRIPTION: usize = 900;

/// The service that acts in every account for Identity Center.
const SERVICE: &str = "sso.amazonaws.com";

/// IAM Identity Center: permission sets, and who has them where.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Identity")]
pub(super) struct IdentitySection {
    /// Where people and groups come from. `directory`: Identity Center's own, and groups that are missing are made.
    /// `external`: another identity provider, and groups are only looked up.
    source: Source,
    /// Permission sets by name; or a list of built-in ones, and of files that each say what one is, as under `template`.
    #[schemars(extend("x-form" = "permission-sets"))]
    permission_sets: PermissionSets,
    /// Groups with more to say of them than their name: the others need only be named under `assignments`.
    groups: Entries<GroupSection>,
    /// The groups of AWS Control Tower with the permission sets that they have there, beside those that are given here.
    preconfigured_groups: Option<Spanned<PreconfiguredGroups>>,
    /// What becomes of assignments to users and groups that were deleted, which AWS keeps. `keep`: they stay, and plans note
    /// them. `unassign`: they go.
    deleted_principals: DeletedPrincipals,
    /// By group, or user as `user/NAME`: its permission sets, and where it has each: `root`, `members` (every account but the
    /// management account), `management`, paths of units and names of accounts; or maps with more to say. New accounts of a
    /// unit are included at the next apply.
    #[schemars(extend("x-form" = "assignments"))]
    assignments: Entries<Entries<Vec<AssignmentEntry>>>,
}

/// Where someone has a permission set: a place, or a map with more to say.
type AssignmentEntry = NameOr<AssignmentSection>;

/// Where someone has a permission set, without what is excluded, and until when.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Assignment", extend("x-form" = "assignment"))]
struct AssignmentSection {
    /// `root`, `members`, `management`, paths of units and names of accounts.
    #[serde(rename = "in")]
    #[schemars(extend("x-form" = "target"))]
    places: OneOrMany,
    /// The accounts there that it is not assigned in.
    except: Option<Except>,
    /// The day with which the assignment ends, at 00:00 UTC: from then on it is removed. Plans announce that 7 days before.
    until: Option<UntilDate>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum DeletedPrincipals {
    /// They stay, and plans note them.
    #[default]
    Keep,
    /// They are removed.
    Unassign,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Source {
    /// Identity Center's own directory: groups that are missing are created.
    #[default]
    Directory,
    /// Another identity provider: groups are only looked up.
    External,
}

/// A group of Identity Center's directory. One that landing makes says so at the end of its description.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Group")]
pub(super) struct GroupSection {
    /// What it is for, in words.
    #[schemars(extend("x-form" = "group-description"))]
    description: Option<Spanned<String>>,
}

/// Wants the permission sets, groups and assignments. Units and accounts must be declared before.
pub(super) fn declare(section: &Option<Spanned<IdentitySection>>, declaration: &mut Declaration) {
    let Some(section) = section else { return };
    let external = section.source == Source::External;
    let unassigns_deleted = section.deleted_principals == DeletedPrincipals::Unassign;
    let settings = IdentitySettings { external, unassigns_deleted, ..IdentitySettings::default() };
    declaration.desired.settings.identity = Some(settings);
    let trusted = trust::trust(SERVICE, section.place, declaration);
    for (name, set) in &section.permission_sets.0 {
        permission_set::declare(name, set, &trusted, declaration);
    }
    permission_set::check_count(&section.permission_sets.0, declaration);
    for (name, group) in &section.groups {
        declare_group(name, group, external, declaration);
    }
    if let Some(groups) = &section.preconfigured_groups {
        preconfigured::declare(groups, &trusted, external, declaration);
    }
    for (name, sets) in &section.assignments {
        let Some(principal) = principal(name, declaration) else { continue };
        for (set, targets) in sets {
            declare_assignments(&principal, set, targets, declaration);
        }
    }
}

fn declare_group(name: &Spanned<String>, group: &GroupSection, external: bool, declaration: &mut Declaration) {
    if let Some(description) = &group.description {
        let length = description.chars().count();
        if external {
            let help = "remove it: with `source: external` groups are only looked up";
            declaration.mistake("group", description.place, "the group is made elsewhere, and described there", help);
        } else if length > MAX_DESCRIPTION {
            let message = format!("the description has {length} characters, at most {MAX_DESCRIPTION} fit");
            declaration.mistake("too-long", description.place, message, "shorten it");
        }
    }
    check_name("group", name, name, MAX_GROUP, declaration);
    want_group(name, name.place, group.description.as_ref().map_or("", |text| text.trim()), declaration);
}

fn want_group(name: &str, place: Place, description: &str, declaration: &mut Declaration) -> Address {
    let address = Address::group(name);
    check_case(name, place, declaration);
    let group = Group { description: description.to_owned() };
    let wanted = group.wanted(address.clone()).under(Address::organization());
    declaration.want(wanted.needing([Address::identity_center()]), place);
    address
}

/// Directories make no difference between capital and small letters.
fn check_case(name: &str, place: Place, declaration: &mut Declaration) {
    let first = declaration.group_names.entry(name.to_ascii_lowercase()).or_insert_with(|| name.to_owned());
    if first != name {
        let other = first.clone();
        let message = format!("`{name}` and `{other}` are one group to AWS");
        declaration.mistake("duplicate", place, message, format!("write `{other}`"));
    }
}

/// The group or user that a key under `assignments` names. A group is wanted by being named.
fn principal(name: &Spanned<String>, declaration: &mut Declaration) -> Option<Address> {
    if let Some(user) = name.strip_prefix("user/") {
        return check_name("user", user, name, MAX_USER, declaration).then(|| Address::user(user));
    }
    let group = name.strip_prefix("group/").unwrap_or(name);
    let address = Address::group(group);
    if declaration.desired.get(&address).is_some() {
        return Some(address);
    }
    check_name("group", group, name, MAX_GROUP, declaration).then(|| want_group(group, name.place, "", declaration))
}

fn check_name(what: &str, name: &str, written: &Spanned<String>, most: usize, declaration: &mut Declaration) -> bool {
    let length = name.chars().count();
    let is_good = (1..=most).contains(&length);
    if !is_good {
        let message = format!("the {what}'s name has {length} characters, AWS takes 1 to {most}");
        declaration.mistake("too-long", written.place, message, "write the name that the directory has");
    }
    is_good
}

fn declare_assignments(
    principal: &Address,
    set: &Spanned<String>,
    entries: &[AssignmentEntry],
    declaration: &mut Declaration,
) {
    let permission_set = Address::permission_set(set);
    if declaration.desired.get(&permission_set).is_none() {
        let known: Vec<String> = declaration.desired.of_kind("permission-set").map(|set| set.address.name()).collect();
        let known = known.iter().map(String::as_str);
        declaration.unknown("permission set", set, set.place, known, "write it under `permission_sets`");
    }
    for entry in entries {
        let (targets, until) = places(entry, declaration);
        for Target { address, place, except } in targets {
            let source = place.is_somewhere().then(|| declaration.sources.at(place));
            let Some(identity) = &mut declaration.desired.settings.identity else { return };
            identity.assignments.push(AssignmentRule {
                permission_set: permission_set.clone(),
                principal: principal.clone(),
                target: address,
                except,
                until,
                source,
            });
        }
    }
}

/// Where an entry assigns, and until when. One that ends on a day that is none assigns nothing: it is wrong.
fn places(entry: &AssignmentEntry, declaration: &mut Declaration) -> (Vec<Target>, Option<Until>) {
    let section = match entry {
        NameOr::Name(place) => {
            let places = std::slice::from_ref(place);
            return (targets::resolve_all(places, &Exclusion::default(), declaration), None);
        }
        NameOr::Map(section) => section,
    };
    if section.places.0.is_empty() {
        let help = "write `in:` with `root`, `members`, `management`, units or accounts";
        declaration.mistake("missing", section.place, "the assignment is for no place", help);
    }
    let except = section.except.as_ref();
    let except = except.map(|it| it.resolve_accounts("an assignment", section.place, declaration)).unwrap_or_default();
    let until = section.until.as_ref().and_then(|until| until.read(declaration));
    if let Some(until) = until.filter(|until| until.has_passed(declaration.desired.settings.today)) {
        let message = format!("the assignment has ended on {until}: it assigns nothing");
        let warning = Diagnostic::warning("ended", message).at(section.place);
        declaration.diagnostics.push(warning.help("take it out of the blueprint, or extend `until`"));
    }
    (targets::resolve_all(&section.places.0, &except, declaration), until)
}

#[cfg(test)]
mod tests;
