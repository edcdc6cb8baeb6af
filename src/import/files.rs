//! An outline as the files of a blueprint.

use std::collections::BTreeMap;

use super::summary::Options;
use crate::model::Address;
use crate::outline::{Entry, List, Map, Node, Outline, Text, slug};

/// A blueprint of more lines than this is written as several files.
const MAX_LINES: usize = 150;

/// The key of units, in a blueprint and in a unit.
const UNITS: &str = "organizational_units";

/// The files of a blueprint that is being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    yaml: BTreeMap<String, Text>,
    others: BTreeMap<String, (Address, String)>,
}

impl Files {
    /// Writes an outline; `values` are those that it refers to, and `head` stands at the top. `comments` stand beside the
    /// resources that they are about.
    pub fn of(
        outline: &Outline,
        values: Map,
        head: &str,
        options: &Options,
        comments: &BTreeMap<Address, String>,
    ) -> Files {
        let others =
            outline.files.iter().map(|(path, file)| (path.clone(), (file.of.clone(), file.text.clone()))).collect();
        let mut sections = sections(outline, values, options);
        if sections.is_empty() {
            return Files::default();
        }
        sections.iter_mut().for_each(|section| section.map.annotate(comments));
        let one = text(head, &joined(&sections));
        if outline.is_added() || one.text.lines().count() <= MAX_LINES {
            return Files { yaml: BTreeMap::from([(options.main.clone(), one)]), others };
        }
        Files { yaml: parted(head, &options.main, sections), others }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.yaml.is_empty()
    }

    /// Every file by its path.
    pub fn texts(self) -> BTreeMap<String, String> {
        let yaml = self.yaml.into_iter().map(|(path, text)| (path, text.text));
        yaml.chain(self.others.into_iter().map(|(path, (_, text))| (path, text))).collect()
    }

    /// The same, to be read.
    pub fn all(&self) -> Vec<(&str, &str)> {
        let yaml = self.yaml.iter().map(|(path, text)| (path.as_str(), text.text.as_str()));
        yaml.chain(self.others.iter().map(|(path, (_, text))| (path.as_str(), text.as_str()))).collect()
    }

    /// What a line of a file is about, counted from one.
    pub fn about(&self, file: &str, line: usize) -> Option<&Address> {
        let of_yaml = self.yaml.get(file).and_then(|text| text.about(line));
        of_yaml.or_else(|| self.others.get(file).map(|(of, _)| of))
    }
}

/// A part of a blueprint, and the file that it stands in where there are several.
struct Section {
    file: String,
    map: Map,
}

fn sections(outline: &Outline, values: Map, options: &Options) -> Vec<Section> {
    let main = |map| Section { file: options.main.clone(), map };
    let mut head = Map::default();
    if !outline.is_added() {
        head.put(Entry::new("version", 1));
        head.set("name", Node::text(&options.name));
    }
    let mut first = Map::default();
    first.set("values", values);
    first.set("organization", organization(outline, options));
    first.set("policies", outline.policies.clone());
    first.set("account_settings", outline.account_settings.clone());
    let mut sections = vec![main(head), main(first)];
    let root = List { items: accounts(&Address::root(), outline) };
    let mut accounts = Map::default();
    accounts.set("accounts", root);
    sections.push(main(accounts));
    for (unit, _) in outline.units.iter().filter(|(unit, _)| unit.parent_unit() == Address::root()) {
        let mut map = Map::default();
        map.within(UNITS, |units| units.put(Entry::new(unit.name(), self::unit(unit, outline)).of(unit)));
        sections.push(Section { file: format!("units/{}.yaml", slug(&unit.name())), map });
    }
    let mut people = Map::default();
    people.set("identity", outline.identity.clone());
    sections.push(Section { file: "people.yaml".into(), map: people });
    let mut stacks = Map::default();
    stacks.set("stacks", outline.stacks.clone());
    sections.push(Section { file: "stacks.yaml".into(), map: stacks });
    sections.retain(|section| !section.map.is_empty());
    sections
}

fn organization(outline: &Outline, options: &Options) -> Map {
    let mut organization = outline.organization.clone();
    if outline.is_added() {
        return organization;
    }
    organization.set("home_region", Node::text(&options.home_region));
    if options.access_role != crate::model::DEFAULT_ACCESS_ROLE {
        organization.set("access_role", Node::text(&options.access_role));
    }
    organization.arrange(&[
        "home_region",
        "account_email",
        "access_role",
        "control_tower",
        "policy_types",
        "trusted_access",
        "delegated_administrators",
        "delegation_policy",
        "central_root_access",
        "quotas",
        "policies",
        "full_aws_access",
        "allows_nothing",
        "tags",
        "default_tags",
    ]);
    organization
}

fn unit(address: &Address, outline: &Outline) -> Map {
    let mut said = outline.units.get(address).cloned().unwrap_or_default();
    said.arrange(&["policies", "full_aws_access", "allows_nothing", "tags"]);
    said.set("accounts", List { items: accounts(address, outline) });
    let mut units = Map::default();
    for child in outline.units.keys().filter(|child| child.parent_unit() == *address && *child != address) {
        units.put(Entry::new(child.name(), unit(child, outline)).of(child));
    }
    said.set(UNITS, units);
    said
}

/// The accounts right in a place, by their names.
fn accounts(place: &Address, outline: &Outline) -> Vec<Entry> {
    let within = outline.accounts.iter().filter(|(_, account)| account.parent.as_ref() == Some(place));
    within
        .map(|(address, account)| {
            let mut said = account.said.clone();
            said.arrange(&[
                "key",
                "name",
                "email",
                "policies",
                "full_aws_access",
                "allows_nothing",
                "contacts",
                "opt_in_regions",
                "tags",
            ]);
            let is_name_alone = said.entries().len() == 1;
            let node = match said.get("name").filter(|_| is_name_alone) {
                Some(name) => name.clone(),
                None => said.in_one_line().into(),
            };
            Entry::new("", node).of(address)
        })
        .collect()
}

/// The sections as one file has them: the units below one key.
fn joined(sections: &[Section]) -> Vec<Map> {
    let mut maps: Vec<Map> = Vec::new();
    let mut units = Map::default();
    for section in sections {
        match section.map.get(UNITS) {
            Some(Node::Map(top)) => top.entries().iter().for_each(|entry| units.put(entry.clone())),
            _ => maps.push(section.map.clone()),
        }
    }
    let mut all = Map::default();
    all.set(UNITS, units);
    // Accounts of the root stand before the units, people and stacks behind them.
    let at = sections.iter().filter(|section| section.file == sections[0].file).count();
    maps.insert(at.min(maps.len()), all);
    maps.retain(|map| !map.is_empty());
    maps
}

/// One text of several maps, parted by empty lines.
fn text(head: &str, maps: &[Map]) -> Text {
    let mut text = Text::default();
    text.comment(head);
    for (nth, map) in maps.iter().enumerate() {
        // What follows a blueprint's name belongs to it.
        if nth > 1 || nth == 1 && maps[0].get("version").is_none() {
            text.gap();
        }
        text.map(map);
    }
    text
}

/// A file for each top unit, for people and for stacks, and one that includes them.
fn parted(head: &str, main: &str, sections: Vec<Section>) -> BTreeMap<String, Text> {
    let mut by_file: BTreeMap<String, Vec<Map>> = BTreeMap::new();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for section in sections {
        let file = match section.file.strip_prefix("units/") {
            // Two units whose names are alike but for signs.
            Some(_) => numbered(&section.file, &mut taken),
            None => section.file,
        };
        by_file.entry(file).or_default().push(section.map);
    }
    let includes = Node::texts(by_file.keys().filter(|file| *file != main));
    if let Some(first) = by_file.get_mut(main).and_then(|maps| maps.first_mut()) {
        first.set("include", includes);
    }
    let written = by_file.into_iter().map(|(file, maps)| {
        let head = if file == main { head } else { "" };
        (file, text(head, &maps))
    });
    written.collect()
}

fn numbered(file: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let count = taken.entry(file.to_owned()).or_default();
    *count += 1;
    match *count {
        1 => file.to_owned(),
        number => file.replace(".yaml", &format!("-{number}.yaml")),
    }
}
