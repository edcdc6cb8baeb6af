//! What is excluded from the places that something is for.

use std::borrow::Cow;

use landing_blueprint::{Entries, Place, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::one_or_many::OneOrMany;
use crate::declaration::shape::Shape;
use crate::declaration::target;
use crate::model::{Excluded, Exclusion};

/// What is excluded: a list of units, accounts and `management`, or a map with more to say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Except(ExceptSection);

/// What is excluded from the places that this stands beside.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Exclusion")]
struct ExceptSection {
    /// Units with all that is in them, accounts, `management`.
    #[serde(rename = "in")]
    #[schemars(extend("x-form" = "place"))]
    places: OneOrMany,
    /// Regions.
    #[schemars(extend("x-form" = "region"))]
    regions: OneOrMany,
    /// Values by the keys of accounts' tags: accounts with one of these tags.
    tags: Entries<OneOrMany>,
}

impl Except {
    /// What is meant. Units and accounts must be declared before. `fallback` is where mistakes are shown in what was written
    /// as a plain value.
    pub fn resolve(&self, fallback: Place, declaration: &mut Declaration) -> Excluded {
        let at = |text: &Spanned<String>| match text.place.is_somewhere() {
            true => text.clone(),
            false => Spanned::new(text.value.clone(), fallback),
        };
        let ExceptSection { places, regions, tags } = &self.0;
        let places: Vec<Spanned<String>> = places.0.iter().map(at).collect();
        let regions: Vec<Spanned<String>> = regions.0.iter().map(at).collect();
        regions.iter().for_each(|region| aws_names::check_region(region, declaration));
        let tags = tags
            .iter()
            .map(|(key, values)| (key.value.clone(), values.0.iter().map(|value| value.value.clone()).collect()));
        let accounts = Exclusion {
            places: places.iter().filter_map(|place| target::resolve(place, declaration)).collect(),
            tags: tags.collect(),
        };
        Excluded { accounts, regions: regions.into_iter().map(|region| region.value).collect() }
    }

    /// As [`Except::resolve`], where regions make no difference: naming one is a mistake.
    pub fn resolve_accounts(&self, what: &str, fallback: Place, declaration: &mut Declaration) -> Exclusion {
        if let Some(region) = self.0.regions.0.first() {
            let place = if region.place.is_somewhere() { region.place } else { fallback };
            let help = "leave `regions` out here: `in` and `tags` say which accounts are excluded";
            declaration.mistake("region", place, format!("{what} has no regions to exclude"), help);
        }
        self.resolve(fallback, declaration).accounts
    }
}

impl<'de> Deserialize<'de> for Except {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Except, D::Error> {
        let Spanned { value, place } = Spanned::<Written>::deserialize(deserializer)?;
        Ok(Except(match value.0 {
            Shape::Text(text) => of_places(vec![Spanned::new(text, place)]),
            Shape::List(texts) => of_places(texts),
            Shape::Map(section) => section,
        }))
    }
}

fn of_places(places: Vec<Spanned<String>>) -> ExceptSection {
    ExceptSection { places: OneOrMany(places), ..ExceptSection::default() }
}

struct Written(Shape<Spanned<String>, ExceptSection>);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        Shape::read(deserializer, "a list of units and accounts, or a map of `in`, `regions` and `tags`").map(Written)
    }
}

impl JsonSchema for Except {
    fn schema_name() -> Cow<'static, str> {
        "Except".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (texts, map) = (generator.subschema_for::<OneOrMany>(), generator.subschema_for::<ExceptSection>());
        json_schema!({"anyOf": [texts, map], "x-form": "place"})
    }
}
