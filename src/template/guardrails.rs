//! The catalogue of guardrails: what each prevents, detects or checks before deployment, and what it renders. A user's own file
//! has the same form.

mod config_rule;
mod files;
mod hook;
mod recognized;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use landing_cloudformation::Unreadable;
use landing_policy::{PolicyType, parse};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::render::render;
use config_rule::ConfigRule;
use files::FILES;
use hook::Hook;
pub use recognized::{guardrail_saying, guardrails_denying};

/// A rule for accounts, and how it is enforced.
/// <https://docs.aws.amazon.com/controltower/latest/controlreference/controls.html>
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// The name that blueprints use: that of its file.
    #[serde(skip)]
    pub id: String,
    /// Other names that blueprints may use for a built-in one.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The requirement, in a sentence.
    pub title: String,
    /// What it is for, and what it does not do.
    #[serde(default)]
    pub about: String,
    /// Whether it prevents, detects or checks before deployment.
    pub behaviour: Behaviour,
    /// Who should enable it.
    pub guidance: Guidance,
    /// Names under which several are enabled together.
    #[serde(default)]
    pub sets: Vec<String>,
    /// The rows of requirements that it meets.
    #[serde(default)]
    pub rows: Vec<u8>,
    /// AWS's pages on it.
    #[serde(default)]
    pub pages: Vec<String>,
    /// Counted up whenever what it renders changes.
    pub version: u32,
    /// What changed with each version but the first, and why.
    #[serde(default)]
    pub changes: BTreeMap<u32, String>,
    /// The values that it takes.
    #[serde(default)]
    pub parameters: BTreeMap<String, GuardrailParameter>,
    /// Values for those of its parameters that must be given, for its cases and for the caller that reads about it.
    #[serde(default)]
    pub example: Map<String, Value>,
    /// Whether it may lock out even landing's own roles.
    #[serde(default)]
    pub may_lock_out: bool,
    /// Handlebars that becomes the statements of a service control policy, as a JSON list. Beside the parameters it knows
    /// `regions`, `home_region`, `partition`, `access_role`, the lists of ARNs `exempt`, `exempt_and_landing`,
    /// `landing_roles`, `exempt_anywhere` and `makers`, and `log_archives`, the ids of accounts; `${organization}` in what
    /// comes out stands for the organization's id.
    #[serde(default)]
    scp: Option<String>,
    /// The same for a resource control policy.
    #[serde(default)]
    rcp: Option<String>,
    /// A policy of another type.
    #[serde(default)]
    policy: Option<TypedPolicy>,
    /// A managed rule of AWS Config.
    #[serde(default)]
    config_rule: Option<ConfigRule>,
    /// Controls that CloudFormation evaluates before it creates or updates a resource.
    #[serde(default)]
    hook: Option<Hook>,
    /// What it must deny and what it must not, as a blueprint's `expect` says it.
    #[serde(default)]
    pub cases: Vec<Value>,
}

/// Whether a guardrail prevents a violation, detects it, or rejects it before it is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Behaviour {
    /// It prevents.
    Preventive,
    /// It detects.
    Detective,
    /// It checks what CloudFormation is about to create.
    Proactive,
}

/// Who should enable a guardrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guidance {
    /// Every organization.
    Mandatory,
    /// Every organization without a reason against it.
    StronglyRecommended,
    /// Organizations that require it.
    Elective,
}

/// A value that a guardrail takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardrailParameter {
    /// Its purpose.
    pub about: String,
    /// What it is where nothing is given; without one it must be given. What is given is of the same JSON type.
    pub preset: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedPolicy {
    #[serde(rename = "type")]
    policy_type: String,
    /// Handlebars that becomes the document.
    content: String,
}

/// What a guardrail renders.
#[derive(Clone, Debug, PartialEq)]
pub enum Rendered {
    /// Statements, for a policy of this type that others may share.
    Statements(PolicyType, Vec<Value>),
    /// A whole policy.
    Policy(PolicyType, Value),
    /// A rule as the template `config-rules` takes it, and whether one region is enough.
    Rule(Value, bool),
    /// A hook as the template `proactive-controls` takes it.
    Hook(Value),
}

impl Guardrail {
    /// Reads one from YAML; `id` is its name.
    ///
    /// # Errors
    /// What is not of this form, in words.
    pub fn read(id: &str, yaml: &str) -> Result<Guardrail, String> {
        let read: Guardrail = serde_yaml::from_str(yaml).map_err(|error| error.to_string())?;
        let guardrail = Guardrail { id: id.to_owned(), ..read };
        let renders = [
            guardrail.scp.is_some(),
            guardrail.rcp.is_some(),
            guardrail.policy.is_some(),
            guardrail.config_rule.is_some(),
            guardrail.hook.is_some(),
        ];
        if renders.into_iter().filter(|it| *it).count() != 1 {
            return Err("it must have exactly one of `scp`, `rcp`, `policy`, `config_rule` and `hook`".to_owned());
        }
        if guardrail.hook.is_some() != (guardrail.behaviour == Behaviour::Proactive) {
            return Err("one with a `hook`, and no other, is `behaviour: proactive`".to_owned());
        }
        guardrail.policy_type()?;
        let missing = (2..=guardrail.version).find(|version| !guardrail.changes.contains_key(version));
        missing.map_or(Ok(guardrail), |version| Err(format!("`changes` does not say what is new in version {version}")))
    }

    /// The type of the policies that it is held by; none for a rule of AWS Config and a hook.
    ///
    /// # Errors
    /// When there is no such type.
    pub fn policy_type(&self) -> Result<Option<PolicyType>, String> {
        Ok(match (&self.scp, &self.rcp, &self.policy) {
            (Some(_), ..) => Some(PolicyType::ServiceControl),
            (_, Some(_), _) => Some(PolicyType::ResourceControl),
            (.., Some(policy)) => {
                let named = PolicyType::called(&policy.policy_type);
                Some(named.ok_or_else(|| format!("there is no policy type {}", policy.policy_type))?)
            }
            _ => None,
        })
    }

    /// Its id, and what else it is called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.aliases).map(String::as_str)
    }

    /// Whether it is of that set or level.
    #[must_use]
    pub fn is_in(&self, name: &str) -> bool {
        self.sets.iter().any(|set| set == name) || self.guidance.to_string() == name
    }

    /// What it renders, in the words of the field: `SCP`, `RCP`, `s3-policy`, `Config rule`, `hook`.
    #[must_use]
    pub fn means(&self) -> String {
        match self.policy_type() {
            Ok(Some(PolicyType::ServiceControl)) => "SCP".into(),
            Ok(Some(PolicyType::ResourceControl)) => "RCP".into(),
            Ok(Some(other)) => other.address_prefix().trim_end_matches("-policy").into(),
            _ if self.hook.is_some() => "hook".into(),
            _ => "Config rule".into(),
        }
    }

    /// What is wrong with the values given for it.
    #[must_use]
    pub fn wrong_values(&self, given: &Map<String, Value>) -> Vec<String> {
        let unknown = given.keys().filter(|name| !self.parameters.contains_key(*name));
        let unknown = unknown.map(|name| {
            let known: Vec<&str> = self.parameters.keys().map(String::as_str).collect();
            match known.as_slice() {
                [] => format!("it takes no parameters, so not {name}"),
                known => format!("it has no parameter {name}, but {}", known.join(", ")),
            }
        });
        let missing = self.parameters.iter().filter(|(name, it)| it.preset.is_none() && !given.contains_key(*name));
        let missing = missing.map(|(name, it)| format!("it needs {name}: {}", it.about));
        let typed = self.parameters.iter().filter_map(|(name, it)| Some((name, it.preset.as_ref()?, given.get(name)?)));
        let other = typed.filter(|(_, preset, given)| kind_of(preset) != kind_of(given));
        let other = other.map(|(name, preset, _)| format!("{name} is {}", kind_of(preset)));
        unknown.chain(missing).chain(other).collect()
    }

    /// What it comes to with these values, which [`Guardrail::wrong_values`] has nothing against, and with `around`, what
    /// the organization says.
    ///
    /// # Errors
    /// When what comes out is not what AWS takes, and when neither `given` nor `around` says what would deny everything if it were empty.
    pub fn rendered(&self, given: &Map<String, Value>, around: &Map<String, Value>) -> Result<Rendered, Unreadable> {
        let values = self.filled(given, around)?;
        let json = |text: &str| -> Result<Value, Unreadable> {
            let text = render(text, &values)?;
            parse(&text).map_err(|error| Unreadable { line: error.line, column: error.column, message: error.message })
        };
        Ok(match (&self.scp, &self.rcp, &self.policy, &self.config_rule, &self.hook) {
            (Some(text), ..) => Rendered::Statements(PolicyType::ServiceControl, statements(json(text)?)),
            (_, Some(text), ..) => Rendered::Statements(PolicyType::ResourceControl, statements(json(text)?)),
            (.., Some(policy), _, _) => {
                let policy_type = self.policy_type().ok().flatten().unwrap_or(PolicyType::ServiceControl);
                Rendered::Policy(policy_type, json(&policy.content)?)
            }
            (.., Some(rule), _) => Rendered::Rule(rule.row(self, &values)?, rule.global),
            (.., Some(hook)) => Rendered::Hook(hook.row(self, &values)?),
            _ => Rendered::Statements(PolicyType::ServiceControl, Vec::new()),
        })
    }

    /// What is given over the presets over what the organization says. What the organization says is a better preset than an
    /// empty list; where it says nothing either, nothing would be allowed.
    fn filled(
        &self,
        given: &Map<String, Value>,
        around: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Unreadable> {
        let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        let mut values = around.clone();
        for (name, preset) in self.parameters.iter().filter_map(|(name, it)| Some((name, it.preset.as_ref()?))) {
            if !(is_empty(preset) && around.contains_key(name)) {
                values.insert(name.clone(), preset.clone());
            }
        }
        values.extend(given.clone());
        spare(&mut values);
        let of_organization = self.parameters.keys().filter(|name| around.contains_key(*name));
        match of_organization.into_iter().find(|name| values.get(*name).is_some_and(is_empty)) {
            None => Ok(values),
            Some(name) => Err(Unreadable {
                line: 0,
                column: 0,
                message: format!("the organization has no {name}, and none are given"),
            }),
        }
    }
}

/// Adds whom the guardrail may spare, as ARNs that `aws:PrincipalArn` is compared with: `exempt` are the roles for emergencies,
/// Control Tower's where it governs and those of the parameter `exempt_roles`, `exempt_and_landing` those by which landing works besides.
fn spare(values: &mut Map<String, Value>) {
    let list = |values: &Map<String, Value>, name: &str| values.get(name).and_then(Value::as_array).cloned();
    let partition = values.get("partition").and_then(Value::as_str).unwrap_or("aws").to_owned();
    let named = list(values, "exempt_roles").unwrap_or_default();
    let named = named.iter().filter_map(Value::as_str).map(|role| format!("arn:{partition}:iam::*:role/{role}").into());
    let mut exempt = list(values, "spared").unwrap_or_default();
    exempt.extend(named);
    let landing = list(values, "landing").unwrap_or_default();
    values.insert("exempt_and_landing".to_owned(), exempt.iter().cloned().chain(landing).collect());
    values.insert("exempt".to_owned(), exempt.into());
}

fn statements(value: Value) -> Vec<Value> {
    match value {
        Value::Array(statements) => statements,
        one => vec![one],
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Behaviour::Preventive => "preventive",
            Behaviour::Detective => "detective",
            Behaviour::Proactive => "proactive",
        })
    }
}

impl fmt::Display for Guidance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Guidance::Mandatory => "mandatory",
            Guidance::StronglyRecommended => "strongly-recommended",
            Guidance::Elective => "elective",
        })
    }
}

/// Every built-in guardrail, by name.
pub fn guardrails() -> &'static [Guardrail] {
    static READ: OnceLock<Vec<Guardrail>> = OnceLock::new();
    READ.get_or_init(|| {
        let read =
            |(id, text): &(&str, &str)| Guardrail::read(id, text).expect("a test reads every built-in guardrail");
        FILES.iter().map(read).collect()
    })
}

/// The built-in guardrail of that name or alias.
pub fn guardrail(name: &str) -> Option<&'static Guardrail> {
    guardrails().iter().find(|guardrail| guardrail.names().any(|own| own == name))
}

#[cfg(test)]
mod tests;
