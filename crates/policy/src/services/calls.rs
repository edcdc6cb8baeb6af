//! Which actions the calls need that CloudTrail logs.

use super::Services;

/// An action that a call needs a permission for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Need {
    /// The action, as `s3:GetObject`.
    pub action: String,
    /// Whether every such call needs it; if not, it depends on what the event does not always show.
    pub is_certain: bool,
}

impl Need {
    /// An action that is needed in any case.
    #[must_use]
    pub fn of(action: impl Into<String>) -> Self {
        Self { action: action.into(), is_certain: true }
    }

    /// An action as the table writes it, with a `?` before one that may not be needed.
    fn read(written: &str) -> Self {
        let bare = written.strip_prefix('?');
        Self { action: bare.unwrap_or(written).to_owned(), is_certain: bare.is_none() }
    }
}

/// What an event needs permissions for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// All of these.
    Actions(Vec<Need>),
    /// None: no policy can deny it.
    Nothing,
    /// Not known.
    Unknown,
}

impl Services {
    /// What a call needs that CloudTrail logs: `s3:ListAllMyBuckets` for `s3.amazonaws.com` and `ListBuckets`, both
    /// `kms:ReEncryptFrom` and `kms:ReEncryptTo` for one `ReEncrypt`.
    #[must_use]
    pub fn needs_of_event(&self, event_source: &str, event_name: &str) -> Needs {
        if self.free_events.contains(&event_key(label(event_source), event_name)) {
            return Needs::Nothing;
        }
        let prefix = self.prefix_of_source(event_source);
        let named = |name: &str| self.needs_by_name(prefix, name);
        let by_name = named(event_name).or_else(|| named(without_date(event_name)));
        let by_method = || (prefix == "apigateway").then(|| methods(without_date(event_name))).flatten();
        by_name.or_else(by_method).map_or(Needs::Unknown, Needs::Actions)
    }

    fn needs_by_name(&self, prefix: &str, name: &str) -> Option<Vec<Need>> {
        if let Some(actions) = self.events.get(&event_key(prefix, name)) {
            return Some(actions.split(' ').map(Need::read).collect());
        }
        let action = self.services.get(prefix)?.action(name)?;
        Some(vec![Need::of(format!("{prefix}:{}", action.name))])
    }

    /// The prefix of the actions of an event source, as `cloudwatch` for `monitoring.amazonaws.com`; that of a source that
    /// is not known is taken to be its name.
    #[must_use]
    pub fn prefix_of_source<'a>(&'a self, event_source: &'a str) -> &'a str {
        let label = label(event_source);
        self.prefixes.get(label).map_or(label, String::as_str)
    }

    /// Whether requests for an action name objects of S3 as their resources.
    pub(crate) fn is_about_objects(&self, action: &str) -> bool {
        let (prefix, name) = action.split_once(':').unwrap_or_default();
        let service = self.services.get(prefix);
        service.and_then(|service| Some((service, service.action(name)?))).is_some_and(|(service, action)| {
            service.resource_types_of(action).any(|kind| kind.arn.written() == "arn:*:s3:::*/*")
        })
    }
}

/// An event source without the domain, which is another one in China.
fn label(event_source: &str) -> &str {
    event_source.split(".amazonaws.com").next().unwrap_or(event_source)
}

pub(super) fn event_key(prefix: &str, event_name: &str) -> String {
    format!("{prefix}:{}", event_name.to_lowercase())
}

/// The actions of API Gateway are the HTTP methods of its calls, which begin with the same verbs nearly everywhere
/// (<https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html>).
fn methods(event_name: &str) -> Option<Vec<Need>> {
    const METHODS: [(&str, &str); 16] = [
        // The two versions of the API tag by different methods.
        ("TagResource", "?PUT ?POST"),
        ("ImportDocumentationParts", "PUT"),
        ("ImportApiKeys", "POST"),
        ("ImportRestApi", "POST"),
        ("ImportApi", "PUT"),
        ("Reimport", "PUT"),
        ("Put", "PUT"),
        ("Create", "POST"),
        ("Generate", "POST"),
        ("TestInvoke", "POST"),
        ("Get", "GET"),
        ("Export", "GET"),
        ("Update", "PATCH"),
        ("Delete", "DELETE"),
        ("Flush", "DELETE"),
        ("Untag", "DELETE"),
    ];
    let (_, methods) = METHODS.iter().find(|(verb, _)| event_name.starts_with(verb))?;
    let need = |method: &str| {
        let Need { action, is_certain } = Need::read(method);
        Need { action: format!("apigateway:{action}"), is_certain }
    };
    Some(methods.split(' ').map(need).collect())
}

/// The name of a call without the version of the API that Lambda and CloudFront put behind it: `ListFunctions20150331`,
/// `AddPermission20150331v2`, `UpdateDistribution2020_05_31`.
fn without_date(event_name: &str) -> &str {
    let is_digit = |c: char| c.is_ascii_digit();
    let without_number = event_name.trim_end_matches(is_digit);
    let has_number = without_number.len() < event_name.len();
    let before_v = without_number.strip_suffix('v').filter(|_| has_number);
    before_v.and_then(before_date).or_else(|| before_date(event_name)).unwrap_or(event_name)
}

/// What stands before `20150331` or `2020_05_31`, if the name ends with such a date.
fn before_date(name: &str) -> Option<&str> {
    let ends = |form: &str| {
        let start = name.len().checked_sub(form.len())?;
        let is_of_form = |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
        let (before, date) = (name.get(..start)?, name.get(start..)?);
        let fits = date.bytes().zip(form.bytes()).all(is_of_form) && !before.ends_with(|c: char| c.is_ascii_digit());
        fits.then_some(before)
    };
    ends("00000000").or_else(|| ends("0000_00_00"))
}

#[cfg(test)]
mod tests;
