//! IAM Access Analyzer, by its API reference (version 2019-11-01): the analyzers that there are.

use serde_json::json;

use crate::aws_error::{Answer, ErrorCodes};
use crate::model::resources::Place;
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::inventory;

pub(super) const SERVICE: Service = Service {
    name: "access-analyzer",
    action_prefix: "access-analyzer",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[rest_operation("ListAnalyzers", "GET /analyzer", list_analyzers)]],
    admit: admit_all,
    settle: nothing_due,
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "maxResults",
    default: 100,
    largest: 100,
    bad_token: ("ValidationException", "INVALID"),
};

/// When they were made, which is not kept.
const CREATED: &str = "2026-01-01T00:00:00Z";

fn list_analyzers(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let asked = request.input.optional("type")?;
    let all = inventory::all(request.state, &place, "AWS::AccessAnalyzer::Analyzer");
    let typed = all.map(|(arn, analyzer)| (arn, analyzer.properties.get("Type")));
    let of_type: Vec<_> = typed.filter(|(_, of)| asked.is_none_or(|asked| of.is_some_and(|of| of == asked))).collect();
    PAGES.page(
        request,
        "analyzers",
        &of_type,
        |(arn, of)| json!({"arn": arn, "name": arn.rsplit('/').next(), "type": of, "status": "ACTIVE", "createdAt": CREATED}),
    )
}
