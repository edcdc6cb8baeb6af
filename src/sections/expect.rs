use landing_blueprint::{Diagnostic, Entries, Place, Spanned};
use landing_policy::strings;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::one_or_many::OneOrMany;
use crate::declaration::target;
use crate::declaration::until::UntilDate;
use crate::hierarchy::{Hierarchy, broken};
use crate::model::{Address, Date, Expectation};

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime>
const CURRENT_TIME: &str = "aws:CurrentTime";

/// Stands for someone whom no policy knows by name.
const ANY_ROLE: &str = "role/someone";

/// What the policies must come to: exactly one of `deny` and `allow`. `landing validate` and every plan hold the policies
/// against it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Expectation", extend("x-form" = "expectation"))]
pub(super) struct ExpectSection {
    /// Actions that must be denied, such as ec2:RunInstances.
    #[schemars(extend("x-form" = "action"))]
    deny: Option<OneOrMany>,
    /// Actions that no policy may prevent. Whether someone has the permission is not looked at.
    #[schemars(extend("x-form" = "action"))]
    allow: Option<OneOrMany>,
    /// Who: `role/NAME`, `user/NAME`, `root` or `permission-set/NAME` of each account, an ARN in full, or a service such as
    /// cloudtrail.amazonaws.com. A role that no policy names unless given.
    #[serde(rename = "as")]
    principal: Option<Spanned<String>>,
    /// The resource's ARN; any resource unless given. It is the account's own unless the ARN names another one.
    resource: Option<Spanned<String>>,
    /// The region that is called; the home region, or that of the global services, unless given.
    #[schemars(extend("x-form" = "region"))]
    region: Option<Spanned<String>>,
    /// Condition keys of the request and what they hold; [] for a key that it does not have. What is neither here nor
    /// follows from the rest is not known.
    context: Entries<Spanned<Value>>,
    /// Where: `root`, units, accounts. Everywhere unless given; the management account, which no policy binds, only by
    /// `management`.
    #[serde(rename = "in")]
    #[schemars(extend("x-form" = "place"))]
    places: OneOrMany,
    /// The day from which on it is expected no more, such as 2027-03-01.
    until: Option<UntilDate>,
}

/// Takes what is expected, and holds the blueprint's own policies against it. Units, accounts and policies must be
/// declared before.
pub(super) fn declare(sections: &[Spanned<ExpectSection>], declaration: &mut Declaration) {
    let open: Vec<_> = sections.iter().filter(|section| !has_ended(section, declaration)).collect();
    let taken = open.into_iter().filter_map(|section| Some((expectation(section, declaration)?, section.place)));
    let taken: Vec<(Expectation, Place)> = taken.collect();
    if taken.is_empty() {
        return;
    }
    // A policy that is wrong is reported by itself; what follows from its absence would only confuse.
    if !declaration.has_errors() {
        let hierarchy = Hierarchy::declared(&declaration.desired);
        taken.iter().for_each(|(expectation, place)| hold(expectation, *place, &hierarchy, declaration));
    }
    declaration.desired.settings.expectations = taken.into_iter().map(|(expectation, _)| expectation).collect();
}

/// Whether it is expected no more; its end is said a week ahead, and afterwards.
fn has_ended(section: &Spanned<ExpectSection>, declaration: &mut Declaration) -> bool {
    let Some(until) = section.until.as_ref().and_then(|until| until.read(declaration)) else { return false };
    let today = declaration.desired.settings.today;
    let (message, help) = if until.has_passed(today) {
        (format!("this expectation ended on {until}"), "remove it: it has no effect")
    } else if until.is_near(today) {
        (format!("this is expected until {until}"), "write a later day if it is to last longer")
    } else {
        return false;
    };
    declaration.diagnostics.push(Diagnostic::warning("until", message).at(section.place).help(help));
    until.has_passed(today)
}

fn hold(expectation: &Expectation, place: Place, hierarchy: &Hierarchy, declaration: &mut Declaration) {
    for broken in broken(expectation, hierarchy) {
        let diagnostic = Diagnostic::error("expectation", broken.to_string()).at(place).help(broken.help());
        let by = broken.verdict.decided_by.as_ref().and_then(|decided| decided.policy.as_deref());
        let policy = by.and_then(|policy| declaration.places.get(&Address::parse(policy)));
        declaration.diagnostics.push(match policy {
            Some(policy) => diagnostic.label("expected here").also(*policy, "decided by this policy"),
            None => diagnostic,
        });
    }
}

fn expectation(section: &Spanned<ExpectSection>, declaration: &mut Declaration) -> Option<Expectation> {
    let places: Option<Vec<Address>> = match section.places.0.as_slice() {
        [] => Some(vec![Address::root()]),
        // Each is looked at, so that every mistake is reported at once.
        named => {
            named.iter().map(|place| target::resolve(place, declaration)).collect::<Vec<_>>().into_iter().collect()
        }
    };
    check_names(section, declaration);
    match read(section, section.place) {
        Ok(read) => {
            let context = with_time(read.context, declaration.desired.settings.today);
            let source = Some(declaration.sources.at(section.place));
            Some(Expectation { places: places?, source, context, ..read })
        }
        Err(mistakes) => {
            for Mistake { place, message, help } in mistakes {
                declaration.mistake("expectation", place, message, help);
            }
            None
        }
    }
}

/// Where no time is given, the beginning of the day is meant: whether what ends by then has ended is known.
fn with_time(mut context: Vec<(String, Vec<String>)>, today: Option<Date>) -> Vec<(String, Vec<String>)> {
    let is_time = |(key, _): &(String, _)| key.eq_ignore_ascii_case(CURRENT_TIME);
    if let Some(today) = today.filter(|_| !context.iter().any(is_time)) {
        context.push((CURRENT_TIME.to_owned(), vec![format!("{today}T00:00:00Z")]));
    }
    context
}

/// Whether AWS has what is named.
fn check_names(section: &ExpectSection, declaration: &mut Declaration) {
    for action in section.deny.iter().chain(&section.allow).flat_map(|actions| &actions.0) {
        if no_action(action).is_none() {
            aws_names::require_action(action, action.place, declaration);
        }
    }
    if let Some(region) = &section.region {
        aws_names::check_region(region, declaration);
    }
    for key in section.context.keys() {
        aws_names::check_key(key, declaration);
    }
}

/// A guardrail's case, which names no places: it holds everywhere.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn of_case(case: &Value) -> Result<Expectation, String> {
    let section: ExpectSection = serde_json::from_value(case.clone()).map_err(|error| format!("{case}: {error}"))?;
    let wrong = |mistakes: Vec<Mistake>| {
        let messages: Vec<String> = mistakes.into_iter().map(|mistake| mistake.message).collect();
        format!("{case}: {}", messages.join("; "))
    };
    let read = read(&section, Place::NOWHERE).map_err(wrong)?;
    Ok(Expectation { places: vec![Address::root()], ..read })
}

/// Something wrong with an expectation, where, and what to write instead.
struct Mistake {
    place: Place,
    message: String,
    help: &'static str,
}

/// What is expected, but for where; `place` is the expectation's.
fn read(section: &ExpectSection, place: Place) -> Result<Expectation, Vec<Mistake>> {
    let (denied, actions) = match (&section.deny, &section.allow) {
        (Some(actions), None) => (true, actions),
        (None, Some(actions)) => (false, actions),
        _ => {
            let help = "write what must be denied under `deny`, what must not under `allow`, each with its own place";
            return Err(vec![Mistake { place, message: "an expectation has either `deny` or `allow`".into(), help }]);
        }
    };
    let context = section.context.iter().map(|(key, values)| (key.value.clone(), strings(values).unwrap_or_default()));
    let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
    let mistakes: Vec<Mistake> =
        actions.0.iter().filter_map(no_action).chain(section.context.iter().filter_map(no_values)).collect();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Expectation {
        denied,
        actions: actions.0.iter().map(|action| action.value.clone()).collect(),
        principal: text(&section.principal).unwrap_or_else(|| ANY_ROLE.to_owned()),
        resource: text(&section.resource),
        region: text(&section.region),
        context: context.collect(),
        ..Expectation::default()
    })
}

/// What is not one action by its name; which one of several is meant could not be said.
fn no_action(action: &Spanned<String>) -> Option<Mistake> {
    let is_one = action.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
        && !action.contains(['*', '?']);
    let message = format!("`{}` is not an action", action.value);
    (!is_one).then_some(Mistake {
        place: action.place,
        message,
        help: "write one action in full, such as ec2:RunInstances",
    })
}

fn no_values((key, values): (&Spanned<String>, &Spanned<Value>)) -> Option<Mistake> {
    let message = format!("`{}` holds a text, a number, true or false, or a list of them", key.value);
    let help = "write [] where the request does not have the key";
    strings(values).is_none().then_some(Mistake { place: values.place, message, help })
}

#[cfg(test)]
mod tests;
