mod all_features;

use std::time::Duration;

use aws_sdk_organizations::types::OrganizationFeatureSet;
use serde_json::json;

use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::Explain;
use crate::facts::{Look, Question};
use crate::kinds::shared::fields::body;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, Observed, Owner, Risk};

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
            let open = look.at(read::FeatureHandshakes);
            let awaited = open.map(|open| all_features::awaited(open, &facts.management_account)).unwrap_or_default();
            observed.manual.extend((!awaited.is_empty()).then(|| all_features::agree(&awaited)));
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
                _ => all_features::enable(step, shop).await,
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
            "organizations:ListHandshakesForOrganization",
            "organizations:AcceptHandshake",
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
    if result.is_ok() {
        shop.cloud.new_accounts.note_organization(Duration::ZERO);
    }
    done_already(result, &["AlreadyInOrganizationException"])?;
    if let Some(organization) = read::Organization.ask(&shop.cloud).await? {
        shop.bind(&Address::organization(), organization.id);
        shop.bind(&Address::management(), organization.management_account);
    }
    shop.bind(&Address::root(), read::Root.ask(&shop.cloud).await?.id);
    Ok(())
}
