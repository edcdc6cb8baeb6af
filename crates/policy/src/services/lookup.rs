//! Whether AWS has what a name stands for, and what was probably meant where it does not.

use super::{Services, meant};
use crate::value::Pattern;

/// What a table of AWS's names has of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The name is in the table.
    Found,
    /// The name is not in the table; this one is, and differs in a few letters.
    Near(String),
    /// Nothing in the table is like it.
    Unknown,
}

impl Lookup {
    /// Whether the name is in the table.
    #[must_use]
    pub fn is_found(&self) -> bool {
        *self == Lookup::Found
    }

    /// `did you mean …?`, where something in the table is like the name.
    #[must_use]
    pub fn question(&self) -> Option<String> {
        match self {
            Lookup::Near(name) => Some(format!("did you mean `{name}`?")),
            Lookup::Found | Lookup::Unknown => None,
        }
    }

    /// What the table says of `name`, of which it has exactly or nearly one of `known`.
    pub(super) fn among<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Lookup {
        if known.clone().into_iter().any(|known| known == name) {
            return Lookup::Found;
        }
        meant(name, known).map_or(Lookup::Unknown, |near| Lookup::Near(near.to_owned()))
    }
}

impl Services {
    /// Looks up an action such as `s3:GetObject`, whatever its case. One with wildcards is found if it matches any action.
    #[must_use]
    pub fn look_up_action(&self, action: &str) -> Lookup {
        let Some((prefix, name)) = action.split_once(':') else { return Lookup::Unknown };
        if self.matching(prefix).iter().any(|(_, service)| !service.matching(name).is_empty()) {
            return Lookup::Found;
        }
        let prefix = prefix.to_lowercase();
        let prefix = match self.get(&prefix) {
            Some(_) => Some(prefix.as_str()),
            None => meant(&prefix, self.prefixes()),
        };
        let near = prefix.and_then(|prefix| Some(format!("{prefix}:{}", self.near_action(prefix, name)?)));
        near.map_or(Lookup::Unknown, Lookup::Near)
    }

    /// An action such as `SNS:publish` as the table writes it: `sns:Publish`.
    pub(crate) fn written_action(&self, action: &str) -> Option<String> {
        let (prefix, name) = action.split_once(':')?;
        let prefix = prefix.to_lowercase();
        let action = self.get(&prefix)?.action(name)?;
        Some(format!("{prefix}:{}", action.name))
    }

    /// The actions that a pattern such as `s3:Get*` matches, by name.
    #[must_use]
    pub fn actions_matching(&self, pattern: &str) -> Vec<String> {
        let pattern = Pattern::in_lower_case(pattern);
        let all = self.prefixes().flat_map(|prefix| {
            let actions = self.get(prefix).into_iter().flat_map(|service| &service.actions);
            actions.map(move |action| format!("{prefix}:{}", action.name))
        });
        let mut matching: Vec<String> = all.filter(|action| pattern.matches(&action.to_lowercase())).collect();
        matching.sort_unstable();
        matching
    }

    fn near_action<'a>(&'a self, prefix: &str, name: &'a str) -> Option<&'a str> {
        let service = self.get(prefix)?;
        let pattern = Pattern::in_lower_case(name);
        if pattern.has_wildcards() {
            let is_met = service.actions.iter().any(|action| pattern.matches(&action.name.to_lowercase()));
            return is_met.then_some(name);
        }
        let exact = service.action(name).map(|action| action.name.as_str());
        exact.or_else(|| meant(name, service.actions.iter().map(|action| action.name.as_str())))
    }

    /// Looks up a condition key such as `aws:RequestedRegion`, whatever its case.
    #[must_use]
    pub fn look_up_key(&self, key: &str) -> Lookup {
        let Some((prefix, name)) = key.split_once(':') else { return Lookup::Unknown };
        let prefix = prefix.to_lowercase();
        let is_global = prefix == "aws";
        let known = match self.get(&prefix) {
            _ if is_global => self.global_keys(),
            Some(service) => service.keys.as_slice(),
            None => return self.near_prefix(&prefix, name),
        };
        let lower = key.to_lowercase();
        let of_some_service = ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"];
        if known.iter().any(|known| known.pattern.matches(&lower))
            || of_some_service.iter().any(|start| lower.starts_with(start))
        {
            return Lookup::Found;
        }
        let names = known.iter().filter_map(|known| Some(known.name.split_once(':')?.1));
        meant(name, names).map_or(Lookup::Unknown, |near| Lookup::Near(format!("{prefix}:{near}")))
    }

    fn near_prefix(&self, prefix: &str, name: &str) -> Lookup {
        let prefixes = self.prefixes().chain(["aws"]);
        meant(prefix, prefixes).map_or(Lookup::Unknown, |near| Lookup::Near(format!("{near}:{name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Lookup;
    use crate::services;

    fn near(name: &str) -> Lookup {
        Lookup::Near(name.to_owned())
    }

    #[test]
    fn an_action_is_found_in_any_case_and_by_a_wildcard_or_named_nearly() {
        for (action, expected) in [
            ("s3:GetObject", Lookup::Found),
            ("S3:getobject", Lookup::Found),
            ("s3:Get*", Lookup::Found),
            ("*:*", Lookup::Found),
            ("s3:GetObjct", near("s3:GetObject")),
            ("ec2:RunInstance", near("ec2:RunInstances")),
            ("cloudfrnt:Get*", near("cloudfront:Get*")),
            ("cloudtrial:StopLogging", near("cloudtrail:StopLogging")),
            ("s3:Xyz*", Lookup::Unknown),
            ("nowhere:DoIt", Lookup::Unknown),
            ("s3", Lookup::Unknown),
        ] {
            assert_eq!(services().look_up_action(action), expected, "{action}");
        }
    }

    #[test]
    fn a_condition_key_is_found_by_its_service_or_among_the_global_ones() {
        for (key, expected) in [
            ("aws:RequestedRegion", Lookup::Found),
            ("aws:requestedregion", Lookup::Found),
            ("aws:RequestTag/team", Lookup::Found),
            ("ec2:InstanceType", Lookup::Found),
            ("aws:RequestedRegoin", near("aws:RequestedRegion")),
            ("ec2:InstanceTyp", near("ec2:InstanceType")),
            ("nowhere:Key", Lookup::Unknown),
            ("RequestedRegion", Lookup::Unknown),
        ] {
            assert_eq!(services().look_up_key(key), expected, "{key}");
        }
    }
}
