use aws_sdk_identitystore::types::{AlternateIdentifier, UniqueAttribute};
use aws_smithy_types::Document;
use serde::{Deserialize, Serialize};

use super::organization::text;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// Every group of a directory, by the id of its identity store.
#[derive(Debug)]
pub struct Groups(pub String);

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFacts {
    /// Its id in the directory.
    pub id: String,
    /// Its display name, which no other group has.
    pub name: String,
    /// What it says about itself, maybe nothing.
    pub description: String,
}

impl Question for Groups {
    type Answer = Vec<GroupFacts>;

    fn key(&self) -> String {
        "identity-store/groups".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<GroupFacts>, AwsError> {
        let request = cloud.identity_store.list_groups().identity_store_id(&self.0).max_results(100);
        let groups = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let groups = groups.explain("identitystore:ListGroups")?;
        Ok(groups
            .iter()
            .map(|group| GroupFacts {
                id: group.group_id().to_owned(),
                name: text(group.display_name()),
                description: text(group.description()),
            })
            .collect())
    }
}

/// The id of the user with that user name, if there is one.
#[derive(Debug)]
pub struct UserNamed {
    /// The id of the identity store.
    pub store: String,
    /// What the user signs in as.
    pub name: String,
}

impl Question for UserNamed {
    type Answer = Option<String>;

    fn key(&self) -> String {
        format!("identity-store/user-named/{}", self.name)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Option<String>, AwsError> {
        let attribute = UniqueAttribute::builder().attribute_path("userName");
        let attribute = attribute.attribute_value(Document::from(self.name.clone())).build();
        let attribute = attribute.map_err(|error| AwsError::odd("identitystore:GetUserId", error.to_string()))?;
        let request = cloud.identity_store.get_user_id().identity_store_id(&self.store);
        let request = request.alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute));
        match request.send().await.explain("identitystore:GetUserId") {
            Err(error) if error.is("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(Some(reply.user_id().to_owned())),
        }
    }
}

/// The user name of the user with that id, if there still is one.
#[derive(Debug)]
pub struct NameOfUser {
    /// The id of the identity store.
    pub store: String,
    /// The user's id in the directory.
    pub id: String,
}

impl Question for NameOfUser {
    type Answer = Option<String>;

    fn key(&self) -> String {
        format!("identity-store/name-of-user/{}", self.id)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Option<String>, AwsError> {
        let request = cloud.identity_store.describe_user().identity_store_id(&self.store).user_id(&self.id);
        match request.send().await.explain("identitystore:DescribeUser") {
            Err(error) if error.is("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(reply.user_name().map(str::to_owned)),
        }
    }
}
