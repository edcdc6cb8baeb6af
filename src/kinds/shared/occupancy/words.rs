//! How people are reported in what is there already.

use landing_cloudformation::Unique;

use crate::kinds::read::{Holder, Occupant};

/// Something that is there, and what is known of it.
pub(super) struct OccupantDescription<'a> {
    pub takes: &'a Unique,
    pub occupant: &'a Occupant,
    pub holder: Option<&'a Holder>,
    pub region: &'a str,
}

impl OccupantDescription<'_> {
    /// What it is, and whose.
    pub fn what(&self) -> String {
        let name = &self.occupant.name;
        let what = match self.takes {
            Unique::ConfigurationRecorder => format!("AWS Config's recorder {name}"),
            Unique::DeliveryChannel => format!("AWS Config's delivery channel {name}"),
            Unique::Detector => format!("GuardDuty's detector {name}"),
            Unique::Hub => format!("Security Hub's hub {name}"),
            Unique::Analyzer { analyzer_type, .. } => format!("Access Analyzer's {name} of type {analyzer_type}"),
            Unique::Trail(_) => format!("the trail {name}"),
            Unique::Bucket(_) if self.occupant.is_foreign => format!("a bucket {name}, in another account,"),
            Unique::Bucket(_) => format!("the bucket {name}"),
            Unique::Role(_) | Unique::ServiceLinkedRole(_) => format!("the role {name}"),
            Unique::ManagedPolicy(_) => format!("the policy {name}"),
            Unique::IdentityProvider(_) => format!("the identity provider {name}"),
            Unique::LogGroup(_) => format!("the log group {name}"),
            Unique::KeyAlias(_) => format!("the key alias {name}"),
        };
        match self.holder {
            Some(holder) => format!("{what} of the stack {}", holder.name),
            None => what,
        }
    }

    /// How it goes, or how to go around it.
    pub fn free(&self) -> String {
        if self.occupant.is_foreign {
            return "choose another name: names of buckets are unique across all accounts, and another one may have it"
                .into();
        }
        let region = self.region;
        match self.holder {
            Some(holder) => {
                let name = &holder.name;
                format!(
                    "take it out of its stack, or delete that: aws cloudformation delete-stack --stack-name {name} --region {region}"
                )
            }
            None => format!("delete it: {}", self.command()),
        }
    }

    /// The command of the AWS CLI that deletes it.
    fn command(&self) -> String {
        let (id, name, region) = (&self.occupant.id, &self.occupant.name, self.region);
        match self.takes {
            Unique::ConfigurationRecorder => {
                format!(
                    "aws configservice delete-configuration-recorder --configuration-recorder-name {id} --region {region}"
                )
            }
            Unique::DeliveryChannel => format!(
                "aws configservice delete-delivery-channel --delivery-channel-name {id} --region {region}, after its recorder"
            ),
            Unique::Detector => format!("aws guardduty delete-detector --detector-id {id} --region {region}"),
            Unique::Hub => format!("aws securityhub disable-security-hub --region {region}"),
            Unique::Analyzer { .. } => {
                format!("aws accessanalyzer delete-analyzer --analyzer-name {name} --region {region}")
            }
            Unique::Trail(_) => {
                format!("aws cloudtrail delete-trail --name {name} --region {}", region_of(name, region))
            }
            Unique::Bucket(_) => format!("aws s3 rb s3://{name}, once it is empty"),
            Unique::Role(_) => format!("aws iam delete-role --role-name {name}"),
            Unique::ServiceLinkedRole(_) => {
                format!("aws iam delete-service-linked-role --role-name {name}, or take its service out of `services`")
            }
            Unique::ManagedPolicy(_) => format!("aws iam delete-policy --policy-arn {id}"),
            Unique::IdentityProvider(_) => {
                format!("aws iam delete-open-id-connect-provider --open-id-connect-provider-arn {id}")
            }
            Unique::LogGroup(_) => format!("aws logs delete-log-group --log-group-name {name} --region {region}"),
            Unique::KeyAlias(_) => format!("aws kms delete-alias --alias-name {name} --region {region}"),
        }
    }
}

/// A trail is deleted where its home is.
fn region_of<'a>(arn: &'a str, otherwise: &'a str) -> &'a str {
    arn.split(':').nth(3).filter(|region| !region.is_empty()).unwrap_or(otherwise)
}
