use std::sync::Arc;

use crate::model::only_reads;

/// One call's service, by the prefix that IAM gives it, and operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Call {
    pub service: &'static str,
    pub operation: String,
    /// The account and region that it is made in, where that is not the management account: limits hold for each.
    pub site: Option<Arc<str>>,
}

impl Call {
    /// The account that it is made in, where that is not the management account.
    pub fn account(&self) -> Option<&str> {
        self.site.as_deref()?.split('/').next()
    }

    /// Whether it may change something.
    pub fn is_write(&self) -> bool {
        !only_reads(&self.operation)
    }

    /// Whether it changes what blueprints describe: not the lease, not a session, not where templates wait, not what AWS
    /// knows of drift.
    pub fn changes_the_organization(&self) -> bool {
        self.is_write() && !matches!(self.service, "ssm" | "sts" | "s3") && !self.operation.starts_with("Detect")
    }

    /// Whether only the holder of the lease may make it: every write but the signing in to an account.
    pub fn takes_the_lease(&self) -> bool {
        self.is_write() && self.service != "sts"
    }
}
