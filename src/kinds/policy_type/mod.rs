mod kind_info;
mod outline;

use std::time::Duration;

use aws_sdk_organizations::types::PolicyType;

use super::{Kind, Pending, Step, WriteContext, WriteError, read};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::wait::Wait;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Risk, no_fields};
use crate::outline::Outline;

/// Policy types that are enabled on the root: `policy-type/SERVICE_CONTROL_POLICY`. AWS enables and disables them in the
/// background. <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html>
pub(super) struct PolicyTypes;

/// How long AWS may take. It takes seconds, and minutes in large organizations.
const PATIENCE: Duration = Duration::from_secs(900);

impl Kind for PolicyTypes {
    fn name(&self) -> &'static str {
        "policy-type"
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
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
                body: no_fields(),
                parent: Some(Address::organization()),
                attached_to: trusted_service(policy_type).into_iter().collect(),
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

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let root = context.id(&Address::root())?;
            let mut wait = Wait::new(context, &step.change.address, PATIENCE);
            let enable = step.change.action != Action::Delete;
            if enable {
                self::enable(&root, step, context, &mut wait).await?;
            } else {
                disable(&root, step, context).await?;
            }
            wait_until_done(step, context, enable, &mut wait).await
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:ListRoots"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["organizations:EnablePolicyType", "organizations:DisablePolicyType"]
    }
}

/// The trusted access that AWS keeps while the type is enabled.
fn trusted_service(policy_type: &str) -> Option<Address> {
    let known: Option<landing_policy::PolicyType> = policy_type.parse().ok();
    Some(Address::new("trusted-access", [known?.trusted_service()?]))
}

fn policy_type(step: &Step) -> PolicyType {
    PolicyType::from(step.change.address.name().as_str())
}

/// Enables it, as soon as AWS knows that the organization has all features.
async fn enable(root: &str, step: &Step, context: &WriteContext, wait: &mut Wait<'_>) -> Result<(), WriteError> {
    loop {
        let request = context.cloud.organizations.enable_policy_type().root_id(root).policy_type(policy_type(step));
        let result = request.send().await.explain("organizations:EnablePolicyType");
        match done_already(result, &["PolicyTypeAlreadyEnabledException"]) {
            Err(error) if error.is("PolicyTypeNotAvailableForOrganizationException") => {
                let organization = read::Organization.ask(&context.cloud).await?;
                if organization.is_none_or(|organization| !organization.has_all_features()) {
                    return Err(without_features(step, &error));
                }
                wait.next("AWS makes policy types available to the organization").await?;
            }
            other => return Ok(other?),
        }
    }
}

async fn disable(root: &str, step: &Step, context: &WriteContext) -> Result<(), AwsError> {
    let request = context.cloud.organizations.disable_policy_type().root_id(root).policy_type(policy_type(step));
    let result = request.send().await.explain("organizations:DisablePolicyType");
    done_already(result, &["PolicyTypeNotEnabledException"])
}

/// Waits until AWS has done it: nothing can be attached before.
async fn wait_until_done(
    step: &Step,
    context: &WriteContext,
    enable: bool,
    wait: &mut Wait<'_>,
) -> Result<(), WriteError> {
    let name = step.change.address.name();
    loop {
        let root = read::Root.ask(&context.cloud).await?;
        if root.policy_types.contains(&name) == enable && !root.changing.contains(&name) {
            return Ok(());
        }
        wait.next(format!("AWS {} the policy type", if enable { "enables" } else { "disables" })).await?;
    }
}

fn without_features(step: &Step, error: &AwsError) -> WriteError {
    WriteError::Failed {
        message: format!("{}: the organization does not have all features: {}", step.change.address, error.message),
        help: "enable all features of the organization (`landing plan` shows how far that is), then run apply again"
            .into(),
    }
}
