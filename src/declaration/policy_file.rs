//! Policy documents in files of their own.

use landing_blueprint::{Diagnostic, Place, Spanned};
use landing_policy::parse;
use serde_json::Value;

use crate::declaration::Declaration;
use crate::declaration::document::{Document, Written};

/// A JSON or YAML document, relative to the file that names it.
pub(crate) fn read(file: &Spanned<String>, declaration: &mut Declaration) -> Option<Value> {
    read_document(file, declaration).map(|document| document.value)
}

/// The same with the places of its parts.
pub(crate) fn read_document(file: &Spanned<String>, declaration: &mut Declaration) -> Option<Document> {
    let (id, text) = match declaration.sources.draw_in(file.place, file) {
        Ok((id, text)) => (id, text.to_owned()),
        Err(diagnostic) => {
            declaration.diagnostics.push(*diagnostic);
            return None;
        }
    };
    let is_yaml = [".yaml", ".yml"].iter().any(|ending| file.ends_with(ending));
    let read = if is_yaml { parse_yaml(&text) } else { parse_json(&text) };
    let value = read
        .map_err(|unreadable| {
            let is_comma = unreadable.message == TRAILING_COMMA;
            let at = offset(&text, unreadable.line, unreadable.column);
            let at = text[..at].rfind(',').filter(|_| is_comma).unwrap_or(at);
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let language = if is_yaml { "YAML" } else { "JSON" };
            let diagnostic = Diagnostic::error("policy", format!("not {language}: {}", unreadable.message));
            let diagnostic = diagnostic.at(Place::new(id, at..end)).also(file.place, "drawn in here");
            let help = if is_comma { "remove this comma" } else { "correct it here, or in the lines just before" };
            declaration.diagnostics.push(diagnostic.help(help));
        })
        .ok()?;
    let written = match is_yaml {
        true => Written::in_yaml(id, &declaration.sources, &value, file.place),
        false => Written::in_json(id, &text, &value, file.place),
    };
    Some(Document { value, written })
}

/// What serde_json says of a comma before a bracket.
const TRAILING_COMMA: &str = "trailing comma";

/// Why a policy file cannot be read, and where: line and column, counted from 1.
struct Unreadable {
    line: usize,
    column: usize,
    message: String,
}

fn parse_json(text: &str) -> Result<Value, Unreadable> {
    parse(text).map_err(|error| Unreadable { line: error.line, column: error.column, message: error.message })
}

fn parse_yaml(text: &str) -> Result<Value, Unreadable> {
    serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        Unreadable { line, column, message: error.to_string() }
    })
}

/// The byte offset of a line and column, both counted from 1, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
