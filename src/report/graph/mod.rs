//! Pictures of an organization: SVG for pages, HTML to look around in, Mermaid for what renders it, DOT for Graphviz.
//!
//! All four are views of one [`Picture`]; the same picture is always written the same.

mod dot;
mod holding;
mod html;
mod mermaid;
mod outline;
mod picture;
mod svg;
mod xml;

pub use dot::graph_dot;
pub use html::graph_html;
pub use mermaid::graph_mermaid;
pub use picture::{Picture, View};
pub use svg::graph_svg;

use crate::model::Action;

/// What the plan does to something, in a word.
fn mark_word(action: Action) -> &'static str {
    match action {
        Action::Create => "new",
        Action::Move => "moves here",
        Action::Adopt => "adopted",
        Action::Update | Action::Delete => "changes",
    }
}

#[cfg(test)]
mod tests;
