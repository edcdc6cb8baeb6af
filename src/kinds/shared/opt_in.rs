//! Regions that the management account has not opted in to. AWS knows none of its credentials there, which must not keep
//! a plan from being made: opting in may be part of it.
//! <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use crate::cloud::{AccountAccess, AwsError, Request};
use crate::kinds::read::is_disabled;
use crate::kinds::shared::wait::Wait;
use crate::kinds::{WriteContext, WriteError};
use crate::model::{Address, Desired, Manual, Observed, Presence};

/// How long AWS may take to opt in to a region. It takes minutes, and in accounts with much in them hours.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Whether the blueprint has an account opt in to a region.
fn is_planned(region: &str, desired: &Desired, is_account: impl Fn(&Address) -> bool) -> bool {
    let mut opt_ins = desired.of_kind("region").filter(|wanted| wanted.address.name() == region);
    opt_ins.any(|wanted| wanted.presence == Presence::Present && wanted.parent.as_ref().is_some_and(&is_account))
}

/// The ids of accounts, each with a region that the blueprint has it opt in to and that it has not opted in to yet: nothing of it is
/// there, and nothing can be asked.
pub(in crate::kinds) fn to_come(desired: &Desired, observed: &Observed) -> BTreeSet<(String, String)> {
    each_to_come(desired, observed).map(|(id, region)| (id.to_owned(), region)).collect()
}

fn each_to_come<'o>(desired: &'o Desired, observed: &'o Observed) -> impl Iterator<Item = (&'o str, String)> {
    let opt_ins = desired.of_kind("region").filter(|wanted| wanted.presence == Presence::Present);
    let opt_ins = opt_ins.filter(move |wanted| !observed.found.contains_key(&wanted.address));
    opt_ins.filter_map(move |wanted| Some((observed.bindings.id(wanted.parent.as_ref()?)?, wanted.address.name())))
}

/// Whether this is so of one account and region.
pub(in crate::kinds) fn is_to_come(account: &str, region: &str, desired: &Desired, observed: &Observed) -> bool {
    each_to_come(desired, observed).any(|(id, it)| id == account && it == region)
}

/// What is waited for where a service refuses because the account with this id is opting in to the region.
pub(in crate::kinds) fn under_way(
    error: &AwsError,
    account: &Address,
    region: &str,
    context: &WriteContext,
) -> Option<String> {
    let id = context.id(account).ok();
    let is_account = |other: &Address| context.id(other).ok() == id;
    let is_opting_in = is_disabled(error) && id.is_some() && is_planned(region, &context.desired, is_account);
    is_opting_in.then(|| format!("{account} opts in to {region}"))
}

/// Makes a request in the management account and a region. Where the blueprint opts in to it, that change may be under way.
///
/// # Errors
/// When AWS refuses, or does not know the account there in time.
pub(in crate::kinds) async fn call(
    context: &WriteContext,
    address: &Address,
    region: &str,
    request: Request,
) -> Result<Value, WriteError> {
    let is_management = |account: &Address| context.id(account).is_ok_and(|id| id == context.management_account);
    let mut wait = Wait::new(context, address, PATIENCE);
    loop {
        match context.cloud.call(&AccountAccess::own(), region, request.clone()).await {
            Err(error) if is_disabled(&error) && is_planned(region, &context.desired, is_management) => {
                wait.next(format!("the management account opts in to {region}")).await?;
            }
            other => return Ok(other?),
        }
    }
}

/// Notes that `address` waits until a person opts in to the region, where the blueprint does not.
pub(in crate::kinds) fn wait(address: &Address, region: &str, desired: &Desired, observed: &mut Observed) {
    let management = observed.bindings.id(&Address::management());
    if is_planned(region, desired, |account| management.is_some() && observed.bindings.id(account) == management) {
        return;
    }
    observed.waiting.insert(address.clone());
    let what = format!(
        "opt in to {region} in the management account: list the account in the blueprint with `opt_in_regions: [{region}]`, \
         or run `aws account enable-region --region-name {region}` there; or remove {region} from `organization.regions`"
    );
    if !observed.findings.manual.iter().any(|manual| manual.what == what) {
        observed.findings.manual.push(Manual {
            address: Some(address.clone()),
            what,
            link: Some("https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html".into()),
        });
    }
}
