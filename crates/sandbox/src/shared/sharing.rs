//! What AWS RAM shares with whom.

use serde_json::Value;

use super::inventory;
use crate::model::organizations::Organization;
use crate::model::resources::{Place, Resource, SHARE};
use crate::state::State;

/// The principals and the resources of a share.
pub(crate) fn shared(share: &Value) -> (Vec<&str>, Vec<&str>) {
    let listed = |name: &str| {
        let rows = share.get(name).and_then(Value::as_array);
        rows.into_iter().flatten().filter_map(Value::as_str).collect()
    };
    (listed("Principals"), listed("ResourceArns"))
}

/// The role by which RAM reads the organization.
pub(crate) const ROLE: &str = "AWSServiceRoleForResourceAccessManager";

/// Whether a share's principal is an account: by its id or ARN, or by a unit or the organization that it is in.
fn covers(organization: Option<&Organization>, principal: &str, account: &str) -> bool {
    let id = principal.rsplit(['/', ':']).next().unwrap_or_default();
    let above = |organization: &Organization| {
        let member = organization.accounts.contains_key(account);
        let mut units = std::iter::successors(Some(account), |id| organization.parent(id));
        member && (id == organization.id || units.any(|unit| unit == id))
    };
    principal == account || organization.is_some_and(above)
}

/// The shares in a region that others have made and that cover an account.
pub(crate) fn shares_for<'a>(state: &'a State, account: &str, region: &str) -> Vec<(&'a String, &'a Resource)> {
    let organization = state.organization.as_ref();
    let owners = state.resources.keys().filter(|owner| *owner != account);
    let all = owners.flat_map(|owner| {
        let place = Place { account: owner.clone(), region: region.to_owned() };
        inventory::all(state, &place, SHARE).collect::<Vec<_>>()
    });
    let covered = |share: &Resource| {
        let (principals, _) = shared(&share.properties);
        principals.into_iter().any(|principal| covers(organization, principal, account))
    };
    all.filter(|(_, share)| covered(share)).collect()
}

/// The ARNs of the resources that others share with an account in a region.
pub(crate) fn shared_with(state: &State, account: &str, region: &str) -> Vec<String> {
    let shares = shares_for(state, account, region);
    let arns = shares.iter().flat_map(|(_, share)| shared(&share.properties).1);
    arns.map(str::to_owned).collect()
}
