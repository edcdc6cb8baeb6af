//! The picture in the language of Graphviz.
//! <https://graphviz.org/doc/info/lang.html>

use super::outline::{Node, Shape, folded, outline};
use super::picture::Picture;

const COLUMNS: usize = 48;

/// Writes it as a graph for `dot`.
#[must_use]
pub fn graph_dot(picture: &Picture) -> String {
    let mut text = format!("graph {} {{\n", quoted(&escape(&picture.title)));
    text +=
        "  rankdir=LR\n  node [shape=box style=\"rounded,filled\" fillcolor=white fontname=Helvetica fontsize=10]\n";
    text += &format!("  tooltip={}\n", quoted(&escape(&picture.summary())));
    for (nth, node) in outline(picture).iter().enumerate() {
        text += &format!("  n{nth} [label={}{}]\n", label(node), look(node));
        if let Some(above) = node.above {
            let dashed = if node.shape == Shape::Management { " [style=dashed]" } else { "" };
            text += &format!("  n{above} -- n{nth}{dashed}\n");
        }
    }
    text + "}\n"
}

/// The name, and the other lines from the left.
fn label(node: &Node) -> String {
    let lines = node.lines.iter().flat_map(|line| folded(line, COLUMNS));
    let lines: String = lines.map(|line| format!("{}\\l", escape(&line))).collect();
    let name = escape(&node.name);
    quoted(&if lines.is_empty() { name } else { format!("{name}\\n{lines}") })
}

fn look(node: &Node) -> String {
    let shape = match node.shape {
        Shape::Organization => " shape=oval",
        Shape::Management => " fillcolor=\"#fff8ec\" style=\"rounded,filled,dashed\"",
        Shape::Unit => " fillcolor=\"#e9eff8\" style=filled",
        Shape::Account | Shape::Accounts => "",
    };
    let marked = if node.is_marked { " color=\"#11713a\" penwidth=2" } else { "" };
    format!("{shape}{marked}")
}

/// A backslash begins an escape in labels; Graphviz reads `&…;` as HTML does.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

fn quoted(escaped: &str) -> String {
    format!("\"{escaped}\"")
}
