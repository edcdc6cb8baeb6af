mod check;
mod named;

use std::collections::BTreeMap;

use landing_blueprint::{Entries, Place, Spanned};
use landing_policy::PolicyType;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::declaration::document::{Document, Written};
use crate::declaration::guardrail_uses::GuardrailUses;
use crate::declaration::name_or::NameOr;
use crate::declaration::policy_file::read_document;
use crate::declaration::temporary::names;
use crate::declaration::trust::policy_type_address;
use crate::declaration::{Declaration, OfGuardrails};
use crate::declaration::{tags, template};
use crate::kinds::policy::resource::Policy;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Wanted};
use check::{check_content, check_regions, check_texts};
pub(crate) use named::{inline, named};

/// A policy: what it says is exactly one of `content`, `file`, `template` and `guardrail`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Policy", extend("x-form" = "policy"))]
pub(crate) struct PolicySection {
    /// AWS's name of the policy: where it is not the key above, by which the blueprint refers to the policy then, or where the
    /// policy is written where it is attached.
    name: Option<Spanned<String>>,
    /// scp (unless given), rcp, tag-policy, backup-policy, ai-opt-out-policy, s3-policy, declarative-ec2-policy … or
    /// AWS's own name of the type.
    #[serde(rename = "type")]
    #[schemars(extend("x-form" = "policy-type"))]
    policy_type: Option<Spanned<String>>,
    /// What it is for, in words.
    #[schemars(extend("x-form" = "policy-description"))]
    description: Option<Spanned<String>>,
    /// The policy document itself.
    content: Option<Document>,
    /// A JSON or YAML file with the document, relative to this file.
    file: Option<Spanned<String>>,
    /// A built-in template, or a Handlebars file of your own, relative to this file.
    #[schemars(extend("x-form" = "policy-template"))]
    template: Option<Spanned<String>>,
    /// What the template is filled with.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    parameters: Option<Spanned<Value>>,
    /// The guardrail that it is, or several, as they are written under `guardrails`. A policy that is there already stays as it is
    /// as long as it decides the same.
    #[schemars(extend("x-form" = "guardrail-or-several"))]
    guardrail: GuardrailUses,
    /// The name that the policy had: it is renamed, not made anew.
    was: Option<Spanned<String>>,
    /// Tags of the policy, the only ones but those that `ignore_tags` leaves to others.
    #[schemars(extend("x-form" = "tags"))]
    tags: Entries<Spanned<String>>,
    /// true where the policy is meant to shut out even landing's own roles.
    may_lock_out: bool,
    /// Tags of landing's own.
    #[serde(skip)]
    own_tags: BTreeMap<String, String>,
}

impl PolicySection {
    /// The document, where the blueprint itself says it.
    pub fn own_content(&self) -> Option<&Value> {
        self.content.as_ref().map(|content| &content.value)
    }

    /// The guardrails that it is said to be.
    pub fn guardrails(&self) -> &[NameOr<Entries<Spanned<Value>>>] {
        &self.guardrail.0
    }

    /// Where the first of these is written.
    pub fn guardrails_place(&self) -> Option<Place> {
        self.guardrails().first().map(|guardrail| match guardrail {
            NameOr::Name(name) => name.place,
            NameOr::Map(map) => map.place,
        })
    }

    /// The fields that the blueprint does not say in words of its own.
    fn lenient(&self) -> Vec<String> {
        let is_built_in = self.template.as_ref().is_some_and(|name| template::summary(name).is_some());
        if !is_built_in && self.guardrails().is_empty() {
            return Vec::new();
        }
        let fields = [("content", true), ("description", self.description.is_none())];
        fields.into_iter().filter(|(_, is_lenient)| *is_lenient).map(|(field, _)| field.to_owned()).collect()
    }

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

/// The names of roles that the policy is reported not to bind, where a template makes it.
pub(crate) fn exempt_roles(section: &PolicySection) -> Vec<String> {
    let given = section.parameters.as_ref().and_then(|parameters| parameters.get("exempt_roles"));
    names(given.unwrap_or(&Value::Null))
}

/// The texts of a list.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Wants the policies that are written under `policies`. The key is what the blueprint calls one, and AWS too unless there is a `name`.
pub(crate) fn declare(policies: &Entries<PolicySection>, declaration: &mut Declaration) {
    for (key, section) in policies {
        let declared = declare_one(section.name.as_ref().unwrap_or(key), section, declaration);
        declaration.named_policies.insert(key.value.clone(), declared);
    }
}

/// The type that it says, or that its template or guardrail makes.
pub(crate) fn type_of(section: &PolicySection, declaration: &mut Declaration) -> Option<PolicyType> {
    let made = of_guardrails(section, declaration).map(|made| made.policy_type);
    match (&section.policy_type, &section.template) {
        (Some(name), _) => {
            let said = policy_type(name, declaration)?;
            if let Some(made) = made.filter(|made| *made != said) {
                let message = format!("the guardrail is a policy of the type {}", made.address_prefix());
                declaration.mistake("policy", name.place, message, "remove `type`: the guardrail says it");
                return None;
            }
            Some(said)
        }
        (None, Some(template)) => Some(template::type_of(template)),
        _ => Some(made.unwrap_or(PolicyType::ServiceControl)),
    }
}

fn of_guardrails<'a>(section: &PolicySection, declaration: &'a Declaration) -> Option<&'a OfGuardrails> {
    declaration.of_guardrails.get(&section.guardrails_place()?)
}

/// The type of that short or long name.
pub(crate) fn policy_type(name: &Spanned<String>, declaration: &mut Declaration) -> Option<PolicyType> {
    let found = PolicyType::called(name);
    if found.is_none() {
        let known: Vec<&str> = PolicyType::ALL.iter().flat_map(|it| [it.address_prefix(), it.api_name()]).collect();
        let prefixes: Vec<&str> = PolicyType::ALL.iter().map(|it| it.address_prefix()).collect();
        let otherwise = format!("write one of {}", prefixes.join(", "));
        declaration.unknown("policy type", name, name.place, known.into_iter(), &otherwise);
    }
    found
}

/// Wants a policy, and gives its address unless it cannot be used.
pub(crate) fn declare_one(
    name: &Spanned<String>,
    section: &PolicySection,
    declaration: &mut Declaration,
) -> Option<Address> {
    let policy_type = type_of(section, declaration)?;
    let address = Address::new(policy_type.address_prefix(), [&name.value]);
    let Document { value: content, written } = document(name, section, declaration)?;
    check_content(name, &content, &written, policy_type, declaration);
    check_regions(name, &content, &written, declaration);
    check_texts(name, section, declaration);
    let needs_type = policy_type_address(policy_type);
    declaration.want_also("policy-type", &needs_type, &[Address::organization()], name.place);
    let tags = tags::all(&section.tags, &section.own_tags, name.place, declaration);
    let (name_of, description) = (name.value.clone(), description(section, declaration));
    let policy = Policy { policy_type, name: name_of, description, content, tags };
    let was = section.was.iter().map(|was| Address::new(policy_type.address_prefix(), [&was.value])).collect();
    let wanted = Wanted { was, lenient: section.lenient(), ..policy.wanted(address.clone()) };
    if let Some(guardrails) = of_guardrails(section, declaration).map(|made| made.guardrails.clone()) {
        declaration.guardrails.insert(address.clone(), guardrails);
    }
    if section.may_lock_out || of_guardrails(section, declaration).is_some_and(|made| made.may_lock_out) {
        declaration.desired.settings.may_lock_out.push(address.clone());
    }
    declaration.want(wanted.under(Address::organization()).needing([needs_type]), name.place);
    declaration.policies.insert(address.clone(), written);
    Some(address)
}

fn description(section: &PolicySection, declaration: &Declaration) -> String {
    let own = section.description.as_ref().map(|description| description.value.clone());
    let of_template = || section.template.as_ref().and_then(template::summary);
    let of_guardrails = || of_guardrails(section, declaration).map(|made| made.description.clone());
    own.or_else(of_template).or_else(of_guardrails).unwrap_or_default()
}

/// What the policy says.
fn document(name: &Spanned<String>, section: &PolicySection, declaration: &mut Declaration) -> Option<Document> {
    let PolicySection { content, file, template, .. } = section;
    match (content, file, template, section.guardrails_place()) {
        (Some(content), None, None, None) => Some(content.clone()),
        (None, Some(file), None, None) => read_document(file, declaration),
        (None, None, Some(template), None) => {
            let value = template::render(template, section.parameters.as_ref(), declaration)?;
            Some(Document { value, written: Written::named(template.place) })
        }
        (None, None, None, Some(place)) => document_of_guardrails(section, place, declaration),
        _ => {
            let help = "write one of `content`, `file`, `template` and `guardrail`";
            let message = format!("what the policy {} says must be given once", name.value);
            declaration.mistake("policy", name.place, message, help);
            None
        }
    }
}

/// What is wrong with the guardrails is said where they are read, which they are under `policies` alone.
fn document_of_guardrails(section: &PolicySection, place: Place, declaration: &mut Declaration) -> Option<Document> {
    if let Some(parameters) = &section.parameters {
        let help = "write the parameters beside the guardrail: `guardrail: {ID: {PARAMETER: VALUE}}`";
        declaration.mistake("policy", parameters.place, "`parameters` are those of a `template`", help);
    }
    let made = declaration.of_guardrails.get(&place)?;
    Some(Document { value: made.content.clone(), written: Written::named(place) })
}
