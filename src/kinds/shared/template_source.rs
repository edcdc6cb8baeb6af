use landing_cloudformation::is_large;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::kinds::shared::deployment::is_of_template;
use crate::kinds::{WriteContext, WriteError};
use crate::model::{Action, Change, references};

/// How CloudFormation gets a template.
pub(in crate::kinds) enum TemplateSource {
    /// With the request.
    Sent(String),
    /// From a bucket, at this URL.
    Stored(String),
    /// It keeps the one that it has.
    Kept,
}

impl TemplateSource {
    /// What the request brings.
    pub fn body(&self) -> Option<String> {
        match self {
            TemplateSource::Sent(body) => Some(body.clone()),
            TemplateSource::Stored(_) | TemplateSource::Kept => None,
        }
    }

    /// Where CloudFormation reads it.
    pub fn url(&self) -> Option<String> {
        match self {
            TemplateSource::Sent(_) | TemplateSource::Kept => None,
            TemplateSource::Stored(url) => Some(url.clone()),
        }
    }

    /// Whether CloudFormation is to take the template that it has.
    pub fn is_kept(&self) -> Option<bool> {
        matches!(self, TemplateSource::Kept).then_some(true)
    }
}

impl WriteContext {
    /// The template by which a change is carried out. What is only adopted keeps its text, regardless of who wrote that: it says the same.
    ///
    /// # Errors
    /// As [`WriteContext::hand_over`].
    pub(in crate::kinds) async fn hand_over_for(
        &self,
        change: &Change,
        template: &Value,
    ) -> Result<TemplateSource, WriteError> {
        let is_kept = change.action == Action::Adopt && !change.fields.iter().any(|field| is_of_template(&field.path));
        if is_kept { Ok(TemplateSource::Kept) } else { self.hand_over(template).await }
    }

    /// Has a template ready for CloudFormation, without white space: one that is too large for a request is put into the
    /// bucket for such. The object is called by what it says, so that putting it again changes nothing.
    ///
    /// # Errors
    /// When there is no such bucket, or AWS refuses.
    pub(in crate::kinds) async fn hand_over(&self, template: &Value) -> Result<TemplateSource, WriteError> {
        let text = template.to_string();
        if !is_large(template) {
            return Ok(TemplateSource::Sent(text));
        }
        let bucket = self.desired.settings.template_bucket.as_deref().map(|bucket| self.resolve_text(bucket));
        let known = bucket.filter(|bucket| references(&Value::from(bucket.as_str())).is_empty());
        let bucket = known.ok_or_else(|| WriteError::Failed {
            message: format!("the template has {} bytes, more than a request takes, and no bucket for it", text.len()),
            help: "write `template_bucket:` with a bucket of the home region under `organization`".into(),
        })?;
        let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        let key = format!("landing/templates/{digest}.json");
        let url = self.cloud.put_object(&bucket, &key, text).await.map_err(|error| self.cloud.in_account(error))?;
        Ok(TemplateSource::Stored(url))
    }
}
