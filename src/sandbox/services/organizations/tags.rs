//! Tags of the root, units, accounts and policies.

use serde_json::{Value, json};

use super::PAGES;
use super::errors::{constraint, invalid, target_not_found};
use super::model::{Organization, Tags};
use crate::sandbox::input::Input;
use crate::sandbox::request::{Answer, ApiError, Request};
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
            return Err(invalid("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags of a resource."));
        }
    }
    check_number(&tags)?;
    Ok(tags)
}

fn checked(tag: &Value) -> Result<(String, String), ApiError> {
    let member = |name: &str| tag.get(name).and_then(Value::as_str);
    let missing = || invalid("INPUT_REQUIRED", "A tag has a key and a value.");
    let (key, value) = (member("Key").ok_or_else(missing)?, member("Value").ok_or_else(missing)?);
    if key.is_empty() {
        return Err(invalid("MIN_LENGTH_EXCEEDED", "A tag's key must not be empty."));
    }
    if key.chars().count() > 128 || value.chars().count() > 256 {
        return Err(invalid("MAX_LENGTH_EXCEEDED", "A tag's key has at most 128 characters, its value 256."));
    }
    let allowed = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
    if !key.chars().chain(value.chars()).all(allowed) {
        return Err(invalid("INVALID_PATTERN", "A tag holds only letters, digits, spaces and _ . : / = + - @."));
    }
    check_not_system(key)?;
    Ok((key.to_owned(), value.to_owned()))
}

fn check_not_system(key: &str) -> Result<(), ApiError> {
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(invalid("INVALID_SYSTEM_TAGS_PARAMETER", "Tag keys that start with aws: are reserved."));
    }
    Ok(())
}

fn check_number(tags: &Tags) -> Result<(), ApiError> {
    if tags.len() > MOST_TAGS {
        return Err(constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed."));
    }
    Ok(())
}

/// The id of the resource that the request names. AWS's own policies cannot be tagged.
fn resource(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("ResourceId")?;
    let own_policy =
        |organization: &Organization| organization.policies.get(id).is_some_and(|policy| !policy.aws_managed);
    let organization = request.organization_view()?;
    let known = organization.is_target(id) || own_policy(organization);
    known.then(|| id.to_owned()).ok_or_else(target_not_found)
}

fn tag_resource(request: &mut Request<'_>) -> Answer {
    let id = resource(request)?;
    let added = of_request(&request.input)?;
    let organization = request.organization()?;
    let mut tags = organization.tags.get(&id).cloned().unwrap_or_default();
    tags.extend(added);
    check_number(&tags)?;
    organization.tags.insert(id, tags);
    Ok(json!({}))
}

fn untag_resource(request: &mut Request<'_>) -> Answer {
    let id = resource(request)?;
    let keys: Vec<String> = request.input.texts("TagKeys").into_iter().map(str::to_owned).collect();
    keys.iter().try_for_each(|key| check_not_system(key))?;
    let organization = request.organization()?;
    if let Some(tags) = organization.tags.get_mut(&id) {
        tags.retain(|key, _| !keys.contains(key));
        if tags.is_empty() {
            organization.tags.remove(&id);
        }
    }
    Ok(json!({}))
}

fn list_tags_for_resource(request: &mut Request<'_>) -> Answer {
    let id = resource(request)?;
    let none = Tags::new();
    let tags = request.organization_view()?.tags.get(&id).unwrap_or(&none);
    let tags: Vec<_> = tags.iter().collect();
    PAGES.page(request, "Tags", &tags, |(key, value)| json!({"Key": key, "Value": value}))
}
