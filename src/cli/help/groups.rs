//! The one table of all commands.

use super::super::global::{AWS, BLUEPRINTS, Format, OUTPUT, SIMULATED};
use super::examples::{self, Example};

/// Commands for one purpose.
pub(super) struct Group {
    pub title: &'static str,
    pub entries: &'static [Entry],
}

/// A command, as its help shows it.
pub(super) struct Entry {
    pub name: &'static str,
    /// Of the options that every command accepts those that have an effect on this one, by their heading or name.
    pub options: &'static [&'static str],
    /// What `--format` offers; empty where the command does not look at it.
    pub formats: &'static [Format],
    pub examples: &'static [Example],
}

/// Options of a command that connects to AWS.
const LIVE: &[&str] = &[SIMULATED, BLUEPRINTS, AWS, OUTPUT];
/// Options of a command that reads a blueprint only.
const OFFLINE: &[&str] = &[BLUEPRINTS, OUTPUT];
/// Options of a command that reads neither.
const ALONE: &[&str] = &[OUTPUT];
const SILENT: &[&str] = &["color"];

const TEXT: &[Format] = &[Format::Text];
const DATA: &[Format] = &[Format::Text, Format::Json];
const PAGES: &[Format] = &[Format::Text, Format::Json, Format::Markdown];
const FINDINGS: &[Format] = &[Format::Text, Format::Json, Format::Sarif];
const PLAN: &[Format] = &[Format::Text, Format::Json, Format::Markdown, Format::Html];
const DRIFT: &[Format] = &[Format::Text, Format::Json, Format::Markdown, Format::Html, Format::Sarif];
const PICTURES: &[Format] = &[Format::Svg, Format::Html, Format::Mermaid, Format::Dot];
const LISTINGS: &[Format] =
    &[Format::Text, Format::Json, Format::Markdown, Format::Csv, Format::Env, Format::AwsConfig, Format::AccountMap];

const fn command(
    name: &'static str,
    options: &'static [&'static str],
    formats: &'static [Format],
    examples: &'static [Example],
) -> Entry {
    Entry { name, options, formats, examples }
}

/// Every command, in the order in which people need them.
pub(super) const GROUPS: &[Group] = &[
    Group {
        title: "Start",
        entries: &[
            command("init", ALONE, &[], examples::INIT),
            command("validate", OFFLINE, DATA, examples::VALIDATE),
            command("import", LIVE, PAGES, examples::IMPORT),
            command("doctor", LIVE, TEXT, examples::DOCTOR),
            command("permissions", &[BLUEPRINTS, OUTPUT, "region"], DATA, examples::PERMISSIONS),
        ],
    },
    Group {
        title: "Change",
        entries: &[
            command("plan", LIVE, PLAN, examples::PLAN),
            command("apply", LIVE, DATA, examples::APPLY),
            command("drift", LIVE, DRIFT, examples::DRIFT),
        ],
    },
    Group {
        title: "Look",
        entries: &[
            command("explain", LIVE, PAGES, examples::EXPLAIN),
            command("graph", LIVE, PICTURES, examples::GRAPH),
            command("accounts", LIVE, LISTINGS, examples::ACCOUNTS),
            command("history", LIVE, PAGES, examples::HISTORY),
            command("snapshot", LIVE, TEXT, examples::SNAPSHOT),
        ],
    },
    Group {
        title: "Policies",
        entries: &[
            command("simulate", LIVE, DATA, examples::SIMULATE),
            command("why", LIVE, PAGES, examples::WHY),
            command("replay", LIVE, PAGES, examples::REPLAY),
            command("lint", OFFLINE, FINDINGS, examples::LINT),
            command("guardrails", ALONE, PAGES, examples::GUARDRAILS),
        ],
    },
    Group {
        title: "More",
        entries: &[
            command("render", OFFLINE, &[], examples::RENDER),
            command("sandbox", &[SIMULATED, OUTPUT], DATA, examples::SANDBOX),
            command("schema", SILENT, &[], examples::SCHEMA),
            command("completions", SILENT, &[], examples::COMPLETIONS),
            command("man", SILENT, &[], examples::MAN),
        ],
    },
];

/// A command by its name.
pub(super) fn entry(name: &str) -> Option<&'static Entry> {
    GROUPS.iter().flat_map(|group| group.entries).find(|entry| entry.name == name)
}
