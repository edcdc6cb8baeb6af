//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

/// What stands between `${` and `}`: a condition key and what is taken where a request does not have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Variable {
    key: String,
    folded: String,
    default: Option<String>,
}

impl Variable {
    /// Reads what stands between the braces.
    pub fn new(inside: &str) -> Self {
        let (key, default) = match inside.split_once(',') {
            Some((key, default)) => (key.trim(), Some(default.trim().trim_matches('\'').to_owned())),
            None => (inside.trim(), None),
        };
        Self { key: key.to_owned(), folded: key.to_lowercase(), default }
    }

    /// The condition key, as written.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The condition key in lower case.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// What is taken where a request does not have the key.
    pub fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }
}

/// What stands before the first `${…}`, inside it, and after it.
pub(crate) fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}
