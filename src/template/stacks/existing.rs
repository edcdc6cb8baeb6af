/// How the parameter `existing` of a built-in template refers to a resource that already exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Among places: the ids of accounts, or of accounts and their regions as `ACCOUNT/REGION`.
    Place,
    /// Among words: by this one.
    Word(&'static str),
    /// Under this key, by its name or ARN.
    Name(&'static str),
    /// By true.
    Flag,
}

/// A template, the name of a resource in it, and how `existing` speaks of it.
const EXISTING: &[(&str, &str, Existing)] = &[
    ("access-analyzer", "ExternalAccess", Existing::Word("external-access")),
    ("access-analyzer", "UnusedAccess", Existing::Word("unused-access")),
    ("config-recorder", "DeliveryChannel", Existing::Place),
    ("config-recorder", "Recorder", Existing::Place),
    ("guardduty", "Detector", Existing::Place),
    ("landing-roles", "IdentityProvider", Existing::Word("identity-provider")),
    ("log-archive", "AccessLogBucket", Existing::Name("access_log_bucket")),
    ("log-archive", "ConfigBucket", Existing::Name("config_bucket")),
    ("log-archive", "TrailBucket", Existing::Name("trail_bucket")),
    ("organization-trail", "Trail", Existing::Name("trail")),
    ("security-hub", "Hub", Existing::Flag),
];

/// How `existing` speaks of a resource of a built-in template, where it can.
#[must_use]
pub fn existing(template: &str, logical_id: &str) -> Option<Existing> {
    let row = EXISTING.iter().find(|(of, resource, _)| *of == template && *resource == logical_id)?;
    Some(row.2)
}

#[cfg(test)]
mod tests {
    use super::super::stack;
    use super::*;
    use crate::template::Shape;

    #[test]
    fn every_row_is_of_a_resource_and_of_a_parameter_of_its_shape() {
        for (name, resource, how) in EXISTING {
            let template = stack(name).unwrap_or_else(|| panic!("there is no template {name}"));
            assert!(template.text.contains(&format!("\n  {resource}:\n")), "{name}: {resource}");
            let parameter = template.rendered.iter().find(|known| known.name == "existing");
            let shape = parameter.unwrap_or_else(|| panic!("{name} has no parameter `existing`")).shape;
            let fits = match (how, shape) {
                (Existing::Place, Shape::Texts) | (Existing::Flag, Shape::Flag) => true,
                (Existing::Word(word), Shape::Choices(words)) => words.contains(word),
                (Existing::Name(key), Shape::Names(keys)) => keys.contains(key),
                _ => false,
            };
            assert!(fits, "{name}: {resource} is {how:?}, and `existing` is {}", shape.words());
        }
    }
}
