mod nature;
mod read;

use serde_json::Value;

use super::{Kind, Pending, Step, Workshop, WriteError};
use crate::cloud::{Entrance, Request, Service};
use crate::facts::Look;
use crate::kinds::shared::feature_set::has_all_features;
use crate::model::{Action, Address, Desired, FieldChange, Found, Nature, Observed, Risk, no_fields};

/// Central root access, by feature: `root-access/RootSessions`. With it members' root users need no credentials of their own.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management>
pub(super) struct RootAccess;

impl Kind for RootAccess {
    fn name(&self) -> &'static str {
        "root-access"
    }

    fn nature(&self) -> &'static Nature {
        &nature::NATURE
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !has_all_features(observed) {
            return;
        }
        for wanted in desired.of_kind(self.name()) {
            let is_on = look.at(read::RootAccess).is_some_and(|features| features.contains(&wanted.address.name()));
            if is_on {
                let (address, id) = (wanted.address.clone(), wanted.address.name());
                let organization = Address::organization();
                observed.add_unbound(Found::shared(self.name(), address, id, no_fields(), organization));
            }
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            _ => (Risk::None, "it is off".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let enable = step.change.action != Action::Delete;
            let operation = match (step.wanted()?.address.name().as_str(), enable) {
                ("RootSessions", true) => "EnableOrganizationsRootSessions",
                ("RootSessions", false) => "DisableOrganizationsRootSessions",
                (_, true) => "EnableOrganizationsRootCredentialsManagement",
                (_, false) => "DisableOrganizationsRootCredentialsManagement",
            };
            let request = Request::new(Service::IAM, operation, Value::Null);
            shop.cloud.call(&Entrance::own(), &shop.cloud.region, request).await?;
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
