//! The policies of the organization, as they are and as a plan leaves them.

use super::arguments::Global;
use super::failure::Failure;
use super::progress::Reading;
use super::session::Session;
use super::source::{Source, stale as no_longer};
use crate::engine::{Hierarchies, look_and_plan, look_at_policies, stale};
use crate::facts::Facts;

/// Plans, and reads which policies hold where before and after.
///
/// # Errors
/// When AWS refuses a read, and when a saved plan was made for what is not there any more.
pub(super) async fn before_and_after(source: &Source, session: &Session) -> Result<Hierarchies, Failure> {
    let Source { desired, blueprint, saved, targets } = source;
    let mut desired = desired.clone();
    // `--region` says which region a simulated request goes to, not where the organization is.
    let global = Global { region: None, ..session.global.clone() };
    let cloud = global.connect(&desired.settings.home_region).await?;
    if desired.settings.home_region.is_empty() {
        desired.settings.home_region.clone_from(&cloud.region);
    }
    let mut facts = Facts::default();
    let mut reading = Reading::begin(session.out, &cloud);
    let draft = look_and_plan(&cloud, &mut facts, &desired, blueprint, targets).await?;
    let differences = saved.as_ref().map(|saved| stale(saved, &draft.plan)).unwrap_or_default();
    if !differences.is_empty() {
        return Err(no_longer(&differences));
    }
    let hierarchies = look_at_policies(&cloud, &mut facts, &desired, &draft).await?;
    reading.end();
    Ok(hierarchies)
}
