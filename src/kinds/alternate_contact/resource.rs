use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// One contact of an account, beside the account's own email.
/// <https://docs.aws.amazon.com/accounts/latest/reference/API_AlternateContact.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlternateContact {
    /// The person's or team's name.
    pub name: String,
    /// What that person is.
    pub title: String,
    /// Where AWS writes to.
    pub email: String,
    /// Where AWS calls.
    pub phone: String,
}

impl Resource for AlternateContact {
    const KIND: &'static str = "alternate-contact";
}
