//! Tags of permission sets.

use serde_json::{Value, json};

use super::PAGES;
use super::errors::{conflict, invalid, quota_exceeded};
use super::instance::{is_here, no_permission_set};
use super::model::PermissionSet;
use crate::sandbox::input::Input;
use crate::sandbox::request::{Answer, ApiError, Request};
use crate::sandbox::services::organizations::model::Tags;
use crate::sandbox::services::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("TagResource", tag_resource),
    operation("UntagResource", untag_resource),
    operation("ListTagsForResource", list_tags_for_resource),
];

/// Tags that one resource can have.
const MOST_TAGS: usize = 50;

/// The `Tags` of a request, checked.
pub(super) fn of_request(input: &Input) -> Result<Tags, ApiError> {
    let mut tags = Tags::new();
    for tag in input.list("Tags") {
        let (key, value) = checked(tag)?;
        if tags.insert(key, value).is_some() {
            return Err(invalid("Tag keys must be unique among the tags of a resource."));
        }
    }
    check_number(&tags)?;
    Ok(tags)
}

fn checked(tag: &Value) -> Result<(String, String), ApiError> {
    let member = |name: &str| tag.get(name).and_then(Value::as_str);
    let missing = || invalid("A tag has a key and a value.");
    let (key, value) = (member("Key").ok_or_else(missing)?, member("Value").ok_or_else(missing)?);
    if !(1..=128).contains(&key.chars().count()) || value.chars().count() > 256 {
        return Err(invalid("A tag's key has 1 to 128 characters, its value at most 256."));
    }
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(invalid("Tag keys that start with aws: are reserved."));
    }
    let allowed = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
    let valid = key.chars().chain(value.chars()).all(allowed);
    let wrong = || invalid("A tag holds only letters, digits, spaces and _ . : / = + - @.");
    valid.then(|| (key.to_owned(), value.to_owned())).ok_or_else(wrong)
}

fn check_number(tags: &Tags) -> Result<(), ApiError> {
    let few = tags.len() <= MOST_TAGS;
    few.then_some(()).ok_or_else(|| quota_exceeded(format!("A resource can have at most {MOST_TAGS} tags.")))
}

/// The permission set that the request names in `ResourceArn`; the instance need not be named.
fn resource<'a>(request: &'a mut Request<'_>) -> Result<&'a mut PermissionSet, ApiError> {
    let id = request.permission_set_by_arn(request.input.text("ResourceArn")?)?;
    if request.input.optional("InstanceArn")?.is_some() {
        request.center_view()?;
    }
    let sets = is_here(request).then_some(&mut request.state.identity_center.permission_sets);
    sets.and_then(|sets| sets.get_mut(&id)).ok_or_else(|| no_permission_set(&id))
}

fn tag_resource(request: &mut Request<'_>) -> Answer {
    let added = of_request(&request.input)?;
    let set = resource(request)?;
    let mut tags = set.tags.clone();
    tags.extend(added);
    check_number(&tags)?;
    set.tags = tags;
    Ok(json!({}))
}

fn untag_resource(request: &mut Request<'_>) -> Answer {
    let keys: Vec<String> = request.input.texts("TagKeys").into_iter().map(str::to_owned).collect();
    if keys.iter().any(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        return Err(conflict("Tags that start with aws: cannot be removed."));
    }
    resource(request)?.tags.retain(|key, _| !keys.contains(key));
    Ok(json!({}))
}

fn list_tags_for_resource(request: &mut Request<'_>) -> Answer {
    let tags: Vec<_> = resource(request)?.tags.clone().into_iter().collect();
    PAGES.page(request, "Tags", &tags, |(key, value)| json!({"Key": key, "Value": value}))
}
