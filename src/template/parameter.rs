use ipnet::Ipv4Net;
use serde_json::{Map, Value};

/// A value that a template takes.
#[derive(Debug)]
pub struct Parameter {
    /// The name that blueprints use.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What values it takes.
    pub shape: Shape,
    /// What it is where nothing is given.
    pub preset: Preset,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// A text or a list of texts.
    TextOrTexts,
    /// Small letters, digits and hyphens, at most so many: a part of a bucket's name.
    Label(usize),
    /// A list of such, each once.
    Labels(usize),
    /// A list of texts.
    Texts,
    /// A list of subjects of tokens, each with its owner before any `*`: no one else's tokens match.
    Subjects,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// One of these numbers.
    OneOf(&'static [u64]),
    /// A list of numbers above 0.
    Amounts,
    /// A number above 0.
    Amount,
    /// true or false.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Any of these, each once.
    Choices(&'static [&'static str]),
    /// A map of texts, numbers and flags.
    Values,
    /// A map of texts, with any of these keys.
    Names(&'static [&'static str]),
    /// A list of maps with these keys.
    Rows(&'static [Parameter]),
    /// An IPv4 network such as 10.0.0.0/16, its prefix from the first to the second length.
    Network(u8, u8),
}

/// What a parameter is where nothing is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Preset {
    /// It must be given.
    Required,
    /// It must be given where the rendered template declares it without a default.
    Declared,
    /// What the organization says under the same name.
    Organization,
    /// This text. It may refer to resources by `${ADDRESS}`.
    Text(&'static str),
    /// These texts.
    Texts(&'static [&'static str]),
    /// This number.
    Whole(u64),
    /// These numbers.
    Wholes(&'static [u64]),
    /// This flag.
    Flag(bool),
    /// An empty map.
    NoValues,
}

/// What is wrong with a value that is given, or missing.
#[derive(Clone, Copy, Debug)]
pub enum ParameterProblem<'a> {
    /// There is no parameter of this name.
    Unknown(&'a str),
    /// It must be given.
    Missing(&'a Parameter),
    /// It takes other values.
    Shape(&'a Parameter),
}

/// What is wrong with the values `given` for `parameters`: what is missing, unknown, or of another shape.
pub fn check<'a>(
    parameters: impl Iterator<Item = &'a Parameter> + Clone,
    given: &'a Map<String, Value>,
) -> Vec<ParameterProblem<'a>> {
    let find = |name: &str| parameters.clone().find(|parameter| parameter.name == name);
    let refuse = |(name, value): (&'a String, &Value)| match find(name) {
        Some(parameter) => (!parameter.shape.takes(value)).then_some(ParameterProblem::Shape(parameter)),
        None => Some(ParameterProblem::Unknown(name)),
    };
    let mut wrong: Vec<ParameterProblem> = given.iter().filter_map(refuse).collect();
    let missing = parameters.filter(|it| it.preset == Preset::Required && !given.contains_key(it.name));
    wrong.extend(missing.map(ParameterProblem::Missing));
    wrong
}

/// The values given over the presets of `parameters`, those that the organization says left out.
#[must_use]
pub fn fill(parameters: &[Parameter], given: &Map<String, Value>) -> Map<String, Value> {
    let presets = parameters.iter().filter_map(|it| Some((it.name.to_owned(), it.preset.value()?)));
    let mut filled: Map<String, Value> = presets.collect();
    filled.extend(given.clone());
    for parameter in parameters {
        match (parameter.shape, filled.get_mut(parameter.name)) {
            (Shape::Rows(keys), Some(Value::Array(rows))) => {
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    *row = fill(keys, row);
                }
            }
            (Shape::Names(keys), Some(Value::Object(names))) => {
                // What is not given is an empty text, which templates can ask for.
                for key in keys {
                    names.entry(*key).or_insert_with(|| "".into());
                }
            }
            _ => {}
        }
    }
    filled
}

impl ParameterProblem<'_> {
    /// What is wrong, in a sentence.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            ParameterProblem::Unknown(name) => format!("there is no parameter `{name}`"),
            ParameterProblem::Missing(parameter) => {
                format!("the parameter `{}` is missing: {}", parameter.name, parameter.about)
            }
            ParameterProblem::Shape(parameter) => {
                format!("the parameter `{}` is {}", parameter.name, parameter.shape.words())
            }
        }
    }

    /// What to write instead, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            ParameterProblem::Unknown(_) => None,
            ParameterProblem::Missing(parameter) | ParameterProblem::Shape(parameter) => {
                Some(format!("write {}", parameter.example()))
            }
        }
    }
}

impl Parameter {
    fn example(&self) -> String {
        format!("{}: {}", self.name, self.shape.example())
    }
}

impl Preset {
    /// The value, where there is one.
    #[must_use]
    pub fn value(self) -> Option<Value> {
        match self {
            Preset::Required | Preset::Declared | Preset::Organization => None,
            Preset::Text(text) => Some(text.into()),
            Preset::Texts(texts) => Some(texts.into()),
            Preset::Whole(number) => Some(number.into()),
            Preset::Wholes(numbers) => Some(numbers.into()),
            Preset::Flag(flag) => Some(flag.into()),
            Preset::NoValues => Some(Map::new().into()),
        }
    }
}

impl Shape {
    fn takes(self, value: &Value) -> bool {
        let above_zero = |value: &Value| value.as_f64().is_some_and(|number| number > 0.0);
        match self {
            Shape::Text => value.is_string(),
            Shape::TextOrTexts => Shape::Text.takes(value) || Shape::Texts.takes(value),
            Shape::Label(most) => value.as_str().is_some_and(|text| is_label(text, most)),
            Shape::Labels(most) => value.as_array().is_some_and(|items| are_labels(items, most)),
            Shape::Texts => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
            Shape::Subjects => {
                Shape::Texts.takes(value) && value.as_array().is_some_and(|items| items.iter().all(names_owner))
            }
            Shape::Whole(least, most) => value.as_u64().is_some_and(|number| (least..=most).contains(&number)),
            Shape::OneOf(numbers) => value.as_u64().is_some_and(|number| numbers.contains(&number)),
            Shape::Amounts => value.as_array().is_some_and(|items| items.iter().all(above_zero)),
            Shape::Amount => above_zero(value),
            Shape::Flag => value.is_boolean(),
            Shape::Choice(choices) => value.as_str().is_some_and(|text| choices.contains(&text)),
            Shape::Choices(choices) => value.as_array().is_some_and(|items| are_choices(items, choices)),
            Shape::Values => value.as_object().is_some_and(|map| map.values().all(is_plain)),
            Shape::Names(keys) => value.as_object().is_some_and(|map| are_names(map, keys)),
            Shape::Rows(keys) => value.as_array().is_some_and(|rows| rows.iter().all(|row| is_row(row, keys))),
            Shape::Network(least, most) => value.as_str().is_some_and(|text| is_network(text, least, most)),
        }
    }

    /// The shape in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Shape::Text => "a text".to_owned(),
            Shape::TextOrTexts => "a text or a list of texts".to_owned(),
            Shape::Label(most) => format!("1 to {most} small letters, digits and hyphens, a letter first"),
            Shape::Labels(most) => {
                format!("a list of names of 1 to {most} small letters, digits and hyphens, a letter first, each once")
            }
            Shape::Texts => "a list of texts".to_owned(),
            Shape::Subjects => "a list of subjects, each of which names its owner before any `*`: else everybody's \
                                repositories are trusted"
                .to_owned(),
            Shape::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Shape::OneOf(numbers) => format!("one of {}", listed(numbers)),
            Shape::Amounts => "a list of numbers above 0".to_owned(),
            Shape::Amount => "a number above 0".to_owned(),
            Shape::Flag => "true or false".to_owned(),
            Shape::Choice(choices) => format!("one of {}", choices.join(", ")),
            Shape::Choices(choices) => format!("a list of any of {}", choices.join(", ")),
            Shape::Values => "a map of texts, numbers and flags".to_owned(),
            Shape::Names(keys) => format!("a map of any of {} to a text", keys.join(", ")),
            Shape::Rows(keys) => format!("a list of maps, each with {}", in_words(keys)),
            Shape::Network(least, most) => {
                format!("an IPv4 network from /{least} to /{most}, written by its first address")
            }
        }
    }

    fn example(self) -> String {
        match self {
            Shape::Text | Shape::TextOrTexts => "text".to_owned(),
            Shape::Label(_) => "name".to_owned(),
            Shape::Labels(_) | Shape::Texts => "[one, another]".to_owned(),
            Shape::Subjects => "[\"repo:OWNER/REPOSITORY:environment:production\"]".to_owned(),
            Shape::Whole(least, _) => least.to_string(),
            Shape::OneOf(numbers) => numbers.first().map(u64::to_string).unwrap_or_default(),
            Shape::Amounts => "[80, 100]".to_owned(),
            Shape::Amount => "500".to_owned(),
            Shape::Flag => "true".to_owned(),
            Shape::Choice(choices) => choices.first().copied().unwrap_or_default().to_owned(),
            Shape::Choices(choices) => format!("[{}]", choices.first().copied().unwrap_or_default()),
            Shape::Values => "{name: text}".to_owned(),
            Shape::Names(keys) => format!("{{{}: text}}", keys.first().copied().unwrap_or_default()),
            Shape::Rows(keys) => {
                let required = keys.iter().filter(|key| key.preset == Preset::Required);
                format!("[{{{}}}]", required.map(Parameter::example).collect::<Vec<_>>().join(", "))
            }
            Shape::Network(least, _) => format!("10.0.0.0/{least}"),
        }
    }
}

/// The claims with which a subject may begin that do not say whose it is. A repository's owner may have GitHub leave out
/// everything else. <https://docs.github.com/en/actions/reference/security/oidc>
const WITHOUT_OWNER: [&str; 10] = [
    "actor",
    "base_ref",
    "context",
    "environment",
    "event_name",
    "head_ref",
    "pull_request",
    "ref",
    "runner_environment",
    "workflow",
];

/// Whether a subject names its owner before anything that stands for others: `repo:OWNER/…` of GitHub, `project_path:GROUP/…`
/// of GitLab, `organization:NAME:…`, `org/ID/…`, or `{REPOSITORY-ID}:…` of Bitbucket.
fn names_owner(subject: &Value) -> bool {
    let Some(subject) = subject.as_str() else { return false };
    let literal = subject.split("${").next().unwrap_or(subject).split(['*', '?']).next().unwrap_or(subject);
    let parts: Vec<&str> = literal.split([':', '/']).collect();
    let is_whole = literal.len() == subject.len();
    match parts.as_slice() {
        [claim, ..] if WITHOUT_OWNER.contains(&claim.to_lowercase().as_str()) => false,
        [id, _, ..] if id.starts_with('{') && id.ends_with('}') => true,
        [_, owner, _, ..] => !owner.is_empty(),
        [_, owner] => is_whole && !owner.is_empty(),
        _ => false,
    }
}

fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

fn are_choices(items: &[Value], choices: &[&str]) -> bool {
    let known = |item: &Value| item.as_str().is_some_and(|text| choices.contains(&text));
    items.iter().enumerate().all(|(at, item)| known(item) && !items[..at].contains(item))
}

fn is_plain(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

fn are_names(map: &Map<String, Value>, keys: &[&str]) -> bool {
    map.iter().all(|(key, value)| keys.contains(&key.as_str()) && value.as_str().is_some_and(|text| !text.is_empty()))
}

fn is_row(row: &Value, keys: &'static [Parameter]) -> bool {
    row.as_object().is_some_and(|row| check(keys.iter(), row).is_empty())
}

/// `name, identifier and, where needed, description`.
fn in_words(keys: &[Parameter]) -> String {
    let named = |required: bool| {
        let keys = keys.iter().filter(|key| (key.preset == Preset::Required) == required);
        keys.map(|key| format!("`{}` ({})", key.name, key.shape.words())).collect::<Vec<_>>().join(", ")
    };
    match (named(true), named(false)) {
        (required, optional) if optional.is_empty() => required,
        (required, optional) => format!("{required}; and, where needed, {optional}"),
    }
}

fn is_label(text: &str, most: usize) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.len() <= most && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(allowed)
}

fn are_labels(items: &[Value], most: usize) -> bool {
    let is_once = |(at, item): (usize, &Value)| !items[..at].contains(item);
    items.iter().all(|item| item.as_str().is_some_and(|text| is_label(text, most)))
        && items.iter().enumerate().all(is_once)
}

fn is_network(text: &str, least: u8, most: u8) -> bool {
    text.parse::<Ipv4Net>()
        .is_ok_and(|network| network == network.trunc() && (least..=most).contains(&network.prefix_len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PARAMETERS: [Parameter; 3] = [
        Parameter { name: "cidr", about: "addresses", shape: Shape::Network(16, 28), preset: Preset::Required },
        Parameter { name: "zones", about: "zones", shape: Shape::Whole(1, 6), preset: Preset::Whole(3) },
        Parameter { name: "regions", about: "regions", shape: Shape::Texts, preset: Preset::Organization },
    ];

    fn wrong(given: Value) -> Vec<String> {
        let Value::Object(given) = given else { panic!("{given} is no object") };
        check(PARAMETERS.iter(), &given).iter().map(|wrong| format!("{} {:?}", wrong.message(), wrong.help())).collect()
    }

    #[test]
    fn values_of_the_right_shape_are_taken() {
        assert!(wrong(json!({"cidr": "10.0.0.0/16", "zones": 6, "regions": ["a"]})).is_empty());
        assert!(wrong(json!({"cidr": "10.0.0.0/28"})).is_empty());
    }

    #[test]
    fn what_is_missing_unknown_or_of_another_shape_is_reported_at_once() {
        assert_eq!(
            wrong(json!({"zone": 3, "zones": 7, "regions": "a"})),
            [
                "there is no parameter `zone` None",
                "the parameter `zones` is a whole number from 1 to 6 Some(\"write zones: 1\")",
                "the parameter `regions` is a list of texts Some(\"write regions: [one, another]\")",
                "the parameter `cidr` is missing: addresses Some(\"write cidr: 10.0.0.0/16\")",
            ]
        );
        for labels in [json!(["A"]), json!(["a", "a"]), json!(["1"]), json!("a"), json!(["abcd"])] {
            assert!(!Shape::Labels(3).takes(&labels), "{labels}");
        }
        assert!(Shape::Labels(3).takes(&json!(["a", "b-1"])));
        for network in ["10.0.0.0/15", "10.0.0.0/29", "10.0.1.0/16", "10.0.0.0", "fd00::/16"] {
            assert_eq!(wrong(json!({"cidr": network})).len(), 1, "{network}");
        }
    }

    #[test]
    fn a_subject_names_its_owner_before_anything_that_stands_for_others() {
        for good in [
            "repo:acme/*",
            "repo:acme/landing:*",
            "repo:acme/landing:ref:refs/heads/main",
            "repo:acme@1234/landing@5678:environment:prod",
            "repository_owner:acme:environment:*",
            "repository_owner:acme",
            "project_path:group/project:ref_type:branch:ref:*",
            "organization:acme:project:*:workspace:*:run_phase:*",
            "org/0f5c/project/*",
            "{d9c1b2}:*",
        ] {
            assert!(Shape::Subjects.takes(&json!([good])), "{good}");
        }
        for bad in [
            "*",
            "?",
            "",
            "*:*",
            "repo:*",
            "repo:*/landing:*",
            "repo:acme*",
            "repo:acme*/landing:*",
            "repo:acm?/landing:ref:refs/heads/main",
            "repo:/landing:*",
            "repo:${aws:username}/*",
            "repository_owner:acme*",
            "re*:acme/landing",
            "environment:prod",
            "ref:refs/heads/main",
            "REF:refs/heads/main",
            "{*}:x",
        ] {
            assert!(!Shape::Subjects.takes(&json!([bad])), "{bad}");
        }
        assert!(Shape::Subjects.takes(&json!([])));
        assert!(!Shape::Subjects.takes(&json!(["repo:acme/landing:*", "*"])));
        assert!(!Shape::Subjects.takes(&json!("repo:acme/landing:*")), "a list is wanted");
    }

    const ROWS: [Parameter; 2] = [
        Parameter {
            name: "rules",
            about: "rules",
            shape: Shape::Rows(&[
                Parameter { name: "name", about: "its name", shape: Shape::Text, preset: Preset::Required },
                Parameter { name: "with", about: "values", shape: Shape::Values, preset: Preset::NoValues },
            ]),
            preset: Preset::Required,
        },
        Parameter {
            name: "existing",
            about: "what is there",
            shape: Shape::Choices(&["one", "other"]),
            preset: Preset::Texts(&[]),
        },
    ];

    fn wrong_rows(given: &Value) -> usize {
        let given = given.as_object().unwrap_or_else(|| panic!("{given} is no object"));
        check(ROWS.iter(), given).len()
    }

    #[test]
    fn rows_have_keys_of_their_own_and_choices_are_made_once() {
        assert_eq!(wrong_rows(&json!({"rules": [{"name": "a", "with": {"days": 90, "on": true}}, {"name": "b"}]})), 0);
        assert_eq!(wrong_rows(&json!({"rules": [], "existing": ["one", "other"]})), 0);
        for rules in [
            json!([{}]),
            json!([{"name": 1}]),
            json!([{"name": "a", "x": 1}]),
            json!([{"name": "a", "with": {"b": []}}]),
        ] {
            assert_eq!(wrong_rows(&json!({"rules": rules})), 1, "{rules}");
        }
        for existing in [json!(["none"]), json!(["one", "one"]), json!("one")] {
            assert_eq!(wrong_rows(&json!({"rules": [], "existing": existing})), 1, "{existing}");
        }
        let Value::Object(given) = json!({"rules": [{"name": "a"}]}) else { panic!("an object") };
        assert_eq!(Value::Object(fill(&ROWS, &given)), json!({"rules": [{"with": {}, "name": "a"}], "existing": []}));
        assert_eq!(ROWS[0].example(), "rules: [{name: text}]");
    }

    #[test]
    fn names_are_texts_under_known_keys_and_empty_where_they_are_not_given() {
        const NAMES: Shape = Shape::Names(&["trail", "key"]);
        for (names, fits) in [
            (json!({}), true),
            (json!({"key": "arn"}), true),
            (json!({"key": ""}), false),
            (json!({"other": "x"}), false),
        ] {
            assert_eq!(NAMES.takes(&names), fits, "{names}");
        }
        let parameter = [Parameter { name: "existing", about: "", shape: NAMES, preset: Preset::NoValues }];
        let Value::Object(given) = json!({"existing": {"key": "arn"}}) else { panic!("an object") };
        assert_eq!(Value::Object(fill(&parameter, &given)), json!({"existing": {"key": "arn", "trail": ""}}));
        assert_eq!(Value::Object(fill(&parameter, &Map::new())), json!({"existing": {"key": "", "trail": ""}}));
    }

    #[test]
    fn presets_fill_in_what_is_not_given() {
        let Value::Object(given) = json!({"cidr": "10.0.0.0/16"}) else { panic!("an object") };
        assert_eq!(Value::Object(fill(&PARAMETERS, &given)), json!({"cidr": "10.0.0.0/16", "zones": 3}));
    }
}
