use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;
use crate::model::slug;

/// What stands for the account's name in the alias of a rule.
pub(super) const NAME: &str = "{name}";

/// The alias of an account, which sign-in addresses have in place of its id.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-alias.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountAlias {
    /// 3 to 63 lower-case letters, digits and single hyphens.
    pub alias: String,
}

impl Resource for AccountAlias {
    const KIND: &'static str = "account-alias";
}

impl AccountAlias {
    /// The same for the account of this name.
    pub(super) fn named(&self, name: &str) -> AccountAlias {
        AccountAlias { alias: self.alias.replace(NAME, &slug(name)) }
    }

    /// What IAM refuses it for.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html>
    pub(super) fn fault(&self) -> Option<&'static str> {
        let alias = self.alias.as_str();
        let is_of_these = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !alias.chars().all(is_of_these) {
            return Some("an alias has lower-case letters, digits and hyphens");
        }
        if !(3..=63).contains(&alias.len()) {
            return Some("an alias has 3 to 63 characters");
        }
        let is_odd = alias.starts_with('-') || alias.ends_with('-') || alias.contains("--");
        is_odd.then_some("an alias has hyphens one by one, and neither first nor last")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn an_alias_has_its_field_as_it_is_shown() {
        assert_eq!(assert_same_fields::<AccountAlias>(r#"{"alias":"acme-shop"}"#).alias, "acme-shop");
    }

    #[test]
    fn the_name_of_an_account_stands_in_it_as_a_slug() {
        let named = |alias: &str, name: &str| AccountAlias { alias: alias.into() }.named(name).alias;
        assert_eq!(named("acme-{name}", "Shop (2)"), "acme-shop-2");
        assert_eq!(named("{name}-{name}", "a"), "a-a");
        assert_eq!(named("acme", "Shop"), "acme");
    }

    #[test]
    fn aws_takes_what_its_pattern_says() {
        let letters = "an alias has lower-case letters, digits and hyphens";
        let length = "an alias has 3 to 63 characters";
        let hyphens = "an alias has hyphens one by one, and neither first nor last";
        for (alias, expected) in [
            ("abc", None),
            ("a-b-3", None),
            ("012345678901", None),
            (&"x".repeat(63), None),
            (&"x".repeat(64), Some(length)),
            ("ab", Some(length)),
            ("", Some(length)),
            ("Acme", Some(letters)),
            ("a_b", Some(letters)),
            ("a.b.c", Some(letters)),
            ("caf\u{e9}", Some(letters)),
            ("-abc", Some(hyphens)),
            ("abc-", Some(hyphens)),
            ("a--b", Some(hyphens)),
        ] {
            assert_eq!(AccountAlias { alias: alias.into() }.fault(), expected, "{alias}");
        }
    }
}
