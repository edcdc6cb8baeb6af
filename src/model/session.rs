/// Minutes of a duration as people or ISO 8601 write it: `8h`, `90m`, `1h30m`, `PT8H`, `PT1H30M`. `None` where it is
/// neither.
pub fn duration_minutes(text: &str) -> Option<u32> {
    let upper = text.trim().to_ascii_uppercase();
    let mut rest = upper.strip_prefix("PT").unwrap_or(&upper);
    if rest.is_empty() {
        return None;
    }
    let mut seconds: u32 = 0;
    for (unit, length) in [('H', 3600), ('M', 60), ('S', 1)] {
        if let Some((count, after)) = rest.split_once(unit) {
            let count: u32 = count.parse().ok()?;
            seconds = seconds.checked_add(count.checked_mul(length)?)?;
            rest = after;
        }
    }
    (rest.is_empty() && seconds.is_multiple_of(60)).then_some(seconds / 60)
}

/// The ISO 8601 duration of so many minutes: `PT8H`, `PT1H30M`.
pub fn iso_duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_both_ways_and_written_in_one() {
        for (text, minutes) in
            [("8h", 480), ("90m", 90), ("1h30m", 90), ("PT8H", 480), ("PT3600S", 60), ("PT1H30M", 90)]
        {
            assert_eq!(duration_minutes(text), Some(minutes), "{text}");
        }
        for text in ["", "PT", "8", "8 hours", "1d", "30s", "-1h", "1m1h"] {
            assert_eq!(duration_minutes(text), None, "{text}");
        }
        assert_eq!([45, 60, 90].map(iso_duration), ["PT45M", "PT1H", "PT1H30M"]);
    }
}
