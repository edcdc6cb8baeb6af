use aws_sdk_account::types::AlternateContactType;

use super::resource::AlternateContact;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::text;

/// One alternate contact of one account.
#[derive(Debug)]
pub struct ContactOf {
    /// The account's id; `None` for the caller's own, which AWS does not take by id.
    pub account: Option<String>,
    /// `BILLING`, `OPERATIONS` or `SECURITY`.
    pub contact_type: String,
}

impl Question for ContactOf {
    type Answer = Option<AlternateContact>;

    fn key(&self) -> String {
        format!("account/contact/{}/{}", self.account.as_deref().unwrap_or("own"), self.contact_type)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let reply = cloud
            .account
            .get_alternate_contact()
            .set_account_id(self.account.clone())
            .alternate_contact_type(AlternateContactType::from(self.contact_type.as_str()))
            .send()
            .await
            .explain("account:GetAlternateContact");
        match reply {
            Err(error) if error.is("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(reply.alternate_contact().map(|contact| AlternateContact {
                name: text(contact.name()),
                title: text(contact.title()),
                email: text(contact.email_address()),
                phone: text(contact.phone_number()),
            })),
        }
    }
}
