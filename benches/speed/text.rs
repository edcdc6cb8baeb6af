//! Blueprints of any size.

use std::fmt::Write;

use super::Size;

/// The name of every blueprint.
pub const NAME: &str = "large";
/// Units below each unit at the top.
const BELOW: usize = 4;

/// One blueprint: a tenth of the units at the top or more, each with four below it; accounts spread over all of them,
/// policies over the top ones.
pub fn blueprint(size: Size) -> String {
    let mut text = header(size, "");
    text.push_str("organizational_units:\n");
    for top in 0..upper_units(size) {
        text.push_str(&unit(size, top));
    }
    text
}

/// The same in several files, one for each unit at the top, by name.
pub fn files(size: Size, count: usize) -> Vec<(String, String)> {
    let include = "include: [units/*.yaml]\n";
    let mut files = vec![("landing.yaml".to_owned(), header(size, include))];
    let each = size.accounts / count;
    for number in 0..count {
        let mut text = format!("organizational_units:\n  unit{number}:\n    accounts:\n");
        for account in 0..each {
            line(&mut text, format_args!("      - name: a{number}-{account}"));
            line(&mut text, format_args!("        email: a{number}-{account}@example.com"));
            line(&mut text, format_args!("        tags: {{cost-center: \"{number}\", owner: \"team-{account}\"}}"));
        }
        files.push((format!("units/{number:03}.yaml"), text));
    }
    files
}

fn header(size: Size, include: &str) -> String {
    let mut text = format!(
        "version: 1\nname: {NAME}\n{include}organization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n"
    );
    text.push_str("policies:\n");
    for number in 0..size.policies {
        line(
            &mut text,
            format_args!(
                "  p{number}: {{content: {{Version: \"2012-10-17\", Statement: {{Effect: Deny, Action: \"sqs:Delete{number}*\", Resource: \"*\"}}}}}}"
            ),
        );
    }
    text
}

fn unit(size: Size, top: usize) -> String {
    let mut text = format!("  top{top}:\n    accounts: [{}]\n", accounts(size, top * (BELOW + 1)));
    if top < size.policies {
        line(&mut text, format_args!("    policies: [p{top}]"));
    }
    text.push_str("    organizational_units:\n");
    for below in 1..=BELOW {
        let names = accounts(size, top * (BELOW + 1) + below);
        line(&mut text, format_args!("      below{below}: {{accounts: [{names}]}}"));
    }
    text
}

/// How many units are directly below the root, each with units below it.
pub fn upper_units(size: Size) -> usize {
    size.units.div_ceil(BELOW + 1)
}

/// Whether the unit of this name has units below it.
pub fn has_units(name: &str) -> bool {
    name.starts_with("top")
}

fn accounts(size: Size, unit: usize) -> String {
    (0..size.accounts / size.units).map(|number| format!("a{unit}-{number}")).collect::<Vec<_>>().join(", ")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("memory takes every line");
}
