//! The organization as it is and as a plan leaves it: which policies hold where, and all that there is.

use std::sync::Arc;

use super::against::{Against, Looking};
use super::failure::Failure;
use super::global::Global;
use super::progress::Reading;
use super::session::Session;
use super::source::{Source, stale as no_longer};
use crate::cloud::Cloud;
use crate::engine::{Draft, Hierarchies, look_and_plan, look_at_inventory, look_at_policies, look_at_whole, stale};
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
    let Planned { cloud, mut facts, mut reading, desired, draft } = plan(source, against, &global, session).await?;
    let hierarchies = look_at_policies(&cloud, &mut facts, &desired, &draft).await?;
    reading.end();
    Ok(hierarchies)
}

/// Plans, and reads all that there is, as the plan leaves it.
///
/// # Errors
/// As for [`before_and_after`].
pub(super) async fn inventory(source: &Source, against: &Against, session: &Session) -> Result<Inventory, Failure> {
    let Planned { cloud, mut facts, mut reading, desired, draft } =
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
    let Planned { cloud, mut facts, mut reading, desired, draft } =
        plan(source, against, &session.global, session).await?;
    let mut inventory = look_at_whole(&cloud, &mut facts, &desired, &draft, None).await?;
    let address = chosen(&inventory);
    // What single accounts have is asked for one by one.
    if let Some(account) = address.as_ref().ok().filter(|address| address.is_any_account()) {
        inventory = look_at_whole(&cloud, &mut facts, &desired, &draft, Some(account)).await?;
    }
    reading.end();
    Ok((inventory, address?))
}

/// A plan, and what it was made from and by.
struct Planned {
    cloud: Arc<Cloud>,
    facts: Facts,
    reading: Reading,
    desired: Desired,
    draft: Draft,
}

async fn plan(source: &Source, against: &Against, global: &Global, session: &Session) -> Result<Planned, Failure> {
    let Source { desired, blueprint, saved, targets } = source;
    let mut desired = desired.clone();
    let Looking { cloud, mut facts } = against.look(global, &desired.settings.home_region).await?;
    if desired.settings.home_region.is_empty() {
        desired.settings.home_region.clone_from(&cloud.region);
    }
    let reading = Reading::begin(session.out, &cloud);
    let draft = look_and_plan(&cloud, &mut facts, &desired, blueprint, targets).await?;
    let differences = saved.as_ref().map(|saved| stale(saved, &draft)).unwrap_or_default();
    if !differences.is_empty() {
        return Err(no_longer(&differences));
    }
    if let Some(against) = &draft.plan.against {
        session.out.say(&not_known_text(against, session.out.layout_of_stderr()));
    }
    Ok(Planned { cloud, facts, reading, desired, draft })
}
