//! The accounts of an organization in the forms that people and other programs read.

mod account_map;
mod csv;
mod env;
mod names;
mod profiles;
mod table;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::model::AccountListing;

pub use account_map::accounts_map;
pub use csv::accounts_csv;
pub use env::accounts_env;
pub use profiles::{SignIn, accounts_profiles, start_url};
pub use table::{accounts_markdown, accounts_text};

/// All that is known, as JSON.
#[must_use]
pub fn accounts_json(listing: &AccountListing) -> Value {
    let management = listing.accounts.iter().find(|account| account.management);
    json!({
        "format": "landing-accounts/1",
        "organization": {
            "id": listing.organization,
            "management_account": management.map(|account| account.id.as_str()),
        },
        "accounts": listing.accounts,
        "missing": listing.missing,
    })
}
