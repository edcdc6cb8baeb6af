//! What the plan would have changed for the calls in CloudTrail's logs.

use indexmap::IndexMap;
use landing_policy::{Denial, Seen, Tally};

use super::{Page, code, list, section, text};
use crate::report::replay::{AccountNames, replay_summary, undecided};
use crate::report::simulate::reason;

/// So many groups of calls are shown of each sort.
const SHOWN: usize = 200;

impl Page<'_> {
    pub(super) fn replayed(&self) -> String {
        let body = match (self.facts.replayed, self.facts.replay) {
            (Some((tally, names)), _) => found(tally, names),
            (None, Some(command)) => format!(
                "<p>Not run. {} shows which calls in your CloudTrail logs the policies of this plan would deny.</p>\n",
                code(command)
            ),
            (None, None) => String::new(),
        };
        section("replay", "CloudTrail's logs under this plan", &body)
    }
}

fn found(tally: &Tally, names: &AccountNames) -> String {
    let summary = list(replay_summary(tally).iter().map(|line| text(&line.to_plain())));
    let rows = rows("would be denied", &tally.denied, names) + &rows("would be allowed", &tally.allowed, names);
    let table = match rows.is_empty() {
        true => "<p>The plan changes the decision for none of these calls.</p>\n".to_owned(),
        false => format!(
            "<div class=\"table\"><table>\n<thead><tr><th></th><th>calls</th><th>action</th><th>account</th><th>principal</th>\
             <th>because</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
        ),
    };
    let unclear: Vec<String> = undecided(tally).iter().take(SHOWN).map(|line| text(&line.to_plain())).collect();
    let unclear = match unclear.is_empty() {
        true => String::new(),
        false => format!(
            "<details><summary>Not decided: depends on keys that logs do not have</summary>\n{}</details>\n",
            list(unclear)
        ),
    };
    summary + &table + &unclear
}

fn rows(word: &str, all: &IndexMap<Denial, Seen>, names: &AccountNames) -> String {
    let row = |(denial, seen): (&Denial, &Seen)| {
        let account = names.get(&denial.account).unwrap_or(&denial.account);
        let cells = [&denial.action, account, &denial.principal].map(|cell| format!("<td>{}</td>", code(cell)));
        format!(
            "<tr><td>{word}</td><td>{}</td>{}<td>{}</td></tr>\n",
            seen.count,
            cells.concat(),
            text(&reason(&denial.decided_by))
        )
    };
    let rows: String = Tally::sorted(all).into_iter().take(SHOWN).map(row).collect();
    let more = all.len().saturating_sub(SHOWN);
    if more == 0 {
        rows
    } else {
        format!("{rows}<tr><td colspan=\"6\">and {more} more groups of calls; --format json has all</td></tr>\n")
    }
}
