//! The Resource Groups Tagging API (version 2017-01-26), for the resources of Organizations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::model::organizations::Organization;
use crate::model::tagging::Lag;
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::tags::Tags;

pub(super) const SERVICE: Service = Service {
    name: "tagging",
    action_prefix: "tag",
    protocol: Protocol::Json,
    errors: ErrorCodes {
        access_denied: "AccessDeniedException",
        access_denied_status: 400,
        invalid_input: "InvalidParameterException",
        reason: None,
        throttled: "ThrottledException",
        throttled_status: 400,
    },
    operations: &[&[operation("GetResources", get_resources)]],
    admit: admit_all,
    settle: nothing_due,
};

const PAGES: Paging = Paging {
    token: "PaginationToken",
    size: "ResourcesPerPage",
    default: 50,
    largest: 100,
    bad_token: ("InvalidParameterException", "INVALID_PAGINATION_TOKEN"),
};

fn get_resources(request: &mut Request<'_>) -> Answer {
    let filters = filters(request)?;
    let kinds = request.input.texts("ResourceTypeFilters");
    let asked = |arn: &str, tags: &Tags| {
        let kind = kinds.is_empty() || kinds.iter().any(|kind| is_kind(arn, kind));
        kind && filters.iter().all(|filter| filter.fits(tags))
    };
    let rows: Vec<_> = tagged(request).into_iter().filter(|(arn, tags)| asked(arn, tags)).collect();
    let mut answer = PAGES.page(request, "ResourceTagMappingList", &rows, |(arn, tags)| show(arn, tags))?;
    if let Value::Object(members) = &mut answer {
        members.entry(PAGES.token).or_insert_with(|| json!(""));
    }
    Ok(answer)
}

/// A filter on one tag: it must be there and have one of the values, or any if there are none.
struct TagFilter {
    key: String,
    values: Vec<String>,
}

impl TagFilter {
    fn fits(&self, tags: &Tags) -> bool {
        let value = tags.get(&self.key);
        value.is_some_and(|value| self.values.is_empty() || self.values.contains(value))
    }
}

fn filters(request: &Request<'_>) -> Result<Vec<TagFilter>, ApiError> {
    let filter = |filter: &Value| {
        let key = filter.get("Key").and_then(Value::as_str)?;
        let values = filter.get("Values").and_then(Value::as_array);
        let values = values.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        Some(TagFilter { key: key.to_owned(), values })
    };
    let missing = || ApiError::new("InvalidParameterException", "A tag filter needs a Key.");
    request.input.list("TagFilters").iter().map(|one| filter(one).ok_or_else(missing)).collect()
}

/// Whether `arn` is of a type such as `organizations:account`, or of a whole service such as `organizations`.
fn is_kind(arn: &str, kind: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next().unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let resource = resource.split('/').next().unwrap_or_default();
    kind == service || kind == format!("{service}:{resource}")
}

/// The tagged resources of the caller's account in the request's region, in the order of their ARNs. Organizations'
/// resources belong to the management account and its partition's home region.
fn tagged<'a>(request: &'a Request<'_>) -> BTreeMap<String, &'a Tags> {
    let state = &request.state;
    let home = match state.partition.as_str() {
        "aws-cn" => "cn-northwest-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => "us-east-1",
    };
    let organization = state.organization.as_ref();
    let organization = organization.filter(|organization| organization.management == request.caller.account);
    match (organization, state.tagging.lag) {
        (Some(organization), Lag::None) if request.region == home => organization.tagged(),
        (Some(_), Lag::Stale) if request.region == home => {
            state.tagging.stale.iter().map(|(arn, tags)| (arn.clone(), tags)).collect()
        }
        _ => BTreeMap::new(),
    }
}

impl Organization {
    /// The tags of everything in the organization that has any, by ARN.
    fn tagged(&self) -> BTreeMap<String, &Tags> {
        let arn = |id: &String| {
            if *id == self.root {
                self.root_arn()
            } else if let Some(policy) = self.policies.get(id) {
                self.policy_arn(id, policy)
            } else if self.units.contains_key(id) {
                self.unit_arn(id)
            } else {
                self.account_arn(id)
            }
        };
        self.tags.iter().map(|(id, tags)| (arn(id), tags)).collect()
    }
}

fn show(arn: &str, tags: &Tags) -> Value {
    let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    json!({"ResourceARN": arn, "Tags": tags})
}
