//! The ways in which the blueprint can exempt a request from what denies it.

use landing_blueprint::{FileId, document};
use landing_policy::{PolicyType, account_of};
use serde_json::Value;

use super::ResourceOwner;
use super::asked::{Asked, permission_set};
use super::edit::{Doc, Edit, list, plain};
use super::origin::Origin;
use crate::hierarchy::Hierarchy;
use crate::model::Address;
use crate::sections::{Declared, Document, InPolicy, Written};
use crate::template::{self, Guardrail};

/// A change of one file, and what it does in words.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub file: FileId,
    pub edit: Edit,
    pub summary: String,
    /// What is to be known of it.
    pub note: Option<&'static str>,
}

const BY_NAME: &str = "a role is exempt by its name: anyone who may create a role of that name there is exempt as well";

/// What is needed to say how a request is exempted.
pub(super) struct ExemptionContext<'a> {
    pub asked: &'a Asked<'a>,
    pub action: &'a str,
    pub hierarchy: &'a Hierarchy,
    pub declared: &'a Declared,
}

impl<'a> ExemptionContext<'a> {
    /// All ways that the blueprint's own words offer.
    pub fn candidates(&self, origin: &Origin<'_>) -> Vec<Candidate> {
        match origin {
            Origin::Guardrails(all) => all.iter().flat_map(|one| self.of_guardrail(one)).collect(),
            Origin::Policy { written, content, statement: Some(statement) } if written.is_exact() => {
                self.of_statement(written, content, statement).into_iter().collect()
            }
            Origin::Policy { written, .. } => self.of_template(written),
            Origin::Level(level) => self.of_level(level).into_iter().collect(),
        }
    }

    /// Parameters of the guardrail, where it is enabled.
    fn of_guardrail(&self, one: &InPolicy) -> Vec<Candidate> {
        if !one.place.is_somewhere() {
            return Vec::new();
        }
        let file = one.place.file();
        let Some(document) = document::<Document>(&self.declared.sources, file) else { return Vec::new() };
        let doc = self.doc(file, &document.value, &document.written);
        let Some(at) = doc.pointer_to(&one.place.range()) else { return Vec::new() };
        let id = &one.guardrail.id;
        self.parameters(&one.guardrail)
            .into_iter()
            .chain(self.account())
            .filter_map(|wanted| {
                let edit = given_to_use(&doc, &at, id, &wanted)?;
                let summary = format!("{} of guardrail {id}", wanted.summary);
                Some(Candidate { file, edit, summary, note: wanted.note() })
            })
            .collect()
    }

    /// Parameters of the template that a policy is made from.
    fn of_template(&self, written: &Written) -> Vec<Candidate> {
        let place = written.whole();
        if !place.is_somewhere() {
            return Vec::new();
        }
        let file = place.file();
        let Some(document) = document::<Document>(&self.declared.sources, file) else { return Vec::new() };
        let doc = self.doc(file, &document.value, &document.written);
        let at = doc.pointer_to(&place.range()).filter(|at| at.ends_with("/template"));
        let name = at.as_deref().and_then(|at| document.value.pointer(at)?.as_str());
        let (Some(at), Some(template)) = (&at, name.and_then(template::policy)) else { return Vec::new() };
        let policy = at.trim_end_matches("/template");
        self.parameters(template.guardrail())
            .into_iter()
            .filter_map(|wanted| {
                let parameters = format!("{policy}/parameters");
                let edit = match document.value.pointer(&parameters) {
                    Some(_) => given_to_map(&doc, &parameters, &wanted)?,
                    None => doc.add_member(policy, "parameters", &format!("{{{}}}", wanted.written()))?,
                };
                let summary = format!("{} of template {}", wanted.summary, template.name);
                Some(Candidate { file, edit, summary, note: wanted.note() })
            })
            .collect()
    }

    /// What the guardrail offers: roles that it does not bind, actions that it does not, regions that may be used.
    fn parameters(&self, guardrail: &Guardrail) -> Vec<Wanted> {
        let takes = |name: &str| guardrail.parameters.contains_key(name);
        let role = role_name(&self.asked.principal).filter(|_| takes("exempt_roles")).map(|role| Wanted {
            name: "exempt_roles",
            summary: format!("role {role} added to exempt_roles"),
            base: Vec::new(),
            added: role,
        });
        let action = takes("exempt_actions").then(|| Wanted {
            name: "exempt_actions",
            summary: format!("{} added to exempt_actions", self.action),
            base: Vec::new(),
            added: self.action.to_owned(),
        });
        let regions = &self.declared.desired.settings.regions;
        let region = self.asked.region(self.action, self.hierarchy).filter(|_| takes("regions")).map(|region| Wanted {
            name: "regions",
            summary: format!("{region} added to regions"),
            base: regions.clone(),
            added: region,
        });
        role.into_iter().chain(action).chain(region).collect()
    }

    /// The account left out where a guardrail is enabled: of the principal, or of the resource that it asks for.
    fn account(&self) -> Option<Wanted> {
        let ResourceOwner::Member(account, _) = self.asked.owner(self.hierarchy).unwrap_or(self.asked.account.clone())
        else {
            return None;
        };
        let name = account.name();
        Some(Wanted { name: "except", summary: format!("account {name} left out"), base: Vec::new(), added: name })
    }

    /// The principal left out of a statement that the blueprint writes itself.
    fn of_statement(&self, written: &Written, content: &Value, statement: &str) -> Option<Candidate> {
        let pattern = self.pattern()?;
        let file = written.value_at(statement).file();
        let doc = self.doc(file, content, written);
        let edit = left_out(&doc, statement, &pattern)?;
        Some(Candidate { file, edit, summary: format!("{pattern} left out of the statement"), note: None })
    }

    /// The action allowed by a policy that is attached where nothing allows it.
    fn of_level(&self, level: &Address) -> Option<Candidate> {
        let prefix = PolicyType::ServiceControl.address_prefix();
        let attached = self.declared.desired.resources.keys().filter_map(Address::split_target);
        let mut here = attached.filter(|(policy, target)| target == level && policy.prefix() == prefix);
        here.find_map(|(policy, _)| self.allowed_by(&policy))
    }

    fn allowed_by(&self, policy: &Address) -> Option<Candidate> {
        let written = self.declared.policies.get(policy).filter(|written| written.is_exact())?;
        let content = crate::model::body_content(&self.declared.desired.get(policy)?.body)?;
        let statements = match &content["Statement"] {
            Value::Array(all) => (0..all.len()).map(|nth| format!("/Statement/{nth}")).collect(),
            _ => vec!["/Statement".to_owned()],
        };
        let allows = |at: &&String| {
            content.pointer(at).is_some_and(|it| {
                it["Effect"] == "Allow" && !it["Action"].is_null() && it["Resource"] == "*" && it["Condition"].is_null()
            })
        };
        let actions = format!("{}/Action", statements.iter().find(allows)?);
        let file = written.value_at(&actions).file();
        let edit = self.doc(file, content, written).add_to_list(&actions, &[self.action.to_owned()])?;
        Some(Candidate { file, edit, summary: format!("{} allowed by {policy}", self.action), note: None })
    }

    fn doc<'d>(&'d self, file: FileId, value: &'d Value, written: &'d Written) -> Doc<'d> {
        let sources = &self.declared.sources;
        Doc { text: sources.text(file), value, written, is_json: sources.name(file).ends_with(".json") }
    }

    /// The principal's ARN as a condition names it, its account by the blueprint's name; of a permission set's role without
    /// what Identity Center puts behind it.
    fn pattern(&self) -> Option<String> {
        let arn = &self.asked.principal;
        let ResourceOwner::Member(account, id) = &self.asked.account else { return None };
        let resource = arn.splitn(6, ':').nth(5)?;
        let name = role_name(arn).map(|role| format!("role/{role}"));
        let partition = arn.split(':').nth(1)?;
        let account = if self.declared.desired.get(account).is_some() { format!("${{{account}}}") } else { id.clone() };
        account_of(arn)?;
        Some(format!("arn:{partition}:iam::{account}:{}", name.unwrap_or_else(|| resource.to_owned())))
    }
}

/// A parameter and what is added to it.
struct Wanted {
    name: &'static str,
    summary: String,
    /// What holds where nothing is given.
    base: Vec<String>,
    added: String,
}

impl Wanted {
    fn note(&self) -> Option<&'static str> {
        (self.name == "exempt_roles").then_some(BY_NAME)
    }

    /// As a member of a map.
    fn written(&self) -> String {
        let all: Vec<String> = self.base.iter().chain([&self.added]).cloned().collect();
        format!("{}: {}", self.name, list(&all, false))
    }
}

/// `PATH/NAME` of a role's ARN; of a permission set's with a wildcard in place of what Identity Center puts behind the name.
fn role_name(arn: &str) -> Option<String> {
    let resource = arn.splitn(6, ':').nth(5)?;
    let own = resource.strip_prefix("role/").map(str::to_owned);
    let session = || Some(resource.strip_prefix("assumed-role/")?.split('/').next()?.to_owned());
    let role = own.or_else(session)?;
    let name = role.rsplit('/').next().unwrap_or(&role);
    let set = permission_set(name).map(|set| format!("AWSReservedSSO_{set}_*"));
    Some(match set {
        Some(pattern) => format!("{}{pattern}", &role[..role.len() - name.len()]),
        None => role,
    })
}

/// Gives a guardrail a parameter, however it is enabled: by its name, as a map, or by a set or level, beside which it is then
/// enabled by its name.
fn given_to_use(doc: &Doc<'_>, at: &str, id: &str, wanted: &Wanted) -> Option<Edit> {
    let named = format!("{}: {{{}}}", plain(id), wanted.written());
    let (above, last) = at.rsplit_once('/')?;
    // Only an item of a list by indentation is a map without brackets.
    let is_item = doc.value.pointer(above).is_some_and(Value::is_array) && !doc.is_in_flow(at);
    let item = if is_item { named } else { format!("{{{named}}}") };
    match doc.value.pointer(at)? {
        Value::String(_) if last == "name" => given_to_map(doc, above, wanted),
        Value::String(name) if is_id(name, id) => Some(doc.replace(at, item)),
        Value::Object(_) if is_id(last, id) => given_to_map(doc, at, wanted),
        Value::Null if is_id(last, id) => doc.fill(at, &format!("{{{}}}", wanted.written())),
        _ => doc.add_written(above, item),
    }
}

/// A guardrail of the user's own may be named by its path.
fn is_id(name: &str, id: &str) -> bool {
    let file = name.rsplit("~1").next().unwrap_or(name);
    let file = file.rsplit('/').next().unwrap_or(file);
    file.trim_end_matches(".yaml") == id
}

fn given_to_map(doc: &Doc<'_>, at: &str, wanted: &Wanted) -> Option<Edit> {
    let member = format!("{at}/{}", wanted.name);
    // `except: {in: [ACCOUNT], regions: [REGION]}`
    if wanted.name == "except" && doc.value.pointer(&member).is_some_and(Value::is_object) {
        let within = Wanted { name: "in", summary: String::new(), base: Vec::new(), added: wanted.added.clone() };
        return given_to_map(doc, &member, &within);
    }
    if doc.value.pointer(&member).is_some() {
        return doc.add_to_list(&member, std::slice::from_ref(&wanted.added));
    }
    let all: Vec<String> = wanted.base.iter().chain([&wanted.added]).cloned().collect();
    doc.add_member(at, wanted.name, &list(&all, doc.is_json))
}

/// The operators by which statements leave principals out.
const LEAVE_OUT: [&str; 4] = ["ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals"];
const KEY: &str = "aws:PrincipalArn";

/// Leaves a principal out of a statement: one more in a list that leaves some out, or a condition of its own.
fn left_out(doc: &Doc<'_>, statement: &str, pattern: &str) -> Option<Edit> {
    let condition = format!("{statement}/Condition");
    let Some(operators) = doc.value.pointer(&condition).and_then(Value::as_object) else {
        let value = condition_of(pattern, doc.is_json);
        return doc.add_member(statement, "Condition", &value);
    };
    for (operator, keys) in operators {
        let takes = |known: &str| operator == known || *operator == format!("{known}IfExists");
        // Only a pattern may stand for several roles.
        let is_pattern = operator.contains("Like") || operator.starts_with("Arn");
        if !LEAVE_OUT.iter().any(|known| takes(known)) || (pattern.contains('*') && !is_pattern) {
            continue;
        }
        let key = keys.as_object()?.keys().find(|key| key.eq_ignore_ascii_case(KEY));
        if let Some(key) = key {
            return doc
                .add_to_list(&format!("{condition}/{operator}/{}", key.replace('/', "~1")), &[pattern.to_owned()]);
        }
    }
    let patterns = list(&[pattern.to_owned()], doc.is_json);
    match operators.contains_key(LEAVE_OUT[0]) {
        true => doc.add_member(&format!("{condition}/{}", LEAVE_OUT[0]), KEY, &patterns),
        false => {
            let key = if doc.is_json { format!("\"{KEY}\"") } else { format!("'{KEY}'") };
            doc.add_member(&condition, LEAVE_OUT[0], &format!("{{{key}: {patterns}}}"))
        }
    }
}

fn condition_of(pattern: &str, is_json: bool) -> String {
    let patterns = list(&[pattern.to_owned()], is_json);
    match is_json {
        true => format!("{{\"{}\": {{\"{KEY}\": {patterns}}}}}", LEAVE_OUT[0]),
        false => format!("{{{}: {{'{KEY}': {patterns}}}}}", LEAVE_OUT[0]),
    }
}
