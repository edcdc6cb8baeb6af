//! What AWS would refuse of a policy, where it is written.

use landing_blueprint::{Diagnostic, Offer, Spanned};
use landing_policy::{PolicyType, ProblemCode, ShorterForm, check};
use serde_json::Value;

use super::PolicySection;
use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::document::Written;

/// AWS's limits.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>
const MAX_NAME: usize = 128;
const MAX_DESCRIPTION: usize = 512;

/// Everything that AWS would refuse, where it is written.
pub(crate) fn check_content(
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
pub(crate) fn check_regions(name: &str, content: &Value, written: &Written, declaration: &mut Declaration) {
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

/// The lengths of its name and description.
pub(crate) fn check_texts(name: &Spanned<String>, section: &PolicySection, declaration: &mut Declaration) {
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
