//! Which events of CloudTrail show who changed what is not as the blueprint says.

use super::{Address, Bindings};

/// Which of CloudTrail's events report changes of a kind's resources, as the kind says it of itself.
#[derive(Clone, Copy, Debug)]
pub struct History {
    /// Where the events are.
    pub recorded: Recorded,
    /// What an event about the resource at an address names, all of it; nothing where one is not known. AWS's id of the resource
    /// is given where it is known.
    pub marks: fn(&Address, Option<&str>, &Bindings) -> Option<Vec<Mark>>,
    /// The events.
    pub traces: &'static [Trace],
}

/// The account and region whose event history has the events of a service. Every account has its own, which is read within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The management account, in the partition's global region: those of Organizations.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html>
    Globally,
    /// The same, for what is asked for from there. What an account changes of itself is in its own history alone, which is not
    /// read for it. <https://docs.aws.amazon.com/accounts/latest/reference/monitoring-cloudtrail.html>
    GloballyUnlessInside,
    /// The management account, in the region of Identity Center's instance.
    /// <https://docs.aws.amazon.com/singlesignon/latest/userguide/logging-using-cloudtrail.html>
    WithIdentityCenter,
    /// The management account, in the blueprint's home region: those of stack sets.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html>
    AtHome,
    /// The account that the resource is in, in the partition's global region: those of IAM.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html>
    InsideGlobally,
    /// The account that the resource is in, in the region that its address ends with.
    InsideRegion,
}

impl Recorded {
    /// Whether the events are in the account that the resource is in.
    #[must_use]
    pub fn is_inside(self) -> bool {
        matches!(self, Recorded::InsideGlobally | Recorded::InsideRegion)
    }
}

/// What an event names, in what was asked for or answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// This text.
    Text(String),
    /// This name under one of these keys, by itself or as a part of an id or ARN: `NAME`, `NAME:UUID`, `arn:…:stack/NAME/UUID`.
    Name {
        /// The keys.
        keys: &'static [&'static str],
        /// The name.
        name: String,
    },
}

impl Mark {
    /// Whether a text of an event, under this key, is it.
    #[must_use]
    pub fn is_in(&self, key: &str, text: &str) -> bool {
        match self {
            Mark::Text(own) => own == text,
            Mark::Name { keys, name } => keys.contains(&key) && text.split(['/', ':']).any(|part| part == name),
        }
    }
}

impl From<&str> for Mark {
    fn from(text: &str) -> Mark {
        Mark::Text(text.to_owned())
    }
}

/// An event, and which differences it explains.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// Its name, that of the API's operation as a rule.
    pub event: &'static str,
    /// What it does to a resource.
    pub does: Does,
}

/// What an event does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Makes it.
    Make,
    /// Ends the making of it, which an event of this name began: that one says who asked for it.
    EndMaking(&'static str),
    /// Deletes it.
    Delete,
    /// Puts it elsewhere.
    Move,
    /// Changes fields that begin so.
    Change(&'static [&'static str]),
}

/// What the paths of all fields begin with.
pub const ANY_FIELD: &[&str] = &[""];

impl History {
    /// Of a kind whose changes are not looked for.
    pub const NONE: History = History { recorded: Recorded::Globally, marks: by_id, traces: &[] };
}

/// AWS's id, by which most events name a resource.
fn by_id(_: &Address, id: Option<&str>, _: &Bindings) -> Option<Vec<Mark>> {
    Some(vec![id?.into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_itself_and_in_ids_under_its_keys() {
        let mark = Mark::Name { keys: &["stackName", "stackId"], name: "trail".into() };
        for (key, text, expected) in [
            ("stackName", "trail", true),
            ("stackId", "arn:aws:cloudformation:eu-west-1:111111111111:stack/trail/9f0e", true),
            ("stackName", "trail:9f0e", true),
            ("stackName", "trail-2", false),
            ("stackName", "org-trail", false),
            ("stackId", "arn:aws:cloudformation:eu-west-1:111111111111:stack/trails/trai", false),
            ("parameterValue", "trail", false),
        ] {
            assert_eq!(mark.is_in(key, text), expected, "{key} {text}");
        }
        assert!(Mark::from("p-1").is_in("policyId", "p-1") && !Mark::from("p-1").is_in("policyId", "p-12"));
    }
}
