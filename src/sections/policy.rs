mod named;

use std::collections::BTreeMap;

use landing_blueprint::{Diagnostic, Entries, Offer, Place, Spanned};
use landing_policy::{PolicyType, ProblemCode, ShorterForm, check, how_to_pack, parse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::declaration::Declaration;
use super::document::{Document, Written};
use super::name_or::NameOr;
use super::organization::policy_type_address;
use super::{aws_names, tags, template};
use crate::model::{Address, Body, Wanted};
use named::{inline, named};

/// AWS's limits.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>
const MAX_NAME: usize = 128;
const MAX_DESCRIPTION: usize = 512;

/// A policy: what it says is exactly one of `content`, `file` and `template`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Policy")]
pub(super) struct PolicySection {
    /// The name, where the policy is written where it is attached.
    name: Option<Spanned<String>>,
    /// scp (unless given), rcp, tag-policy, backup-policy, ai-opt-out-policy, s3-policy, declarative-ec2-policy … or
    /// AWS's own name of the type.
    #[serde(rename = "type")]
    policy_type: Option<Spanned<String>>,
    /// What it is for, in words.
    description: Option<Spanned<String>>,
    /// The policy document itself.
    content: Option<Document>,
    /// A JSON or YAML file with the document, relative to this file.
    file: Option<Spanned<String>>,
    /// A built-in template, or a Handlebars file of your own, relative to this file.
    template: Option<Spanned<String>>,
    /// What the template is filled with.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    parameters: Option<Spanned<Value>>,
    /// The name that the policy had: it is renamed, not made anew.
    was: Option<Spanned<String>>,
    /// Tags of the policy, the only ones but those that `ignore_tags` leaves to others.
    tags: Entries<Spanned<String>>,
    /// true where the policy is meant to shut out even landing's own roles.
    may_lock_out: bool,
    /// Tags of landing's own.
    #[serde(skip)]
    own_tags: BTreeMap<String, String>,
}

/// A policy at the place where it is attached: the name of one under `policies` or of a built-in template, or the policy
/// itself.
pub(super) type PolicyUse = NameOr<PolicySection>;

impl PolicySection {
    /// One that follows from something else, written at `place`.
    pub fn made(
        policy_type: PolicyType,
        content: Value,
        description: String,
        own_tags: BTreeMap<String, String>,
        may_lock_out: bool,
        place: Place,
    ) -> PolicySection {
        let written = Written::named(place);
        PolicySection {
            policy_type: Some(Spanned::new(policy_type.address_prefix().to_owned(), place)),
            description: Some(Spanned::new(description, place)),
            content: Some(Document { value: content, written }),
            own_tags,
            may_lock_out,
            ..PolicySection::default()
        }
    }
}

/// The names of roles that the policy is told not to bind, where a template makes it.
pub(super) fn exempt_roles(section: &PolicySection) -> Vec<String> {
    let given = section.parameters.as_ref().and_then(|parameters| parameters.get("exempt_roles"));
    texts(given.unwrap_or(&Value::Null))
}

/// The same for a policy at the place where it is attached.
pub(super) fn exempt_roles_of_use(policy: &PolicyUse) -> Vec<String> {
    match policy {
        NameOr::Name(_) => Vec::new(),
        NameOr::Map(section) => exempt_roles(section),
    }
}

/// The texts of a list.
pub(super) fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Wants a policy that follows from something else, once, and attaches it to `target`.
pub(super) fn declare_made(
    name: &Spanned<String>,
    section: &PolicySection,
    target: &Address,
    declaration: &mut Declaration,
) {
    let Some(policy_type) = type_of(section, declaration) else { return };
    let address = Address::new(policy_type.address_prefix(), [&name.value]);
    let content = |declaration: &Declaration| declaration.desired.get(&address).map(|it| it.body["content"].clone());
    let is_same = content(declaration) == section.content.as_ref().map(|content| content.value.clone());
    if is_same || declare_one(name, section, declaration).is_some() {
        attach(&address, target, name.place, declaration);
        check_places(target, 1, declaration);
    }
}

/// Wants the policies that are written under `policies`.
pub(super) fn declare(policies: &Entries<PolicySection>, declaration: &mut Declaration) {
    for (name, section) in policies {
        if let Some(own) = &section.name {
            let help = "take it away: the key above is the name";
            declaration.mistake("policy", own.place, "a policy under `policies` has no `name`", help);
        }
        let declared = declare_one(name, section, declaration);
        declaration.named_policies.insert(name.value.clone(), declared);
    }
}

/// Attaches policies to `target`, making those that are written here.
pub(super) fn declare_uses(
    target: &Address,
    uses: &[PolicyUse],
    full_access: &Option<Spanned<bool>>,
    declaration: &mut Declaration,
) {
    for policy in uses {
        let (address, place) = match policy {
            NameOr::Name(name) => (named(name, declaration), name.place),
            NameOr::Map(section) => (inline(section, declaration), section.place),
        };
        if let Some(address) = address {
            attach(&address, target, place, declaration);
        }
    }
    check_places(target, uses.len(), declaration);
    if let Some(wanted) = full_access.as_ref().filter(|wanted| !wanted.value) {
        take_full_access(target, wanted.place, declaration);
    }
}

fn attach(policy: &Address, target: &Address, place: Place, declaration: &mut Declaration) {
    let mut needs = vec![policy.clone(), target.clone()];
    needs.extend(type_need(policy));
    let wanted = Wanted::new("attachment", policy.at(target), Body::new()).under(target.clone()).needing(needs);
    declaration.want(wanted, place);
}

fn type_need(policy: &Address) -> Option<Address> {
    PolicyType::from_address_prefix(policy.prefix()).map(policy_type_address)
}

fn type_of(section: &PolicySection, declaration: &mut Declaration) -> Option<PolicyType> {
    match (&section.policy_type, &section.template) {
        (Some(name), _) => policy_type(name, declaration),
        (None, Some(template)) => Some(template::type_of(template)),
        _ => Some(PolicyType::ServiceControl),
    }
}

/// The type of that short or long name.
pub(super) fn policy_type(name: &Spanned<String>, declaration: &mut Declaration) -> Option<PolicyType> {
    let found = PolicyType::called(name);
    if found.is_none() {
        let known: Vec<&str> = PolicyType::ALL.iter().flat_map(|it| [it.address_prefix(), it.api_name()]).collect();
        let prefixes: Vec<&str> = PolicyType::ALL.iter().map(|it| it.address_prefix()).collect();
        let otherwise = format!("write one of {}", prefixes.join(", "));
        declaration.unknown("policy type", name, name.place, known.into_iter(), &otherwise);
    }
    found
}

fn declare_one(name: &Spanned<String>, section: &PolicySection, declaration: &mut Declaration) -> Option<Address> {
    let policy_type = type_of(section, declaration)?;
    let address = Address::new(policy_type.address_prefix(), [&name.value]);
    let Document { value: content, written } = document(name, section, declaration)?;
    check_content(name, &content, &written, policy_type, declaration);
    check_regions(name, &content, &written, declaration);
    check_texts(name, section, declaration);
    let needs_type = policy_type_address(policy_type);
    declaration.want_also("policy-type", &needs_type, &[Address::organization()], name.place);
    let mut body = Body::new();
    body.insert("type".into(), json!(policy_type.api_name()));
    body.insert("name".into(), json!(name.value));
    body.insert("description".into(), json!(description(section)));
    body.insert("content".into(), content);
    body.insert("tags".into(), tags::all(&section.tags, &section.own_tags, name.place, declaration));
    let was = section.was.iter().map(|was| Address::new(policy_type.address_prefix(), [&was.value])).collect();
    let wanted = Wanted { was, ..Wanted::new("policy", address.clone(), body) };
    if section.may_lock_out {
        declaration.desired.settings.may_lock_out.push(address.clone());
    }
    declaration.want(wanted.under(Address::organization()).needing([needs_type]), name.place);
    declaration.policies.insert(address.clone(), written);
    Some(address)
}

fn description(section: &PolicySection) -> String {
    let own = section.description.as_ref().map(|description| description.value.clone());
    own.or_else(|| section.template.as_ref().and_then(template::summary)).unwrap_or_default()
}

fn check_texts(name: &Spanned<String>, section: &PolicySection, declaration: &mut Declaration) {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME {
        let message = format!("the policy's name has {length} characters, AWS takes 1 to {MAX_NAME}");
        declaration.mistake("too-long", name.place, message, "take another name");
    }
    let Some(description) = &section.description else { return };
    let length = description.chars().count();
    if length > MAX_DESCRIPTION {
        let message = format!("the description has {length} characters, AWS takes {MAX_DESCRIPTION}");
        declaration.mistake("too-long", description.place, message, "shorten it");
    }
}

/// What the policy says.
fn document(name: &Spanned<String>, section: &PolicySection, declaration: &mut Declaration) -> Option<Document> {
    let PolicySection { content, file, template, .. } = section;
    match (content, file, template) {
        (Some(content), None, None) => Some(content.clone()),
        (None, Some(file), None) => read_document(file, declaration),
        (None, None, Some(template)) => {
            let value = template::render(template, section.parameters.as_ref(), declaration)?;
            Some(Document { value, written: Written::named(template.place) })
        }
        _ => {
            let help = "write one of `content`, `file` and `template`";
            let message = format!("what the policy {} says must be given once", name.value);
            declaration.mistake("policy", name.place, message, help);
            None
        }
    }
}

/// Everything that AWS would refuse, where it is written.
fn check_content(
    name: &Spanned<String>,
    content: &Value,
    written: &Written,
    policy_type: PolicyType,
    declaration: &mut Declaration,
) {
    for problem in check(content, policy_type, &declaration.quotas) {
        let at =
            if problem.path.is_empty() || written.is_exact() { String::new() } else { format!(" at {}", problem.path) };
        let message = format!("policy {}{at}: {}", name.value, problem.message);
        let place = match problem.path.as_str() {
            "" => written.whole(),
            path if problem.code.is_of_key() => written.key_at(path),
            path => written.value_at(path),
        };
        let diagnostic = Diagnostic::error("policy", message).at(place);
        let diagnostic = match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let is_too_large = problem.code == ProblemCode::TooLarge;
        let offer = is_too_large.then(|| shorter(content, written, policy_type)).flatten();
        declaration.diagnostics.push(match offer {
            Some(offer) => diagnostic.offer(offer),
            None => diagnostic,
        });
    }
}

/// Regions that a condition names and AWS does not have, where they are written.
fn check_regions(name: &str, content: &Value, written: &Written, declaration: &mut Declaration) {
    for (path, region, question) in aws_names::wrong_regions(content) {
        let message = format!("policy {name}: no region is called `{region}`");
        declaration.mistake("region", written.value_at(&path), message, question);
    }
}

/// The same policy in fewer characters, if that is possible.
fn shorter(content: &Value, written: &Written, policy_type: PolicyType) -> Option<Offer> {
    let shorter = ShorterForm::of(content, policy_type)?;
    let (message, text) = (shorter.message(), shorter.text());
    Some(Offer { place: written.value_at(""), replaced: content.clone(), text, message, help: ShorterForm::HELP })
}

/// A JSON or YAML document, relative to the file that names it.
pub(super) fn read(file: &Spanned<String>, declaration: &mut Declaration) -> Option<Value> {
    read_document(file, declaration).map(|document| document.value)
}

fn read_document(file: &Spanned<String>, declaration: &mut Declaration) -> Option<Document> {
    let (id, text) = match declaration.sources.draw_in(file.place, file) {
        Ok((id, text)) => (id, text.to_owned()),
        Err(diagnostic) => {
            declaration.diagnostics.push(*diagnostic);
            return None;
        }
    };
    let is_yaml = [".yaml", ".yml"].iter().any(|ending| file.ends_with(ending));
    let read = if is_yaml { parse_yaml(&text) } else { parse_json(&text) };
    let value = read
        .map_err(|unreadable| {
            let at = offset(&text, unreadable.line, unreadable.column);
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let language = if is_yaml { "YAML" } else { "JSON" };
            let diagnostic = Diagnostic::error("policy", format!("not {language}: {}", unreadable.message));
            declaration.diagnostics.push(diagnostic.at(Place::new(id, at..end)).also(file.place, "drawn in here"));
        })
        .ok()?;
    let written = match is_yaml {
        true => Written::in_yaml(id, &declaration.sources, &value, file.place),
        false => Written::in_json(id, &text, &value, file.place),
    };
    Some(Document { value, written })
}

/// Why a policy file cannot be read, and where: line and column, counted from 1.
struct Unreadable {
    line: usize,
    column: usize,
    message: String,
}

fn parse_json(text: &str) -> Result<Value, Unreadable> {
    parse(text).map_err(|error| Unreadable { line: error.line, column: error.column, message: error.message })
}

fn parse_yaml(text: &str) -> Result<Value, Unreadable> {
    serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        Unreadable { line, column, message: error.to_string() }
    })
}

/// The byte offset of a line and column, both counted from 1, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// FullAWSAccess takes a place too, for as long as it is there.
fn check_places(target: &Address, uses: usize, declaration: &mut Declaration) {
    if uses == 0 {
        return;
    }
    for policy_type in PolicyType::ALL {
        let prefix = policy_type.address_prefix();
        let attached: Vec<Address> = declaration
            .desired
            .of_kind("attachment")
            .filter(|wanted| wanted.parent.as_ref() == Some(target) && wanted.address.prefix() == prefix)
            .map(|wanted| wanted.address.clone())
            .collect();
        let aws_managed = matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
        let limit = declaration.quotas.limits(policy_type).per_target.saturating_sub(usize::from(aws_managed));
        let Some(last) = attached.last().filter(|_| attached.len() > limit) else { continue };
        let place = declaration.places.get(last).copied().unwrap_or(Place::NOWHERE);
        let beside = if aws_managed { " beside AWS's own" } else { "" };
        let message = format!("{target} has {} policies of type {prefix}, AWS takes {limit}{beside}", attached.len());
        let documents: Vec<Value> =
            attached.iter().filter_map(|attachment| content_of(attachment, declaration)).collect();
        let size = declaration.quotas.limits(policy_type).size;
        declaration.mistake("too-many", place, message, how_to_pack(&documents, policy_type, size, limit));
    }
}

/// What the policy says that is attached so.
fn content_of(attachment: &Address, declaration: &Declaration) -> Option<Value> {
    let (policy, _) = attachment.hanging()?;
    declaration.desired.get(&policy)?.body.get("content").cloned()
}

/// An allow-list takes the place of FullAWSAccess; without one nothing would be allowed.
fn take_full_access(target: &Address, place: Place, declaration: &mut Declaration) {
    let allows = |policy: &Address| {
        let content = declaration.desired.get(policy).and_then(|policy| policy.body.get("content"));
        let statements = content.and_then(|content| content.get("Statement"));
        match statements {
            Some(Value::Array(statements)) => statements.iter().any(|statement| statement["Effect"] == "Allow"),
            Some(statement) => statement["Effect"] == "Allow",
            None => false,
        }
    };
    let replaced = declaration
        .desired
        .of_kind("attachment")
        .filter_map(|wanted| wanted.address.hanging())
        .any(|(policy, at)| at == *target && policy.prefix() == "scp" && allows(&policy));
    if !replaced {
        let message = format!("without FullAWSAccess nothing would be allowed in {target}");
        declaration.mistake("allow-list", place, message, "attach an SCP here that says what is allowed");
        return;
    }
    let address = Address::new("scp", ["FullAWSAccess"]).at(target);
    let needs = [target.clone(), policy_type_address(PolicyType::ServiceControl)];
    let wanted = Wanted::new("attachment", address, Body::new()).under(target.clone());
    declaration.want(wanted.needing(needs).present(false), place);
}
