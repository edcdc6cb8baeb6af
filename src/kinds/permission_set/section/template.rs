//! Permission sets that are written down elsewhere: built in, or in files of the user's own.

use std::borrow::Cow;
use std::fmt;

use landing_blueprint::{Entries, Place, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::PermissionSetSection;
use crate::declaration::Declaration;
use crate::declaration::policy_file;
use crate::template;

/// Permission sets as a blueprint has them: a list of templates, or a map by name.
#[derive(Debug, Default)]
pub(crate) struct PermissionSets(pub Entries<PermissionSetSection>);

impl<'de> Deserialize<'de> for PermissionSets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PermissionSets, D::Error> {
        deserializer.deserialize_any(SetsVisitor).map(PermissionSets)
    }
}

impl PermissionSetSection {
    /// A set that is all that a template says.
    pub(crate) fn of_template(template: Spanned<String>) -> PermissionSetSection {
        PermissionSetSection { template: Some(template), ..PermissionSetSection::default() }
    }
}

/// In place of a template: the set is not made from one, not even from the built-in one of its name.
const NONE: &str = "none";

struct SetsVisitor;

impl<'de> Visitor<'de> for SetsVisitor {
    type Value = Entries<PermissionSetSection>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of templates, or a map of permission sets by name")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Entries::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut templates: A) -> Result<Self::Value, A::Error> {
        let mut sets: Vec<(Spanned<String>, PermissionSetSection)> = Vec::new();
        while let Some(template) = templates.next_element::<Spanned<String>>()? {
            if template == NONE {
                return Err(A::Error::custom(
                    "`none` is no template: write the set under its name, with `template: none`",
                ));
            }
            let name = Spanned::new(name_of(&template).to_owned(), template.place);
            if sets.iter().any(|(other, _)| *other == name) {
                return Err(A::Error::custom(format!("the permission set `{name}` occurs twice")));
            }
            sets.push((name, PermissionSetSection::of_template(template)));
        }
        Ok(sets.into_iter().collect())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Entries::deserialize(MapAccessDeserializer::new(map))
    }
}

/// What a set is called that has no name but its template's: a file's is that of the file.
fn name_of(template: &str) -> &str {
    let file = template.rsplit('/').next().unwrap_or(template);
    [".yaml", ".yml", ".json"].iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}

impl JsonSchema for PermissionSets {
    fn schema_name() -> Cow<'static, str> {
        "PermissionSets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let map = generator.subschema_for::<Entries<PermissionSetSection>>();
        json_schema!({"anyOf": [{"type": "array", "items": {"type": "string"}}, map]})
    }
}

/// What is known of a permission set, and where its template is named, if it has one.
pub(crate) struct Resolved {
    pub section: PermissionSetSection,
    pub template: Option<Place>,
}

/// The set with what its template says where it does not say anything itself. One that says nothing of what it allows is
/// the built-in one of its name, if there is one.
pub(crate) fn resolve(
    name: &Spanned<String>,
    section: &PermissionSetSection,
    declaration: &mut Declaration,
) -> Resolved {
    let is_none = section.template.as_ref().is_some_and(|template| *template == NONE);
    if is_none {
        return Resolved { section: PermissionSetSection { template: None, ..section.clone() }, template: None };
    }
    let silent = !section.allows_something() && template::permission_set(name).is_some();
    let Some(written) = section.template.as_ref().or(silent.then_some(name)) else {
        return Resolved { section: section.clone(), template: None };
    };
    let section = match read(written, declaration) {
        Some(template) => section.clone().over(template),
        None => section.clone(),
    };
    Resolved { section, template: Some(written.place) }
}

impl PermissionSetSection {
    fn allows_something(&self) -> bool {
        self.inline_policy.is_some() || !self.managed_policies.is_empty() || !self.customer_managed_policies.is_empty()
    }

    /// What it says, and where it says nothing, what its template does.
    fn over(self, template: PermissionSetSection) -> PermissionSetSection {
        fn list<T>(own: Vec<T>, template: Vec<T>) -> Vec<T> {
            if own.is_empty() { template } else { own }
        }
        PermissionSetSection {
            template: self.template,
            description: self.description.or(template.description),
            session: self.session.or(template.session),
            relay_state: self.relay_state.or(template.relay_state),
            managed_policies: list(self.managed_policies, template.managed_policies),
            customer_managed_policies: list(self.customer_managed_policies, template.customer_managed_policies),
            inline_policy: self.inline_policy.or(template.inline_policy),
            boundary: self.boundary.or(template.boundary),
            was: self.was.or(template.was),
            tags: if self.tags.is_empty() { template.tags } else { self.tags },
            exclusive: self.exclusive.or(template.exclusive),
        }
    }
}

/// What a template says: a built-in one, or a file, which is reported by its path.
fn read(written: &Spanned<String>, declaration: &mut Declaration) -> Option<PermissionSetSection> {
    let document = match template::permission_set(written) {
        Some(built_in) => serde_yaml::from_str(built_in.text).map_err(|error| error.to_string()),
        None if !written.contains(['/', '.']) => {
            let known = template::permission_sets().iter().map(|set| set.name);
            let help = "write what it allows under a name of its own, or the path of a file that says it";
            declaration.unknown("built-in permission set", written, written.place, known, help);
            return None;
        }
        None => Ok(policy_file::read(written, declaration)?),
    };
    let section = document.and_then(|document| {
        serde_json::from_value::<PermissionSetSection>(document).map_err(|error| error.to_string())
    });
    let nested = |section: &PermissionSetSection| section.template.is_some();
    let section = section.and_then(|section| match nested(&section) {
        true => Err("a template has no `template`".to_owned()),
        false => Ok(section),
    });
    section
        .map_err(|message| {
            let help = "it has the keys of a permission set in a blueprint, without a name";
            declaration.mistake("permission-set", written.place, format!("{}: {message}", written.value), help);
        })
        .ok()
}
