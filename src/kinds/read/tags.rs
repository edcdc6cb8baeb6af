use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cloud::{AwsError, Cloud, Explain, Request, Service};
use crate::facts::Question;
use crate::model::{TAG_BLUEPRINT, Tags};

/// The tags of every account, unit and policy that some blueprint owns, by id: a hundred of them a call, but
/// only in the end consistent. `None` where the endpoint has no such service.
#[derive(Debug)]
pub struct Tagged;

/// The types of the resources that landing tags.
const TAGGED_TYPES: [&str; 3] = ["organizations:account", "organizations:ou", "organizations:policy"];

impl Question for Tagged {
    type Answer = Option<BTreeMap<String, Tags>>;

    fn key(&self) -> String {
        "tag/owned".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let input = json!({
            "ResourceTypeFilters": TAGGED_TYPES, "TagFilters": [{"Key": TAG_BLUEPRINT}], "ResourcesPerPage": 100,
        });
        let request = Request::new(Service::TAGGING, "GetResources", input);
        // The Resource Groups Tagging API knows Organizations' resources in the global region.
        let members = ("ResourceTagMappingList", "PaginationToken", "PaginationToken");
        let resources = match cloud.list_global(request, members).await {
            Err(error) if error.is_unknown_operation() || error.is("InvalidParameterException") => return Ok(None),
            other => other?,
        };
        Ok(Some(resources.iter().filter_map(tagged).collect()))
    }
}

/// A resource's id with its tags.
fn tagged(resource: &Value) -> Option<(String, Tags)> {
    let id = resource["ResourceARN"].as_str()?.rsplit('/').next()?;
    let tags = resource["Tags"].as_array().into_iter().flatten();
    let tag = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
    Some((id.to_owned(), tags.filter_map(tag).collect()))
}

/// The tags of one root, unit, account or policy, by its id; always true.
#[derive(Debug)]
pub struct TagsOf(pub String);

impl TagsOf {
    /// What the keys of these questions begin with.
    pub const PREFIX: &'static str = "organizations/tags-of/";
}

impl Question for TagsOf {
    type Answer = Tags;

    fn key(&self) -> String {
        format!("{}{}", TagsOf::PREFIX, self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Tags, AwsError> {
        let tags = cloud
            .organizations
            .list_tags_for_resource()
            .resource_id(&self.0)
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListTagsForResource")?;
        Ok(tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect())
    }
}
