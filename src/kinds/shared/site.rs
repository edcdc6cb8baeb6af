//! Where stacks are: in which account, entered how, and where those are that the blueprint does not name any more.

use std::collections::{BTreeMap, BTreeSet};

use landing_policy::has_form_of_region;

use crate::cloud::{AccountAccess, AwsError, Cloud};
use crate::kinds::read::Shut;
use crate::kinds::resource::access_role;
use crate::kinds::{WriteContext, WriteError};
use crate::model::{Action, Address, Change, Desired, Manual, Observed, Owner, partition_of};

/// Where one stack is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::kinds) struct Site {
    /// The account's address, or `management`.
    pub account: Address,
    /// The region's code.
    pub region: String,
}

/// What an account is entered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kinds) enum Purpose {
    Look,
    Change,
}

/// The role by which an account is entered that landing has not made a role of its own in.
pub fn entered_by(desired: &Desired, account: &Address) -> String {
    access_role(desired, account)
}

/// How an account is entered to look into it; nothing where its id is not known.
pub fn looked_into(desired: &Desired, observed: &Observed, account: &Address) -> Option<AccountAccess> {
    let id = observed.bindings.id(account)?;
    Some(access(desired, account, id, observed.bindings.id(&Address::management()), Purpose::Look))
}

/// How the account with this id is entered. Landing's own role comes first, where the blueprint makes one: the role that
/// came with the account is there before it.
pub(in crate::kinds) fn access(
    desired: &Desired,
    account: &Address,
    id: &str,
    management: Option<&str>,
    purpose: Purpose,
) -> AccountAccess {
    if *account == Address::management() || management == Some(id) {
        return AccountAccess::own();
    }
    AccountAccess { account: Some(id.to_owned()), roles: roles(desired, account, purpose) }
}

fn roles(desired: &Desired, account: &Address, purpose: Purpose) -> Vec<String> {
    let own = desired.settings.roles.as_ref().map(|roles| match purpose {
        Purpose::Look => roles.plan.clone(),
        Purpose::Change => roles.apply.clone(),
    });
    own.into_iter().chain([access_role(desired, account)]).collect()
}

/// Notes that landing cannot look into an account and region: what it wants there waits until AWS has finished a new
/// account, or for a person to let landing in.
pub(in crate::kinds) fn lost_access(
    site: &Site,
    shut: &Shut,
    waiting: impl IntoIterator<Item = Address>,
    observed: &mut Observed,
) {
    observed.waiting.extend(waiting);
    let is_shown = observed.findings.manual.iter().any(|manual| manual.address.as_ref() == Some(&site.account));
    if is_shown {
        return;
    }
    let Site { account, region } = site;
    let (what, page) = match shut.is_new {
        true => (
            format!(
                "{account} is new and cannot be used yet in {region}: plan again in some minutes, or apply, which waits \
                 for it ({})",
                shut.why
            ),
            "orgs_manage_accounts_create.html",
        ),
        false => (
            format!("let landing into {account} in {region}: {}", shut.why),
            "orgs_manage_accounts_access-cross-account-role.html",
        ),
    };
    let link = Some(format!("https://docs.aws.amazon.com/organizations/latest/userguide/{page}"));
    observed.findings.manual.push(Manual { address: Some(account.clone()), what, link });
}

impl WriteContext {
    /// How the account at `account` is entered to change something there.
    ///
    /// # Errors
    /// When the account does not exist, which the order of the plan rules out.
    pub(in crate::kinds) fn access(&self, account: &Address) -> Result<AccountAccess, WriteError> {
        // It is there before the organization, whose making shows its id.
        if *account == Address::management() {
            return Ok(AccountAccess::own());
        }
        let id = self.id(account)?;
        Ok(access(&self.desired, account, &id, Some(&self.management_account), Purpose::Change))
    }
}

/// Where a blueprint has had resources that nothing else leads to: stacks by region and account, stack sets by name, and whether
/// any in Identity Center. It is kept in one parameter; without it nothing is lost but that what the blueprint drops is
/// not found any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownDeployments(BTreeMap<String, BTreeSet<String>>);

/// Characters of a parameter of the tier that costs nothing.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html>
const MAX_PARAMETER: usize = 4096;

impl KnownDeployments {
    /// Stands for the management account and every account of the blueprint, where ids are not known or do not fit; among
    /// stack sets for all that there are.
    pub const ALL: &str = "*";

    /// What takes the place of a region where names of stack sets follow.
    const STACK_SETS: &str = "stack-sets";

    /// What takes the place of a region where names of stacks follow. Records that landing wrote before it kept names have
    /// no such line.
    const STACK_NAMES: &str = "stack-names";

    /// What stands alone where there has been something in Identity Center.
    const IDENTITY_CENTER: &str = "identity-center";

    /// The parameter's name.
    pub fn parameter(blueprint: &str) -> String {
        format!("/landing/whereabouts/{blueprint}")
    }

    /// Reads what [`KnownDeployments::to_text`] gives.
    pub fn from_text(text: &str) -> KnownDeployments {
        let lines = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        });
        KnownDeployments(lines.collect())
    }

    /// What of a parameter's text landing never writes, in the partition where it is: places and accounts that there cannot
    /// be, to which its roles would be taken.
    pub fn foreign(text: &str, partition: &str) -> Option<String> {
        text.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            let place = words.next()?;
            let is_name: fn(&str) -> bool = match place {
                KnownDeployments::STACK_SETS | KnownDeployments::STACK_NAMES => is_stack_set_name,
                KnownDeployments::IDENTITY_CENTER => |_| false,
                _ if has_form_of_region(place) && partition_of(place) == partition => is_account_id,
                _ => return Some(format!("`{place}` where a region of this partition is expected")),
            };
            let wrong = words.find(|word| *word != KnownDeployments::ALL && !is_name(word))?;
            Some(format!("`{wrong}` behind {place}"))
        })
    }

    /// A line for each region and its accounts, and one for stack sets; `*` for all where they would be too many for a
    /// parameter.
    pub fn to_text(&self) -> String {
        let text = |short: bool| {
            let lines = self.0.iter().map(|(place, accounts)| {
                let accounts = accounts.iter().map(|it| if short { KnownDeployments::ALL } else { it.as_str() });
                let words: BTreeSet<&str> = accounts.collect();
                std::iter::once(place.as_str()).chain(words).collect::<Vec<_>>().join(" ")
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        let long = text(false);
        if long.len() <= MAX_PARAMETER { long } else { text(true) }
    }

    /// Adds an account, by its id, to a region.
    pub fn add(&mut self, region: &str, account: &str) {
        self.0.entry(region.to_owned()).or_default().insert(account.to_owned());
    }

    /// Adds the name of a stack set.
    pub fn add_stack_set(&mut self, name: &str) {
        self.add(KnownDeployments::STACK_SETS, name);
    }

    /// Says that there is something in Identity Center.
    pub fn add_identity_center(&mut self) {
        self.0.entry(KnownDeployments::IDENTITY_CENTER.to_owned()).or_default();
    }

    /// Whether there has been something in Identity Center.
    pub fn has_identity_center(&self) -> bool {
        self.0.contains_key(KnownDeployments::IDENTITY_CENTER)
    }

    /// Regions with the ids of the accounts where there have been stacks; `*` for any account of the blueprint's.
    pub fn stacks(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = [KnownDeployments::STACK_SETS, KnownDeployments::STACK_NAMES];
        let regions = self.0.iter().filter(move |(place, _)| !names.contains(&place.as_str()));
        regions.flat_map(|(region, accounts)| accounts.iter().map(move |id| (region.as_str(), id.as_str())))
    }

    /// Adds the name of a stack.
    pub fn add_stack_name(&mut self, name: &str) {
        self.add(KnownDeployments::STACK_NAMES, name);
    }

    /// Whether there may have been a stack of that name: any may, where names were not kept or are too many.
    pub fn knows_stack(&self, name: &str) -> bool {
        self.0
            .get(KnownDeployments::STACK_NAMES)
            .is_none_or(|names| names.contains(name) || names.contains(KnownDeployments::ALL))
    }

    /// The names of the stack sets that there have been; `*` for any.
    pub fn stack_sets(&self) -> impl Iterator<Item = &str> {
        self.0.get(KnownDeployments::STACK_SETS).into_iter().flatten().map(String::as_str)
    }
}

/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html>
fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>
fn is_stack_set_name(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.len() <= 128 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_inner)
}

/// Writes down where the stacks, stack sets and resources of Identity Center will be that these changes make or adopt, if that
/// is not written down yet: a later blueprint may not name them any more.
///
/// # Errors
/// When AWS refuses.
pub async fn remember(
    cloud: &Cloud,
    desired: &Desired,
    observed: &Observed,
    changes: &[Change],
) -> Result<(), AwsError> {
    let made = || changes.iter().filter(|change| matches!(change.action, Action::Create | Action::Adopt));
    let sites: Vec<Site> = made().filter_map(|change| Site::of(&change.address, change.parent.as_ref()?)).collect();
    let sets: Vec<String> = made().filter(|it| it.kind == "stack-set").map(|it| it.address.name()).collect();
    let in_identity_center = made().any(|change| matches!(change.kind.as_str(), "permission-set" | "group"));
    if sites.is_empty() && sets.is_empty() && !in_identity_center {
        return Ok(());
    }
    let name = KnownDeployments::parameter(&desired.blueprint);
    let known = cloud.parameter(&name).await?;
    let mut deployment_record = KnownDeployments::from_text(known.as_ref().map_or("", |known| &known.value));
    let before = deployment_record.clone();
    for site in sites {
        // An account that is about to be made has no id yet: any account of the blueprint's may be it.
        deployment_record.add(&site.region, observed.bindings.id(&site.account).unwrap_or(KnownDeployments::ALL));
    }
    let names: Vec<String> = made().filter_map(|change| stack_name(&change.address)).collect();
    if !names.is_empty() {
        // Those that were made before names were kept.
        let ours = observed.found.values().filter(|found| matches!(found.owner, Owner::This { .. }));
        for name in names.into_iter().chain(ours.filter_map(|found| stack_name(&found.address))) {
            deployment_record.add_stack_name(&name);
        }
    }
    for name in &sets {
        deployment_record.add_stack_set(name);
    }
    if in_identity_center {
        deployment_record.add_identity_center();
    }
    if deployment_record != before {
        let about =
            "Where landing has created resources, so that it finds those that its blueprint does not name any more";
        cloud.put_parameter_once(&name, about, &deployment_record.to_text(), true).await?;
    }
    Ok(())
}

/// The name of the stack at this address.
fn stack_name(address: &Address) -> Option<String> {
    let mut parts = address.as_str().split('/');
    let name = parts.nth(2).filter(|_| address.prefix() == "stack" && parts.count() == 1);
    name.map(str::to_owned)
}

impl Site {
    /// Where the stack at this address is, under its account.
    pub fn of(stack: &Address, account: &Address) -> Option<Site> {
        (stack.prefix() == "stack").then(|| Site { account: account.clone(), region: stack.name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whereabouts_survive_being_written() {
        let mut deployment_record = KnownDeployments::default();
        deployment_record.add("eu-west-1", "111111111111");
        deployment_record.add("eu-west-1", "222222222222");
        deployment_record.add_stack_set("budget");
        assert!(!deployment_record.has_identity_center());
        deployment_record.add_identity_center();
        assert_eq!(KnownDeployments::from_text(&deployment_record.to_text()), deployment_record);
        assert_eq!(deployment_record.stacks().count(), 2);
        assert!(KnownDeployments::from_text(&deployment_record.to_text()).has_identity_center());
        deployment_record.add_stack_name("archive");
        assert_eq!(KnownDeployments::from_text(&deployment_record.to_text()), deployment_record);
        assert_eq!(deployment_record.stacks().count(), 2, "names of stacks are no regions");
        assert_eq!(deployment_record.stack_sets().collect::<Vec<_>>(), ["budget"]);
    }

    #[test]
    fn names_of_stacks_are_known_where_they_were_kept() {
        let knows = |text: &str, name: &str| KnownDeployments::from_text(text).knows_stack(name);
        assert!(knows("eu-west-1 111111111111", "archive"), "names were not kept");
        assert!(knows("stack-names archive trail", "archive"));
        assert!(knows("stack-names *", "archive"));
        assert!(!knows("stack-names trail", "archive"));
        assert!(!knows("stack-names trail\nstack-sets archive", "archive"));
        let name = |address: &str| stack_name(&Address::parse(address));
        assert_eq!(name("stack/logs/archive/eu-west-1").as_deref(), Some("archive"));
        for other in ["stack-set/archive", "ou/a/b/c", "stack/logs/archive", "stack/logs/archive/eu-west-1/x"] {
            assert_eq!(name(other), None, "{other}");
        }
    }

    #[test]
    fn what_landing_never_writes_is_named() {
        let foreign = |text: &str| KnownDeployments::foreign(text, "aws");
        let own = "eu-west-1 111111111111 *\nap-southeast-2 *\nstack-sets budget Config-1 *\nstack-names a b-1 *\nidentity-center\n\n";
        assert_eq!(foreign(own), None);
        assert_eq!(foreign(""), None);
        assert_eq!(
            KnownDeployments::foreign("us-gov-west-1 111111111111\nus-isob-east-1", "aws-us-gov").unwrap(),
            "`us-isob-east-1` where a region of this partition is expected"
        );
        assert_eq!(KnownDeployments::foreign("eusc-de-east-1 111111111111", "aws-eusc"), None);
        let region = |place: &str| Some(format!("`{place}` where a region of this partition is expected"));
        for place in [
            "eu-west-1.attacker.example",
            "eu-west-1#",
            "us-gov-west-1",
            "cn-north-1",
            "nowhere",
            "EU-WEST-1",
            "{\"a\":1}",
        ] {
            assert_eq!(foreign(&format!("stack-sets budget\n{place} 111111111111")), region(place));
        }
        assert_eq!(foreign("eu-west-1 111111111111 12345"), Some("`12345` behind eu-west-1".into()));
        assert_eq!(foreign("eu-west-1 1111111111111"), Some("`1111111111111` behind eu-west-1".into()));
        assert_eq!(foreign("eu-west-1 11111111111a"), Some("`11111111111a` behind eu-west-1".into()));
        assert_eq!(foreign("stack-sets a/b"), Some("`a/b` behind stack-sets".into()));
        assert_eq!(foreign("stack-sets 1a"), Some("`1a` behind stack-sets".into()));
        assert_eq!(foreign("identity-center x"), Some("`x` behind identity-center".into()));
    }

    #[test]
    fn too_many_accounts_become_all() {
        let mut deployment_record = KnownDeployments::default();
        for n in 0..1000 {
            deployment_record.add("eu-west-1", &format!("{n:012}"));
        }
        assert_eq!(deployment_record.to_text(), "eu-west-1 *");
    }
}
