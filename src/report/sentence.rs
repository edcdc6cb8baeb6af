use crate::model::{Action, ApiCalls, Summary};

/// `1 account`, `3 accounts`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A noun for more than one: `policies`, `accounts`; what cannot be counted stays as it is: `trusted access`.
pub(super) fn plural(noun: &str) -> String {
    match noun {
        noun if noun.ends_with("access") || noun.ends_with("encryption") => noun.to_owned(),
        noun if noun.ends_with('s') => format!("{noun}es"),
        noun => match noun.strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None => format!("{noun}s"),
        },
    }
}

/// How many changes of each action, in the order in which people ask for them.
pub(super) fn counts(summary: &Summary) -> Vec<(usize, Action)> {
    let all = [
        (summary.create, Action::Create),
        (summary.update, Action::Update),
        (summary.moved, Action::Move),
        (summary.adopt, Action::Adopt),
        (summary.delete, Action::Delete),
    ];
    all.into_iter().filter(|(number, _)| *number > 0).collect()
}

pub(super) fn calls(calls: &ApiCalls) -> String {
    count(usize::try_from(calls.total).unwrap_or(usize::MAX), "AWS call.", "AWS calls.")
}

/// So many names of a list are written out.
const LISTED: usize = 10;

/// `a, b, c and 4 more`.
pub(super) fn listed(names: &[String]) -> String {
    let shown = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_have_the_number_that_fits() {
        let nouns = ["OU", "tag policy", "account alias", "trusted access", "EBS encryption"].map(plural);
        assert_eq!(nouns, ["OUs", "tag policies", "account aliases", "trusted access", "EBS encryption"]);
    }

    #[test]
    fn a_long_list_says_how_many_it_leaves_out() {
        let names = |number: usize| (0..number).map(|nth| nth.to_string()).collect::<Vec<_>>();
        assert_eq!(listed(&names(2)), "0, 1");
        assert_eq!(listed(&names(10)), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
        assert_eq!(listed(&names(12)), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
    }
}
