use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::summary::{ImportError, Options};
use crate::cloud::Cloud;
use crate::engine::{PlanError, look_at_full_access, look_who_asks};
use crate::facts::{Facts, read_until_complete};
use crate::kinds::{KINDS, kind_info, observe, unknown_without};
use crate::model::{
    AccountRule, Address, Body, Desired, Found, IdentitySettings, Observed, Owner, Part, Presence, Settings, Wanted,
    partition_of,
};
use crate::outline::LeftOut;

/// What was found of an organization.
pub(super) struct Surveyed {
    /// Everything that was found.
    pub observed: Observed,
    /// The root, units and accounts that lack FullAWSAccess.
    pub without_full_access: BTreeSet<Address>,
    /// What AWS refused to report, by the names of kinds.
    pub not_known: BTreeMap<Address, LeftOut>,
    /// `aws` or another partition.
    pub partition: &'static str,
}

/// Reads an organization, regardless of who owns what in it.
///
/// Kinds read little of what no blueprint names. So what exists is found first, and then read again by a blueprint that
/// names all of it.
pub(super) async fn survey(cloud: &Arc<Cloud>, facts: &mut Facts, options: &Options) -> Result<Surveyed, ImportError> {
    look_who_asks(cloud, facts).await?;
    let mut nothing = nothing(options);
    let mut not_known = BTreeMap::new();
    let found = look(cloud, facts, &mut nothing, &mut not_known).await?;
    if !found.found.contains_key(&Address::organization()) {
        return Err(ImportError::NoOrganization);
    }
    let mut named = naming(nothing, &found, options);
    let observed = look(cloud, facts, &mut named, &mut not_known).await?;
    let without_full_access = look_at_full_access(cloud, facts, &named, &observed).await?;
    Ok(Surveyed { observed, without_full_access, not_known, partition: partition_of(&options.home_region) })
}

/// Looks at everything. What AWS refuses to report is left unread, and named, unless the rest cannot be understood without it.
async fn look(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &mut Desired,
    not_known: &mut BTreeMap<Address, LeftOut>,
) -> Result<Observed, ImportError> {
    loop {
        let error = match read_until_complete(cloud, facts, |look| observe(desired, look)).await {
            Ok(observed) => return Ok(observed),
            Err(error) => error,
        };
        let Some(unread) = readers(&error.operation, &desired.settings.unread) else {
            return Err(PlanError::from(error).into());
        };
        for kind in unread {
            let remedy = format!("allow {}, then import again", error.operation);
            not_known.insert(Address::parse(kind), LeftOut::not_known(error.to_string(), remedy));
            desired.settings.unread.insert(kind.to_owned());
        }
    }
}

/// The kinds that are not known without an operation. `None` where policies are not either: then nothing can be proved.
fn readers(operation: &str, unread: &BTreeSet<String>) -> Option<Vec<&'static str>> {
    let kinds = unknown_without(operation, unread)?;
    kinds.iter().all(|kind| kind_info(kind).part != Part::Policies).then_some(kinds)
}

/// A blueprint that wants to see everything, and otherwise has nothing, or what that has which the import is added to.
fn nothing(options: &Options) -> Desired {
    if let Some(into) = &options.into {
        let mut desired = into.declared.desired.clone();
        (desired.settings.deep, desired.settings.surveys) = (true, true);
        desired.settings.surveyed_regions = surveyed(options);
        desired.settings.unread.extend(not_asked_for(options));
        if options.parts.contains(&Part::Identity) {
            desired.settings.identity.get_or_insert_default();
        }
        return desired;
    }
    let identity = IdentitySettings { external: options.external, ..IdentitySettings::default() };
    Desired {
        blueprint: options.name.clone(),
        settings: Settings {
            home_region: options.home_region.clone(),
            access_role: options.access_role.clone(),
            identity: options.parts.contains(&Part::Identity).then_some(identity),
            deep: true,
            surveys: true,
            surveyed_regions: surveyed(options),
            unread: not_asked_for(options),
            ..Settings::default()
        },
        ..Desired::default()
    }
}

/// The kinds of the parts that are not written, so far as others can be understood without them.
fn not_asked_for(options: &Options) -> BTreeSet<String> {
    let needed = [Part::Organization, Part::Accounts, Part::Policies];
    let is_needed = |part: Part| needed.contains(&part) || options.parts.contains(&part);
    KINDS.iter().filter(|kind| !is_needed(kind.kind_info().part)).map(|kind| kind.name().to_owned()).collect()
}

/// The same with wishes for everything that was found and that is unmanaged, as it was found, and for whatever else an account
/// may have.
fn naming(mut desired: Desired, found: &Observed, options: &Options) -> Desired {
    let is_new = |found: &&Found| found.owner == Owner::Unmanaged && desired.get(&found.address).is_none();
    let new: Vec<&Found> = found.found.values().filter(is_new).collect();
    for found in new.into_iter().filter(|found| !is_reported_by_others(&found.address)) {
        let wanted = Wanted::new(&found.kind, found.address.clone(), found.body.clone());
        desired.add(Wanted { parent: found.parent.clone(), ..wanted });
    }
    let asked_for = KINDS.iter().filter(|kind| options.parts.contains(&kind.kind_info().part));
    for account in found.accounts.keys().filter(|account| found.has_open(account)) {
        asked_for.clone().flat_map(|kind| kind.each_of(account)).for_each(|wanted| desired.add(wanted));
    }
    if options.parts.contains(&Part::Settings) {
        desired.settings.account_rules.extend(rules(options));
    }
    desired
}

/// What follows from something else and is wanted with that.
fn is_reported_by_others(address: &Address) -> bool {
    address.split_target().is_some() || address.assigned().is_some()
}

/// The regions in which accounts are asked for their stacks.
fn surveyed(options: &Options) -> Vec<String> {
    if options.parts.contains(&Part::Stacks) { regions(options).to_vec() } else { Vec::new() }
}

/// The regions that accounts are looked at in.
fn regions(options: &Options) -> &[String] {
    if options.regions.is_empty() { std::slice::from_ref(&options.home_region) } else { &options.regions }
}

/// Every account is asked for every setting.
fn rules(options: &Options) -> Vec<AccountRule> {
    let regions = regions(options);
    let rule = |kind: &str, region: Option<&String>| AccountRule {
        kind: kind.into(),
        body: Body::new(),
        region: region.cloned(),
        target: Address::root(),
        except: Default::default(),
        presence: Presence::Present,
        source: None,
    };
    let encryption = regions.iter().map(|region| rule("ebs-encryption", Some(region)));
    encryption.chain([rule("password-policy", None), rule("account-alias", None)]).collect()
}
