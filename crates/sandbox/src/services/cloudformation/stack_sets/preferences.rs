//! How an operation goes about its instances, see "StackSetOperationPreferences" in the API reference.

use serde_json::Value;

use crate::aws_error::ApiError;
use crate::model::preferences::{Preferences, Share};
use crate::request::Request;
use crate::services::cloudformation::errors::invalid;

/// The request's `OperationPreferences`.
pub(super) fn of(request: &Request<'_>) -> Result<Preferences, ApiError> {
    let shape = request.input.structure("OperationPreferences");
    let text = |name: &str| shape.get(name).and_then(Value::as_str);
    let order = shape.get("RegionOrder").and_then(Value::as_array);
    let preferences = Preferences {
        failure_tolerance: share(&shape, "FailureTolerance")?,
        max_concurrent: share(&shape, "MaxConcurrent")?,
        soft: text("ConcurrencyMode") == Some("SOFT_FAILURE_TOLERANCE"),
        parallel_regions: text("RegionConcurrencyType") == Some("PARALLEL"),
        region_order: order.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    if preferences.max_concurrent == Some(Share::Count(0)) {
        return Err(invalid("MaxConcurrentCount must be at least 1"));
    }
    Ok(preferences)
}

fn share(shape: &Value, name: &str) -> Result<Option<Share>, ApiError> {
    let number = |member: &str| -> Result<Option<usize>, ApiError> {
        let text = shape.get(member).and_then(Value::as_str);
        text.map(|text| text.parse().map_err(|_| invalid(format!("{member} must be a whole number")))).transpose()
    };
    match (number(&format!("{name}Count"))?, number(&format!("{name}Percentage"))?) {
        (Some(_), Some(_)) => Err(invalid(format!("Specify either {name}Count or {name}Percentage, but not both"))),
        (Some(count), None) => Ok(Some(Share::Count(count))),
        (None, Some(share)) if share > 100 => Err(invalid(format!("{name}Percentage must be at most 100"))),
        (None, share) => Ok(share.map(Share::Percentage)),
    }
}
