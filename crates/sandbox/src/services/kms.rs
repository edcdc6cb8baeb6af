//! AWS Key Management Service, by its API reference (version 2014-11-01): the aliases that there are.

use serde_json::json;

use crate::aws_error::{Answer, ErrorCodes};
use crate::model::resources::Place;
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::inventory;

pub(super) const SERVICE: Service = Service {
    name: "kms",
    action_prefix: "kms",
    protocol: Protocol::Json,
    errors: ErrorCodes::JSON,
    operations: &[&[operation("ListAliases", list_aliases)]],
    admit: admit_all,
    settle: nothing_due,
};

const PAGES: Paging = Paging {
    token: "Marker",
    size: "Limit",
    default: 50,
    largest: 100,
    bad_token: ("InvalidMarkerException", "INVALID"),
};

fn list_aliases(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let (partition, region, account) = (&request.state.partition, &place.region, &place.account);
    let aliases: Vec<_> = inventory::all(request.state, &place, "AWS::KMS::Alias").collect();
    let mut page = PAGES.page(request, "Aliases", &aliases, |(name, alias)| {
        json!({
            "AliasName": name,
            "AliasArn": format!("arn:{partition}:kms:{region}:{account}:{name}"),
            "TargetKeyId": alias.properties.get("TargetKeyId"),
        })
    })?;
    // What leads on is called otherwise in the answer than in the request.
    let next = page.as_object_mut().and_then(|page| page.shift_remove("Marker"));
    page["Truncated"] = next.is_some().into();
    if let Some(next) = next {
        page["NextMarker"] = next;
    }
    Ok(page)
}
