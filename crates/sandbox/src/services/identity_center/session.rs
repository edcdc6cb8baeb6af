//! How long the sessions of a permission set may last.

/// In seconds, from the API reference of CreatePermissionSet and the user guide ("Set session duration").
const SHORTEST: u64 = 60 * 60;
const LONGEST: u64 = 12 * 60 * 60;

/// Whether `text` is an ISO 8601 duration of one to twelve hours.
pub(super) fn is_session_duration(text: &str) -> bool {
    seconds(text).is_some_and(|seconds| (SHORTEST..=LONGEST).contains(&seconds))
}

/// The seconds of a duration in days, hours, minutes and seconds, such as `PT1H30M`.
fn seconds(text: &str) -> Option<u64> {
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (text.strip_prefix('P')?, ""),
    };
    let (days, time) = (sum(days, &[('D', 86_400)])?, sum(time, &[('H', 3_600), ('M', 60), ('S', 1)])?);
    days.checked_add(time)
}

/// The sum of numbers that are each followed by their unit, in the units' order.
fn sum(mut text: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut total = 0_u64;
    for &(unit, size) in units {
        if let Some((number, rest)) = text.split_once(unit) {
            total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(size)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_last_from_one_to_twelve_hours() {
        for valid in ["PT1H", "PT12H", "PT90M", "PT1H30M", "P0DT4H", "PT3600S"] {
            assert!(is_session_duration(valid), "{valid}");
        }
        for wrong in ["PT59M", "PT13H", "P1D", "1H", "PT", "P", "", "PT1", "PT1M1H", "PTxH", "PT-1H"] {
            assert!(!is_session_duration(wrong), "{wrong}");
        }
    }
}
