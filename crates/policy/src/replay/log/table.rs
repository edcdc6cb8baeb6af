//! Tables as Athena, CloudTrail Lake and Splunk export them: comma-separated values with the names of columns first
//! (<https://www.rfc-editor.org/rfc/rfc4180>).

use serde_json::{Map, Value};

use super::envelope::WHOLE_EVENTS;

/// The columns without which a row is no event.
const NEEDED: [&str; 3] = ["eventsource", "eventname", "useridentity"];

/// The columns of a table by its first line, if it is that of one. Columns of something else are an error that says of what.
pub(super) fn columns(line: &str) -> Option<Result<Vec<String>, String>> {
    let columns = cells(line);
    let folded: Vec<String> = columns.iter().map(|name| name.trim().to_lowercase()).collect();
    let has = |name: &str| folded.iter().any(|column| column == name || column.starts_with(&format!("{name}.")));
    if WHOLE_EVENTS.iter().any(|name| has(&name.to_lowercase())) || NEEDED.iter().all(|name| has(name)) {
        return Some(Ok(columns.into_iter().map(|name| name.trim().to_owned()).collect()));
    }
    if columns.len() < 2 || line.trim_start().starts_with(['<', '#']) {
        return None;
    }
    if has("event name") && has("event source") {
        let what = "a table from the console's event history, which does not say who made a call; download it as JSON";
        return Some(Err(what.to_owned()));
    }
    let missing: Vec<&str> = NEEDED.iter().filter(|name| !has(name)).copied().collect();
    NEEDED.iter().any(|name| has(name)).then(|| Err(format!("a table without the columns {}", missing.join(", "))))
}

/// A row as JSON. What is empty is not there.
pub(super) fn row(columns: &[String], line: &str) -> String {
    let cells = cells(line).into_iter().map(Value::String);
    let members = columns.iter().cloned().zip(cells).filter(|(_, cell)| cell != "");
    Value::Object(members.collect::<Map<_, _>>()).to_string()
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = line.trim_end_matches(['\r', '\n']).chars().peekable();
    let mut is_quoted = false;
    while let Some(character) = characters.next() {
        match character {
            // Within quotes, two quotes are one that belongs to the text.
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => push(&mut cells, '"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => push(&mut cells, other),
        }
    }
    cells
}

fn push(cells: &mut [String], character: char) {
    if let Some(last) = cells.last_mut() {
        last.push(character);
    }
}
