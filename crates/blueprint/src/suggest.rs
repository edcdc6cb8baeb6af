//! What a misspelt name was meant to be.

/// The longest name, in bytes, that is compared with others: comparing takes the product of both lengths.
const LONGEST: usize = 200;

/// The candidate that `name` most probably was meant to be, if one is near enough: at most every third letter differs,
/// where case, `-` and `_` do not count. Of equally near candidates the first.
#[must_use]
pub fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = folded(name);
    candidates
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (strsim::osa_distance(&wanted, &folded(candidate)), candidate))
        .filter(|(distance, candidate)| distance * 3 <= wanted.chars().count().max(candidate.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    const KEYS: [&str; 4] = ["accounts", "guardrails", "organizational_units", "policies"];

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        for (slip, meant) in [
            ("acounts", "accounts"),
            ("guardrials", "guardrails"),
            ("organizational-units", "organizational_units"),
            ("Policies", "policies"),
        ] {
            assert_eq!(did_you_mean(slip, KEYS.into_iter()), Some(meant));
        }
    }

    #[test]
    fn a_quite_different_name_is_not_guessed() {
        assert_eq!(did_you_mean("stacks", KEYS.into_iter()), None);
        assert_eq!(did_you_mean("", KEYS.into_iter()), None);
    }
}
