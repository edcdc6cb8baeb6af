//! Emails that are made from names.

/// The email that a pattern such as `aws+{name}@example.com` gives an account of this name: in lower case, with hyphens for
/// what is neither letter nor digit.
pub(crate) fn email_of(pattern: &str, name: &str) -> String {
    pattern.replace("{name}", &local_part(name))
}

fn local_part(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}
