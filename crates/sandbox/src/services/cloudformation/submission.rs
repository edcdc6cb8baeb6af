//! What requests say a stack is to be: template, parameters, tags, capabilities.

use std::collections::BTreeMap;

use serde_json::Value;

use super::capabilities;
use super::errors::invalid;
use super::source::template_body;
use super::template::assign::Given;
use super::template::model::Template;
use crate::aws_error::ApiError;
use crate::model::cloudformation::{Stack, Wanted};
use crate::request::Request;
use crate::tags::Tags;

/// A stack has at most 50 tags.
const MOST_TAGS: usize = 50;

impl Wanted {
    /// Checks what a stack is to be, `previous` being what it is.
    ///
    /// # Errors
    /// ValidationError for a template or parameters that are not valid, InsufficientCapabilitiesException for
    /// capabilities that are missing.
    pub(crate) fn check(
        body: String,
        given: &BTreeMap<String, Given>,
        tags: Tags,
        capabilities: Vec<String>,
        previous: Option<&Self>,
    ) -> Result<Self, ApiError> {
        let template = Template::parse(&body).map_err(invalid)?;
        capabilities::check(&template, &capabilities)?;
        let before = previous.map(|previous| previous.parameters.clone()).unwrap_or_default();
        let parameters = template.assign(given, &before).map_err(invalid)?;
        if tags.len() > MOST_TAGS {
            return Err(invalid(format!("Number of tags must not exceed {MOST_TAGS}")));
        }
        let hidden = template.parameters.iter().filter(|(_, parameter)| parameter.no_echo);
        let hidden = hidden.map(|(name, _)| name.clone()).collect();
        Ok(Self { template: body, parameters, hidden, tags, capabilities, ..Self::default() })
    }
}

/// What a request asks of a stack; what it leaves out stays as in `previous`.
pub(super) fn wanted(request: &Request<'_>, previous: Option<&Stack>) -> Result<Wanted, ApiError> {
    let before = previous.map(|stack| &stack.wanted);
    let body = match template_body(request)? {
        Some(body) => body,
        None if request.input.flag("UsePreviousTemplate") => before
            .map(|before| before.template.clone())
            .filter(|template| !template.is_empty())
            .ok_or_else(|| invalid("Previous template not found"))?,
        None => return Err(invalid("Either Template URL or Template Body must be specified.")),
    };
    let capabilities = request.input.texts("Capabilities").into_iter().map(str::to_owned).collect();
    // An empty list that is sent takes all tags away.
    let sent = matches!(request.input.optional("Tags"), Ok(Some(_)));
    let tags = if request.input.list("Tags").is_empty() && !sent {
        before.map(|before| before.tags.clone()).unwrap_or_default()
    } else {
        tags(request)?
    };
    let checked = Wanted::check(body, &given(request), tags, capabilities, before)?;
    let notifications = request.input.texts("NotificationARNs").into_iter().map(str::to_owned).collect();
    let role = request.input.optional("RoleARN")?.map(str::to_owned);
    Ok(Wanted { role: role.or_else(|| before.and_then(|before| before.role.clone())), notifications, ..checked })
}

fn given(request: &Request<'_>) -> BTreeMap<String, Given> {
    let text = |row: &Value, member: &str| row.get(member).and_then(Value::as_str).map(str::to_owned);
    let rows = request.input.list("Parameters").iter();
    let given = rows.filter_map(|row| {
        let previous = row.get("UsePreviousValue").is_some_and(|flag| flag == "true" || *flag == true);
        let value = text(row, "ParameterValue").map(Given::Value);
        let given = if previous { Some(Given::Previous) } else { value };
        Some((text(row, "ParameterKey")?, given.unwrap_or_else(|| Given::Value(String::new()))))
    });
    given.collect()
}

/// The request's tags; AWS keeps keys that begin with `aws:` for itself.
fn tags(request: &Request<'_>) -> Result<Tags, ApiError> {
    let mut tags = Tags::new();
    for row in request.input.list("Tags") {
        let text = |member: &str| row.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let key = text("Key");
        if key.is_empty() || key.starts_with("aws:") {
            return Err(invalid("Tag keys must not be empty and must not begin with aws:"));
        }
        tags.insert(key, text("Value"));
    }
    Ok(tags)
}
