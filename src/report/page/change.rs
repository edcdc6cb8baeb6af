//! One change: a line of what it is and what it costs, and behind it all that is known of it.

use super::difference::difference;
use super::{Page, code, text};
use crate::model::{Change, Risk};
use crate::report::author::author;
use crate::report::marked::Explained;
use crate::report::naming::kind_word;
use crate::report::rows::reach;

impl Page<'_> {
    /// The change under the name that it has where it stands.
    pub(super) fn change(&self, change: &Change, name: &str) -> String {
        let (risk, action) = (change.risk.word(), change.action);
        format!(
            "<details class=\"change {risk}\" id=\"{}\" data-risk=\"{risk}\" data-kind=\"{}\" data-accounts=\"{}\">\n<summary>\
             <b class=\"glyph {verb}\" title=\"{verb}\">{}</b> <span class=\"name\">{}</span> {}</summary>\n\
             <div class=\"about\">\n{}</div>\n</details>\n",
            self.anchor(&change.address),
            text(&kind_word(change)),
            self.accounts.numbers_of(change),
            text(&action.glyph().to_string()),
            text(name),
            self.facts(change),
            self.about(change),
            verb = action.verb(),
        )
    }

    /// What to know of it at a glance.
    fn facts(&self, change: &Change) -> String {
        let what: Vec<String> =
            [Some(kind_word(change)), self.wording.deed(change).map(str::to_owned)].into_iter().flatten().collect();
        let mut facts = vec![format!("<span class=\"kind\">{}</span>", text(&what.join(" ")))];
        if change.risk != Risk::None {
            facts.push(format!("<span class=\"risk\">{}</span>", change.risk.word()));
        }
        facts.extend(reach(change).map(|reach| format!("<span class=\"reach\">{}</span>", text(&reach))));
        facts.extend(change.source.iter().map(|source| format!("<span class=\"source\">{}</span>", text(source))));
        facts.join(" ")
    }

    fn about(&self, change: &Change) -> String {
        let Explained { reason, lines } = Explained::of(change);
        let reason = reason.map(|reason| format!("<p>{}</p>\n", text(&reason)));
        let author = author(change, true).map(|author| format!("<p>{}</p>\n", text(&author.line.to_plain())));
        [
            format!("<p class=\"address\">{} {}</p>\n", change.action.verb(), code(change.address.as_str())),
            reason.unwrap_or_default(),
            difference(&lines),
            self.accounts.reached_html(change),
            author.unwrap_or_default(),
        ]
        .concat()
    }
}
