//! The catalogue of guardrails as people read it.

use serde_json::{Map, Value, json};

use super::line::{Line, text_of};
use super::markdown::code;
use super::paint::Paint;
use crate::template::{Guardrail, Rendered};

/// All of them in a table: by level, each with its name, behavior, what it renders and its title. With ANSI escapes.
#[must_use]
pub fn guardrails_text(guardrails: &[&Guardrail], width: usize) -> String {
    let mut sorted: Vec<&Guardrail> = guardrails.to_vec();
    sorted.sort_by_key(|guardrail| (guardrail.guidance, guardrail.id.clone()));
    let name_width = sorted.iter().map(|it| it.id.len()).max().unwrap_or_default();
    let mut lines = Vec::new();
    let mut level = None;
    for guardrail in &sorted {
        if level != Some(guardrail.guidance) {
            if level.is_some() {
                lines.push(Line::new());
            }
            level = Some(guardrail.guidance);
            lines.push(Line::of(Paint::Strong, guardrail.guidance.to_string()));
        }
        let head = Line::new()
            .plain("  ")
            .with(Paint::Link, format!("{:<name_width$}", guardrail.id))
            .with(Paint::Dim, format!("  {:<10}  {:<11}  ", guardrail.behaviour, guardrail.means()));
        let indent = Line::new().plain(" ".repeat(name_width + 29));
        lines.extend(Line::new().plain(guardrail.title.clone()).wrap(&head, &indent, width.max(name_width + 50)));
    }
    lines.push(Line::new());
    let sets: std::collections::BTreeSet<&str> =
        sorted.iter().flat_map(|it| it.sets.iter().map(String::as_str)).collect();
    let sets: Vec<&str> = sets.into_iter().collect();
    lines.push(Line::new().plain(format!("{} guardrails; sets: {}", sorted.len(), sets.join(", "))));
    text_of(&lines)
}

/// One of them explained: its purpose, its parameters, what it renders, by an `example`, and its test cases. With ANSI
/// escapes.
#[must_use]
pub fn guardrail_text(guardrail: &Guardrail, example: &Rendered, width: usize) -> String {
    let none = Line::new();
    let indent = Line::new().plain("  ");
    let mut lines = vec![
        Line::of(Paint::Strong, guardrail.id.clone()).plain(": ").plain(guardrail.title.clone()),
        Line::of(Paint::Dim, facts(guardrail)),
    ];
    if !guardrail.about.is_empty() {
        lines.push(Line::new());
        lines.extend(Line::new().plain(guardrail.about.trim().to_owned()).wrap(&none, &none, width));
    }
    section(&mut lines, "Parameters");
    for (name, parameter) in &guardrail.parameters {
        let preset = parameter.preset.as_ref().map_or("required".to_owned(), |preset| format!("default: {preset}"));
        let line = Line::of(Paint::Link, name.clone()).plain(format!(": {} ({preset})", parameter.about));
        lines.extend(line.wrap(&indent, &Line::new().plain("    "), width));
    }
    if guardrail.parameters.is_empty() {
        lines.push(Line::new().plain("  none"));
    }
    section(&mut lines, &rendered_title(guardrail));
    lines.extend(json_text(example).lines().map(|line| Line::new().plain(format!("  {line}"))));
    if !guardrail.cases.is_empty() {
        section(&mut lines, "Test cases");
        for case in &guardrail.cases {
            lines.extend(Line::new().plain(case_text(case)).wrap(&indent, &Line::new().plain("    "), width));
        }
    }
    section(&mut lines, "In a blueprint");
    lines.push(Line::new().plain(format!("  guardrails: [{}]", in_blueprint(guardrail))));
    if !guardrail.pages.is_empty() {
        section(&mut lines, "AWS documentation");
        lines.extend(guardrail.pages.iter().map(|page| Line::new().plain("  ").with(Paint::Link, page.clone())));
    }
    text_of(&lines)
}

fn section(lines: &mut Vec<Line>, title: &str) {
    lines.push(Line::new());
    lines.push(Line::of(Paint::Strong, title.to_owned()));
}

/// `preventive, mandatory, version 1, SCP; sets: logging; rows 4, 14`.
fn facts(guardrail: &Guardrail) -> String {
    let Guardrail { behaviour, guidance, version, aliases, .. } = guardrail;
    let also = if aliases.is_empty() { String::new() } else { format!("; also called {}", aliases.join(", ")) };
    let sets = if guardrail.sets.is_empty() { String::new() } else { format!("; sets: {}", guardrail.sets.join(", ")) };
    format!("{behaviour}, {guidance}, version {version}, {}{sets}{also}", guardrail.means())
}

fn rendered_title(guardrail: &Guardrail) -> String {
    format!("What it renders ({})", guardrail.means())
}

fn json_text(example: &Rendered) -> String {
    match example {
        Rendered::Statements(_, statements) => format!("{:#}", Value::from(statements.clone())),
        Rendered::Policy(_, value) | Rendered::Rule(value, _) | Rendered::Hook(value) => format!("{value:#}"),
    }
}

/// `deny s3:PutBucketPolicy as role/x`.
fn case_text(case: &Value) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    let members = case.as_object().into_iter().flatten();
    let members = members.filter(|(key, _)| !matches!(key.as_str(), "deny" | "allow"));
    let rest: String = members.map(|(key, value)| format!("; {key}: {}", text(value))).collect();
    let (word, actions) = match (case.get("deny"), case.get("allow")) {
        (Some(actions), _) => ("denied", text(actions)),
        (_, Some(actions)) => ("allowed", text(actions)),
        _ => ("", String::new()),
    };
    format!("{word}: {actions}{rest}")
}

fn in_blueprint(guardrail: &Guardrail) -> String {
    if guardrail.example.is_empty() {
        return guardrail.id.clone();
    }
    format!("{}: {}", guardrail.id, Value::from(guardrail.example.clone()))
}

/// A page on it with an `example` of what it renders, in Markdown.
#[must_use]
pub fn guardrail_markdown(guardrail: &Guardrail, example: &Rendered) -> String {
    let mut page = format!("# {}\n\n**{}**\n\n", guardrail.id, guardrail.title);
    page += &format!("{}\n\n", facts(guardrail));
    if !guardrail.about.is_empty() {
        page += &format!("{}\n\n", guardrail.about.trim());
    }
    page += &format!("In a blueprint: `guardrails: [{}]`\n\n", in_blueprint(guardrail));
    if !guardrail.parameters.is_empty() {
        page += "| parameter | description | default |\n|---|---|---|\n";
        for (name, parameter) in &guardrail.parameters {
            let preset = parameter.preset.as_ref().map_or("required".to_owned(), |preset| code(&preset.to_string()));
            page += &format!("| `{name}` | {} | {preset} |\n", parameter.about);
        }
        page += "\n";
    }
    page += &format!("## {}\n\n```json\n{}\n```\n\n", rendered_title(guardrail), json_text(example));
    if !guardrail.cases.is_empty() {
        page += "## Test cases\n\n";
        page += &guardrail.cases.iter().map(|case| format!("- {}\n", case_text(case))).collect::<String>();
        page += "\n";
    }
    if !guardrail.changes.is_empty() {
        page += "## Versions\n\n";
        page += &guardrail.changes.iter().map(|(version, why)| format!("- {version}: {why}\n")).collect::<String>();
        page += "\n";
    }
    if !guardrail.pages.is_empty() {
        page += "## AWS documentation\n\n";
        page += &guardrail.pages.iter().map(|url| format!("- <{url}>\n")).collect::<String>();
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}

/// All its properties: `{"id", "aliases", "title", "about", "behaviour", "guidance", "sets", "rows", "pages", "version", "changes",
/// "renders", "parameters": {NAME: {"about", "preset"}}, "cases"}`.
#[must_use]
pub fn guardrail_json(guardrail: &Guardrail) -> Value {
    let parameters: Map<String, Value> = guardrail
        .parameters
        .iter()
        .map(|(name, it)| (name.clone(), json!({"about": it.about, "preset": it.preset})))
        .collect();
    json!({
        "id": guardrail.id, "aliases": guardrail.aliases, "title": guardrail.title, "about": guardrail.about.trim(),
        "behaviour": guardrail.behaviour.to_string(), "guidance": guardrail.guidance.to_string(),
        "sets": guardrail.sets, "rows": guardrail.rows, "pages": guardrail.pages,
        "version": guardrail.version, "changes": guardrail.changes, "renders": guardrail.means(),
        "parameters": parameters, "cases": guardrail.cases,
    })
}
