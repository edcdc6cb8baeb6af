//! One case, as JSON.

use serde_json::{Map, Value};

use super::json::Part;
use super::levels::{Levels, levels_of};
use crate::statement::{pointer, strings};
use crate::{Decision, Problem, ProblemCode, Request};

/// A request and the policies on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What it is called.
    pub id: String,
    /// A JSON pointer to the case in the file that it was read from.
    pub path: String,
    /// The policies.
    pub levels: Levels,
    /// The request.
    pub request: Request,
    /// What the case says that the answer is.
    pub expect: Option<Decision>,
}

/// Reads cases: a list of them, or `{"cases": [...]}`. A case is
/// ```json
/// {"id": TEXT, "levels": LEVELS, "rcpLevels": LEVELS, "before": LEVELS, "rcpBefore": LEVELS,
///  "exempt": "management", "expect": "Allow|Deny|Undecided",
///  "request": {"principal": ARN, "account": ID, "resourceAccount": ID, "action", "resource", "context": {KEY: VALUES}}}
/// ```
/// of which `levels` and the request's principal and action must be there. `exempt` says that the request's account is
/// the management account. Without `resource` no one knows which it is. A context key that is not there is absent from
/// the request, one that is null is not known.
///
/// # Errors
/// Everything that is not of this form, and policies that cannot be decided with.
pub fn read_cases(file: &Value) -> Result<Vec<Case>, Vec<Problem>> {
    let mut problems = Vec::new();
    let whole = Part::whole(file);
    let list = whole.member("cases").unwrap_or(whole);
    let items = list.items("cases", &mut problems);
    let cases = items.iter().enumerate().filter_map(|(index, item)| case(item, index, &mut problems)).collect();
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

fn case(part: &Part<'_>, index: usize, problems: &mut Vec<Problem>) -> Option<Case> {
    let id = part.member("id").and_then(|id| id.text(problems)).map_or_else(|| (index + 1).to_string(), str::to_owned);
    let exempt = part.member("exempt").is_some_and(|exempt| is_management(&exempt, problems));
    let mut levels = levels_of(part, problems);
    let asked = part.required("request", problems)?;
    let mut request = request(&asked, problems)?;
    request.management_account = exempt;
    if exempt && is_within_one_account(&asked) {
        // RCPs do not hold for resources of the management account.
        levels.rcps = Vec::new();
        levels.rcps_before = levels.rcps_before.map(|_| Vec::new());
    }
    let expect = part.member("expect").and_then(|expect| decision(&expect, problems));
    Some(Case { id, path: part.path.clone(), levels, request, expect })
}

fn is_management(exempt: &Part<'_>, problems: &mut Vec<Problem>) -> bool {
    let known = exempt.value == "management";
    if !known {
        let message = format!("`exempt` is \"management\", not {}", exempt.value);
        problems.push(
            Problem::new(ProblemCode::InvalidValue, &exempt.path, message)
                .help("service-linked roles are known by their ARN, others are not exempt"),
        );
    }
    known
}

fn is_within_one_account(request: &Part<'_>) -> bool {
    let account = |name| request.member(name).and_then(|account| account.value.as_str());
    account("resourceAccount").is_some() && account("resourceAccount") == account("account")
}

fn request(part: &Part<'_>, problems: &mut Vec<Problem>) -> Option<Request> {
    let principal = part.required("principal", problems).and_then(|principal| principal.text(problems));
    let action = part.required("action", problems).and_then(|action| action.text(problems));
    let resource = part.member("resource").and_then(|resource| resource.text(problems));
    let account = part.member("account").and_then(|account| account.text(problems));
    let context = part.member("context").map(|context| keys(&context, problems)).unwrap_or_default();
    let mut request = Request::new(principal?, action?, resource);
    request.account = account.map(str::to_owned);
    request.context = context.into_iter().fold(request.context, |context, (key, values)| match values {
        Some(values) => context.with(&key, values),
        None => context.with_unknown(&key),
    });
    Some(request)
}

type Key = (String, Option<Vec<String>>);

fn keys(part: &Part<'_>, problems: &mut Vec<Problem>) -> Vec<Key> {
    let none = Map::new();
    if !part.value.is_object() {
        problems.push(part.wrong("the context is an object of condition keys".to_owned()));
    }
    let members = part.value.as_object().unwrap_or(&none);
    let key = |(name, value): (&String, &Value)| match value {
        Value::Null => Some((name.clone(), None)),
        _ => match strings(value) {
            Some(values) => Some((name.clone(), Some(values))),
            None => {
                let path = pointer(&part.path, name);
                let message = format!("`{name}` holds a text, a number, true or false, or a list of them");
                problems.push(Problem::new(ProblemCode::WrongType, path, message));
                None
            }
        },
    };
    members.iter().filter_map(key).collect()
}

fn decision(part: &Part<'_>, problems: &mut Vec<Problem>) -> Option<Decision> {
    let all = [Decision::Allow, Decision::Deny, Decision::Undecided];
    let found = all.into_iter().find(|decision| part.value == decision.name());
    if found.is_none() {
        problems.push(part.wrong("`expect` is \"Allow\", \"Deny\" or \"Undecided\"".to_owned()));
    }
    found
}
