use std::collections::{BTreeMap, BTreeSet};

use landing_blueprint::{Diagnostic, Entries, Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::stack_needs::{self, Made};
use parameters_by::{ParametersBy, Reached};
use rendered::Rendered;

use crate::declaration::Declaration;
use crate::declaration::except::Except;
use crate::declaration::target::MEMBERS;
use crate::declaration::targets::{self, Target};
use crate::declaration::trust::opt_in;
use crate::declaration::{aws_names, tags};
use crate::kinds::resource::{self, Stack, StackSet, Templated};
use crate::kinds::section::stack_set::{self, AutoDeployment, OperationPreferences, Options};
use crate::model::{Address, Excluded, Presence, Roles, Tags, Wanted, body_tags};
use crate::template;

mod parameters_by;
mod rendered;

/// Characters of a stack's name.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MAX_NAME: usize = 128;

/// What lives inside accounts, by the stack's name: a CloudFormation template, and the accounts and regions that get it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Stack", extend("x-form" = "stack"))]
pub(super) struct StackSection {
    /// A built-in template, or a file of your own, relative to this file: CloudFormation as YAML or JSON, with places for
    /// values where it ends in .hbs. The built-in one that is called as the stack is, unless given.
    #[schemars(extend("x-form" = "stack-template"))]
    template: Option<Spanned<String>>,
    /// What gets it: `management`, names of accounts, and units, `root` or `members` for every account in them: a stack set,
    /// which never reaches the management account.
    #[schemars(extend("x-form" = "target"))]
    r#in: Vec<Spanned<String>>,
    /// Units, accounts and regions that do not get it. Where a unit is left out of a wider one, the other units in that get it
    /// and the accounts right in it, as far as the blueprint has them; tags are those that it gives to accounts.
    except: Option<Except>,
    /// The regions that get it; the home region unless given.
    #[schemars(extend("x-form" = "region"))]
    regions: Vec<Spanned<String>>,
    /// Those that the template declares under `Parameters` go to CloudFormation, the others fill the places in its text.
    /// `${stack/ACCOUNT/NAME/REGION.OUTPUT}` stands for what another stack gives, `${account/NAME}` for an account's id; in
    /// the template's own text nothing does.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    parameters: Option<Spanned<Value>>,
    /// Other values of parameters for single accounts and regions.
    parameters_by: ParametersBy,
    /// Whether AWS refuses to delete it; not for units.
    termination_protection: bool,
    /// What happens when accounts enter or leave a unit that gets it.
    auto_deployment: Option<Spanned<AutoDeployment>>,
    /// How the accounts of units get it.
    operation_preferences: Option<Spanned<OperationPreferences>>,
    /// Tags of the stack and of all that is in it.
    #[schemars(extend("x-form" = "tags"))]
    tags: Entries<Spanned<String>>,
    /// Tags of landing's own.
    #[serde(skip)]
    own_tags: BTreeMap<String, String>,
    /// What is left out of what follows from something else.
    #[serde(skip)]
    own_except: Option<Excluded>,
}

/// Wants the stacks that are written and those that are `made` of something else. Accounts must be declared before.
pub(super) fn declare(
    stacks: &Entries<StackSection>,
    made: &[(Spanned<String>, StackSection)],
    declaration: &mut Declaration,
) {
    let all = stacks.iter().chain(made.iter().map(|(name, section)| (name, section)));
    let mut made = Vec::new();
    for (name, section) in all {
        check_name(name, declaration);
        let Some(rendered) = Rendered::of(name, section, declaration) else { continue };
        let excluded = section.excluded(name.place, declaration);
        let (units, accounts) = targets(section, &excluded, declaration);
        stack_set::check_accounts(&accounts, &units, declaration);
        check_namesake(&accounts, declaration);
        stack_set::check_template(name, &rendered.template, &units, declaration);
        let regions = regions(name, section, &excluded, declaration);
        let except = left_out(&units, &excluded, declaration);
        let reached = Reached {
            name,
            accounts: &accounts,
            units: &units,
            left_out: &except,
            regions: &regions,
            template: &rendered.template,
        };
        let by = section.parameters_by.resolve(&reached, declaration);
        for (account, _) in &accounts {
            for region in &regions {
                let own = rendered.with(by.at(Some(account), region));
                declare_in(name, section, &own, account, region, declaration);
            }
        }
        check_options(name, section, &excluded, &units, declaration);
        let tags = all_tags(name, section, declaration);
        let stack_set = StackSet { except, ..rendered.stack_set(name, tags, within(by, &units, declaration)) };
        let written = (section.builtin(name), name.place);
        stack_set::declare(stack_set, written, &units, &regions, section.options(), declaration);
        made.extend(section.made(name, &accounts, &regions));
    }
    stack_needs::declare(&made, declaration);
}

/// The roles that landing makes for itself, if a stack has them.
pub(super) fn own_roles(stacks: &Entries<StackSection>) -> Option<Roles> {
    let mut templates = stacks.iter().filter_map(|(name, section)| section.template(name));
    templates.any(|template| template.value == "landing-roles").then(Roles::usual)
}

/// Which of these accounts, by name, have stacks that keep logs, as references. A stack set's units say nothing here: an archive is one account.
pub(super) fn log_archives<'a>(stacks: &Entries<StackSection>, accounts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let is_archive = |name: &Spanned<String>, section: &StackSection| section.builtin(name) == Some("log-archive");
    let stacks = stacks.iter().filter(|(name, section)| is_archive(name, section));
    let targets: BTreeSet<&str> = stacks.flat_map(|(_, section)| &section.r#in).map(|it| it.as_str()).collect();
    let is_named = |name: &str| targets.iter().any(|it| it.strip_prefix("account/").unwrap_or(it) == name);
    let archives = accounts.filter(|name| is_named(name)).map(|name| format!("${{{}}}", Address::account(name)));
    archives.collect()
}

impl StackSection {
    /// One of a built-in template that follows from something else, written at `place`.
    pub fn of_template(
        template: &str,
        targets: &[&str],
        regions: &[String],
        parameters: Value,
        place: Place,
    ) -> StackSection {
        let written = |text: &str| Spanned::new(text.to_owned(), place);
        StackSection {
            template: Some(written(template)),
            r#in: targets.iter().map(|target| written(target)).collect(),
            regions: regions.iter().map(|region| written(region)).collect(),
            parameters: Some(Spanned::new(parameters, place)),
            ..StackSection::default()
        }
    }

    /// The template, as the stack of this name has it.
    fn template(&self, name: &Spanned<String>) -> Option<Spanned<String>> {
        self.template.clone().or_else(|| template::stack(name).map(|_| name.clone()))
    }

    /// The built-in template that it is made of, where it is.
    fn builtin(&self, name: &Spanned<String>) -> Option<&'static str> {
        template::stack(&self.template(name)?).map(|template| template.name)
    }

    /// The same with tags of landing's own.
    pub fn with_tags(self, own_tags: BTreeMap<String, String>) -> StackSection {
        StackSection { own_tags, ..self }
    }

    /// The same without what is excluded.
    pub fn without(self, excluded: Excluded) -> StackSection {
        StackSection { own_except: Some(excluded), ..self }
    }

    /// What does not get it.
    fn excluded(&self, place: Place, declaration: &mut Declaration) -> Excluded {
        match (&self.own_except, &self.except) {
            (Some(excluded), _) => excluded.clone(),
            (None, Some(except)) => except.resolve(place, declaration),
            (None, None) => Excluded::default(),
        }
    }

    /// What it makes of a built-in template.
    fn made(&self, name: &Spanned<String>, accounts: &Targets, regions: &BTreeSet<String>) -> Option<Made> {
        let written = self.template(name)?;
        let accounts: Vec<Address> = accounts.iter().map(|(account, _)| account.clone()).collect();
        let stacks = accounts
            .iter()
            .flat_map(|account| regions.iter().map(|region| Address::stack(&account.name(), name, region)));
        Some(Made {
            template: template::stack(&written)?,
            given: self.given(),
            stacks: stacks.chain([Address::stack_set(name)]).collect(),
            accounts,
            regions: regions.clone(),
            place: written.place,
        })
    }

    fn given(&self) -> Map<String, Value> {
        self.parameters.as_ref().and_then(|it| it.value.as_object()).cloned().unwrap_or_default()
    }

    fn options(&self) -> Options<'_> {
        Options {
            auto_deployment: self.auto_deployment.as_ref(),
            operation_preferences: self.operation_preferences.as_ref(),
        }
    }
}

/// Of other values, those of accounts that are in the units, and of regions.
fn within(mut by: resource::ParametersBy, units: &Targets, declaration: &Declaration) -> resource::ParametersBy {
    by.accounts.retain(|account, _| {
        let parent = declaration.desired.get(account).and_then(|wanted| wanted.parent.as_ref());
        parent.is_some_and(|parent| units.iter().any(|(unit, _)| parent.is_below(unit)))
    });
    by
}

/// Wants a stack of a built-in template that takes no parameters, in the management account's home region.
pub(super) fn declare_builtin(template: &str, place: Place, declaration: &mut Declaration) {
    let name = Spanned::new(template.to_owned(), place);
    let section = StackSection { template: Some(name.clone()), ..StackSection::default() };
    if let Some(rendered) = Rendered::of(&name, &section, declaration) {
        for region in regions(&name, &section, &Excluded::default(), declaration) {
            declare_in(&name, &section, &rendered, &Address::management(), &region, declaration);
        }
    }
}

/// Addresses and where they were written.
type Targets = Vec<(Address, Place)>;

/// The units, or the root, that get the stack; and the accounts.
fn targets(section: &StackSection, excluded: &Excluded, declaration: &mut Declaration) -> (Targets, Targets) {
    let all = targets::resolve_all(&section.r#in, &excluded.accounts, declaration);
    let mut divided = Targets::new();
    for target in all {
        divide(&target, declaration, &mut divided);
    }
    divided.into_iter().partition(|(target, _)| matches!(target.prefix(), "ou" | "root"))
}

/// A unit, or the root, in which no other is excluded, is a target as a whole. Of others their units are, and the accounts
/// right in them: a stack set that is for a unit follows the accounts of all units in that.
fn divide(target: &Target, declaration: &Declaration, divided: &mut Targets) {
    let unit = &target.address;
    let is_right_in = |place: &Wanted| place.parent.as_ref() == Some(unit) && place.presence == Presence::Present;
    let is_in = |place: &&Address| place.is_unit() && *place != unit && place.is_below(unit);
    if !unit.is_root_or_unit() || !target.except.places.iter().any(|place| is_in(&place)) {
        divided.push((unit.clone(), target.place));
        return;
    }
    let units = declaration.desired.of(Address::is_unit).filter(|unit| is_right_in(unit));
    for unit in units.filter(|unit| !target.except.covers(&unit.address)) {
        divide(&Target { address: unit.address.clone(), ..target.clone() }, declaration, divided);
    }
    let excludes = |account: &Wanted| target.except.has(&account.address, unit, false, &body_tags(&account.body));
    let accounts =
        declaration.desired.of(Address::is_account).filter(|account| is_right_in(account) && !excludes(account));
    divided.extend(accounts.map(|account| (account.address.clone(), target.place)));
}

/// The accounts of the blueprint below these units that do not get the stack all the same.
fn left_out(units: &Targets, excluded: &Excluded, declaration: &Declaration) -> BTreeSet<Address> {
    let except = &excluded.accounts;
    let target = |(address, place): &(Address, Place)| Target {
        address: address.clone(),
        place: *place,
        except: except.clone(),
    };
    units.iter().flat_map(|unit| targets::accounts(&target(unit), declaration).1).collect()
}

/// In a stack's address `management` is the management account.
fn check_namesake(accounts: &Targets, declaration: &mut Declaration) {
    let namesake = accounts.iter().find(|(account, _)| *account == Address::account(Address::management().as_str()));
    if let Some((account, place)) = namesake {
        let message = format!("{account} takes no stacks: in their addresses `management` is the management account");
        let help = "write `management` if that is what it is, or give the account another name";
        declaration.mistake("ambiguous", *place, message, help);
    }
}

/// What only stacks take, or only stack sets.
fn check_options(
    name: &Spanned<String>,
    section: &StackSection,
    excluded: &Excluded,
    units: &Targets,
    declaration: &mut Declaration,
) {
    if let Some((unit, place)) = units.first().filter(|_| section.termination_protection) {
        let message = format!("the stack {} is for {unit}, and AWS protects no stack sets from deletion", name.value);
        let help = "remove `termination_protection`, or give the accounts that need it a stack of their own";
        declaration.mistake("termination-protection", *place, message, help);
    }
    if let Some(place) = section.options().place().filter(|_| units.is_empty()) {
        let message = format!("the stack {} is for no unit", name.value);
        declaration.mistake("stack-set", place, message, "remove this, or name a unit or `root` under `in`");
    }
    let is_everywhere = units.iter().any(|(unit, _)| *unit == Address::root());
    let template = section.template(name).and_then(|written| template::stack(&written));
    let names_management = section.r#in.iter().any(|written| ["management", MEMBERS].contains(&written.as_str()))
        || excluded.accounts.covers(&Address::management());
    if is_everywhere && !names_management && template.is_some_and(|template| template.management_account) {
        let message = format!("the stack {} is for the root, but not for the management account", name.value);
        let help = "stack sets never reach it: write `in: [management, root]` if it is meant as well";
        declaration.diagnostics.push(Diagnostic::warning("management", message).at(name.place).help(help));
    }
}

/// The regions that get the stack.
fn regions(
    name: &Spanned<String>,
    section: &StackSection,
    excluded: &Excluded,
    declaration: &mut Declaration,
) -> BTreeSet<String> {
    let home = declaration.desired.settings.home_region.clone();
    if section.regions.is_empty() && home.is_empty() {
        let help = "write `regions:` here, or `home_region:` under `organization`";
        declaration.mistake("missing", name.place, format!("the stack {} has no region", name.value), help);
    }
    for region in &section.regions {
        aws_names::check_region(region, declaration);
    }
    let given: BTreeSet<String> = section.regions.iter().map(|region| region.value.clone()).collect();
    let all = if given.is_empty() { BTreeSet::from([home]) } else { given };
    let left: BTreeSet<String> = all.difference(&excluded.regions).cloned().collect();
    if left.is_empty() {
        let message = format!("`except` leaves the stack {} no region", name.value);
        declaration.mistake("region", name.place, message, "take a region out of it, or leave the stack out");
    }
    left
}

/// The tags of the stacks and stack sets of this section.
fn all_tags(name: &Spanned<String>, section: &StackSection, declaration: &mut Declaration) -> Tags {
    let tags = tags::all(&section.tags, &section.own_tags, name.place, declaration);
    tags::check_not_empty(&tags, name.place, declaration);
    tags
}

fn declare_in(
    name: &Spanned<String>,
    section: &StackSection,
    rendered: &Rendered,
    account: &Address,
    region: &str,
    declaration: &mut Declaration,
) {
    let address = Address::stack(&account.name(), name, region);
    let stack = Stack {
        name: name.value.clone(),
        template: rendered.template.clone(),
        parameters: rendered.parameters.clone(),
        tags: all_tags(name, section, declaration),
        region: region.to_owned(),
        termination_protection: section.termination_protection,
        ..Stack::default()
    };
    let needs = if *account == Address::management() { Address::organization() } else { account.clone() };
    let wanted = stack.into_wanted(address).of_template(section.builtin(name)).under(account.clone());
    let needs = std::iter::once(needs).chain(opt_in(region, account, declaration));
    let wanted = wanted.needing(needs);
    declaration.want(wanted, name.place);
}

fn check_name(name: &Spanned<String>, declaration: &mut Declaration) {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    if !begins || !name.chars().all(letters) || name.len() > MAX_NAME {
        let message = format!("`{}` is not a stack's name", name.value);
        let help = "AWS takes up to 128 letters, digits and hyphens, a letter first";
        declaration.mistake("name", name.place, message, help);
    }
}
