use aws_sdk_identitystore::types::{AlternateIdentifier, UniqueAttribute};
use aws_sdk_ssoadmin::types::PrincipalType;
use aws_smithy_types::Document;
use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::{SetId, text};

/// Everything that a group or user is assigned itself, as pairs of a permission set's ARN and an account's id.
#[derive(Debug)]
pub struct AssignmentsOf {
    /// The instance's ARN.
    pub instance: String,
    /// `GROUP` or `USER`.
    pub principal_type: &'static str,
    /// Its id in the directory.
    pub principal: String,
}

impl Question for AssignmentsOf {
    type Answer = Vec<(String, String)>;

    fn key(&self) -> String {
        format!("identity-center/assignments-of/{}/{}", self.principal_type, self.principal)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let principal_type = PrincipalType::from(self.principal_type);
        let request = cloud.sso_admin.list_account_assignments_for_principal();
        let request = request.instance_arn(&self.instance).principal_id(&self.principal).max_results(100);
        let pages = request.principal_type(principal_type.clone()).into_paginator().items().send();
        let assignments = pages.collect::<Result<Vec<_>, _>>().await.explain("sso:ListAccountAssignmentsForPrincipal");
        let assignments = match assignments {
            // A user or group that has just been deleted has nothing any more.
            Err(error) if error.is("ResourceNotFoundException") => return Ok(Vec::new()),
            other => other?,
        };
        // Of a user AWS also shows what the user's groups have.
        let own = assignments.iter().filter(|it| it.principal_type() == Some(&principal_type));
        Ok(own.map(|it| (text(it.permission_set_arn()), text(it.account_id()))).collect())
    }
}

/// Who has a permission set in one account, as pairs of `GROUP` or `USER` and an id of the directory.
#[derive(Debug)]
pub struct AssignmentsIn {
    /// The set.
    pub id: SetId,
    /// The account's id.
    pub account: String,
}

impl Question for AssignmentsIn {
    type Answer = Vec<(String, String)>;

    fn key(&self) -> String {
        format!("identity-center/assignments-in/{}/{}", self.account, self.id.set)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = cloud.sso_admin.list_account_assignments().instance_arn(&self.id.instance);
        let request = request.permission_set_arn(&self.id.set).account_id(&self.account).max_results(100);
        let assignments = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let assignments = assignments.explain("sso:ListAccountAssignments")?;
        let kind = |kind: Option<&PrincipalType>| kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        Ok(assignments.iter().map(|it| (kind(it.principal_type()), text(it.principal_id()))).collect())
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

/// Who an id of the directory stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Principal {
    /// A user or group of this name.
    Named(String),
    /// A user or group that was deleted.
    Deleted,
    /// The caller may not ask: why, in AWS's words.
    NotTold(String),
}

/// Who the user or group with that id is.
#[derive(Debug)]
pub struct PrincipalWithId {
    /// The id of the identity store.
    pub store: String,
    /// `GROUP` or `USER`.
    pub principal_type: String,
    /// The id in the directory.
    pub id: String,
}

impl Question for PrincipalWithId {
    type Answer = Principal;

    fn key(&self) -> String {
        format!("identity-store/principal/{}/{}", self.principal_type, self.id)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Principal, AwsError> {
        let named = match self.principal_type.as_str() {
            "GROUP" => self.group(cloud).await,
            _ => self.user(cloud).await,
        };
        match named {
            Err(error) if error.is("ResourceNotFoundException") => Ok(Principal::Deleted),
            Err(error) if error.is_access_denied() => Ok(Principal::NotTold(error.to_string())),
            named => Ok(Principal::Named(named?.unwrap_or_else(|| self.id.clone()))),
        }
    }
}

impl PrincipalWithId {
    async fn group(&self, cloud: &Cloud) -> Result<Option<String>, AwsError> {
        let request = cloud.identity_store.describe_group().identity_store_id(&self.store).group_id(&self.id);
        let reply = request.send().await.explain("identitystore:DescribeGroup")?;
        Ok(reply.display_name().map(str::to_owned))
    }

    async fn user(&self, cloud: &Cloud) -> Result<Option<String>, AwsError> {
        let request = cloud.identity_store.describe_user().identity_store_id(&self.store).user_id(&self.id);
        let reply = request.send().await.explain("identitystore:DescribeUser")?;
        Ok(reply.user_name().map(str::to_owned))
    }
}
