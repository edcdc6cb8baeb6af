use landing_blueprint::{Entries, Spanned};
use serde_json::Value;

use crate::declaration::name_or::NameOr;

/// A guardrail, or several by their set or level; or a map: `{ID: PARAMETERS}`, `{name: ID, PARAMETER: VALUE}`, `{set: NAME,
/// except: [ID]}`, `{level: LEVEL, except: [ID]}`. Beside a guardrail's parameters `except` says in which units, accounts and
/// regions it does not hold.
pub(in crate::sections) type GuardrailUse = NameOr<Entries<Spanned<Value>>>;
