//! AWS's request limits as token buckets.

use std::collections::HashMap;

use tokio::time::Instant;

use crate::log::Call;

/// Request limits: which calls share a bucket, how fast it fills and how much it holds.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// The first rule that fits a call holds for it; calls that none fits are not limited.
    pub rules: Vec<Rule>,
    /// Whether Organizations answers ConcurrentModificationException to a write that arrives while another is under
    /// way (for as long as the latency), as AWS is reported to do.
    pub serialize_organization_writes: bool,
}

/// A limit on some operations of a service, for each account that calls.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The service's signing name.
    pub service: &'static str,
    /// Which of its operations.
    pub operations: Operations,
    /// Whether these operations share one bucket, instead of one each.
    pub collective: bool,
    /// Tokens a second.
    pub rate: f64,
    /// How many tokens the bucket holds, and starts with.
    pub burst: f64,
}

/// The operations that a rule is for.
#[derive(Clone, Copy, Debug)]
pub enum Operations {
    /// This one.
    Named(&'static str),
    /// Those that only read.
    Reads,
    /// Those that change something.
    Writes,
    /// Every one.
    All,
}

impl Limits {
    /// AWS's limits. Beside each stands how it is known: reported means seen in practice, assumed means a guess,
    /// since AWS publishes nearly none of these numbers.
    #[must_use]
    pub fn aws() -> Self {
        use Operations::{Named, Reads, Writes};
        let rules = vec![
            each("organizations", Named("ListOrganizationalUnitsForParent"), 5.0, 8.0), // reported
            each("organizations", Named("ListPoliciesForTarget"), 5.0, 8.0),            // reported
            each("organizations", Named("DescribePolicy"), 2.0, 5.0),                   // rate reported, burst assumed
            each("organizations", Reads, 5.0, 8.0),                                     // assumed like the lists
            each("organizations", Writes, 1.0, 3.0),                                    // assumed
            each("cloudformation", Reads, 10.0, 20.0),                                  // assumed
            each("cloudformation", Writes, 2.0, 5.0),                                   // assumed
            each("cloudtrail", Named("LookupEvents"), 2.0, 2.0),                        // rate published, burst assumed
            together("sso", 20.0, 20.0),                                                // rate published, burst assumed
            together("identitystore", 20.0, 20.0),                                      // assumed
            each("sts", Named("AssumeRole"), 50.0, 50.0),                               // assumed
        ];
        Self { rules, serialize_organization_writes: true }
    }

    fn rule(&self, call: &Call) -> Option<(usize, &Rule)> {
        let fits = |rule: &Rule| {
            let operation = match rule.operations {
                Operations::Named(name) => name == call.operation,
                Operations::Reads => !call.write,
                Operations::Writes => call.write,
                Operations::All => true,
            };
            operation && rule.service == call.service
        };
        self.rules.iter().enumerate().find(|(_, rule)| fits(rule))
    }
}

/// A bucket for all of a service's operations.
fn together(service: &'static str, rate: f64, burst: f64) -> Rule {
    Rule { service, operations: Operations::All, collective: true, rate, burst }
}

fn each(service: &'static str, operations: Operations, rate: f64, burst: f64) -> Rule {
    Rule { service, operations, collective: false, rate, burst }
}

/// How full the buckets are.
#[derive(Default)]
pub(super) struct Buckets {
    levels: HashMap<(String, usize, Option<String>), (f64, Instant)>,
}

impl Buckets {
    /// Takes a token for `call`; whether there was one, or no limit.
    pub(super) fn admit(&mut self, limits: &Limits, call: &Call) -> bool {
        let Some((index, rule)) = limits.rule(call) else {
            return true;
        };
        let now = Instant::now();
        let share = (!rule.collective).then(|| call.operation.clone());
        let level = self.levels.entry((call.account.clone(), index, share)).or_insert((rule.burst, now));
        let refilled = level.0 + now.duration_since(level.1).as_secs_f64() * rule.rate;
        let tokens = refilled.min(rule.burst);
        let admitted = tokens >= 1.0;
        *level = (if admitted { tokens - 1.0 } else { tokens }, now);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Outcome;

    fn read(account: &str, service: &str, operation: &str) -> Call {
        Call {
            service: service.into(),
            operation: operation.into(),
            region: "us-east-1".into(),
            account: account.into(),
            write: false,
            input: serde_json::Value::Null,
            outcome: Outcome::Done,
        }
    }

    /// How many of 20 ListRoots of an account get through at once.
    fn burst(buckets: &mut Buckets, account: &str) -> usize {
        let (limits, call) = (Limits::aws(), read(account, "organizations", "ListRoots"));
        (0..20).filter(|_| buckets.admit(&limits, &call)).count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_bucket_gives_its_burst_then_its_rate() {
        let mut buckets = Buckets::default();
        assert_eq!(burst(&mut buckets, "1"), 8);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(burst(&mut buckets, "1"), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn accounts_and_operations_have_buckets_of_their_own() {
        let mut buckets = Buckets::default();
        burst(&mut buckets, "1");
        assert_eq!(burst(&mut buckets, "2"), 8);
        let limits = Limits::aws();
        assert!(buckets.admit(&limits, &read("1", "organizations", "ListAccounts")));
        assert!(buckets.admit(&limits, &read("1", "ssm", "GetParameter")));
    }
}
