mod all_features;
mod kind_info;
pub mod read;
pub mod resource;

use std::time::Duration;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::Explain;
use crate::facts::{Look, Question};
use crate::kinds::read as questions;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Risk};
use aws_sdk_organizations::types::OrganizationFeatureSet;

use read::FeatureHandshakes;
use resource::Organization;

/// The organization itself, with all features.
pub(super) struct Organizations;

impl Kind for Organizations {
    fn name(&self) -> &'static str {
        Organization::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, _desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(Some(facts)) = look.at(questions::Organization) else { return };
        observed.bindings.bind(Address::management(), facts.management_account.clone());
        let organization = Organization { feature_set: facts.feature_set.clone() };
        observed.add(Found {
            address: Address::organization(),
            kind: self.name().into(),
            id: facts.id.clone(),
            owner: Owner::Shared,
            body: organization.body(),
            parent: None,
            attached_to: Vec::new(),
        });
        if !organization.has_all_features() {
            let open = look.at(FeatureHandshakes);
            let awaited = open.map(|open| all_features::awaited(open, &facts.management_account)).unwrap_or_default();
            observed.findings.manual.extend((!awaited.is_empty()).then(|| all_features::agree(&awaited)));
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        let reason = match action {
            Action::Create => "the account is in no organization",
            _ => "the organization has only consolidated billing",
        };
        (Risk::None, reason.into())
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Create => create(context).await,
                _ => all_features::enable(step, context).await,
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

async fn create(context: &WriteContext) -> Result<(), WriteError> {
    let result = context
        .cloud
        .organizations
        .create_organization()
        .feature_set(OrganizationFeatureSet::All)
        .send()
        .await
        .explain("organizations:CreateOrganization");
    // Asked again after a lost answer, AWS says that there is one already.
    if result.is_ok() {
        context.cloud.new_accounts.note_organization(Duration::ZERO);
    }
    done_already(result, &["AlreadyInOrganizationException"])?;
    if let Some(organization) = questions::Organization.ask(&context.cloud).await? {
        context.bind(&Address::organization(), organization.id);
        context.bind(&Address::management(), organization.management_account);
    }
    context.bind(&Address::root(), questions::Root.ask(&context.cloud).await?.id);
    Ok(())
}
