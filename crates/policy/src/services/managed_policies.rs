//! The policies that AWS manages.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;

use super::Lookup;

/// The day of the table, and paths with names as they stand behind `arn:aws:iam::aws:policy/`.
static TABLE: LazyLock<(String, Vec<String>)> = LazyLock::new(|| {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("../../data/managed_policies.z");
    let unpacked = ZlibDecoder::new(packed).read_to_string(&mut text);
    debug_assert!(unpacked.is_ok(), "the table that the program is built with can be unpacked");
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap_or_default(), lines.collect())
});

/// The day of the table of policies that AWS manages. It may lack newer ones, and those of other partitions.
#[must_use]
pub fn managed_policies_date() -> &'static str {
    &TABLE.0
}

/// The policies that AWS manages, by their names with their paths.
pub fn managed_policies() -> impl Iterator<Item = &'static str> {
    TABLE.1.iter().map(String::as_str)
}

/// Looks up a policy that AWS manages by its name, with the path before it: `job-function/ViewOnlyAccess`.
#[must_use]
pub fn look_up_managed_policy(path: &str) -> Lookup {
    let known = &TABLE.1;
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_called_so = |known: &&String| known.rsplit('/').next() == Some(name);
    match known.iter().find(is_called_so) {
        Some(elsewhere) if elsewhere != path => Lookup::Near(elsewhere.clone()),
        _ => Lookup::among(path, known.iter().map(String::as_str)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_managed_policy_is_known_by_its_path_and_name() {
        assert!(managed_policies_date().starts_with("20"));
        for (path, expected) in [
            ("ReadOnlyAccess", Lookup::Found),
            ("job-function/ViewOnlyAccess", Lookup::Found),
            ("aws-service-role/AWSOrganizationsServiceTrustPolicy", Lookup::Found),
            ("ViewOnlyAccess", Lookup::Near("job-function/ViewOnlyAccess".into())),
            ("ReadOnlyAcces", Lookup::Near("ReadOnlyAccess".into())),
            ("job-function/Biling", Lookup::Near("job-function/Billing".into())),
            ("TeamsOwnPolicy", Lookup::Unknown),
        ] {
            assert_eq!(look_up_managed_policy(path), expected, "{path}");
        }
    }
}
