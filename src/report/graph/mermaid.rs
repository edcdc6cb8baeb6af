//! The picture as a flowchart of Mermaid, which GitHub and others draw where it stands in Markdown.
//! <https://mermaid.js.org/syntax/flowchart.html>

use super::outline::{Node, Shape, folded, outline};
use super::picture::Picture;

/// Characters of a line in a box.
const COLUMNS: usize = 48;

/// Mermaid breaks lines by itself at half of this.
const ROOM: &str = "%%{init: {\"flowchart\": {\"wrappingWidth\": 400}}}%%\n";

/// The fill of a box goes with dark letters, whatever surrounds it.
const CLASSES: &str = "  \
  classDef organization fill:#ffffff,stroke:#5b6878,color:#24303f
  classDef management fill:#fff8ec,stroke:#b98526,color:#24303f,stroke-dasharray:6 3
  classDef unit fill:#e9eff8,stroke:#6d88b0,color:#24303f
  classDef account fill:#ffffff,stroke:#a9b4c2,color:#24303f
  classDef marked stroke:#11713a,stroke-width:3px
";

/// Writes it as a flowchart, without the fence around it.
#[must_use]
pub fn graph_mermaid(picture: &Picture) -> String {
    let mut text = format!("{ROOM}flowchart LR\n  accTitle: {}\n", reported(&picture.title));
    text += &format!("  accDescr: {}\n", reported(&picture.summary()));
    for (nth, node) in outline(picture).iter().enumerate() {
        text += &format!("  n{nth}{}\n", shape(node));
        if let Some(above) = node.above {
            let line = if node.shape == Shape::Management { "-.-" } else { "---" };
            text += &format!("  n{above} {line} n{nth}\n");
        }
        if node.is_marked {
            text += &format!("  class n{nth} marked\n");
        }
    }
    text + CLASSES
}

fn shape(node: &Node) -> String {
    let lines = node.lines.iter().flat_map(|line| folded(line, COLUMNS));
    let lines: String = lines.map(|line| format!("<br/>{}", escape(&line))).collect();
    let label = format!("\"<b>{}</b>{lines}\"", escape(&node.name));
    match node.shape {
        Shape::Organization => format!("([{label}]):::organization"),
        Shape::Management => format!("[{label}]:::management"),
        Shape::Unit => format!("[{label}]:::unit"),
        Shape::Account => format!("({label}):::account"),
        Shape::Accounts => format!("({label}):::account"),
    }
}

/// Only letters, digits and what means nothing to Mermaid, Markdown and HTML stay as they are.
/// <https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>
fn escape(text: &str) -> String {
    let as_is = |c: char| c.is_alphanumeric() || " .,:+-/()@…·=~'?!".contains(c) || !c.is_ascii();
    text.chars().map(|c| if as_is(c) { c.to_string() } else { format!("#{};", u32::from(c)) }).collect()
}

/// A title's line ends where it ends; `;` and `#` begin something else.
fn reported(text: &str) -> String {
    text.chars().map(|c| if matches!(c, ';' | '#' | '{' | '}' | '%') { ' ' } else { c }).collect()
}
