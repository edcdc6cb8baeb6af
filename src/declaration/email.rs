//! Emails that are made from names.

use crate::model::slug;

/// The email that a pattern such as `aws+{name}@example.com` gives an account of this name: in lower case, with hyphens for
/// what is neither letter nor digit.
pub(crate) fn email_of(pattern: &str, name: &str) -> String {
    pattern.replace("{name}", &slug(name))
}
