//! From a blueprint's files to a typed value, with every mistake at once.

use std::path::Path;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::de::from_map;
use super::diagnostic::Diagnostics;
use super::place::FileId;
use super::salvage::without_mistakes;
use super::source::Sources;
use super::{include, schema, values, version, yaml};

/// The keys of every blueprint that are understood here.
const OWN_KEYS: [&str; 3] = [version::VERSION, include::INCLUDE, values::VALUES];

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

/// Reads the blueprint `path` and what it includes, all of which lies in its folder. The keys `version`, `include` and `values` are understood here; of
/// these, `T` sees only those that its schema names.
///
/// # Errors
/// Everything that is wrong. Where a file cannot be read or is not YAML, only the like of that, since other mistakes
/// may be due to it.
pub fn load<T: DeserializeOwned + JsonSchema>(path: &Path) -> Result<Loaded<T>, Box<Failed>> {
    let (sources, name) = Sources::beside(path, None);
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

fn finish<T: DeserializeOwned + JsonSchema>(sources: Sources, name: &str) -> Result<Loaded<T>, Box<Failed>> {
    let salvaged = finish_salvage(sources, name)?;
    if salvaged.warnings.has_errors() {
        return Err(Box::new(Failed { diagnostics: salvaged.warnings, sources: salvaged.sources }));
    }
    Ok(salvaged)
}

/// As [`load`], but where only some of it is wrong, the rest is read: the errors are among the warnings then, so that
/// a caller that finds more mistakes in the rest can report all of them at once. Files are read below `root`, or below the
/// blueprint's folder.
///
/// # Errors
/// As [`load`], where no rest can be read.
pub fn salvage<T: DeserializeOwned + JsonSchema>(path: &Path, root: Option<&Path>) -> Result<Loaded<T>, Box<Failed>> {
    let (sources, name) = Sources::beside(path, root);
    finish_salvage(sources, &name)
}

/// As [`salvage`], for a text that includes nothing.
///
/// # Errors
/// As [`salvage`].
pub fn salvage_text<T: DeserializeOwned + JsonSchema>(name: &str, text: &str) -> Result<Loaded<T>, Box<Failed>> {
    finish_salvage(Sources::embedded(&[(name, text)]), name)
}

/// As [`salvage`], for files held in memory; see [`load_embedded`].
///
/// # Errors
/// As [`salvage`].
pub fn salvage_embedded<T: DeserializeOwned + JsonSchema>(
    name: &str,
    files: &[(&str, &str)],
) -> Result<Loaded<T>, Box<Failed>> {
    finish_salvage(Sources::embedded(files), name)
}

/// As [`salvage`], for the files of a blueprint that was read, with other texts for some of them, and with more files, given as
/// paths from the blueprint's folder and texts. Nothing is read from disk.
///
/// # Errors
/// As [`salvage`].
pub fn salvage_changed<T: DeserializeOwned + JsonSchema>(
    sources: &Sources,
    changed: &[(FileId, String)],
    added: &[(&str, &str)],
) -> Result<Loaded<T>, Box<Failed>> {
    let files = sources.with_changed(changed, added);
    let name = files.first().map(|(name, _)| *name).unwrap_or_default();
    salvage_embedded(name, &files)
}

/// What a YAML file that was drawn in says, such as a document of its own with [`Spanned`](super::Spanned) parts. `None`
/// for what the plain YAML of blueprints leaves out, or `T` does not take.
pub fn document<T: DeserializeOwned>(sources: &Sources, file: FileId) -> Option<T> {
    let mut diagnostics = Diagnostics::new();
    let node = yaml::parse(sources, file, &mut diagnostics)?;
    T::deserialize(&node).ok().filter(|_| !diagnostics.has_errors())
}

fn finish_salvage<T: DeserializeOwned + JsonSchema>(
    mut sources: Sources,
    name: &str,
) -> Result<Loaded<T>, Box<Failed>> {
    let mut diagnostics = Diagnostics::new();
    let value = read(&mut sources, name, &mut diagnostics);
    diagnostics.tidy();
    match value {
        Some(value) => Ok(Loaded { value, sources, warnings: diagnostics }),
        None => Err(Box::new(Failed { diagnostics, sources })),
    }
}

fn read<T>(sources: &mut Sources, name: &str, diagnostics: &mut Diagnostics) -> Option<T>
where
    T: DeserializeOwned + JsonSchema,
{
    let root = include::gather(sources, name, diagnostics)?;
    let start = root.keys().next().map(|key| key.place).unwrap_or_default();
    let mut root = values::expand(root, sources, diagnostics);
    version::check(&root, start, diagnostics);
    let mut schema = schema::of::<T>().to_value();
    if schema.pointer("/properties/version").is_none() {
        root.shift_remove(version::VERSION);
    }
    allow_own_keys(&mut schema);
    schema::check(&root, start, &schema, diagnostics);
    if diagnostics.has_errors() {
        // What the rest lacks is due to what was removed, and has been said.
        return from_map(without_mistakes(root, diagnostics)).ok();
    }
    from_map(root).map_err(|refused| diagnostics.push(refused)).ok()
}

/// Lets `schema` know the keys that are understood here, but say nothing about them: they have been checked.
fn allow_own_keys(schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for key in OWN_KEYS {
            properties.insert(key.to_owned(), Value::Bool(true));
        }
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|key| !OWN_KEYS.iter().any(|own| key == own));
    }
}
