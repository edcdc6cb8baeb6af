use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::text;

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
