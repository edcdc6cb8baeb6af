//! What to do about text that is not YAML.

use super::layout;
use crate::diagnostic::Diagnostic;
use crate::node::MAX_DEPTH;
use crate::place::Place;

/// Says that lists and maps are nested too deep.
pub fn too_deep(place: Place) -> Diagnostic {
    Diagnostic::error("yaml", format!("lists and maps are nested deeper than {MAX_DEPTH}")).at(place)
}

/// The mistake itself where the lines show it; else the parser's words for it, and what to do where these are known.
pub fn explain(info: &str, place: Place, text: &str) -> Diagnostic {
    if info == "recursion limit exceeded" {
        return too_deep(place);
    }
    let line = line_around(text, place.range().start);
    if !(REFERENCE.applies)(info, line)
        && let Some(found) = layout::explain(info, place, text)
    {
        return found;
    }
    let diagnostic = Diagnostic::error("yaml", format!("this is not YAML: {info}")).at(place);
    match HINTS.iter().find(|hint| (hint.applies)(info, line)) {
        Some(hint) => diagnostic.help(hint.help),
        None => diagnostic,
    }
}

struct Hint {
    /// Whether it explains the parser's words about this line.
    applies: fn(info: &str, line: &str) -> bool,
    help: &'static str,
}

/// What the scanner says where a bracket or quote that was opened is not closed.
const UNCLOSED: [&str; 4] =
    ["flow sequence", "flow mapping", "found unexpected end of stream", "illegal placement of ':'"];

/// `{` begins a map, of a reference as well.
const REFERENCE: Hint = Hint {
    applies: |_, line| line.contains("${") && line.contains(['{', '[']) && !line.contains(['"', '\'']),
    help: "within `[…]` and `{…}`, put `${…}` in quotes",
};

/// The first that applies is given.
const HINTS: [Hint; 7] = [
    REFERENCE,
    Hint {
        applies: |info, _| info.contains("anchor or alias"),
        help: "put `*` and `&` in quotes where they are text: \"*\"",
    },
    Hint {
        applies: |info, _| info.contains("mapping values are not allowed"),
        help: "indent it as far as the keys beside it",
    },
    Hint {
        applies: |info, _| info.contains("trailing content"),
        help: "put the whole text in one pair of quotes, and write `\\\"` for a quote within it",
    },
    Hint {
        applies: |info, _| info.contains("expected key") || info.contains("'-' indicator"),
        help: "indent the keys of a map and the items of a list by the same number of spaces",
    },
    Hint {
        applies: |info, _| info.contains("unexpected character"),
        help: "put text that begins with `@`, `` ` `` or `%` in quotes",
    },
    Hint {
        applies: |info, _| UNCLOSED.iter().any(|words| info.contains(words)),
        help: "close every `[`, `{` and quote that was opened before this",
    },
];

fn line_around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    &text[start..end]
}
