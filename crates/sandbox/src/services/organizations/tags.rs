//! Tags of the root, units, accounts, policies and the resource policy.

use serde_json::json;

use super::errors::{constraint, invalid, target_not_found};
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::model::organizations::Organization;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::tags;
use crate::tags::{Mistake, Tags, is_reserved, joined};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("TagResource", tag_resource),
    operation("UntagResource", untag_resource),
    operation("ListTagsForResource", list_tags_for_resource),
];

/// The `Tags` of a request, checked.
pub(super) fn of_request(input: &Input) -> Result<Tags, ApiError> {
    tags::of_request(input, refusal)
}

fn refusal(mistake: Mistake) -> ApiError {
    let (reason, message) = match mistake {
        Mistake::Incomplete => ("INPUT_REQUIRED", "A tag has a key and a value."),
        Mistake::Empty => ("MIN_LENGTH_EXCEEDED", "A tag's key must not be empty."),
        Mistake::Long => ("MAX_LENGTH_EXCEEDED", "A tag's key has at most 128 characters, its value 256."),
        Mistake::Characters => ("INVALID_PATTERN", "A tag holds only letters, digits, spaces and _ . : / = + - @."),
        Mistake::Reserved => ("INVALID_SYSTEM_TAGS_PARAMETER", "Tag keys that start with aws: are reserved."),
        Mistake::Twice => ("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags of a resource."),
        Mistake::TooMany => {
            return constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed.");
        }
    };
    invalid(reason, message)
}

/// The id of the resource that the request names. AWS's own policies cannot be tagged.
fn resource(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("ResourceId")?;
    let own_policy =
        |organization: &Organization| organization.policies.get(id).is_some_and(|policy| !policy.aws_managed);
    let organization = request.organization_view()?;
    let is_resource_policy = organization.resource_policy.as_ref().is_some_and(|policy| policy.id == id);
    let known = organization.is_target(id) || own_policy(organization) || is_resource_policy;
    known.then(|| id.to_owned()).ok_or_else(target_not_found)
}

fn tag_resource(request: &mut Request<'_>) -> Answer {
    let id = resource(request)?;
    let added = of_request(&request.input)?;
    let organization = request.organization()?;
    let tags = organization.tags.get(&id).cloned().unwrap_or_default();
    organization.tags.insert(id, joined(tags, added).map_err(refusal)?);
    Ok(json!({}))
}

fn untag_resource(request: &mut Request<'_>) -> Answer {
    let id = resource(request)?;
    let keys: Vec<String> = request.input.texts("TagKeys").into_iter().map(str::to_owned).collect();
    if keys.iter().any(|key| is_reserved(key)) {
        return Err(refusal(Mistake::Reserved));
    }
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
