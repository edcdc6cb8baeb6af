//! Clients of a service whose region is known only once AWS was asked.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use aws_config::{Region, SdkConfig};

use super::Cloud;
use super::connection::{identity_store, sso_admin};

/// A client in the home region until the service is found in another one; clones move with it.
#[derive(Clone, Debug)]
pub struct Regional<C> {
    home: C,
    moved: Arc<OnceLock<C>>,
}

impl<C> Regional<C> {
    pub(super) fn new(home: C) -> Regional<C> {
        Regional { home, moved: Arc::default() }
    }

    /// The first region that is found counts: it does not change within a run.
    fn move_to(&self, client: C) {
        let _ = self.moved.set(client);
    }
}

impl<C> Deref for Regional<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.moved.get().unwrap_or(&self.home)
    }
}

impl Cloud {
    /// Has all calls of IAM Identity Center go to the primary region of its instance, which is where permission sets and
    /// assignments are managed.
    /// <https://docs.aws.amazon.com/singlesignon/latest/userguide/multi-region-iam-identity-center.html>
    pub fn move_identity_center(&self, region: &str) {
        if region == self.region {
            return;
        }
        let config: SdkConfig = self.sites.shared().to_builder().region(Region::new(region.to_owned())).build();
        self.sso_admin.move_to(sso_admin(&config, &self.repeats));
        self.identity_store.move_to(identity_store(&config, &self.repeats));
    }
}
