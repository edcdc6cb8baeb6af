//! What people see: plans, what was applied and what was not, as text, Markdown and JSON.
//!
//! Values in, text out: nothing here knows the SDK, a file, a clock or a terminal. Text carries ANSI escapes for the
//! meanings that [`Paint`] names; anyone who prints it strips them where they are not wanted.

mod accounts;
mod against;
mod alike;
mod applied;
mod author;
mod clean;
mod common;
mod content;
mod counts;
mod detail;
mod document;
mod drift_sarif;
mod event;
mod excerpt;
mod explain;
mod fields;
mod fold;
mod graph;
mod guardrail;
mod history;
mod import;
mod line;
mod lint;
mod markdown;
mod marked;
mod naming;
mod page;
mod paint;
mod plan;
mod renamed;
mod replay;
mod resources;
mod rows;
mod sarif;
mod schemas;
mod sentence;
mod simulate;
mod summary;
mod tree;
mod values;
mod why;
mod wording;
mod xml;

pub use accounts::{
    SignIn, accounts_csv, accounts_env, accounts_json, accounts_map, accounts_markdown, accounts_profiles,
    accounts_text, start_url,
};
pub use against::not_known_text;
pub use applied::{Run, applied_json, applied_text};
pub use clean::{EscapedJson, clean, escaped_json, printable};
pub use counts::{counts_text, pace_text, reading_text, time_left};
pub use drift_sarif::drift_sarif;
pub use event::{EventMessage, EventMessages, left_text};
pub use excerpt::problems_text;
pub use explain::{Page, called, explain_json, explain_markdown, explain_text, explainable};
pub use graph::{Picture, View, graph_dot, graph_html, graph_mermaid, graph_svg};
pub use guardrail::{guardrail_json, guardrail_markdown, guardrail_text, guardrails_text};
pub use history::{history_json, history_markdown, history_text, record_json, record_markdown, record_text};
pub use import::{import_json, import_markdown, import_text};
pub use line::Line;
pub use lint::{Found, Indent, Linted, Replacement, lint_json, lint_sarif, lint_text};
pub use markdown::{drift_markdown, plan_markdown, replayed_plan_markdown};
pub use naming::subject;
pub use page::{PageFacts, drift_html, plan_html};
pub use paint::Paint;
pub use plan::{Context, Layout, drift_text, plan_text, refusals_text};
pub use replay::{AccountNames, replay_markdown, replay_text};
pub use schemas::{JsonOutput, output_schema};
pub use simulate::answers_text;
pub use summary::consent_text;
pub use why::{why_json, why_markdown, why_text};

#[cfg(test)]
mod tests;
