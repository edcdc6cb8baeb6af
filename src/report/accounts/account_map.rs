use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::AccountListing;

/// What Cloud Posse's Terraform components take as `account_map`, by the names of their component `account-map`'s outputs:
/// the ids of the accounts that can be used by their names, and which of them manages the organization.
/// <https://docs.cloudposse.com/components/library/aws/account-map/>
#[must_use]
pub fn accounts_map(listing: &AccountListing) -> Value {
    let accounts = || listing.accounts.iter().filter(|account| account.is_active());
    let ids: BTreeMap<&str, &str> = accounts().map(|account| (account.key.as_str(), account.id.as_str())).collect();
    let root = accounts().find(|account| account.management).map_or("", |account| account.key.as_str());
    json!({
        "full_account_map": ids,
        "all_accounts": ids.keys().collect::<Vec<_>>(),
        "root_account_account_name": root,
    })
}
