//! The blueprint's text: from YAML files to a typed value that knows where everything is written.
//!
//! ```text
//! source ─ yaml ─ include ─ values ─ schema ─ de
//! ```
//!
//! Every step goes on after a mistake where that makes sense, so that all mistakes of a blueprint are shown at once.
//! Nothing here knows the sections of a blueprint: they are a Rust type with derived [`serde::Deserialize`] and
//! [`schemars::JsonSchema`], in which [`Spanned`] asks for the place of a value and [`Entries`] for a map with the
//! places of its keys.

mod de;
mod diagnostic;
mod entries;
mod folder;
mod glob;
mod include;
mod library;
mod load;
mod merge;
mod node;
mod patch;
mod place;
mod render;
mod salvage;
mod scalar;
mod schema;
mod source;
mod spanned;
mod suggest;
mod values;
mod version;
mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Offer, Severity};
pub use entries::Entries;
pub use folder::MAX_STEPS;
pub use load::{Failed, Loaded, document, load, load_embedded, load_text, salvage, salvage_text};
pub use load::{salvage_changed, salvage_embedded};
pub use patch::file_patch;
pub use place::{FileId, Place};
pub use schema::{Keywords, each_subschema, for_editors, json_schema};
pub use source::{MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, Sources};
pub use spanned::Spanned;
pub use suggest::did_you_mean;

#[cfg(test)]
mod tests;
