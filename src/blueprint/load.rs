//! From a blueprint's files to a typed value, with every mistake at once.

use std::path::Path;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::de::from_map;
use super::diagnostic::Diagnostics;
use super::node::Map;
use super::place::{FileId, Place};
use super::source::Sources;
use super::{include, schema, values, version};

/// A blueprint that can be used.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// What it says.
    pub value: T,
    /// The files that it is made of.
    pub sources: Sources,
    /// What probably is not meant as it is written.
    pub warnings: Diagnostics,
}

/// A blueprint that cannot be used.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Why: at least one error, and warnings.
    pub diagnostics: Diagnostics,
    /// The files in which they are.
    pub sources: Sources,
}

/// Reads the blueprint `path` and what it includes. The keys `version`, `include` and `values` are understood here; of
/// these, `T` sees only those that its schema names.
///
/// # Errors
/// Everything that is wrong. Where a file cannot be read or is not YAML, only the like of that, since other mistakes
/// may be due to it.
pub fn load<T: DeserializeOwned + JsonSchema>(path: &Path) -> Result<Loaded<T>, Box<Failed>> {
    let (sources, name) = Sources::beside(path);
    finish(sources, &name)
}

/// The same for a text, called `name` in messages, that includes nothing.
///
/// # Errors
/// As [`load`].
pub fn load_text<T: DeserializeOwned + JsonSchema>(name: &str, text: &str) -> Result<Loaded<T>, Box<Failed>> {
    load_embedded(name, &[(name, text)])
}

/// The same for files held in memory, given as name and text, of which the blueprint is called `name`. Names are paths
/// from the blueprint's folder.
///
/// # Errors
/// As [`load`].
pub fn load_embedded<T: DeserializeOwned + JsonSchema>(
    name: &str,
    files: &[(&str, &str)],
) -> Result<Loaded<T>, Box<Failed>> {
    finish(Sources::embedded(files), name)
}

fn finish<T: DeserializeOwned + JsonSchema>(mut sources: Sources, name: &str) -> Result<Loaded<T>, Box<Failed>> {
    let mut diagnostics = Diagnostics::new();
    match read(&mut sources, name, &mut diagnostics) {
        Some(value) if !diagnostics.has_errors() => Ok(Loaded { value, sources, warnings: diagnostics }),
        _ => Err(Box::new(Failed { diagnostics, sources })),
    }
}

fn read<T: DeserializeOwned + JsonSchema>(
    sources: &mut Sources,
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let root = include::gather(sources, name, diagnostics)?;
    let start = Place::new(FileId(0), 0..0);
    let mut root = values::expand(root, sources, diagnostics);
    version::check(&root, start, diagnostics);
    let schema = without_version(schema::of::<T>().to_value(), &mut root);
    schema::check(&root, start, &schema, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    from_map(root).map_err(|refused| diagnostics.push(refused)).ok()
}

/// Takes the version, which has been checked in better words than a schema's, out of the schema, and out of the
/// blueprint too if the type does not ask for it.
fn without_version(mut schema: Value, root: &mut Map) -> Value {
    match schema.pointer_mut("/properties/version") {
        Some(version) => *version = Value::Bool(true),
        None => drop(root.shift_remove(version::VERSION)),
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|key| key != version::VERSION);
    }
    schema
}
