//! What to do about text that is not YAML.

use crate::diagnostic::Diagnostic;
use crate::node::MAX_DEPTH;
use crate::place::Place;

/// Says that lists and maps are nested too deep.
pub fn too_deep(place: Place) -> Diagnostic {
    Diagnostic::error("yaml", format!("lists and maps are nested deeper than {MAX_DEPTH}")).at(place)
}

/// The parser's words for a mistake, and what to do where the line shows what probably went wrong.
pub fn explain(info: &str, place: Place, text: &str) -> Diagnostic {
    if info == "recursion limit exceeded" {
        return too_deep(place);
    }
    let line = line_around(text, place.range().start);
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

/// The first that applies is given.
const HINTS: [Hint; 7] = [
    Hint {
        applies: |_, line| line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t'),
        help: "indent with spaces, YAML does not take tabs",
    },
    Hint {
        applies: |info, _| info.contains("anchor or alias"),
        help: "put `*` and `&` in quotes where they are text: \"*\"",
    },
    Hint {
        applies: |_, line| line.contains("${") && line.contains(['{', '[']) && !line.contains(['"', '\'']),
        help: "within `[…]` and `{…}`, put `${…}` in quotes",
    },
    Hint {
        applies: |info, line| info.contains("mapping values are not allowed") && line.matches(": ").count() > 1,
        help: "put text that contains `: ` in quotes",
    },
    Hint {
        applies: |info, _| info.contains("mapping values are not allowed"),
        help: "indent it as far as the keys beside it: the line before is not a key without a value",
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
