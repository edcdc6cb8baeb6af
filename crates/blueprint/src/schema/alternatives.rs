//! Checks a value that may be of one of several forms, so that the mistakes are those of the form that was meant.

use serde_json::Value;

use super::{Checker, array, scalars};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Map, Node};
use crate::place::Place;
use crate::scalar::Scalar;

impl<'s> Checker<'s> {
    /// The alternatives of `anyOf` and `oneOf`, those within alternatives included.
    pub(super) fn branches(&self, schema: &'s Value) -> Vec<&'s Value> {
        let mut branches = Vec::new();
        for branch in array(schema, "anyOf").iter().chain(array(schema, "oneOf")) {
            let branch = self.follow(branch);
            match self.branches(branch) {
                inner if inner.is_empty() => branches.push(branch),
                inner => branches.extend(inner),
            }
        }
        branches
    }

    /// Checks that `node`, which is of a sort that `schema` takes, is one of its alternatives.
    pub(super) fn check_alternatives(&mut self, node: &Node, schema: &'s Value, named: Place) {
        let mut branches = self.branches(schema);
        branches.retain(|branch| self.fits(node, branch));
        match &node.content {
            Content::Map(map) if branches.len() > 1 => self.check_map_alternatives(node, map, branches, named),
            Content::Scalar(scalar)
                if !branches.is_empty() && branches.iter().all(|branch| scalars::is_closed(branch)) =>
            {
                let allowed: Vec<&Value> = branches.iter().flat_map(|branch| scalars::allowed(branch)).collect();
                self.check_allowed(scalar, node.place, &allowed);
            }
            _ => self.report_best(node, &branches, named),
        }
    }

    /// Maps are distinguished by the key that says what they are, or else by the keys that they have.
    fn check_map_alternatives(&mut self, node: &Node, map: &Map, mut branches: Vec<&'s Value>, named: Place) {
        if let Some(tag) = tag(&branches)
            && let Some(Node { content: Content::Scalar(scalar), place, .. }) = map.get(tag)
        {
            let allowed: Vec<&Value> = branches.iter().filter_map(|branch| tag_value(branch, tag)).collect();
            if !allowed.iter().any(|value| scalars::equals(scalar, value)) {
                return self.below(tag.to_owned(), |checker| checker.check_allowed(scalar, *place, &allowed));
            }
            branches.retain(|branch| has_tag(branch, tag, scalar));
        }
        let most = branches.iter().map(|branch| self.known_keys(map, branch)).max().unwrap_or(0);
        if most == 0 && !map.is_empty() && self.report_no_branch(map, &branches) {
            return;
        }
        branches.retain(|branch| self.known_keys(map, branch) == most);
        self.report_best(node, &branches, named);
    }

    fn known_keys(&self, map: &Map, branch: &'s Value) -> usize {
        let known = self.known(branch);
        map.keys().filter(|key| known.contains(&key.as_str())).count()
    }

    /// Where each alternative is a map of one key, says that the key is none of them.
    fn report_no_branch(&mut self, map: &Map, branches: &[&'s Value]) -> bool {
        let known: Vec<&str> = branches.iter().flat_map(|branch| self.known(branch)).collect();
        let is_closed = branches.iter().all(|branch| branch.get("additionalProperties") == Some(&Value::Bool(false)));
        if is_closed {
            for key in map.keys() {
                self.report_unknown_key(key, &known);
            }
        }
        is_closed
    }

    /// Reports the mistakes of the branch that has the fewest; none if one of them takes `node`.
    fn report_best(&mut self, node: &Node, branches: &[&'s Value], named: Place) {
        let before = std::mem::take(&mut self.found);
        let mut best: Option<Vec<Diagnostic>> = None;
        for branch in branches {
            self.check_content(node, branch, named);
            let found = std::mem::take(&mut self.found);
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
            if best.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        self.found = before;
        self.found.extend(best.unwrap_or_default());
    }
}

/// The key whose value is fixed in every branch, and so distinguishes them.
fn tag<'s>(branches: &[&'s Value]) -> Option<&'s str> {
    let properties = branches.first()?.get("properties")?.as_object()?;
    let mut fixed = properties.keys().filter(|key| branches.iter().all(|branch| tag_value(branch, key).is_some()));
    fixed.next().map(String::as_str)
}

fn tag_value<'s>(branch: &'s Value, tag: &str) -> Option<&'s Value> {
    branch.get("properties")?.get(tag)?.get("const")
}

fn has_tag(branch: &Value, tag: &str, scalar: &Scalar) -> bool {
    tag_value(branch, tag).is_some_and(|value| scalars::equals(scalar, value))
}
