//! Sentences such as `User: ARN is not authorized to perform: ACTION on resource: ARN with an explicit deny in a service
//! control policy: ARN`.

use super::forms::{policy_type_at, policy_type_in};
use super::unwrapped::unwrapped;
use super::{Assumed, Authorization, Denied, DenyingPolicy, ReportedPolicy};
use crate::services::services;
use crate::value::Arn;
use crate::{Need, region_called};

/// What every sentence about a denial has in its middle.
const MIDDLE: &str = " is not authorized to perform";
/// What else begins a remark about the policy, and what comes behind it.
const ENCODED: &str = "encoded authorization failure message:";
const BY_ID: &str = "following authorization id:";
const CONSOLE: &str = "#/authorization-details/";
/// The kinds of IAM's resources that messages call by their names alone.
const NAMED: [&str; 8] =
    ["role", "user", "group", "policy", "instance-profile", "mfa", "saml-provider", "oidc-provider"];

/// Every denial that a text reports in AWS's words, or as the console shows it.
pub(super) fn read(text: &str) -> Vec<Denied> {
    let text = unwrapped(text);
    let folded = text.to_ascii_lowercase();
    let middles: Vec<usize> = folded.match_indices(MIDDLE).map(|(at, _)| at).collect();
    let ends = middles.iter().skip(1).copied().chain([text.len()]);
    let sentences = middles.iter().zip(ends);
    let found: Vec<Denied> = sentences.filter_map(|(at, end)| sentence(&text, *at, end)).collect();
    if found.is_empty() { console(&text, &folded).into_iter().collect() } else { found }
}

/// What a text says that only AWS can decode.
pub(super) fn encoded(text: &str) -> Option<String> {
    let text = unwrapped(text);
    let at = text.to_ascii_lowercase().find(ENCODED)?;
    let word = text[at + ENCODED.len()..].split_whitespace().next()?;
    let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '='))).unwrap_or(word.len());
    Some(word[..end].to_owned()).filter(|word| !word.is_empty())
}

/// Whether a text says that something was denied.
pub(super) fn says_denied(text: &str) -> bool {
    let words = ["accessdenied", "access denied", "not authorized", "unauthorizedoperation", "authorizationerror"];
    let text = text.to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// What is behind a middle up to the next one, with the principal before it.
fn sentence(text: &str, middle: usize, end: usize) -> Option<Denied> {
    let principal = principal_before(&text[..middle])?;
    let rest = text[middle + MIDDLE.len()..end].trim_start_matches([':', ' ']);
    let (action, rest) = word(rest);
    let action = action_of(action)?;
    let (resource, assumed) = resource(rest, &principal);
    Some(request_of(&principal, action, resource, assumed, rest))
}

fn request_of(
    principal: &str,
    action: String,
    resource: Option<String>,
    assumed: Option<Assumed>,
    rest: &str,
) -> Denied {
    let folded = rest.to_ascii_lowercase();
    let authorization = authorization(rest, &folded);
    let of_resource =
        resource.as_deref().and_then(|arn| arn.split(':').nth(3)).filter(|it| region_called(it).is_some());
    let of_id = authorization.as_ref().and_then(|it| it.region.clone());
    let is_session = principal.contains(":assumed-role/");
    let session = is_session.then_some(Assumed::RoleWithoutPath);
    Denied {
        principal: Some(principal.to_owned()),
        region: of_resource.map(str::to_owned).or(of_id),
        actions: vec![Need::of(action)],
        resource,
        // A service may have made the call for the principal, as CloudFormation does.
        unknown: vec!["aws:ViaAWSService".to_owned()],
        said: said(rest, &folded),
        assumed: session.into_iter().chain(assumed).collect(),
        authorization,
        encoded: encoded(rest),
        ..Denied::default()
    }
}

/// The last word, if it is a principal.
fn principal_before(text: &str) -> Option<String> {
    let word = text.rsplit(' ').next()?.trim_start_matches("User:").trim_matches(quote);
    let at = word.find("arn:").unwrap_or(0);
    let word = &word[at..];
    let is_service = word.ends_with(".amazonaws.com") || word.ends_with(".amazonaws.com.cn");
    (Arn::parse(word).is_some() || is_service || word == "anonymous").then(|| word.to_owned())
}

/// The first word without what ends a sentence, and what is behind it.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(' ').unwrap_or(text.len());
    (text[..end].trim_matches(|c| quote(c) || ends(c)), &text[end..])
}

fn quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '(' | ')' | '[' | ']' | '<' | '>')
}

fn ends(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | '}')
}

/// An action as AWS's table writes it: messages write some in lower case.
fn action_of(text: &str) -> Option<String> {
    let (prefix, name) = text.split_once(':')?;
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_name(prefix) || !is_name(name) {
        return None;
    }
    let prefix = prefix.to_ascii_lowercase();
    let written = format!("{prefix}:{name}");
    Some(services().written_action(&written).unwrap_or(written))
}

/// What stands behind `on resource:`.
fn resource(rest: &str, principal: &str) -> (Option<String>, Option<Assumed>) {
    const ON: [&str; 4] = ["on resource:", "on resources:", "on resource(s):", "on the resource:"];
    let folded = rest.to_ascii_lowercase();
    let ends = ["because ", "with an explicit deny"].iter().filter_map(|word| folded.find(word)).min();
    let head = &folded[..ends.unwrap_or(folded.len())];
    let Some(at) = ON.iter().filter_map(|on| Some(head.find(on)? + on.len())).min() else { return (None, None) };
    named_resource(rest[at..ends.unwrap_or(rest.len())].trim(), principal)
}

fn named_resource(text: &str, principal: &str) -> (Option<String>, Option<Assumed>) {
    if let Some(quoted) = text.strip_prefix('"') {
        return (Some(quoted.split('"').next().unwrap_or(quoted).to_owned()).filter(|it| is_resource(it)), None);
    }
    let (first, rest) = word(text);
    if is_resource(first) {
        return (Some(first.to_owned()), None);
    }
    let (name, _) = word(rest.trim_start());
    let parts: Vec<&str> = principal.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, _, _, account, _] if NAMED.contains(&first) && !name.is_empty() => {
            (Some(format!("arn:{partition}:iam::{account}:{first}/{name}")), Some(Assumed::ResourceWithoutPath))
        }
        _ => (None, None),
    }
}

fn is_resource(text: &str) -> bool {
    text == "*" || Arn::parse(text).is_some()
}

/// What a sentence says about the policy.
fn said(rest: &str, folded: &str) -> Option<ReportedPolicy> {
    const EXPLICIT: [&str; 4] =
        ["with an explicit deny", "due to an explicit deny", "explicitly denies", "because of an explicit deny"];
    if let Some((at, phrase)) = EXPLICIT.iter().filter_map(|phrase| Some((folded.find(phrase)?, *phrase))).min() {
        let behind = &folded[at + phrase.len()..];
        let named =
            explicit_type(behind).or_else(|| (phrase == "explicitly denies").then(|| policy_type_in(folded)).flatten());
        let through =
            behind.find(" transitively through a ").map(|at| &behind[at + " transitively through a ".len()..]);
        return Some(ReportedPolicy {
            policy_type: named,
            explicit: true,
            through: through.and_then(policy_type_at).map(|(policy_type, _)| policy_type),
            policy: policy_arn(&rest[at + phrase.len()..]),
            sids: Vec::new(),
        });
    }
    implicit(folded)
}

/// ` in a service control policy`, ` in the role trust policy`.
fn explicit_type(behind: &str) -> Option<DenyingPolicy> {
    let behind = behind.strip_prefix(" in ")?;
    let articles = ["a ", "an ", "the "];
    let behind = articles.iter().find_map(|article| behind.strip_prefix(article)).unwrap_or(behind);
    policy_type_at(behind).map(|(policy_type, _)| policy_type)
}

/// `because no service control policy allows the s3:GetObject action`, and what S3 says of its settings.
fn implicit(folded: &str) -> Option<ReportedPolicy> {
    let of = |policy_type, explicit| {
        Some(ReportedPolicy { policy_type: Some(policy_type), explicit, ..ReportedPolicy::default() })
    };
    if folded.contains("block public access") {
        return of(DenyingPolicy::BlockPublicAccess, true);
    }
    let no = ["because no ", "context: no "].iter().find_map(|no| Some(&folded[folded.find(no)? + no.len()..]))?;
    let (policy_type, length) = policy_type_at(no)?;
    no[length..].trim_start().starts_with("allow").then_some(())?;
    of(policy_type, false)
}

/// The ARN of the policy: `…policy: ARN` or `…policy, with policy ARN: ARN`.
fn policy_arn(behind: &str) -> Option<String> {
    let end = behind.to_ascii_lowercase().find(ENCODED).unwrap_or(behind.len());
    let words = behind[..end].split(' ').map(|word| word.trim_matches(|c| quote(c) || ends(c)));
    let mut arns = words.filter(|word| Arn::parse(word).is_some_and(|arn| arn.resource.starts_with("policy/")));
    arns.next().map(str::to_owned)
}

fn authorization(rest: &str, folded: &str) -> Option<Authorization> {
    let id = |marker: &str| {
        let behind = &rest[folded.find(marker)? + marker.len()..];
        let behind = behind.trim_start();
        let end = behind.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(behind.len());
        Some(behind[..end].to_owned()).filter(|id| !id.is_empty())
    };
    let id = id(BY_ID).or_else(|| id(CONSOLE))?;
    let region = folded.split("region=").nth(1).map(|it| it.split(['#', '&', ' ']).next().unwrap_or_default());
    Some(Authorization { id, region: region.filter(|it| region_called(it).is_some()).map(str::to_owned) })
}

/// What the console shows to be copied: `User: ARN Service: iam Action: ListUsers On resource(s): ARN Context: no
/// identity-based policy allows the action`.
fn console(text: &str, folded: &str) -> Option<Denied> {
    let user = folded.find("user: arn:")?;
    let mut rest = &text[user + "user: ".len()..];
    // Copied without its line breaks, one name begins right behind another's value.
    let ends_of_user = ["Service:", "Action:", " "].iter().filter_map(|end| rest.find(end)).min()?;
    let principal = rest[..ends_of_user].trim().to_owned();
    rest = &rest[ends_of_user..];
    let member = |name: &str, ends: &[&str]| {
        let value = rest[rest.find(name)? + name.len()..].trim_start();
        let end = ends.iter().filter_map(|end| value.find(end)).min().unwrap_or(value.len());
        Some(value[..end].trim().to_owned()).filter(|value| !value.is_empty())
    };
    let service = member("Service:", &["Action:"]);
    let written = member("Action:", &["On resource(s):", "Context:", " "])?;
    let action = match service {
        Some(service) if !written.contains(':') => format!("{service}:{written}"),
        _ => written,
    };
    let on = member("On resource(s):", &["Context:", " "]);
    let (resource, assumed) = on.map_or((None, None), |on| named_resource(&on, &principal));
    let about = rest.find("Context:").map_or("", |at| &rest[at..]);
    Some(request_of(&principal, action_of(&action)?, resource, assumed, about))
}
