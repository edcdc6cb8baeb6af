use std::collections::BTreeMap;

use aws_sdk_account::types::AlternateContactType;
use serde::{Deserialize, Serialize};

use super::organization::text;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// One alternate contact of one account.
#[derive(Debug)]
pub struct ContactOf {
    /// The account's id; `None` for the caller's own, which AWS does not take by id.
    pub account: Option<String>,
    /// `BILLING`, `OPERATIONS` or `SECURITY`.
    pub contact_type: String,
}

/// One alternate contact, as AWS has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlternateContact {
    /// The person's or team's name.
    pub name: String,
    /// What that person is.
    pub title: String,
    /// Where AWS writes to.
    pub email: String,
    /// Where AWS calls.
    pub phone: String,
}

impl Question for ContactOf {
    type Answer = Option<AlternateContact>;

    fn key(&self) -> String {
        format!("account/contact/{}/{}", self.account.as_deref().unwrap_or("own"), self.contact_type)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let reply = cloud
            .account
            .get_alternate_contact()
            .set_account_id(self.account.clone())
            .alternate_contact_type(AlternateContactType::from(self.contact_type.as_str()))
            .send()
            .await
            .explain("account:GetAlternateContact");
        match reply {
            Err(error) if error.is("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(reply.alternate_contact().map(|contact| AlternateContact {
                name: text(contact.name()),
                title: text(contact.title()),
                email: text(contact.email_address()),
                phone: text(contact.phone_number()),
            })),
        }
    }
}

/// The state of every region of one account: `ENABLED`, `DISABLED`, `ENABLED_BY_DEFAULT`, `ENABLING` …
#[derive(Debug)]
pub struct RegionsOf(pub Option<String>);

impl Question for RegionsOf {
    type Answer = BTreeMap<String, String>;

    fn key(&self) -> String {
        format!("account/regions/{}", self.0.as_deref().unwrap_or("own"))
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let regions = cloud
            .account
            .list_regions()
            .set_account_id(self.0.clone())
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("account:ListRegions")?;
        Ok(regions
            .iter()
            .filter_map(|region| {
                Some((region.region_name()?.to_owned(), region.region_opt_status()?.as_str().to_owned()))
            })
            .collect())
    }
}
