use std::collections::BTreeSet;

use super::resource::{AccountAlias, NAME};
use crate::kinds::shared::account_setting::{self, SettingFormat};
use crate::kinds::shared::survey::Survey;
use crate::model::{Address, slug};
use crate::outline::{Node, Outline};

/// Writes the accounts' aliases, once where several follow one pattern.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let said =
        SettingFormat { key: "alias", common: pattern, value: |alias, _, accounts| Node::text(said(alias, accounts)) };
    account_setting::outline(survey, outline, &said);
}

/// `acme-{name}` for the alias of an account in which its own name stands.
fn pattern(alias: AccountAlias, account: &Address) -> AccountAlias {
    let name = slug(&account.name());
    let pattern = AccountAlias { alias: alias.alias.replacen(&name, NAME, 1) };
    if !name.is_empty() && pattern.named(&account.name()) == alias { pattern } else { alias }
}

/// A pattern is worth it where several accounts follow it.
fn said(alias: &AccountAlias, accounts: &BTreeSet<Address>) -> String {
    match (accounts.first(), accounts.len()) {
        (Some(account), 1) => alias.named(&account.name()).alias,
        _ => alias.alias.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_with_the_name_of_its_account_is_a_pattern_for_several() {
        let alias = |alias: &str| AccountAlias { alias: alias.into() };
        let account = Address::account("Shop Dev");
        assert_eq!(pattern(alias("acme-shop-dev"), &account), alias("acme-{name}"));
        assert_eq!(pattern(alias("shop-dev-shop-dev"), &account), alias("{name}-shop-dev"));
        assert_eq!(pattern(alias("other"), &account), alias("other"));
        let one = BTreeSet::from([account.clone()]);
        assert_eq!(said(&alias("acme-{name}"), &one), "acme-shop-dev");
        assert_eq!(said(&alias("acme-{name}"), &BTreeSet::from([account, Address::account("b")])), "acme-{name}");
    }
}
