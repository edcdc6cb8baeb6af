use super::names::unique;
use crate::model::{AccountListing, ListedAccount};

/// What every variable begins with, so that one of an account whose name begins with a digit is one.
const START: &str = "ACCOUNT_ID_";

/// `ACCOUNT_ID_ML_DEV=111122223333`, a line for each account that can be used: for shells, `docker --env-file` and CI alike.
#[must_use]
pub fn accounts_env(listing: &AccountListing) -> String {
    let accounts: Vec<&ListedAccount> = listing.accounts.iter().filter(|account| account.is_active()).collect();
    let names: Vec<(String, &str)> =
        accounts.iter().map(|account| (variable(&account.key), account.id.as_str())).collect();
    let named = unique(&names, '_').into_iter().zip(&accounts);
    named.map(|(name, account)| format!("{name}={}\n", account.id)).collect()
}

/// A name of capital letters, digits and `_`. <https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html>
fn variable(key: &str) -> String {
    let name = key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    START.chars().chain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_capital_letters_digits_and_underscores() {
        for (key, expected) in
            [("ml-dev", "ACCOUNT_ID_ML_DEV"), ("2nd (x)", "ACCOUNT_ID_2ND__X_"), ("Zürich", "ACCOUNT_ID_Z_RICH")]
        {
            assert_eq!(variable(key), expected);
        }
    }
}
