//! Pictures of an organization: SVG for pages, HTML that can be searched and folded, Mermaid for what renders it, DOT for Graphviz.
//!
//! All four are views of one [`Picture`]; the same picture is always written the same.

mod dot;
mod holding;
mod html;
mod mark;
mod mermaid;
mod outline;
mod picture;
mod svg;

pub use dot::graph_dot;
pub use html::graph_html;
pub use mermaid::graph_mermaid;
pub use picture::{Picture, View};
pub use svg::graph_svg;

#[cfg(test)]
mod tests;
