//! What a comparison of blueprint and organization is reported as: what apply would do, or what has become of resources.

use super::against::looked_at;
use super::clean::clean;
use super::line::Line;
use super::naming::deed;
use super::paint::Paint;
use super::sentence::{count, counts};
use crate::kinds::OfKind;
use crate::model::{Action, Change, Plan};

/// In which words a plan is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wording {
    /// What apply would do.
    Plan,
    /// What is not as the blueprint says.
    Drift,
}

impl Wording {
    /// What a report of it is headed by.
    pub fn title(self) -> &'static str {
        match self {
            Wording::Plan => "Plan",
            Wording::Drift => "Drift",
        }
    }

    /// What the two sides of `before → after` are, where that is not plain.
    pub fn legend(self) -> Option<&'static str> {
        (self == Wording::Drift).then_some("Values are shown as they are → as the blueprint says.")
    }

    /// What happens to a resource or has happened to it, where the mark alone may not say it.
    pub fn deed(self, change: &Change) -> Option<&'static str> {
        match self {
            Wording::Plan => deed(change),
            Wording::Drift => Some(finding(change)),
        }
    }

    /// Whether a change's fields are worth showing: of what is missing, that it is missing says enough.
    pub fn shows_details(self, change: &Change) -> bool {
        self == Wording::Plan || change.action != Action::Create
    }

    /// How many changes there are of each sort: `5 to create`, `5 missing`.
    pub fn counts(self, plan: &Plan) -> Vec<(Action, String)> {
        let words = |action: Action| match self {
            Wording::Plan => format!("to {}", action.verb()),
            Wording::Drift => state(action).to_owned(),
        };
        counts(&plan.summary)
            .into_iter()
            .map(|(number, action)| (action, format!("{number} {}", words(action))))
            .collect()
    }

    /// `Plan: 5 to create, 1 to update, 12 unchanged. 37 AWS calls.`
    pub fn summary(self, plan: &Plan) -> Line {
        let mut line = Line::of(Paint::Strong, format!("{}: ", self.head(plan)));
        for (action, text) in self.counts(plan) {
            line = line.with(Paint::of_action(action), text).plain(", ");
        }
        let rest: String = rest(plan).into_iter().map(|text| text + ", ").collect();
        line.plain(format!("{rest}{} {}. {}", plan.summary.unchanged, self.unchanged(), outside(plan)))
            .with(Paint::Dim, looked_at(plan))
    }

    /// What a summary begins with: where apply has nothing to do and the organization differs all the same, this.
    fn head(self, plan: &Plan) -> String {
        let targets = targets(plan).map(|targets| format!(" for {targets}")).unwrap_or_default();
        match self {
            _ if !plan.is_quiet() => format!("{}{targets}", self.title()),
            Wording::Plan => format!("Nothing that apply can do{targets}"),
            Wording::Drift => format!("Drift that apply cannot correct{targets}"),
        }
    }

    /// What is said of everything that does not differ.
    pub fn unchanged(self) -> &'static str {
        match self {
            Wording::Plan => "unchanged",
            Wording::Drift => "as the blueprint says",
        }
    }

    /// How a comparison ends: that nothing differs, or how much does.
    pub fn verdict(self, plan: &Plan) -> Line {
        if plan.agrees() { self.agreement(plan) } else { self.summary(plan) }
    }

    /// The one line that a comparison without differences has.
    pub fn agreement(self, plan: &Plan) -> Line {
        let compared = count(plan.summary.unchanged, "resource", "resources");
        let verdict = match self {
            Wording::Plan => "Nothing to do",
            Wording::Drift => "No drift",
        };
        let whole = targets(plan).unwrap_or_else(|| "the organization".into());
        let matches = if plan.targets.len() < 2 { "matches" } else { "match" };
        Line::of(Paint::Good, verdict)
            .plain(format!(": {whole} {matches} the blueprint ({compared}). {}", outside(plan)))
            .with(Paint::Dim, looked_at(plan))
    }
}

/// So many targets are named.
const SHOWN_TARGETS: usize = 3;

/// What the plan is limited to, where it is.
pub(super) fn targets(plan: &Plan) -> Option<String> {
    let names: Vec<String> = plan.targets.iter().take(SHOWN_TARGETS).map(|target| clean(target.as_str())).collect();
    let more = plan.targets.len().saturating_sub(SHOWN_TARGETS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| names.join(", ") + &more)
}

/// What else differs than changes that apply makes.
pub(super) fn rest(plan: &Plan) -> Vec<String> {
    let waiting = Some(plan.summary.waiting).filter(|waiting| *waiting > 0).map(|waiting| format!("{waiting} waiting"));
    let manual = Some(plan.manual.len()).filter(|manual| *manual > 0);
    let manual = manual.map(|manual| count(manual, "manual step", "manual steps"));
    let gaps = plan.against.as_ref().map_or(0, |against| against.not_known.len());
    let gaps = Some(gaps).filter(|gaps| *gaps > 0).map(|gaps| format!("{gaps} not known"));
    waiting.into_iter().chain(manual).chain(gaps).collect()
}

/// What `--target` leaves out, as a sentence.
pub(super) fn outside(plan: &Plan) -> String {
    match plan.summary.outside {
        0 => String::new(),
        1 => "1 other change is outside of the targets. ".into(),
        outside => format!("{outside} other changes are outside of the targets. "),
    }
}

/// What the plan did not look at, in a sentence.
pub(super) fn unchecked(plan: &Plan) -> Option<String> {
    let pairs = Some(plan.depth.unchecked()).filter(|pairs| *pairs > 0).map(|pairs| {
        let pairs = count(pairs, "pair of permission set and account", "pairs of permission set and account");
        format!("other assignments in {pairs}")
    });
    let units = Some(plan.depth.units).filter(|units| *units > 0).map(|units| {
        let units = count(units, "organizational unit", "organizational units");
        format!("empty units of others below {units}")
    });
    let unchecked: Vec<String> = pairs.into_iter().chain(units).collect();
    (!unchecked.is_empty()).then(|| format!("Not checked: {} (--deep reads them).", unchecked.join(", ")))
}

/// What is wrong with a resource that apply would do this with.
fn state(action: Action) -> &'static str {
    match action {
        Action::Create => "missing",
        Action::Update => "changed",
        Action::Move => "moved",
        Action::Adopt => "not adopted",
        Action::Delete => "not in the blueprint",
    }
}

/// The same, in the words that fit the type of resource.
fn finding(change: &Change) -> &'static str {
    let words = change.kind_info().words;
    let differs = |start: &str| change.fields.iter().any(|field| field.path.starts_with(start));
    let own = match change.action {
        Action::Create => words.missing,
        Action::Delete => words.unwanted,
        Action::Update => words.changed.filter(|(start, _)| differs(start)).map(|(_, word)| word),
        Action::Adopt | Action::Move => None,
    };
    own.unwrap_or_else(|| state(change.action))
}
