//! The organization's tree with its changes, then what has no place in it.

use super::{Page, text};
use crate::model::Desired;
use crate::report::naming::short_name;
use crate::report::sentence::count;
use crate::report::tree::{Node, arrange};

/// Pages with more changes than this begin with what has many below it collapsed.
const MOST_AT_FIRST: usize = 300;
/// So many changes below a place are still shown at first.
const FEW: usize = 20;

impl Page<'_> {
    pub(super) fn changes(&self, desired: Option<&Desired>) -> String {
        let shown = arrange(self.plan, desired);
        let mut page = String::new();
        if !shown.tree.is_empty() {
            page +=
                &format!("<section class=\"tree\">\n<h2>Organization</h2>\n{}</section>\n", self.nodes(&shown.tree));
        }
        for group in shown.groups {
            let changes = group.changes.iter().map(|change| {
                format!("<li class=\"node\">\n{}</li>\n", self.change(change, &short_name(&change.address)))
            });
            let list = format!("<ul>\n{}</ul>\n", changes.collect::<String>());
            let number = group.changes.len();
            page += &format!(
                "<section class=\"group\">\n<h2>{} <small>{number}</small></h2>\n{}</section>\n",
                text(&group.title),
                self.below(&list, number)
            );
        }
        page
    }

    fn nodes(&self, nodes: &[Node<'_>]) -> String {
        format!("<ul>\n{}</ul>\n", nodes.iter().map(|node| self.node(node)).collect::<String>())
    }

    fn node(&self, node: &Node<'_>) -> String {
        let name = short_name(&node.address);
        let own = match node.change {
            Some(change) => self.change(change, &name),
            None => format!("<p class=\"place\">{}</p>\n", text(&name)),
        };
        let place = match node.address.is_place() || node.address.is_management() {
            true => format!(" data-place=\"{}\"", text(node.address.as_str())),
            false => String::new(),
        };
        let below = match node.children.as_slice() {
            [] => String::new(),
            // Collapsed at the top, the page would say nothing.
            children if node.address.is_organization() || node.address.is_root() => self.nodes(children),
            children => self.below(&self.nodes(children), children.iter().map(changes_in).sum()),
        };
        format!("<li class=\"node\"{place}>\n{own}{below}</li>\n")
    }

    /// Behind a click where there is much of it on a long page.
    fn below(&self, list: &str, number: usize) -> String {
        if number <= FEW || self.plan.changes.len() <= MOST_AT_FIRST {
            return list.to_owned();
        }
        let many = count(number, "change", "changes");
        format!("<details class=\"below\">\n<summary>{many}</summary>\n{list}</details>\n")
    }
}

fn changes_in(node: &Node<'_>) -> usize {
    usize::from(node.change.is_some()) + node.children.iter().map(changes_in).sum::<usize>()
}
