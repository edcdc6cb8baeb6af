//! Every account of the organization, from the list that is quickest.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_organizations::types::Account;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::read::accounts_in;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::{Root, UnitsOf};

const LIST: &str = "organizations:ListAccounts";

/// An account as AWS lists it, and the ids of the root and the units that it is in, from the root down, where they are known.
pub(super) type Listed = (Account, Vec<String>);

/// Reads them page by page, each of which is asked for with the one before. Where that takes longer than AWS's limits make it
/// take, the accounts of all units are read as well, many units at once, and whichever list is complete first counts. Under AWS's
/// limits both take the same number of calls a second, and the second is made only over a slow connection.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>
pub(super) async fn every_account(cloud: &Cloud) -> Result<Vec<Listed>, AwsError> {
    let (start, interval) = (Instant::now(), cloud.interval("organizations", "ListAccounts"));
    let mut pages = cloud.organizations.list_accounts().into_paginator().send();
    let (mut listed, mut count, mut fastest, mut asked) = (Vec::new(), 0, Duration::MAX, start);
    while let Some(page) = pages.next().await {
        fastest = fastest.min(asked.elapsed());
        asked = Instant::now();
        listed.extend(page.explain(LIST)?.accounts().iter().map(|account| (account.clone(), Vec::new())));
        count += 1;
        if is_slow(start.elapsed(), count, fastest, interval) {
            let so_far: BTreeSet<String> = listed.iter().filter_map(|(account, _)| account.id.clone()).collect();
            let rest = async { pages.collect::<Result<Vec<_>, _>>().await.explain(LIST) };
            return tokio::select! {
                rest = rest => {
                    let rest = rest?.into_iter().flat_map(|page| page.accounts.unwrap_or_default());
                    listed.extend(rest.map(|account| (account, Vec::new())));
                    Ok(listed)
                }
                all = all_with(cloud, so_far) => Ok(all),
            };
        }
    }
    Ok(listed)
}

/// So long the list by pages alone may take.
const PATIENCE: Duration = Duration::from_millis(300);
/// Where no page took less, they come from far away; whatever is near has them all soon. A page may take longer because this machine
/// is busy.
const NEAR: Duration = Duration::from_millis(40);

/// Fewer pages say nothing of the connection.
const ENOUGH: u32 = 3;

/// Whether it is the connection, and not the limit on calls, that the pages wait for. `fastest` is what the quickest of them took.
fn is_slow(taken: Duration, pages: u32, fastest: Duration, interval: Duration) -> bool {
    pages >= ENOUGH && taken > PATIENCE && fastest > NEAR && taken > interval * pages * 2
}

/// The accounts of all units, where they are complete: every account that was listed already is among them. Never ends where they
/// are not, or cannot be read.
async fn all_with(cloud: &Cloud, listed: BTreeSet<String>) -> Vec<Listed> {
    if let Ok(all) = by_unit(Arc::new(cloud.clone())).await {
        let ids: BTreeSet<&str> = all.iter().filter_map(|(account, _)| account.id()).collect();
        if listed.iter().all(|id| ids.contains(id.as_str())) {
            return all;
        }
    }
    std::future::pending().await
}

async fn by_unit(cloud: Arc<Cloud>) -> Result<Vec<Listed>, AwsError> {
    let mut all = Vec::new();
    let mut places = JoinSet::new();
    places.spawn(within(Arc::clone(&cloud), vec![Root.ask(&cloud).await?.id]));
    while let Some(place) = places.join_next().await {
        let place = place.map_err(|error| AwsError::odd(LIST, error.to_string()))??;
        for unit in place.units {
            let path = place.path.iter().cloned().chain([unit]).collect();
            places.spawn(within(Arc::clone(&cloud), path));
        }
        all.extend(place.accounts.into_iter().map(|account| (account, place.path.clone())));
    }
    Ok(all)
}

/// A root or unit with what is directly in it.
struct Within {
    path: Vec<String>,
    units: Vec<String>,
    accounts: Vec<Account>,
}

async fn within(cloud: Arc<Cloud>, path: Vec<String>) -> Result<Within, AwsError> {
    let units = UnitsOf(path.last().cloned().unwrap_or_default());
    let (units, accounts) = tokio::try_join!(units.ask(&cloud), accounts_in(&cloud, &units.0))?;
    Ok(Within { path, units: units.into_iter().map(|unit| unit.id).collect(), accounts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_slow_where_it_waits_for_the_connection_and_not_for_its_turn() {
        let ms = Duration::from_millis;
        assert!(!is_slow(ms(300), 3, ms(90), Duration::ZERO), "this is no long time");
        assert!(is_slow(ms(301), 3, ms(90), Duration::ZERO), "nothing limits the endpoint");
        assert!(!is_slow(ms(900), 2, ms(300), Duration::ZERO), "this machine may have been busy");
        assert!(!is_slow(ms(9000), 100, ms(40), Duration::ZERO), "the endpoint is near, and this machine busy");
        assert!(is_slow(ms(9000), 100, ms(41), Duration::ZERO));
        assert!(!is_slow(ms(4000), 20, ms(180), ms(200)), "five a second, as AWS answers");
        assert!(!is_slow(ms(8000), 20, ms(180), ms(200)));
        assert!(is_slow(ms(8001), 20, ms(180), ms(200)));
    }
}
