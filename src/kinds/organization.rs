use aws_sdk_organizations::types::OrganizationFeatureSet;
use serde_json::json;

use super::fields::body;
use super::write::done_already;
use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::Explain;
use crate::facts::{Look, Question};
use crate::model::{Action, Address, Desired, FieldChange, Found, Manual, Observed, Owner, Risk};

/// The organization itself, with all features.
pub(super) struct Organization;

impl Kind for Organization {
    fn name(&self) -> &'static str {
        "organization"
    }

    fn recognize(&self, _desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(Some(facts)) = look.at(read::Organization) else { return };
        observed.bindings.bind(Address::management(), facts.management_account.clone());
        observed.add(Found {
            address: Address::organization(),
            kind: self.name().into(),
            id: facts.id.clone(),
            owner: Owner::Shared,
            body: body([("feature_set", json!(facts.feature_set))]),
            parent: None,
            hangs_on: Vec::new(),
        });
        if facts.feature_set != "ALL" {
            observed.manual.push(Manual {
                address: Some(Address::organization()),
                what: "every invited account must agree before the organization has all features".into(),
                link: Some(
                    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html"
                        .into(),
                ),
            });
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        let reason = match action {
            Action::Create => "the account is in no organization",
            _ => "the organization has only consolidated billing",
        };
        (Risk::None, reason.into())
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Create => create(shop).await,
                _ => enable_all_features(shop).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["sts:GetCallerIdentity", "organizations:DescribeOrganization", "organizations:ListRoots"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:CreateOrganization",
            "organizations:EnableAllFeatures",
            // CreateOrganization makes the service-linked role of Organizations.
            "iam:CreateServiceLinkedRole",
        ]
    }
}

async fn create(shop: &Workshop) -> Result<(), WriteError> {
    let result = shop
        .cloud
        .organizations
        .create_organization()
        .feature_set(OrganizationFeatureSet::All)
        .send()
        .await
        .explain("organizations:CreateOrganization");
    // Asked again after a lost answer, AWS says that there is one already.
    done_already(result, &["AlreadyInOrganizationException"])?;
    if let Some(organization) = read::Organization.ask(&shop.cloud).await? {
        shop.bind(&Address::organization(), organization.id);
        shop.bind(&Address::management(), organization.management_account);
    }
    shop.bind(&Address::root(), read::Root.ask(&shop.cloud).await?.id);
    Ok(())
}

async fn enable_all_features(shop: &Workshop) -> Result<(), WriteError> {
    let result = shop.cloud.organizations.enable_all_features().send().await.explain("organizations:EnableAllFeatures");
    done_already(result, &["HandshakeConstraintViolationException", "DuplicateHandshakeException"])?;
    Err(WriteError::Waits(Manual {
        address: Some(Address::organization()),
        what: "invited accounts were asked to agree to all features; run apply again when they have".into(),
        link: Some("https://console.aws.amazon.com/organizations/v2/home/settings".into()),
    }))
}
