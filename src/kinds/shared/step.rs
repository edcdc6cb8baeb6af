//! Both sides of a change as the kind's own type.

use super::resource::Resource;
use super::write::{Step, WriteContext, WriteError};
use crate::model::Body;

impl Step {
    /// What the blueprint wants, as the kind's type.
    ///
    /// # Errors
    /// Where nothing is wanted, or the fields are not the kind's: the plan is not one of ours.
    pub(in crate::kinds) fn resource<R: Resource>(&self) -> Result<R, WriteError> {
        self.typed(&self.wanted()?.body)
    }

    /// The same with its references turned into what they stand for, as far as that is there.
    ///
    /// # Errors
    /// As for [`Step::resource`].
    pub(in crate::kinds) fn resolved<R: Resource>(&self, context: &WriteContext) -> Result<R, WriteError> {
        self.typed(&context.resolve(&self.wanted()?.body))
    }

    /// As [`Step::resolved`], where all that it refers to must be there.
    ///
    /// # Errors
    /// As for [`Step::resource`], and when something is not there, which the order of the plan rules out.
    pub(in crate::kinds) fn complete<R: Resource>(&self, context: &WriteContext) -> Result<R, WriteError> {
        self.typed(&context.resolved(self.wanted()?)?)
    }

    /// What was found, as the kind's type; `None` where nothing was.
    ///
    /// # Errors
    /// Where its fields are not the kind's.
    pub(in crate::kinds) fn found<R: Resource>(&self) -> Result<Option<R>, WriteError> {
        self.found.as_ref().map(|found| self.typed(&found.body)).transpose()
    }

    fn typed<R: Resource>(&self, body: &Body) -> Result<R, WriteError> {
        R::of(body).ok_or_else(|| self.senseless("its fields are not those of its kind"))
    }
}
