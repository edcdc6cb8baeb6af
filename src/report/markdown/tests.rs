use serde_json::json;

use super::{drift_markdown, plan_markdown};
use crate::model::{Action, Change, FieldChange, Plan};
use crate::report::tests::example::{change, quiet};
use crate::report::tests::hostile::{hostile, one_large_policy, ten_thousand};

/// <https://docs.github.com/en/rest/issues/comments>: 65,536 characters are the most that GitHub takes.
fn fits(text: &str) {
    assert!(text.len() < 65_536, "{} bytes", text.len());
}

fn at(text: &str, what: &str) -> usize {
    text.find(what).unwrap_or_else(|| panic!("{what} is not in {text}"))
}

#[test]
fn of_ten_thousand_changes_the_riskiest_are_shown_and_the_others_are_counted() {
    let text = plan_markdown(&ten_thousand());
    fits(&text);
    let warning =
        "> [!CAUTION]\n> **2 irreversible and 5 destructive changes.** `landing apply` requires `--allow-destroy`.";
    assert_eq!(at(&text, warning), "### Landing plan for `ml`\n\n".len());
    let order = [
        warning,
        "**irreversible: 2 changes**",
        "**destructive: 5 changes**",
        "**disruptive: 3 changes**",
        "| `-` | `account/closed-0` |",
    ];
    assert!(order.windows(2).all(|pair| at(&text, pair[0]) < at(&text, pair[1])));
    for grave in ["`account/closed-1`", "`ou/Old-4`", "`scp/guard-2@root`"] {
        assert!(text.contains(&format!("| `-` | {grave} |")), "{grave}");
    }
    let listed = text.lines().filter(|line| line.starts_with("| `+` | `account/workload-")).count();
    let rest = 9_990 - listed;
    assert!(listed > 300, "{listed}");
    assert!(
        text.contains(&format!(
            "**{rest} more changes are not listed here**: create {rest} accounts. `landing plan -v`"
        ))
    );
    assert!(text.contains("`landing plan --format html > plan.html`") && text.contains("`--format json`"));
}

#[test]
fn a_policy_of_200_kb_is_cut_at_lines_and_within_the_longest() {
    let text = plan_markdown(&one_large_policy());
    fits(&text);
    assert!(text.contains("+ statement 1 Many (Deny)\n+   Action  service-0:DoSomething,"), "{text}");
    assert!(text.contains(" more lines\n```\n"), "{text}");
    let mut plan = one_large_policy();
    plan.changes[0].fields[0].after["Statement"][0]["Action"] = json!("s3:*");
    let text = plan_markdown(&plan);
    fits(&text);
    assert!(text.contains("… (99") && text.contains(" more characters)\n```\n"), "{text}");
}

/// What is neither in a fenced block nor in code, where hosts look for mentions and HTML.
fn outside_of_code(text: &str) -> String {
    let mut prose = String::new();
    let mut fence: Option<usize> = None;
    for line in text.lines() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            None => prose += &format!("{line}\n"),
            Some(open) if ticks >= open && line.trim_matches('`').is_empty() => fence = None,
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a block is not closed");
    let in_code = |part: &str| part.split_once("</code>").map(|(_, after)| after.to_owned());
    let prose: String = prose
        .split("<code>")
        .enumerate()
        .filter_map(|(nth, it)| if nth == 0 { Some(it.into()) } else { in_code(it) })
        .collect();
    prose.split('`').step_by(2).collect()
}

#[test]
fn no_name_gets_out_of_its_place() {
    for text in [plan_markdown(&hostile()), drift_markdown(&hostile())] {
        fits(&text);
        let prose = outside_of_code(&text);
        for forbidden in ["<img", "@org", " #12", "](http", "\u{202e}", "\n# ", "~~~", "javascript:a|b"] {
            assert!(!prose.contains(forbidden), "{forbidden} in {prose}");
        }
        assert_eq!(prose.matches("<details>").count(), prose.matches("</details>").count());
        let rows = text.lines().filter(|line| line.starts_with("| `-`") || line.starts_with("| `~`"));
        let cells: Vec<usize> = rows.map(|line| line.matches('|').count()).collect();
        assert_eq!(cells, [7, 7, 5], "two changes and one that waits");
    }
}

#[test]
fn what_is_alike_in_many_accounts_is_one_row_and_one_difference() {
    let policy = |account: &str, length: u32| {
        let field = FieldChange { path: "minimum_length".into(), before: json!(8), after: json!(length) };
        let change = change(&format!("password-policy/{account}"), "password-policy", Action::Update, "landing.yaml:4");
        Change { parent: Some(crate::model::Address::account(account)), fields: vec![field], ..change }
    };
    let changes = vec![policy("a", 14), policy("b", 14), policy("c", 20)];
    let text = plan_markdown(&Plan { changes, ..quiet() });
    assert!(text.contains("| `~` | in a, b, c | password policy |  |  | `landing.yaml:4` |"), "{text}");
    let folded = "<summary>&#126; in a, b</summary>\n\n```diff\n- minimum_length  8\n+ minimum_length  14\n```\n";
    assert!(text.contains(folded), "{text}");
    assert!(text.contains("<summary>&#126; <code>password-policy/c</code></summary>"), "{text}");
}
