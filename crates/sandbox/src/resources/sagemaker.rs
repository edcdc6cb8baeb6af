//! Amazon SageMaker AI.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::ids;
use crate::model::resources::{SUBNET, VPC};
use crate::shared::inventory;
use crate::state::State;

const DOMAIN: &str = "AWS::SageMaker::Domain";

pub(super) const TYPES: &[ResourceType] = &[
    resource(DOMAIN, |draft| format!("d-{}", draft.random(12).to_lowercase()))
        .required(&["AuthMode", "DefaultUserSettings", "DomainName"])
        .refers(&[("VpcId", VPC), ("SubnetIds", SUBNET)])
        .attributes(domain)
        .check(users_can_sign_in)
        .tagged(),
    resource("AWS::SageMaker::UserProfile", |draft| {
        let text = |name: &str| draft.text(name).unwrap_or_default().to_owned();
        format!("{}|{}", text("UserProfileName"), text("DomainId"))
    })
    .required(&["DomainId", "UserProfileName"])
    .refers(&[("DomainId", DOMAIN)])
    .attributes(profile)
    .check(is_someone)
    .tagged(),
];

fn domain(draft: &Draft<'_>, id: &str) -> Value {
    let region = &draft.place.region;
    json!({
        "DomainArn": draft.arn("sagemaker", &format!("domain/{id}")),
        "DomainId": id,
        "HomeEfsFileSystemId": format!("fs-{}", ids::hexadecimal(id, 17)),
        "Url": format!("https://{id}.studio.{region}.sagemaker.aws"),
    })
}

fn profile(draft: &Draft<'_>, id: &str) -> Value {
    let (name, domain) = id.split_once('|').unwrap_or_default();
    json!({"UserProfileArn": draft.arn("sagemaker", &format!("user-profile/{domain}/{name}"))})
}

/// A domain with sign-in by Identity Center needs its organization instance, in its region.
/// <https://docs.aws.amazon.com/sagemaker/latest/dg/onboard-sso-users.html>
fn users_can_sign_in(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let center = &state.identity_center;
    let is_here = center.enabled && center.region.as_ref().is_none_or(|region| *region == draft.place.region);
    if draft.text("AuthMode") == Some("SSO") && !is_here {
        return Err(
            "AWS IAM Identity Center is not enabled in this region (Service: SageMaker, Status Code: 400, Error \
            Code: ValidationException)"
                .into(),
        );
    }
    Ok(())
}

/// Where people sign in by Identity Center, a profile is one person's.
fn is_someone(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let domain = inventory::find(state, draft.place, DOMAIN, draft.text("DomainId").unwrap_or_default());
    let signs_in = domain.is_some_and(|domain| domain.properties.get("AuthMode").is_some_and(|mode| mode == "SSO"));
    if signs_in != draft.text("SingleSignOnUserValue").is_some() {
        return Err("SingleSignOnUserIdentifier and SingleSignOnUserValue must be given if and only if the domain's \
            AuthMode is SSO (Service: SageMaker, Status Code: 400, Error Code: ValidationException)"
            .into());
    }
    Ok(())
}
