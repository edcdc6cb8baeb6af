use std::collections::{BTreeMap, BTreeSet};

/// Names that differ from each other: those that would be the same, or the same as one made so, have the id behind them.
/// What comes out depends on the pairs alone, not on their order. Ids differ from each other and have one length.
pub(super) fn unique(names: &[(String, &str)], gap: char) -> Vec<String> {
    let mut with_id: BTreeSet<usize> = BTreeSet::new();
    loop {
        let made: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(nth, (name, id))| if with_id.contains(&nth) { format!("{name}{gap}{id}") } else { name.clone() })
            .collect();
        let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        made.iter().enumerate().for_each(|(nth, name)| holders.entry(name).or_default().push(nth));
        let doubles = holders.into_values().filter(|holders| holders.len() > 1).flatten();
        let more: Vec<usize> = doubles.filter(|nth| !with_id.contains(nth)).collect();
        if more.is_empty() {
            return made;
        }
        with_id.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(names: &[(&str, &'static str)]) -> Vec<String> {
        let names: Vec<(String, &str)> = names.iter().map(|(name, id)| ((*name).to_owned(), *id)).collect();
        unique(&names, '_')
    }

    #[test]
    fn only_names_that_would_be_the_same_have_an_id() {
        assert_eq!(made(&[("A", "11"), ("B", "22")]), ["A", "B"]);
        assert_eq!(made(&[("A", "11"), ("B", "22"), ("A", "33")]), ["A_11", "B", "A_33"]);
        assert_eq!(made(&[("A", "11"), ("A", "22"), ("A_11", "33")]), ["A_11", "A_22", "A_11_33"]);
        assert_eq!(made(&[]), Vec::<String>::new());
    }
}
