//! Why requests were denied, and the smallest exemptions.

mod json;
mod markdown;

use landing_policy::{Compared, ReportedPolicy, services};

use super::clean::clean;
use super::line::{Line, text_of};
use super::paint::Paint;
use crate::model::Address;
use crate::why::{DenyingStatement, Exemption, Explained, NewlyAllowed, ResourceOwner, Verdict};

pub use json::why_json;
pub use markdown::why_markdown;

/// The widest that lines are: these reports are pasted into tickets.
const WIDEST: usize = 80;
/// How many names of a list are shown.
const NAMED: usize = 5;

/// For each denial what was asked, what was taken to be so, the exemption as a patch and what it opens; what decides stands at the
/// end. With ANSI escapes.
#[must_use]
pub fn why_text(all: &[Explained], width: usize) -> String {
    let page = Page { width: width.min(WIDEST) };
    let blocks = all.iter().map(|one| page.explained(one));
    text_of(&blocks.collect::<Vec<_>>().join(&Line::new()))
}

struct Page {
    width: usize,
}

impl Page {
    fn explained(&self, one: &Explained) -> Vec<Line> {
        let mut lines = self.asked(one);
        lines.extend(
            one.notes.iter().flat_map(|note| self.below(2, Line::of(Paint::Dim, format!("note: {}", clean(note))))),
        );
        lines.extend(asked_of_aws(one).into_iter().flat_map(|line| self.below(2, line)));
        if let Some(exemption) = &one.exemption {
            lines.push(Line::new());
            lines.extend(self.exemption(exemption, service(one)));
        }
        lines.push(Line::new());
        lines.extend(self.verdict(one));
        lines
    }

    fn asked(&self, one: &Explained) -> Vec<Line> {
        let mut lines =
            self.below(0, Line::of(Paint::Strong, actions(one)).plain(format!(" by {}", clean(&principal(one)))));
        let place = [in_account(&one.account), on(one), region(one), event(one)];
        let place: Vec<String> = place.into_iter().flatten().collect();
        lines.extend(self.below(2, Line::new().plain(place.join(", "))));
        let said = one.denied.said.as_ref().map(|said| format!("AWS says: {}", saying(said)));
        lines.extend(said.into_iter().flat_map(|said| self.below(2, Line::new().plain(said))));
        lines
    }

    fn exemption(&self, exemption: &Result<Exemption, String>, service: &str) -> Vec<Line> {
        match exemption {
            Err(why) => self.below(0, Line::of(Paint::Changed, "no patch: ").plain(clean(why))),
            Ok(exemption) => {
                let mut lines: Vec<Line> = exemption.patch.lines().map(diff_line).collect();
                lines.push(Line::new());
                for summary in &exemption.summary {
                    lines.extend(self.below(0, Line::of(Paint::Strong, "Exempts: ").plain(clean(summary))));
                }
                for sentence in opens(exemption, service) {
                    lines.extend(self.below(2, Line::of(Paint::Risk, clean(&sentence))));
                }
                let notes = exemption.notes.iter().map(|note| Line::of(Paint::Risk, clean(note)));
                lines.extend(notes.flat_map(|note| self.below(2, note)));
                lines.extend(self.below(2, Line::of(Paint::Dim, compared_with(&exemption.opens))));
                let others = exemption.others.iter().map(|other| Line::of(Paint::Dim, format!("or: {}", clean(other))));
                lines.extend(others.flat_map(|other| self.below(2, other)));
                lines
            }
        }
    }

    fn verdict(&self, one: &Explained) -> Vec<Line> {
        let mut lines = self.below(0, headline(one));
        for statement in &one.statements {
            lines.extend(self.below(2, Line::new().plain(clean(&decides(statement, one)))));
            lines.extend(written(statement).into_iter().flat_map(|line| self.below(4, line)));
        }
        if let Some(look) = &one.look {
            for at in &look.at {
                lines.extend(self.below(2, Line::new().plain(clean(at))));
            }
            lines.extend(look.place.iter().flat_map(|place| self.below(4, Line::of(Paint::Link, clean(place)))));
            lines.extend(self.below(2, Line::of(Paint::Dim, look.page)));
        }
        lines
    }

    fn below(&self, columns: usize, line: Line) -> Vec<Line> {
        let indent = |columns| Line::new().plain(" ".repeat(columns));
        line.wrap(&indent(columns), &indent(columns + 2), self.width)
    }
}

fn actions(one: &Explained) -> String {
    let actions: Vec<String> = one.denied.actions.iter().map(|need| clean(&need.action)).collect();
    actions.join(" and ")
}

fn principal(one: &Explained) -> String {
    one.denied.principal.clone().unwrap_or_else(|| "an unknown principal".to_owned())
}

fn whose(whose: &ResourceOwner) -> Option<String> {
    match whose {
        ResourceOwner::Member(account, id) => Some(format!("{} ({id})", clean(&account.name()))),
        ResourceOwner::Management(_, id) => Some(format!("the management account ({id})")),
        ResourceOwner::Outside(id) => Some(format!("{id}, no account of this organization")),
        ResourceOwner::NoAccount => None,
    }
}

fn in_account(account: &ResourceOwner) -> Option<String> {
    whose(account).map(|account| format!("in {account}"))
}

fn on(one: &Explained) -> Option<String> {
    let resource = one.denied.resource.as_deref().filter(|resource| *resource != "*")?;
    let owner = one.owner.as_ref().and_then(whose).map(|owner| format!(" of {owner}")).unwrap_or_default();
    Some(format!("on {}{owner}", clean(resource)))
}

fn region(one: &Explained) -> Option<String> {
    one.denied.region.as_deref().map(|region| format!("region {}", clean(region)))
}

fn event(one: &Explained) -> Option<String> {
    one.denied.event.as_deref().map(|event| format!("event {}", clean(event)))
}

/// `an explicit deny in a service control policy, p-ab12`.
fn saying(said: &ReportedPolicy) -> String {
    let named = said.policy_type.map(|it| it.name()).unwrap_or("policy, the type of which it does not say");
    let through = said.through.map(|it| format!(", through a {it}")).unwrap_or_default();
    let policy = said.policy.as_deref().and_then(|arn| arn.rsplit('/').next()).map(|id| format!(", {}", clean(id)));
    let article = if named.starts_with(['i', 'a']) { "an" } else { "a" };
    match said.explicit {
        true => format!("an explicit deny in {article} {named}{through}{}", policy.unwrap_or_default()),
        false => format!("no {named} allows it{through}"),
    }
}

/// What AWS itself can say about this denial.
fn asked_of_aws(one: &Explained) -> Vec<Line> {
    let is_answered = one.verdict == Verdict::Denied;
    let line = |text: String| Line::of(Paint::Dim, "AWS knows more: ").with(Paint::Dim, text);
    commands(one).into_iter().filter(|_| !is_answered).map(line).collect()
}

/// The commands that have AWS explain the denial.
fn commands(one: &Explained) -> Vec<String> {
    let by_id = one.denied.authorization.as_ref().map(|it| {
        let region = it.region.as_deref().map(|region| format!(" --region {region}")).unwrap_or_default();
        format!(
            "aws iam-toolbox get-request-authorization-details{region} --authorization-id {} | landing why -",
            it.id
        )
    });
    let encoded = one
        .denied
        .encoded
        .as_deref()
        .filter(|_| one.denied.said.is_none())
        .map(|encoded| format!("aws sts decode-authorization-message --encoded-message {encoded} | landing why -"));
    by_id.into_iter().chain(encoded).collect()
}

fn diff_line(line: &str) -> Line {
    let paint = match line.as_bytes() {
        [b'+', b'+', ..] | [b'-', b'-', ..] => Paint::Strong,
        [b'+', ..] => Paint::Added,
        [b'-', ..] => Paint::Removed,
        [b'@', ..] => Paint::Dim,
        _ => Paint::Plain,
    };
    Line::of(paint, line)
}

/// What the patch opens beside the request, a sentence each; one that says so where that is nothing.
fn opens(exemption: &Exemption, service: &str) -> Vec<String> {
    let opening = &exemption.opens;
    let compared = |who: &str, it: &Compared| {
        let actions = |all: &[String], what| counted(&own_first(all, service), what);
        let opened = actions(&it.opened, "more action").map(|list| format!("opens to {who} {list}"));
        let perhaps = actions(&it.perhaps, "action").map(|list| format!("may open to {who} {list}"));
        let closed = actions(&it.closed, "action").map(|list| format!("denies {who} {list}"));
        [opened, perhaps, closed].into_iter().flatten()
    };
    let accounts = |who: &str, accounts: &[Address]| {
        let names: Vec<String> = accounts.iter().map(Address::name).collect();
        counted(&names, "more account").map(|list| format!("opens the request to {who} in {list}"))
    };
    let mut sentences: Vec<String> = compared("this principal", &opening.own).collect();
    sentences.extend(accounts("a principal of the same name", &opening.accounts));
    sentences.extend(compared("every other role of the account", &opening.anyone));
    sentences.extend(accounts("every role", &opening.anyone_in));
    if sentences.is_empty() {
        sentences.push("opens nothing else".to_owned());
    }
    sentences
}

/// The prefix of the service that was asked.
fn service(one: &Explained) -> &str {
    one.denied.actions.first().and_then(|need| need.action.split(':').next()).unwrap_or_default()
}

/// The actions of the service that was asked before those of others.
fn own_first(actions: &[String], service: &str) -> Vec<String> {
    let mut sorted = actions.to_vec();
    sorted.sort_by_key(|action| action.split(':').next() != Some(service));
    sorted
}

/// `3 more actions: a, b, c`; nothing for an empty list.
fn counted(names: &[String], what: &str) -> Option<String> {
    let plural = if names.len() == 1 { "" } else { "s" };
    let shown = names.iter().take(NAMED).map(|name| clean(name)).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{} {what}{plural}: {shown}{more}", names.len()))
}

fn compared_with(opening: &NewlyAllowed) -> String {
    let left_out = match opening.accounts_left_out {
        0 => String::new(),
        number => format!("; {number} accounts were left out"),
    };
    format!(
        "compared: every action that AWS had on {}, under what is known of this request; in other accounts this request alone{left_out}",
        services().date()
    )
}

fn headline(one: &Explained) -> Line {
    match &one.verdict {
        Verdict::Denied => Line::of(Paint::Danger, "Denied by the organization"),
        Verdict::Undecided(keys) => {
            Line::of(Paint::Changed, "Undecided").plain(format!(": it depends on {}", clean(&keys.join(", "))))
        }
        Verdict::Elsewhere(policy_type) => {
            let also = if one.statements.is_empty() { "" } else { "; the organization's policies would deny it too" };
            let article = if policy_type.name().starts_with(['i', 'a']) { "an" } else { "a" };
            Line::of(Paint::Strong, "Not the organization").plain(format!(": {article} {policy_type} denied it{also}"))
        }
        Verdict::Contradicted(policy_type) => Line::of(Paint::Changed, "Unexplained")
            .plain(format!(": AWS says that a {policy_type} denied it, and none that applies now does")),
        Verdict::NotByOrganization => {
            Line::of(Paint::Strong, "Not the organization").plain(": none of its policies denies it")
        }
    }
}

/// `statement 2 of scp/guard (NoStop), attached to ou/Work, denies it`.
fn decides(statement: &DenyingStatement, one: &Explained) -> String {
    let id = statement.policy_id.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default();
    let action = if one.denied.actions.len() > 1 { format!("{}: ", statement.action) } else { String::new() };
    let depends = match statement.missing.as_slice() {
        [] => String::new(),
        _ if one.verdict == Verdict::Denied => {
            format!("; it depends on {}, and no other may be what AWS says", statement.missing.join(", "))
        }
        missing => format!(" if {} makes it so", missing.join(", ")),
    };
    format!("{action}{}{id}{depends}", statement.decided_by)
}

fn written(statement: &DenyingStatement) -> Option<Line> {
    let guardrails = match statement.guardrails.as_slice() {
        [] => String::new(),
        names => format!("guardrail {}", clean(&names.join(", "))),
    };
    match (&statement.at, guardrails.is_empty()) {
        (Some(at), true) => Some(Line::of(Paint::Link, clean(at))),
        (Some(at), false) => Some(Line::new().plain(format!("{guardrails}, ")).with(Paint::Link, clean(at))),
        (None, false) => Some(Line::new().plain(guardrails)),
        (None, true) => None,
    }
}
