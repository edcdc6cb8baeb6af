//! Tags of permission sets.

use serde_json::json;

use super::errors::{conflict, invalid, quota_exceeded};
use super::instance::no_permission_set;
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::model::identity_center::PermissionSet;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::shared::identity_center::is_here;
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
    match mistake {
        Mistake::Incomplete => invalid("A tag has a key and a value."),
        Mistake::Empty | Mistake::Long => invalid("A tag's key has 1 to 128 characters, its value at most 256."),
        Mistake::Characters => invalid("A tag holds only letters, digits, spaces and _ . : / = + - @."),
        Mistake::Reserved => invalid("Tag keys that start with aws: are reserved."),
        Mistake::Twice => invalid("Tag keys must be unique among the tags of a resource."),
        Mistake::TooMany => quota_exceeded("A resource can have at most 50 tags."),
    }
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
    set.tags = joined(set.tags.clone(), added).map_err(refusal)?;
    Ok(json!({}))
}

fn untag_resource(request: &mut Request<'_>) -> Answer {
    let keys: Vec<String> = request.input.texts("TagKeys").into_iter().map(str::to_owned).collect();
    if keys.iter().any(|key| is_reserved(key)) {
        return Err(conflict("Tags that start with aws: cannot be removed."));
    }
    resource(request)?.tags.retain(|key, _| !keys.contains(key));
    Ok(json!({}))
}

fn list_tags_for_resource(request: &mut Request<'_>) -> Answer {
    let tags: Vec<_> = resource(request)?.tags.clone().into_iter().collect();
    PAGES.page(request, "Tags", &tags, |(key, value)| json!({"Key": key, "Value": value}))
}
