//! How many requests AWS takes, by service and operation: one table, which pacing, the checks of blueprints and
//! `docs/reference/request-rates.md` read. It is a constant of the program, so that the compiler checks it and nothing has to be parsed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A rate that AWS keeps to, as a token bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RequestRate {
    /// The service by the prefix that IAM gives it; `*` is every service that no other row is for.
    pub service: &'static str,
    /// Which of its operations.
    pub operations: Operations,
    /// Requests a second.
    pub per_second: f64,
    /// Requests at once before that counts.
    pub burst: f64,
    /// What shares the rate.
    pub counted: Counted,
    /// The month in which the row was last compared with its basis.
    pub taken: &'static str,
    /// Where it is known from.
    pub basis: Basis,
}

/// The operations that a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operations {
    /// This one.
    One(&'static str),
    /// Those that only read.
    Reads,
    /// Those that change something.
    Writes,
    /// Every one.
    All,
}

/// Which requests of an account and region share a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Those of one operation.
    EachOperation,
    /// Those of all operations of the row.
    Together,
}

/// Where a rate is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// AWS documents the rate on this page; where only a share of it is taken, with the reason.
    Documented {
        /// The page.
        url: &'static str,
        /// What differs from the page, and why; empty where nothing does.
        note: &'static str,
    },
    /// Users report it. Being wrong costs throttled and repeated requests.
    Reported,
    /// A guess by what similar operations take.
    Assumed,
}

/// <https://docs.aws.amazon.com/accounts/latest/reference/quotas.html>
const ACCOUNT_MANAGEMENT: Basis =
    Basis::Documented { url: "https://docs.aws.amazon.com/accounts/latest/reference/quotas.html", note: "" };

/// Every rate that landing keeps to. The first row that covers an operation holds.
pub const REQUEST_RATES: [RequestRate; 18] = [
    each("organizations", Operations::One("DescribePolicy"), 2.0, 5.0, Basis::Reported),
    each("organizations", Operations::Writes, 1.0, 3.0, Basis::Reported),
    each("organizations", Operations::Reads, 5.0, 8.0, Basis::Reported),
    each("cloudformation", Operations::Writes, 2.0, 5.0, Basis::Reported),
    each("cloudformation", Operations::Reads, 10.0, 20.0, Basis::Reported),
    each("account", Operations::One("GetAlternateContact"), 10.0, 15.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::One("PutAlternateContact"), 5.0, 8.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::One("DeleteAlternateContact"), 1.0, 6.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::One("ListRegions"), 5.0, 5.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::One("GetRegionOptStatus"), 5.0, 5.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::One("EnableRegion"), 1.0, 1.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::One("DisableRegion"), 1.0, 1.0, ACCOUNT_MANAGEMENT),
    each("account", Operations::All, 1.0, 1.0, ACCOUNT_MANAGEMENT),
    each(
        "cloudtrail",
        Operations::One("LookupEvents"),
        2.0,
        2.0,
        Basis::Documented {
            url: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html",
            note: "",
        },
    ),
    each(
        "sts",
        Operations::All,
        200.0,
        200.0,
        Basis::Documented {
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
            note: "a third of the 600 that AWS grants, since others in the account sign in too",
        },
    ),
    RequestRate {
        counted: Counted::Together,
        ..each(
            "sso",
            Operations::All,
            20.0,
            20.0,
            Basis::Documented {
                url: "https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html",
                note: "",
            },
        )
    },
    each(
        "tag",
        Operations::One("GetResources"),
        15.0,
        15.0,
        Basis::Documented { url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html", note: "" },
    ),
    each("*", Operations::All, 20.0, 20.0, Basis::Assumed),
];

const fn each(service: &'static str, operations: Operations, per_second: f64, burst: f64, basis: Basis) -> RequestRate {
    RequestRate { service, operations, per_second, burst, counted: Counted::EachOperation, taken: "2026-11", basis }
}

impl RequestRate {
    /// The row of an operation.
    pub fn of(service: &str, operation: &str) -> &'static RequestRate {
        let [.., last] = &REQUEST_RATES;
        REQUEST_RATES.iter().find(|row| row.covers(service, operation)).unwrap_or(last)
    }

    fn covers(&self, service: &str, operation: &str) -> bool {
        let is_of_service = self.service == service || self.service == "*";
        is_of_service
            && match self.operations {
                Operations::One(name) => name == operation,
                Operations::Reads => only_reads(operation),
                Operations::Writes => !only_reads(operation),
                Operations::All => true,
            }
    }
}

/// Whether an operation changes nothing: those are named Describe, Get, Head, List or Lookup in every service that landing calls.
pub fn only_reads(operation: &str) -> bool {
    ["Describe", "Get", "Head", "List", "Lookup"].iter().any(|verb| operation.starts_with(verb))
}

/// A rate that a blueprint says in the place of the table's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnRate {
    /// Requests a second.
    pub per_second: f64,
    /// Requests at once before that counts; as in the table unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<f64>,
}

/// The rates that a blueprint says, by operation: `organizations:DescribePolicy`, `organizations:List*`, `sso:*`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnRates(BTreeMap<String, OwnRate>);

impl OwnRates {
    /// Takes a rate for an operation, or for all that begin with what stands before a `*`.
    pub fn put(&mut self, operations: &str, rate: OwnRate) {
        self.0.insert(operations.to_lowercase(), rate);
    }

    /// Whether the blueprint says none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rate of an operation: that of its name, else that of the longest beginning of it.
    pub fn of(&self, service: &str, operation: &str) -> Option<OwnRate> {
        let name = format!("{service}:{operation}").to_lowercase();
        let begins =
            |(pattern, _): &(&String, &OwnRate)| pattern.strip_suffix('*').is_some_and(|start| name.starts_with(start));
        let longest = || self.0.iter().filter(begins).max_by_key(|(pattern, _)| pattern.len()).map(|(_, rate)| rate);
        self.0.get(&name).or_else(longest).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(service: &str, operation: &str) -> (f64, f64) {
        let row = RequestRate::of(service, operation);
        (row.per_second, row.burst)
    }

    #[test]
    fn the_first_row_that_covers_an_operation_holds() {
        assert_eq!(rate("organizations", "DescribePolicy"), (2.0, 5.0));
        assert_eq!(rate("organizations", "DescribeAccount"), (5.0, 8.0));
        assert_eq!(rate("organizations", "AttachPolicy"), (1.0, 3.0));
        assert_eq!(rate("cloudformation", "ListStacks"), (10.0, 20.0));
        assert_eq!(rate("cloudformation", "CreateChangeSet"), (2.0, 5.0));
        assert_eq!(rate("account", "GetAlternateContact"), (10.0, 15.0));
        assert_eq!(rate("account", "PutAccountName"), (1.0, 1.0));
        assert_eq!(rate("tag", "GetResources"), (15.0, 15.0));
        assert_eq!(rate("tag", "GetTagKeys"), (20.0, 20.0));
        assert_eq!(rate("ssm", "GetParameter"), (20.0, 20.0));
        assert_eq!(RequestRate::of("sso", "ListInstances").counted, Counted::Together);
        assert_eq!(RequestRate::of("identitystore", "ListUsers").counted, Counted::EachOperation);
    }

    #[test]
    fn every_row_is_a_rate_and_the_last_covers_everything() {
        for row in REQUEST_RATES {
            assert!(row.per_second > 0.0 && row.burst >= 1.0, "{row:?}");
            assert!(row.taken.len() == "2026-11".len(), "{row:?}");
        }
        let [.., last] = REQUEST_RATES;
        assert_eq!((last.service, last.operations), ("*", Operations::All));
    }

    #[test]
    fn an_own_rate_is_found_by_the_name_or_its_longest_beginning() {
        let own = |per_second| OwnRate { per_second, burst: None };
        let mut rates = OwnRates::default();
        rates.put("organizations:*", own(1.0));
        rates.put("organizations:List*", own(2.0));
        rates.put("organizations:listroots", own(3.0));
        let of = |service, operation| rates.of(service, operation).map(|rate| rate.per_second);
        assert_eq!(of("organizations", "ListRoots"), Some(3.0));
        assert_eq!(of("organizations", "ListAccounts"), Some(2.0));
        assert_eq!(of("organizations", "AttachPolicy"), Some(1.0));
        assert_eq!(of("sso", "ListRoots"), None);
    }
}
