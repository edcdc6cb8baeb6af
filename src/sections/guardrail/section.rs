use landing_blueprint::{Entries, Spanned};
use serde_json::Value;

use crate::declaration::name_or::NameOr;

/// A guardrail, or several by their set or level; or a map: `{ID: PARAMETERS}`, `{set: NAME, except: [ID]}`, `{level: LEVEL,
/// except: [ID]}`.
pub(in crate::sections) type GuardrailUse = NameOr<Entries<Spanned<Value>>>;
