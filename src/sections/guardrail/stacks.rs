//! Guardrails that accounts have inside of them: rules of AWS Config and hooks of CloudFormation, in stacks.

use landing_blueprint::{Place, Spanned};
use serde_json::{Value, json};

use super::enable::{Enabled, tags};
use crate::declaration::Declaration;
use crate::declaration::guardrail_rows::{Row, Sort, Stack};
use crate::model::{Address, Excluded};
use crate::sections::stack::StackSection;
use crate::template::Rendered;

impl Sort {
    /// What is rendered, if it goes into a stack.
    fn of(rendered: &Rendered) -> Option<(Sort, &Value)> {
        match rendered {
            Rendered::Rule(rule, false) => Some((Sort::Rules, rule)),
            Rendered::Rule(rule, true) => Some((Sort::GlobalRules, rule)),
            Rendered::Hook(hook) => Some((Sort::Hooks, hook)),
            Rendered::Statements(..) | Rendered::Policy(..) => None,
        }
    }

    /// The built-in template, and its parameter for the rows.
    fn template(self) -> (&'static str, &'static str) {
        match self {
            Sort::Rules | Sort::GlobalRules => ("config-rules", "rules"),
            Sort::Hooks => ("proactive-controls", "hooks"),
        }
    }

    /// How the stack's name ends.
    fn suffix(self) -> &'static str {
        match self {
            Sort::Rules => "",
            Sort::GlobalRules => "-global",
            Sort::Hooks => "-hooks",
        }
    }
}

/// Wants what goes into a stack at `target`, unless it is wanted above: an account has one rule, and one hook, of a name.
pub(super) fn want(
    target: &Address,
    enabled: &Enabled,
    rendered: &Rendered,
    excluded: &Excluded,
    declaration: &mut Declaration,
) {
    let Some((sort, row)) = Sort::of(rendered) else { return };
    let above = above(target, declaration);
    let rows = declaration.guardrail_rows.iter().filter(|((at, of, _), _)| *of == sort && above.contains(at));
    let mut holding = rows.flat_map(|(_, (_, rows))| rows).filter(|row| !is_excluded(target, row, declaration));
    match holding.find(|above| above.guardrail.id == enabled.guardrail.id) {
        Some(same) if same.row == *row => {}
        Some(_) => {
            let message = format!("guardrail {} is enabled with other values above {target}", enabled.guardrail.id);
            let help = "an account has it once: give its values in one place";
            declaration.mistake("guardrail", enabled.place, message, help);
        }
        None => {
            let id = enabled.guardrail.id.clone();
            let alone = Some(id).filter(|_| *excluded != Excluded::default());
            let row = Row { guardrail: enabled.guardrail.clone(), row: row.clone(), excluded: excluded.clone() };
            let at_target = declaration.guardrail_rows.entry((target.clone(), sort, alone));
            at_target.or_insert_with(|| (enabled.place, Vec::new())).1.push(row);
        }
    }
}

/// Whether what is wanted above does not hold at `target`.
fn is_excluded(target: &Address, above: &Row, declaration: &Declaration) -> bool {
    let parent = declaration.desired.get(target).and_then(|wanted| wanted.parent.as_ref());
    above.excluded.accounts.covers(target) || parent.is_some_and(|parent| above.excluded.accounts.covers(parent))
}

/// What a unit or an account lies in, from the root down.
fn above(target: &Address, declaration: &Declaration) -> Vec<Address> {
    let parent = declaration.desired.get(target).filter(|_| *target != Address::root());
    parent.and_then(|wanted| wanted.parent.as_ref()).map(Address::path).unwrap_or_default()
}

/// The stacks, with the guardrails' versions in their tags: in every region of the organization, and for what is the same in
/// all of them in the home region. Those of the root are in the management account too.
pub(in crate::sections) fn stacks(declaration: &Declaration) -> Vec<(Spanned<String>, StackSection)> {
    let stack = |((target, sort, alone), (place, rows)): (&Stack, &(Place, Vec<Row>))| {
        let is_root = *target == Address::root();
        let path = target.as_str().strip_prefix("ou/").unwrap_or(target.as_str());
        let place_name = if is_root { String::new() } else { format!("-{}", words(path)) };
        let alone_name = alone.as_ref().map(|id| format!("-{}", words(id))).unwrap_or_default();
        let name = format!("guardrails{place_name}{alone_name}{}", sort.suffix());
        let excluded = rows.first().map(|row| row.excluded.clone()).unwrap_or_default();
        let in_management = is_root && !excluded.accounts.covers(&Address::management());
        let targets = if in_management { vec!["management", "root"] } else { vec![target.as_str()] };
        let settings = &declaration.desired.settings;
        let regions = match sort {
            Sort::GlobalRules => std::slice::from_ref(&settings.home_region),
            Sort::Rules | Sort::Hooks => settings.regions.as_slice(),
        };
        let (template, parameter) = sort.template();
        let listed: Vec<&Value> = rows.iter().map(|it| &it.row).collect();
        let section = StackSection::of_template(template, &targets, regions, json!({parameter: listed}), *place);
        let section = section.with_tags(tags(rows.iter().map(|it| &it.guardrail))).without(excluded);
        (Spanned::new(name, *place), section)
    };
    declaration.guardrail_rows.iter().map(stack).collect()
}

/// A stack's name has letters, digits and hyphens.
fn words(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
