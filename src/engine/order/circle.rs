use std::collections::BTreeMap;

use super::sequence::{DependencyReason, Sequence};
use crate::model::{Address, Refusal};

/// Refuses changes that wait for each other: such a plan cannot be carried out in any order.
pub(super) fn refusal(sequence: &Sequence) -> Option<Refusal> {
    let circle = find(sequence)?;
    let reasons: Vec<DependencyReason> = steps(&circle)
        .filter_map(|(change, next)| sequence.awaited(change).find(|(other, _)| *other == next)?.1)
        .collect();
    let because = reasons.into_iter().min().unwrap_or(DependencyReason::Requirement);
    let (problem, help) = words(because);
    let closed: Vec<&str> = circle.iter().chain(circle.first()).map(|address| address.as_str()).collect();
    Some(Refusal {
        code: "circle".into(),
        address: circle.iter().min().map(|address| (*address).clone()),
        message: format!("{problem}: {}", closed.join(" → ")),
        help: help.into(),
    })
}

fn words(because: DependencyReason) -> (&'static str, &'static str) {
    match because {
        DependencyReason::Output => (
            "these changes use each other's outputs in a circle, so that none of them can be made first",
            "break the circle: give one of them a literal value instead of the output, or make what both need in a \
             stack of its own",
        ),
        DependencyReason::Denial => (
            "no order of these changes keeps denied what is denied now and will be denied",
            "do it in two steps: first add the statements and attachments that take over, and keep the old ones; apply; \
             then remove the old ones",
        ),
        DependencyReason::Name => (
            "these changes wait for each other's names",
            "do it in two steps: give one of them another name first, apply, then the names that you want",
        ),
        DependencyReason::Requirement => (
            "these changes wait for each other",
            "do it in two steps: leave one of them out, apply, then add it; if the blueprint has no such circle, please \
             report it with the output of `landing plan --format json`",
        ),
    }
}

/// Each change of a circle with the one that it waits for.
fn steps<'a>(circle: &'a [&'a Address]) -> impl Iterator<Item = (&'a Address, &'a Address)> {
    circle.iter().zip(circle.iter().cycle().skip(1)).map(|(change, next)| (*change, *next))
}

/// One circle, in the order of waiting.
fn find(sequence: &Sequence) -> Option<Vec<&Address>> {
    let mut done: BTreeMap<&Address, bool> = BTreeMap::new();
    sequence.waiting().into_iter().find_map(|start| follow(sequence, start, &mut done))
}

/// Goes along from `start` until a change comes again. `done` says of every change seen whether all behind it is free of
/// circles.
fn follow<'s>(
    sequence: &'s Sequence,
    start: &'s Address,
    done: &mut BTreeMap<&'s Address, bool>,
) -> Option<Vec<&'s Address>> {
    if done.contains_key(start) {
        return None;
    }
    let awaited = |change: &'s Address| sequence.awaited(change).map(|(next, _)| next).collect::<Vec<_>>();
    let mut path = vec![(start, awaited(start))];
    done.insert(start, false);
    while let Some((change, open)) = path.last_mut() {
        let Some(next) = open.pop() else {
            done.insert(change, true);
            path.pop();
            continue;
        };
        match done.get(next) {
            Some(true) => {}
            Some(false) => {
                let from = path.iter().position(|(change, _)| *change == next).unwrap_or_default();
                return Some(path[from..].iter().map(|(change, _)| *change).collect());
            }
            None => {
                done.insert(next, false);
                path.push((next, awaited(next)));
            }
        }
    }
    None
}
