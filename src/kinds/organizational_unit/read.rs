use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::text;

/// The organizational units directly under a root or unit, by its id.
#[derive(Debug)]
pub struct UnitsOf(pub String);

/// One organizational unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// `ou-`, the root's part and its own.
    pub id: String,
    /// Its name, which no sibling has.
    pub name: String,
}

impl Question for UnitsOf {
    type Answer = Vec<Unit>;

    fn key(&self) -> String {
        format!("organizations/units-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<Unit>, AwsError> {
        let pages = cloud
            .organizations
            .list_organizational_units_for_parent()
            .parent_id(&self.0)
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListOrganizationalUnitsForParent")?;
        Ok(pages
            .iter()
            .flat_map(|page| page.organizational_units())
            .map(|unit| Unit { id: text(unit.id()), name: text(unit.name()) })
            .collect())
    }
}
