use aws_sdk_organizations::types::PolicyType;

use super::write::done_already;
use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::Explain;
use crate::facts::Look;
use crate::model::{Action, Address, Body, Desired, FieldChange, Found, Observed, Owner, Risk};

/// Policy types that are enabled on the root: `policy-type/SERVICE_CONTROL_POLICY`.
pub(super) struct PolicyTypes;

impl Kind for PolicyTypes {
    fn name(&self) -> &'static str {
        "policy-type"
    }

    fn recognize(&self, _desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(root) = look.at(read::Root) else { return };
        for policy_type in &root.policy_types {
            observed.add(Found {
                address: Address::new(self.name(), [policy_type]),
                kind: self.name().into(),
                id: policy_type.clone(),
                owner: Owner::Shared,
                body: Body::new(),
                parent: Some(Address::organization()),
                hangs_on: Vec::new(),
            });
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => {
                (Risk::Destructive, "the blueprint says `state: absent`; AWS detaches every policy of the type".into())
            }
            _ => (Risk::None, "policies of this type need it".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let root = shop.id(&Address::root())?;
            let policy_type = PolicyType::from(step.change.address.name().as_str());
            let client = &shop.cloud.organizations;
            if step.change.action == Action::Delete {
                let request = client.disable_policy_type().root_id(root).policy_type(policy_type);
                let result = request.send().await.explain("organizations:DisablePolicyType");
                return Ok(done_already(result, &["PolicyTypeNotEnabledException"])?);
            }
            let request = client.enable_policy_type().root_id(root).policy_type(policy_type);
            let result = request.send().await.explain("organizations:EnablePolicyType");
            Ok(done_already(result, &["PolicyTypeAlreadyEnabledException"])?)
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:ListRoots"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["organizations:EnablePolicyType", "organizations:DisablePolicyType"]
    }
}
