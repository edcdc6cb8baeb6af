use aws_sdk_cloudformation::types::{ConcurrencyMode, RegionConcurrencyType, StackSetOperationPreferences};

use super::resource::{OperationPreferences, RegionConcurrency};

/// Up to so many accounts have their turn at once, and of more of them a share that comes to about as many, but a tenth at least:
/// what is wrong everywhere then shows before all have had their turn.
const AT_ONCE: usize = 500;

/// Accounts of a region that may fail before the rest is left as it is, unless the blueprint says otherwise, in percent.
const FAILURE_TOLERANCE: i32 = 10;

/// Where 10 percent are more accounts than this, so many may fail, or one percent where that is more.
const FAILURES: usize = 50;

/// The share of accounts that have their turn at once unless the blueprint says otherwise, in percent.
fn max_concurrent(accounts: usize) -> i32 {
    percent(AT_ONCE, accounts).clamp(10, 100)
}

/// The preset share for `accounts` accounts. AWS rounds down: of fewer than ten, 10 percent are none, and one account that
/// cannot be changed would stop the others. So one may fail wherever there are others.
fn failure_tolerance(accounts: usize) -> i32 {
    let one = i32::try_from(accounts).map_or(0, |accounts| if accounts > 1 { (99 + accounts) / accounts } else { 0 });
    one.max(FAILURE_TOLERANCE).min(percent(FAILURES, accounts).max(1))
}

/// The largest share of accounts that are no more than `some`, in percent; above 100 where there are fewer.
fn percent(some: usize, accounts: usize) -> i32 {
    i32::try_from(some * 100 / accounts.max(1)).unwrap_or(i32::MAX)
}

/// How operations go about their accounts, of which there are `accounts`, and regions. Regions come one after another, so that
/// what is wrong everywhere shows in the first one, unless the blueprint says otherwise.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html>
pub(super) fn preferences(given: &OperationPreferences, accounts: usize) -> StackSetOperationPreferences {
    let number = |given: Option<u32>| given.and_then(|number| i32::try_from(number).ok());
    let (concurrent, tolerated) = (number(given.max_concurrent_count), number(given.failure_tolerance_count));
    let share = |given, count: Option<i32>, preset| number(given).or(count.is_none().then_some(preset));
    StackSetOperationPreferences::builder()
        .set_max_concurrent_count(concurrent)
        .set_max_concurrent_percentage(share(given.max_concurrent_percentage, concurrent, max_concurrent(accounts)))
        .set_failure_tolerance_count(tolerated)
        .set_failure_tolerance_percentage(share(
            given.failure_tolerance_percentage,
            tolerated,
            failure_tolerance(accounts),
        ))
        .set_region_concurrency_type(given.region_concurrency.map(region_concurrency))
        // Else AWS would lower how many have their turn at once to what is tolerated.
        .concurrency_mode(ConcurrencyMode::SoftFailureTolerance)
        .build()
}

fn region_concurrency(given: RegionConcurrency) -> RegionConcurrencyType {
    match given {
        RegionConcurrency::Sequential => RegionConcurrencyType::Sequential,
        RegionConcurrency::Parallel => RegionConcurrencyType::Parallel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn given(given: Value) -> OperationPreferences {
        serde_json::from_value(given).expect("these are preferences")
    }

    fn of(said: Value) -> StackSetOperationPreferences {
        preferences(&given(said), 20)
    }

    #[test]
    fn a_number_takes_the_place_of_the_share_that_is_preset() {
        let given = of(json!({"max_concurrent_count": 3, "region_concurrency": "parallel"}));
        assert_eq!((given.max_concurrent_count(), given.max_concurrent_percentage()), (Some(3), None));
        assert_eq!((given.failure_tolerance_count(), given.failure_tolerance_percentage()), (None, Some(10)));
        assert_eq!(given.region_concurrency_type(), Some(&RegionConcurrencyType::Parallel));
    }

    #[test]
    fn one_account_may_fail_wherever_there_are_others() {
        let tolerated =
            |accounts: usize| preferences(&OperationPreferences::default(), accounts).failure_tolerance_percentage();
        let expected = [(0, 10), (1, 10), (2, 50), (3, 34), (7, 15), (9, 12), (10, 10), (11, 10), (500, 10)];
        for (accounts, percent) in expected {
            assert_eq!(tolerated(accounts), Some(percent), "{accounts}");
        }
        for accounts in (2..200).chain([500, 501, 1000, 5001, 10_000, 100_000]) {
            let share = usize::try_from(tolerated(accounts).unwrap_or_default()).unwrap_or_default();
            assert!(accounts * share / 100 >= 1, "{accounts}: AWS rounds down");
        }
        let given = preferences(&given(json!({"failure_tolerance_percentage": 0})), 3);
        assert_eq!(given.failure_tolerance_percentage(), Some(0), "what the blueprint says counts");
    }

    #[test]
    fn without_preferences_one_region_follows_another() {
        let preset = preferences(&OperationPreferences::default(), 20);
        assert_eq!((preset.max_concurrent_percentage(), preset.failure_tolerance_percentage()), (Some(100), Some(10)));
        assert_eq!(preset.region_concurrency_type(), None);
    }

    #[test]
    fn of_many_accounts_a_part_has_its_turn_at_once_and_few_may_fail() {
        // Accounts, those at once and those that may fail, in percent: 500 and 50 accounts, then a tenth and a hundredth.
        let expected = [
            (500, 100, 10),
            (501, 99, 9),
            (1000, 50, 5),
            (2000, 25, 2),
            (5000, 10, 1),
            (10_000, 10, 1),
            (100_000, 10, 1),
        ];
        for (accounts, at_once, fail) in expected {
            let preset = preferences(&OperationPreferences::default(), accounts);
            assert_eq!(preset.max_concurrent_percentage(), Some(at_once), "{accounts}");
            assert_eq!(preset.failure_tolerance_percentage(), Some(fail), "{accounts}");
            // Else AWS would let no more have their turn at once than may fail.
            assert_eq!(preset.concurrency_mode(), Some(&ConcurrencyMode::SoftFailureTolerance));
        }
        let given =
            preferences(&given(json!({"max_concurrent_percentage": 100, "failure_tolerance_count": 7})), 10_000);
        assert_eq!((given.max_concurrent_percentage(), given.failure_tolerance_count()), (Some(100), Some(7)));
        assert_eq!(given.failure_tolerance_percentage(), None);
    }
}
