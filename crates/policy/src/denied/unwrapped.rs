//! Messages without what tools put around them: frames, line breaks in the middle, quotes of JSON.

/// The text as one line: the frames that Terraform and tables draw are gone, quotes of JSON are plain, and lines are joined, by
/// a space or, where a line was broken within a name, by nothing.
pub(super) fn unwrapped(text: &str) -> String {
    let text = unescaped(text);
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        let line = without_frame(line);
        // Python's `textwrap`, which SAM prints tables with, breaks lines behind hyphens of names.
        let is_within_name = whole.ends_with(['-', '/']) && !whole.ends_with(" -");
        if !whole.is_empty() && !is_within_name {
            whole.push(' ');
        }
        whole.push_str(&line.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    whole
}

fn without_frame(line: &str) -> &str {
    line.trim().trim_matches(['│', '╷', '╵', '|', '┃', '║']).trim()
}

/// As in a string of JSON, or of a string within one.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('\\') {
            break;
        }
        text = text.replace("\\\"", "\"").replace("\\n", "\n").replace("\\t", " ").replace("\\u0027", "'");
        text = text.replace("\\/", "/").replace("\\\\", "\\");
    }
    text
}
