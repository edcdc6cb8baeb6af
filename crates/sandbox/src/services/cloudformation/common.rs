//! What CloudFormation's operations have in common.

use aws_smithy_types::DateTime;
use serde_json::Value;

use crate::model::resources::Place;
use crate::paging::Paging;
use crate::request::Request;

/// The lists' pages; no one can ask for others.
pub(super) const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 100,
    largest: 100,
    bad_token: ("ValidationError", "INVALID_NEXT_TOKEN"),
};

/// Where a request is made.
pub(super) fn place(request: &Request<'_>) -> Place {
    Place { account: request.caller.account.clone(), region: request.region.clone() }
}

/// A timestamp of seconds since 1970, as the query protocol writes it.
pub(super) fn time(seconds: u64) -> Value {
    DateTime::from_secs(seconds.cast_signed()).to_string().into()
}
