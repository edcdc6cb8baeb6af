//! What several services ask of the state, or do with it, alike. It knows no operation of any service.

pub(crate) mod administrators;
pub(crate) mod identity_center;
pub(crate) mod inventory;
pub(crate) mod networks;
pub(crate) mod objects;
pub(crate) mod organization;
pub(crate) mod own_access;
pub(crate) mod readiness;
pub(crate) mod regions;
pub(crate) mod sharing;
