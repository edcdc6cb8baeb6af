mod kind_info;
mod outline;
mod read;

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AccountAccess, Request, Service};
use crate::facts::Look;
use crate::kinds::shared::feature_set::has_all_features;
use crate::kinds::shared::survey::Survey;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Risk, no_fields};
use crate::outline::Outline;

/// Central root access, by feature: `root-access/RootSessions`. With it members' root users need no credentials of their own.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management>
pub(super) struct RootAccess;

/// The features that there are.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>
pub(crate) const FEATURES: [&str; 2] = ["RootCredentialsManagement", "RootSessions"];

/// The service that has to be trusted for it.
const SERVICE: &str = "iam.amazonaws.com";

impl Kind for RootAccess {
    fn name(&self) -> &'static str {
        "root-access"
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !has_all_features(observed) {
            return;
        }
        let wanted = desired.of_kind(self.name()).map(|wanted| wanted.address.name());
        let mut named: BTreeSet<String> = wanted.collect();
        // Without trust AWS refuses to say, and nothing is on.
        if desired.settings.surveys && observed.found.contains_key(&Address::trusted_access(SERVICE)) {
            named.extend(FEATURES.map(str::to_owned));
        }
        for feature in named {
            if look.at(read::RootAccess).is_some_and(|features| features.contains(&feature)) {
                let address = Address::new(self.name(), [&feature]);
                observed.add_unbound(Found::shared(
                    self.name(),
                    address,
                    feature,
                    no_fields(),
                    Address::organization(),
                ));
            }
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            _ => (Risk::None, "it is off".into()),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let enable = step.change.action != Action::Delete;
            let operation = match (step.wanted()?.address.name().as_str(), enable) {
                ("RootSessions", true) => "EnableOrganizationsRootSessions",
                ("RootSessions", false) => "DisableOrganizationsRootSessions",
                (_, true) => "EnableOrganizationsRootCredentialsManagement",
                (_, false) => "DisableOrganizationsRootCredentialsManagement",
            };
            let request = Request::new(Service::IAM, operation, Value::Null);
            context.cloud.call(&AccountAccess::own(), &context.cloud.region, request).await?;
            Ok(())
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["iam:ListOrganizationsFeatures"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "iam:EnableOrganizationsRootCredentialsManagement",
            "iam:EnableOrganizationsRootSessions",
            "iam:DisableOrganizationsRootCredentialsManagement",
            "iam:DisableOrganizationsRootSessions",
        ]
    }
}
