//! Stacks and stack sets, in names instead of ids.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::names;

/// What a blueprint's stacks come to in a sandbox's snapshot: by stack set what it says and what its instances are, and
/// by account, region and name the stacks that are in no set. A stack that was released, and is retained, is no one's.
pub fn stacks(snapshot: &Value) -> Value {
    let pictured = Pictured { snapshot, names: named(snapshot) };
    pictured.named(&json!({"sets": pictured.sets(), "alone": pictured.alone()}))
}

struct Pictured<'a> {
    snapshot: &'a Value,
    /// What ids stand for.
    names: BTreeMap<String, String>,
}

/// What accounts, units, keys and what is in networks are called, by id.
fn named(snapshot: &Value) -> BTreeMap<String, String> {
    let mut names = names(&snapshot["organization"]);
    for (_, _, stack) in all(snapshot) {
        let is_numbered = |resource: &&Value| {
            let kind = text(&resource["type"]);
            kind.starts_with("AWS::EC2::") || kind == "AWS::KMS::Key"
        };
        let resources = stack["resources"].as_object().into_iter().flatten();
        for (logical, resource) in resources.filter(|(_, resource)| is_numbered(resource)) {
            names.insert(text(&resource["physical"]).to_owned(), logical.clone());
        }
    }
    names.remove("");
    names
}

/// Every stack with its account and region.
fn all(snapshot: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let accounts = map(&snapshot["stacks"]["places"]);
    accounts.flat_map(|(account, regions)| {
        map(regions).flat_map(move |(region, it)| map(&it["stacks"]).map(move |(_, stack)| (account, region, stack)))
    })
}

impl Pictured<'_> {
    fn sets(&self) -> Map<String, Value> {
        let regions = map(&self.snapshot["stack_sets"]["regions"]);
        let sets = regions.flat_map(|(_, sets)| map(sets));
        sets.map(|(name, set)| {
            let is = json!({
                "said": said(set), "auto": set["auto_deployment"], "targets": set["targets"],
                "instances": self.instances(set),
            });
            (name.clone(), is)
        })
        .collect()
    }

    /// What became of each instance, and its stack.
    fn instances(&self, set: &Value) -> Value {
        let instances = map(&set["instances"]).flat_map(|(account, regions)| {
            map(regions).map(move |(region, instance)| {
                let stack = all(self.snapshot).find(|(_, _, stack)| stack["id"] == instance["stack_id"]);
                let stack = stack.map(|(account, region, stack)| self.stack(account, region, stack));
                let is = json!({"status": instance["status"], "unit": instance["unit"], "stack": stack});
                (format!("{account} {region}"), is)
            })
        });
        Value::Object(instances.collect())
    }

    fn alone(&self) -> Map<String, Value> {
        let alone = all(self.snapshot).filter(|(_, _, stack)| !text(&stack["name"]).starts_with("StackSet-"));
        alone
            .map(|(account, region, stack)| {
                let name = text(&stack["name"]);
                (format!("{account} {region} {name}"), self.stack(account, region, stack))
            })
            .collect()
    }

    /// What a stack was reported, what it says, and what it has really made.
    fn stack(&self, account: &str, region: &str, stack: &Value) -> Value {
        let of_account = &self.snapshot["resources"][account];
        let made = map(&stack["resources"]).map(|(logical, resource)| {
            let (kind, id) = (text(&resource["type"]), text(&resource["physical"]));
            let is = ["global", region].map(|place| &of_account[place][kind][id]["properties"]);
            let is = is.into_iter().find(|properties| !properties.is_null());
            (logical.clone(), json!({"type": kind, "is": is}))
        });
        let made: Map<String, Value> = made.collect();
        json!({"said": said(stack), "outputs": stack["outputs"], "made": made})
    }

    /// The same with names in place of ids, wherever they are.
    fn named(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(values) => values.iter().map(|value| self.named(value)).collect(),
            Value::Object(values) => {
                values.iter().map(|(key, value)| (self.text(key), self.named(value))).collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        let present = self.names.iter().filter(|(id, _)| text.contains(id.as_str()));
        present.fold(text.to_owned(), |text, (id, name)| text.replace(id.as_str(), name))
    }
}

fn said(of: &Value) -> Value {
    let wanted = &of["wanted"];
    json!({"template": wanted["template"], "parameters": wanted["parameters"], "tags": wanted["tags"]})
}

fn map(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
