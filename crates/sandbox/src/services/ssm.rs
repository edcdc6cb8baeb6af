//! Parameter Store of AWS Systems Manager, by its API reference (version 2014-11-06).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::lags::Lags;
use crate::model::ssm::{Parameter, Version};
use crate::paging::Paging;
use crate::progress::Progress;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, operation};
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "ssm",
    action_prefix: "ssm",
    protocol: Protocol::Json,
    errors: ErrorCodes::JSON,
    operations: &[&[
        operation("PutParameter", put_parameter),
        operation("GetParameter", get_parameter),
        operation("GetParameters", get_parameters),
        operation("GetParametersByPath", get_parameters_by_path),
        operation("GetParameterHistory", get_parameter_history),
        operation("DeleteParameter", delete_parameter),
    ]],
    admit: admit_all,
    settle: |due| settle(due.state, due.progress, &due.options.lags),
};

const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 10,
    largest: 10,
    bad_token: ("InvalidNextToken", "INVALID_NEXT_TOKEN"),
};

/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html>
const VERSIONS: Paging = Paging { default: 50, largest: 50, ..PAGES };

/// Versions of a parameter that are kept, the latest included.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html>
const MAX_VERSIONS: usize = 100;

/// Characters of a value in the standard tier.
const LONGEST_VALUE: usize = 4_096;

/// Lets reads show the writes that are due; whether there were any.
fn settle(state: &mut State, progress: &mut Progress, lags: &Lags) -> bool {
    let mut settled = false;
    for (account, regions) in &mut state.parameters {
        for (region, parameters) in regions {
            for (name, parameter) in parameters.iter_mut().filter(|(_, parameter)| parameter.unseen) {
                let key = format!("parameter {account} {region} {name} {}", parameter.version);
                if progress.is_due(&key, lags.reads) {
                    (parameter.unseen, parameter.before) = (false, None);
                    settled = true;
                }
            }
        }
    }
    settled
}

/// The caller's parameters in the request's region.
fn parameters<'a>(request: &'a Request<'_>) -> Option<&'a BTreeMap<String, Parameter>> {
    let account = request.state.parameters.get(&request.caller.account)?;
    account.get(&request.region)
}

/// A parameter as reads show it.
pub(crate) fn seen<'a>(request: &'a Request<'_>, name: &str) -> Option<&'a Parameter> {
    parameters(request)?.get(name)?.seen()
}

fn show(request: &Request<'_>, name: &str, parameter: &Parameter) -> Value {
    let (partition, account) = (&request.state.partition, &request.caller.account);
    let arn = format!("arn:{partition}:ssm:{}:{account}:parameter/{}", request.region, name.trim_start_matches('/'));
    json!({
        "Name": name,
        "Type": parameter.kind,
        "Value": parameter.value,
        "Version": parameter.version,
        "LastModifiedDate": parameter.modified,
        "ARN": arn,
        "DataType": "text",
    })
}

fn not_found(name: &str) -> ApiError {
    ApiError::new("ParameterNotFound", format!("Parameter {name} not found."))
}

fn put_parameter(request: &mut Request<'_>) -> Answer {
    let name = name(request)?.to_owned();
    let value = request.input.bounded("Value", 1, LONGEST_VALUE)?.to_owned();
    let overwrite = request.input.flag("Overwrite");
    let kind = request.input.optional("Type")?.map(str::to_owned);
    let existing = parameters(request).and_then(|parameters| parameters.get(&name));
    if existing.is_some() && !overwrite {
        let message = "The parameter already exists. To overwrite this value, set the overwrite option in the request \
                       to true.";
        return Err(ApiError::new("ParameterAlreadyExists", message));
    }
    let missing = || ApiError::new("ValidationException", "A parameter type is required when you create a parameter.");
    let kind = kind.or_else(|| existing.map(|parameter| parameter.kind.clone())).ok_or_else(missing)?;
    if !["String", "StringList", "SecureString"].contains(&kind.as_str()) {
        return Err(ApiError::new("ValidationException", format!("{kind} is not a type of parameter.")));
    }
    let version = existing.map_or(0, |parameter| parameter.version) + 1;
    let before = existing.and_then(Parameter::seen);
    let before = before.map(|seen| Box::new(Parameter { before: None, history: Vec::new(), ..seen.clone() }));
    let history = existing.map(|existing| earlier(&name, existing)).transpose()?.unwrap_or_default();
    let (writer, modified) = (request.caller.arn.clone(), request.now);
    let parameter = Parameter { value, kind, version, modified, unseen: true, before, writer, history };
    let account = request.state.parameters.entry(request.caller.account.clone()).or_default();
    account.entry(request.region.clone()).or_default().insert(name, parameter);
    Ok(json!({"Version": version, "Tier": "Standard"}))
}

/// The versions that are kept beside a new one. The oldest goes, unless it has a label.
fn earlier(name: &str, existing: &Parameter) -> Result<Vec<Version>, ApiError> {
    let mut versions = existing.history.clone();
    versions.push(existing.as_version());
    if versions.len() >= MAX_VERSIONS {
        let oldest = versions.remove(0);
        if !oldest.labels.is_empty() {
            let message = format!(
                "You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. \
                 Version {}, the oldest version, can't be deleted because it has a label associated with it. Move the label \
                 to another version of the parameter, and try again.",
                oldest.version
            );
            return Err(ApiError::new("ParameterMaxVersionLimitExceeded", message));
        }
    }
    Ok(versions)
}

/// A name of at most 2048 letters, digits and `.-_/`, that is not reserved.
fn name<'a>(request: &'a Request<'_>) -> Result<&'a str, ApiError> {
    let name = request.input.bounded("Name", 1, 2048)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_/".contains(c);
    let bare = name.trim_start_matches('/').to_ascii_lowercase();
    let hierarchical = !name.contains('/') || name.starts_with('/');
    if !name.chars().all(allowed) || bare.starts_with("aws") || bare.starts_with("ssm") || !hierarchical {
        return Err(ApiError::new("ValidationException", format!("Parameter name {name} is not valid.")));
    }
    Ok(name)
}

fn get_parameter(request: &mut Request<'_>) -> Answer {
    let asked = request.input.text("Name")?;
    let (name, selector) = asked.split_once(':').map_or((asked, None), |(name, version)| (name, Some(version)));
    let found = seen(request, name);
    let parameter = found.ok_or_else(|| not_found(name))?;
    // Only the latest version is kept.
    if selector.is_some_and(|version| version != parameter.version.to_string()) {
        let message = format!("Systems Manager could not find version {asked}.");
        return Err(ApiError::new("ParameterVersionNotFound", message));
    }
    Ok(json!({"Parameter": show(request, name, parameter)}))
}

fn get_parameters(request: &mut Request<'_>) -> Answer {
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for name in request.input.texts("Names") {
        match seen(request, name) {
            Some(parameter) => found.push(show(request, name, parameter)),
            None => invalid.push(name),
        }
    }
    Ok(json!({"Parameters": found, "InvalidParameters": invalid}))
}

fn get_parameters_by_path(request: &mut Request<'_>) -> Answer {
    let path = request.input.text("Path")?;
    let recursive = request.input.flag("Recursive");
    let folder = format!("{}/", path.trim_end_matches('/'));
    let below = |name: &String| {
        let rest = name.strip_prefix(&folder);
        rest.is_some_and(|rest| recursive || !rest.contains('/'))
    };
    let all = parameters(request).into_iter().flatten();
    let all = all.filter_map(|(name, parameter)| Some((name, parameter.seen()?)));
    let found: Vec<_> = all.filter(|(name, _)| below(name)).collect();
    PAGES.page(request, "Parameters", &found, |(name, parameter)| show(request, name, parameter))
}

fn get_parameter_history(request: &mut Request<'_>) -> Answer {
    let name = request.input.bounded("Name", 1, 2048)?;
    let parameter = parameters(request).and_then(|parameters| parameters.get(name));
    let parameter = parameter.filter(|parameter| parameter.seen().is_some()).ok_or_else(|| not_found(name))?;
    let mut versions = parameter.history.clone();
    versions.extend((!parameter.unseen).then(|| parameter.as_version()));
    VERSIONS.page(request, "Parameters", &versions, |version| {
        let mut shown = json!({
            "Name": name,
            "Type": parameter.kind,
            "Value": version.value,
            "Version": version.version,
            "LastModifiedDate": version.modified,
            "LastModifiedUser": version.writer,
            "Tier": "Standard",
            "Policies": [],
            "DataType": "text",
        });
        if !version.labels.is_empty() {
            shown["Labels"] = json!(version.labels);
        }
        shown
    })
}

fn delete_parameter(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("Name")?.to_owned();
    let account = request.state.parameters.get_mut(&request.caller.account);
    let region = account.and_then(|account| account.get_mut(&request.region));
    let removed = region.and_then(|parameters| parameters.remove(&name));
    removed.map(|_| json!({})).ok_or_else(|| not_found(&name))
}
