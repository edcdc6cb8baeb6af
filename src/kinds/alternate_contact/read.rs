use serde_json::{Value, json};

use super::resource::AlternateContact;
use crate::cloud::{AwsError, Cloud, Request, Service};
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
        let input = json!({"AccountId": self.account, "AlternateContactType": self.contact_type});
        let request = Request::new(Service::ACCOUNT, "GetAlternateContact", input);
        match cloud.call_global(request.route("POST", "/getAlternateContact")).await {
            Err(error) if error.is("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(contact(&reply["AlternateContact"])),
        }
    }
}

fn contact(answered: &Value) -> Option<AlternateContact> {
    answered.as_object()?;
    let member = |name: &str| text(answered[name].as_str());
    Some(AlternateContact {
        name: member("Name"),
        title: member("Title"),
        email: member("EmailAddress"),
        phone: member("PhoneNumber"),
    })
}
