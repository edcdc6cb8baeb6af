use landing_blueprint::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::name_or::NameOr;

/// Whether something is to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// It is there.
    #[default]
    Present,
    /// It is not there: it is deleted or disabled.
    Absent,
}

/// Something by its name, with or without a state.
pub(crate) type Switch = NameOr<NamedState>;

/// A name, and `state: absent` to remove what it names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Switch")]
pub(crate) struct NamedState {
    /// What is switched.
    name: Spanned<String>,
    /// `absent` takes it away.
    #[serde(default)]
    state: State,
}

impl Switch {
    pub fn name(&self) -> &Spanned<String> {
        match self {
            NameOr::Name(name) => name,
            NameOr::Map(map) => &map.name,
        }
    }

    pub fn is_on(&self) -> bool {
        !matches!(self, NameOr::Map(map) if map.state == State::Absent)
    }
}
