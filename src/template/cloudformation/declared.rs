use serde_json::Value;

/// A parameter under a template's `Parameters`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// `String`, `Number`, `CommaDelimitedList`, `List<…>` or one of AWS's own types.
    pub parameter_type: String,
    /// What it is where nothing is given.
    pub default: Option<String>,
    /// Whether CloudFormation shows its value to nobody.
    pub no_echo: bool,
}

impl Declared {
    /// Whether its value is several ones with commas between them.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.parameter_type == "CommaDelimitedList" || self.parameter_type.contains("List<")
    }
}

/// The parameters of a template in its long form, in its order.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
#[must_use]
pub fn declared_parameters(template: &Value) -> Vec<Declared> {
    let parameters = template.get("Parameters").and_then(Value::as_object);
    let declared = |(name, parameter): (&String, &Value)| Declared {
        name: name.clone(),
        parameter_type: parameter["Type"].as_str().unwrap_or("String").to_owned(),
        default: parameter.get("Default").map(text_of),
        no_echo: parameter["NoEcho"] == true || parameter["NoEcho"] == "true",
    };
    parameters.into_iter().flatten().map(declared).collect()
}

/// A scalar as CloudFormation takes it: as text.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
