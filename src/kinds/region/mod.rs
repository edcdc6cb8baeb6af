mod kind_info;
mod outline;
pub mod read;

use std::time::Duration;

use serde_json::json;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Request, Service};
use crate::facts::{Look, Question};
use crate::kinds::shared::feature_set::asked_about;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::wait::Wait;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Risk, Wanted, no_fields};
use crate::outline::Outline;

/// Regions that an account must opt in to before it can use them: `region/ACCOUNT/ap-east-1`.
pub(super) struct Regions;

/// AWS takes minutes, and in accounts with much in them hours.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
const PATIENCE: Duration = Duration::from_secs(3600);
const LOOK_EVERY: Duration = Duration::from_secs(10);

impl Kind for Regions {
    fn name(&self) -> &'static str {
        "region"
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        for wanted in desired.of_kind(self.name()) {
            let Some(parent) = wanted.parent.clone() else { continue };
            let Some(account) = asked_about(wanted, look, observed) else { continue };
            let Some(regions) = look.at(read::RegionsOf(account)) else { continue };
            let region = wanted.address.name();
            if regions.get(&region).is_some_and(|state| is_enabled(state)) {
                let address = wanted.address.clone();
                observed.add_unbound(Found::shared(self.name(), address, region, no_fields(), parent));
            }
        }
    }

    fn each_of(&self, account: &Address) -> Vec<Wanted> {
        let opt_in = landing_policy::regions().iter().filter(|region| region.is_opt_in);
        let wanted = |code: &str| {
            let address = Address::new(self.name(), [account.name().as_str(), code]);
            Wanted::new(self.name(), address, no_fields()).under(account.clone())
        };
        opt_in.map(|region| wanted(region.code)).collect()
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => {
                (Risk::Destructive, "the blueprint says `state: absent`; nothing in the region can be reached".into())
            }
            _ => (Risk::None, "the account has not opted in to the region".into()),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let wanted = step.wanted()?;
            let account = context.account_id(wanted.parent.as_ref().unwrap_or(&wanted.address))?;
            let region = wanted.address.name();
            let enable = step.change.action != Action::Delete;
            // AWS answers ConflictException and nothing else of a region that is being enabled or disabled.
            if step.change.unseen && is_enabled(&state(context, &account, &region).await?) == enable {
                return Ok(());
            }
            let (operation, path) =
                if enable { ("EnableRegion", "/enableRegion") } else { ("DisableRegion", "/disableRegion") };
            let input = json!({"AccountId": account, "RegionName": region});
            let request = Request::new(Service::ACCOUNT, operation, input).route("POST", path);
            // AWS is at it already.
            if let Err(error) = context.cloud.call_global(request).await
                && !error.is("ConflictException")
            {
                return Err(error.into());
            }
            wait(step, context, account, enable).await
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["account:ListRegions"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["account:EnableRegion", "account:DisableRegion"]
    }
}

fn is_enabled(state: &str) -> bool {
    matches!(state, "ENABLED" | "ENABLED_BY_DEFAULT")
}

async fn wait(step: &Step, context: &WriteContext, account: Option<String>, enable: bool) -> Result<(), WriteError> {
    let region = step.change.address.name();
    let mut wait = Wait::new(context, &step.change.address, PATIENCE).every(|_| LOOK_EVERY);
    loop {
        let state = state(context, &account, &region).await?;
        if is_enabled(&state) == enable && state != "DISABLING" {
            return Ok(());
        }
        wait.next(format!("the region is {state}")).await?;
    }
}

async fn state(context: &WriteContext, account: &Option<String>, region: &str) -> Result<String, AwsError> {
    let regions = read::RegionsOf(account.clone()).ask(&context.cloud).await?;
    Ok(regions.get(region).cloned().unwrap_or_default())
}
