use schemars::JsonSchema;
use serde::Deserialize;

use super::resource;
use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::one_or_many::OneOrMany;
use crate::declaration::state::State;

/// Whether new EBS volumes are encrypted without anyone asking for it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EbsEncryption {
    /// The regions; the organization's unless given.
    #[schemars(extend("x-form" = "region"))]
    regions: Option<OneOrMany>,
    /// The key, by its ARN or an alias that each account has (`alias/ebs`); AWS's own unless given.
    key: Option<String>,
    /// `absent` switches it off.
    pub(crate) state: State,
}

impl EbsEncryption {
    /// How it is to be.
    pub(crate) fn resource(&self) -> resource::EbsEncryption {
        resource::EbsEncryption { key: self.key.clone() }
    }

    /// The regions that it is for.
    pub(crate) fn regions(&self, declaration: &mut Declaration) -> Vec<String> {
        let Some(regions) = &self.regions else { return declaration.desired.settings.regions.clone() };
        for region in &regions.0 {
            aws_names::check_region(region, declaration);
        }
        regions.0.iter().map(|region| region.value.clone()).collect()
    }
}
