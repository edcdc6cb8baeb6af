use std::path::Path;

use super::global::{BLUEPRINT, Global, SANDBOX_STATE};
use crate::model::Plan;

/// A command to go on with, in the same surroundings as this one. `file` is left out where it is the default.
pub(super) fn command(words: &str, file: Option<&Path>, global: &Global) -> String {
    let mut parts = vec!["landing".to_owned(), words.to_owned()];
    parts.extend(file.filter(|file| *file != Path::new(BLUEPRINT)).map(|file| quoted(&no_option(file))));
    if let Some(state) = global.simulated() {
        parts.push(match state.to_string_lossy() {
            state if state == SANDBOX_STATE => "--sandbox".into(),
            state => format!("--sandbox={}", quoted(&state)),
        });
    }
    parts.extend(global.root.iter().map(|root| format!("--root {}", quoted(&root.to_string_lossy()))));
    parts.extend(global.today.iter().map(|today| format!("--today {today}")));
    let named = [("profile", &global.profile), ("region", &global.region), ("endpoint-url", &global.endpoint_url)];
    for (name, value) in named {
        parts.extend(value.iter().map(|value| format!("--{name} {}", quoted(value))));
    }
    parts.join(" ")
}

/// A file as a word that is no option.
fn no_option(file: &Path) -> String {
    let name = file.to_string_lossy();
    if name.starts_with('-') { format!("./{name}") } else { name.into_owned() }
}

/// The flags that have the next command look at the same as this one.
pub(super) fn scope(targets: &[String], deep: bool) -> String {
    let targets: String = targets.iter().map(|target| format!(" --target {}", quoted(target))).collect();
    if deep { targets + " --deep" } else { targets }
}

/// The flag without which apply refuses a plan that destroys something.
pub(super) fn permission(plan: &Plan) -> &'static str {
    let destroys = plan.changes.iter().any(|change| change.risk.needs_permission());
    if destroys { " --allow-destroy" } else { "" }
}

/// As a POSIX shell takes it for one word.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:=@+,%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_command_looks_at_the_same() {
        assert_eq!(scope(&[], false), "");
        assert_eq!(scope(&["ou/R&D".into(), "root".into()], true), " --target 'ou/R&D' --target root --deep");
    }

    #[test]
    fn every_next_command_parses() {
        let text = |text: &str| Some(text.to_owned());
        let everything = Global {
            sandbox: Some("my state.json".into()),
            root: Some("..".into()),
            today: crate::model::Date::parse("2027-03-01"),
            profile: text("it's"),
            region: text("eu-west-1"),
            endpoint_url: text("http://localhost:4566"),
            ..Global::default()
        };
        for (words, global) in [("plan", &everything), ("apply", &everything), ("plan", &Global::default())] {
            for file in [None, Some("landing.yaml"), Some("-x y.yaml")] {
                let line = command(words, file.map(Path::new), global) + &scope(&["ou/R&D".into()], true);
                let parsed = crate::cli::help::program().try_get_matches_from(shell_words(&line));
                parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
            }
        }
    }

    /// The words of a line as a POSIX shell has them, for what [`quoted`] writes.
    fn shell_words(line: &str) -> Vec<String> {
        let (mut words, mut is_quoted, mut is_escaped) = (vec![String::new()], false, false);
        for c in line.chars() {
            let word = words.last_mut().expect("there is one from the start");
            match c {
                _ if is_escaped => {
                    word.push(c);
                    is_escaped = false;
                }
                '\'' => is_quoted = !is_quoted,
                '\\' if !is_quoted => is_escaped = true,
                ' ' if !is_quoted => words.push(String::new()),
                c => word.push(c),
            }
        }
        words
    }

    #[test]
    fn the_next_command_runs_where_this_one_ran() {
        let global = Global { sandbox: Some("my state.json".into()), ..Global::default() };
        assert_eq!(
            command("apply", Some(Path::new("x.yaml")), &global),
            "landing apply x.yaml --sandbox='my state.json'"
        );
        let global = Global { profile: Some("it's".into()), ..Global::default() };
        assert_eq!(command("plan", Some(Path::new("landing.yaml")), &global), r"landing plan --profile 'it'\''s'");
    }
}
