//! The organization's delegation policy.

use landing_blueprint::{Diagnostic, Entries, Spanned};
use landing_policy::{ProblemCode, check_resource_policy};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::resource::ResourcePolicy;
use crate::declaration::Declaration;
use crate::declaration::document::Document;
use crate::declaration::policy_file::read_document;
use crate::declaration::state::State;
use crate::declaration::tags;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Wanted};

/// The organization's resource policy, which lets member accounts do of Organizations what else only the management account may.
/// Its document is either `content` or `file`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "delegation-policy"))]
pub(crate) struct DelegationPolicy {
    /// The policy document itself.
    content: Option<Document>,
    /// A JSON or YAML file with the document, relative to this file.
    file: Option<Spanned<String>>,
    /// Tags of the policy, the only ones but those that `ignore_tags` leaves to others.
    #[schemars(extend("x-form" = "tags"))]
    tags: Entries<Spanned<String>>,
    /// `absent` deletes it. Leaving the whole entry out changes nothing.
    state: State,
}

/// Wants the policy, or that there is none.
pub(crate) fn declare(section: &Spanned<DelegationPolicy>, declaration: &mut Declaration) {
    let (place, said) = (section.place, &section.value);
    let absent = said.state == State::Absent;
    let Some(document) = document(section, absent, declaration) else { return };
    if !absent {
        check(&document, declaration);
    }
    let address = Address::new(ResourcePolicy::KIND, [""; 0]);
    let tags = tags::with_defaults(&said.tags, place, declaration);
    let wanted = ResourcePolicy { content: document.value, tags }.wanted(address);
    let wanted: Wanted = wanted.under(Address::organization()).needing([Address::organization()]);
    declaration.want(wanted.present(!absent), place);
}

/// Its document; one that is to go needs none.
fn document(section: &Spanned<DelegationPolicy>, absent: bool, declaration: &mut Declaration) -> Option<Document> {
    match (&section.content, &section.file) {
        (Some(content), None) => Some(content.clone()),
        (None, Some(file)) => read_document(file, declaration),
        (None, None) if absent => Some(Document { value: Value::Null, ..Document::default() }),
        _ => {
            let message = "what the delegation policy says must be given once";
            declaration.mistake("policy", section.place, message, "write one of `content` and `file`");
            None
        }
    }
}

/// What AWS would refuse, where it is written.
fn check(document: &Document, declaration: &mut Declaration) {
    for problem in check_resource_policy(&document.value) {
        let written = &document.written;
        let at =
            if problem.path.is_empty() || written.is_exact() { String::new() } else { format!(" at {}", problem.path) };
        let place = match problem.path.as_str() {
            path if ProblemCode::is_of_key(problem.code) => written.key_at(path),
            path => written.value_at(path),
        };
        let diagnostic =
            Diagnostic::error("policy", format!("the delegation policy{at}: {}", problem.message)).at(place);
        declaration.diagnostics.push(match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}
