//! The top of the page: what the plan is for, what it would destroy, and what keeps it from being applied.

use super::{Page, code, list, text};
use crate::model::{Manual, Refusal, Risk};
use crate::report::against::looked_at;
use crate::report::sentence::count;
use crate::report::summary::RiskSummary;
use crate::report::wording::{Wording, outside, rest, targets};

impl Page<'_> {
    pub(super) fn header(&self, summary: &RiskSummary<'_>) -> String {
        let title = match self.wording {
            Wording::Plan => "Plan for",
            Wording::Drift => "Drift from",
        };
        let refusals: String = self.plan.refusals.iter().map(refusal).collect();
        [
            format!("<header>\n<h1>{title} <b>{}</b></h1>\n", text(&self.plan.blueprint.name)),
            format!("<p class=\"facts\">{}</p>\n", self.surroundings().join(" · ")),
            self.destruction(summary),
            format!("<p class=\"counts\">{}</p>\n", self.counts()),
            refusals,
            manual(&self.plan.manual),
            self.next(),
            "</header>\n".to_owned(),
        ]
        .concat()
    }

    /// Where and when the plan was made.
    fn surroundings(&self) -> Vec<String> {
        let plan = self.plan;
        let organization = match (&plan.organization.id, &plan.organization.management_account) {
            (Some(id), Some(account)) => format!("organization {} of account {}", code(id), code(account)),
            (Some(id), None) => format!("organization {}", code(id)),
            (None, Some(account)) => format!("a new organization of account {}", code(account)),
            (None, None) => "a new organization".to_owned(),
        };
        let simulated = self.facts.context.aws.map(|aws| format!("<mark>{}</mark>", text(aws)));
        let only = targets(plan).map(|targets| format!("only {}", text(&targets)));
        let made = Some(self.facts.made_at).filter(|time| !time.is_empty());
        let made = made.map(|time| format!("<time datetime=\"{0}\">{0}</time>", text(time)));
        let commit = plan.blueprint.commit.as_ref().map(|commit| format!("commit {}", code(commit)));
        let version = Some(&plan.version).filter(|version| !version.is_empty());
        let version = version.map(|version| format!("landing {}", text(version)));
        let looked = Some(text(looked_at(plan).trim_end_matches('.')));
        let all = [Some(organization), simulated, only, made, commit, looked, version];
        all.into_iter().flatten().collect()
    }

    /// What to see before everything else.
    fn destruction(&self, summary: &RiskSummary<'_>) -> String {
        if let Some(destruction) = summary.destruction() {
            return format!(
                "<p class=\"banner danger\" role=\"note\"><strong>{destruction}.</strong> <code>landing apply</code> requires \
                 <code>--allow-destroy</code>.</p>\n"
            );
        }
        match summary.number(Risk::Disruptive) {
            0 => String::new(),
            number => format!(
                "<p class=\"banner\" role=\"note\"><strong>{}</strong>: running workloads can notice.</p>\n",
                count(number, "disruptive change", "disruptive changes")
            ),
        }
    }

    fn counts(&self) -> String {
        let plan = self.plan;
        if plan.is_quiet() {
            return text(&self.wording.verdict(plan).to_plain());
        }
        let counts = self.wording.counts(plan).into_iter().map(|(_, text)| text).chain(rest(plan));
        let counts: Vec<String> = counts.map(|count| format!("<b>{}</b>", text(&count))).collect();
        let legend = self.wording.legend().map(|legend| format!(" {}", text(legend))).unwrap_or_default();
        let outside = text(&outside(plan));
        format!("{}, {} {}. {outside}{legend}", counts.join(", "), plan.summary.unchanged, self.wording.unchanged())
    }

    fn next(&self) -> String {
        self.facts.context.next.map(|next| format!("<p class=\"next\">Next: {}</p>\n", code(next))).unwrap_or_default()
    }
}

fn refusal(refusal: &Refusal) -> String {
    format!(
        "<div class=\"banner danger\" role=\"note\"><strong>Refused</strong> ({}): {}<p>{}</p></div>\n",
        code(&refusal.code),
        text(&refusal.message),
        text(&refusal.help)
    )
}

fn manual(items: &[Manual]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let item = |item: &Manual| {
        let address = item.address.as_ref().map(|address| format!("{}: ", code(address.as_str()))).unwrap_or_default();
        format!("{address}{}{}", text(&item.what), item.link.as_deref().map(link).unwrap_or_default())
    };
    format!(
        "<div class=\"banner\" role=\"note\"><strong>Manual steps</strong>\n{}</div>\n",
        list(items.iter().map(item))
    )
}

/// A link that opens a page, and runs nothing.
fn link(url: &str) -> String {
    let url = text(url);
    match url.starts_with("https://") {
        true => format!(" <a href=\"{url}\" rel=\"noreferrer\">{url}</a>"),
        false => format!(" {url}"),
    }
}
