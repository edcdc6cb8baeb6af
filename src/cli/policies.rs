//! The organization as it is and as a plan leaves it: which policies hold where, and all that there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::against::{Against, Looking};
use super::failure::Failure;
use super::global::Global;
use super::progress::Reading;
use super::session::Session;
use super::source::{Source, stale as no_longer};
use crate::cloud::Cloud;
use crate::engine::{
    Draft, Hierarchies, Readable, look_and_plan, look_and_plan_readable, look_at_inventory, look_at_policies,
    look_at_whole, stale,
};
use crate::facts::Facts;
use crate::model::{Address, Desired, Inventory};
use crate::report::not_known_text;

/// Plans, and reads which policies hold where before and after.
///
/// # Errors
/// When AWS refuses a read, and when a saved plan was made for what is not there any more.
pub(super) async fn before_and_after(
    source: &Source,
    against: &Against,
    session: &Session,
) -> Result<Hierarchies, Failure> {
    // `--region` says which region a simulated request goes to, not where the organization is.
    let global = Global { region: None, ..session.global.clone() };
    let Planned { cloud, mut facts, mut reading, desired, draft, .. } = plan(source, against, &global, session).await?;
    let hierarchies = look_at_policies(&cloud, &mut facts, &desired, &draft).await?;
    reading.end();
    Ok(hierarchies)
}

/// Plans, and reads all that there is, as the plan leaves it.
///
/// # Errors
/// As for [`before_and_after`].
pub(super) async fn inventory(source: &Source, against: &Against, session: &Session) -> Result<Inventory, Failure> {
    let Planned { cloud, mut facts, mut reading, desired, draft, .. } =
        plan(source, against, &session.global, session).await?;
    let inventory = look_at_inventory(&cloud, &mut facts, &desired, &draft).await?;
    reading.end();
    Ok(inventory)
}

/// Plans, and reads all that is known of what `chosen` chooses, what the plan deletes included.
///
/// # Errors
/// As for [`before_and_after`], and those of `chosen`.
pub(super) async fn whole(
    source: &Source,
    against: &Against,
    session: &Session,
    chosen: impl Fn(&Inventory) -> Result<Address, Failure>,
) -> Result<(Inventory, Address), Failure> {
    let Planned { cloud, mut facts, mut reading, desired, draft, unknown, unplanned } =
        plan_readable(source, against, &session.global, session).await?;
    let mut inventory = look_at_whole(&cloud, &mut facts, &desired, &draft, None).await?;
    let address = chosen(&inventory);
    // What single accounts have is asked for one by one.
    if let Some(account) = address.as_ref().ok().filter(|address| address.is_any_account()) {
        inventory = look_at_whole(&cloud, &mut facts, &desired, &draft, Some(account)).await?;
    }
    reading.end();
    inventory.unknown.extend(unknown);
    inventory.unplanned = unplanned;
    Ok((inventory, address?))
}

/// A plan, and what it was made from and by.
struct Planned {
    cloud: Arc<Cloud>,
    facts: Facts,
    reading: Reading,
    desired: Desired,
    draft: Draft,
    /// Why kinds are not known, by their names.
    unknown: BTreeMap<String, String>,
    /// Why there is no plan.
    unplanned: Option<String>,
}

/// Plans, and refuses where AWS refuses a read.
async fn plan(source: &Source, against: &Against, global: &Global, session: &Session) -> Result<Planned, Failure> {
    let mut looking = begin(source, against, global, session).await?;
    let Source { blueprint, targets, .. } = source;
    let draft = look_and_plan(&looking.cloud, &mut looking.facts, &looking.desired, blueprint, targets).await?;
    looking.planned(draft, source, session)
}

/// Plans what AWS allows to read.
async fn plan_readable(
    source: &Source,
    against: &Against,
    global: &Global,
    session: &Session,
) -> Result<Planned, Failure> {
    let mut looking = begin(source, against, global, session).await?;
    let Source { blueprint, targets, .. } = source;
    let Begun { cloud, facts, desired, .. } = &mut looking;
    let Readable { draft, unknown, unplanned } =
        look_and_plan_readable(cloud, facts, desired, blueprint, targets).await?;
    Ok(Planned { unknown, unplanned, ..looking.planned(draft, source, session)? })
}

/// A look that has begun.
struct Begun {
    cloud: Arc<Cloud>,
    facts: Facts,
    reading: Reading,
    desired: Desired,
}

async fn begin(source: &Source, against: &Against, global: &Global, session: &Session) -> Result<Begun, Failure> {
    let mut desired = source.desired.clone();
    let Looking { cloud, facts } = against.look(global, &desired.settings).await?;
    if desired.settings.home_region.is_empty() {
        desired.settings.home_region.clone_from(&cloud.region);
    }
    let reading = Reading::begin(session.out, &cloud);
    Ok(Begun { cloud, facts, reading, desired })
}

impl Begun {
    fn planned(self, draft: Draft, source: &Source, session: &Session) -> Result<Planned, Failure> {
        let differences = source.saved.as_ref().map(|saved| stale(saved, &draft)).unwrap_or_default();
        if !differences.is_empty() {
            return Err(no_longer(&differences));
        }
        if let Some(against) = &draft.plan.against {
            session.out.say(&not_known_text(against, session.out.layout_of_stderr()));
        }
        let Begun { cloud, facts, reading, desired } = self;
        Ok(Planned { cloud, facts, reading, desired, draft, unknown: BTreeMap::new(), unplanned: None })
    }
}
