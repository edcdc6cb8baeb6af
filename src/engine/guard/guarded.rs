use crate::engine::reach::Places;
use crate::model::{Change, Desired, Observed};

/// What the guards look at.
pub(in crate::engine) struct Guarded<'a> {
    pub changes: &'a [Change],
    pub desired: &'a Desired,
    pub observed: &'a Observed,
    pub places: &'a Places,
}
