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
    /// Whether CloudFormation shows its value to no one.
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
        no_echo: parameter.get("NoEcho").is_some_and(|said| !is_false(said)),
    };
    parameters.into_iter().flatten().map(declared).collect()
}

/// Whether a flag says no in one of the forms that CloudFormation's YAML takes, in whatever case. All else hides a value: one
/// that is hidden needlessly does less harm than one that is shown.
fn is_false(flag: &Value) -> bool {
    flag.is_null() || ["false", "no", "off", "n"].contains(&text_of(flag).trim().to_lowercase().as_str())
}

/// A parameter's value as CloudFormation takes it: scalars as text, a list of them with commas between them. `None` for a
/// map, a list in a list, and null, which no parameter can be.
#[must_use]
pub fn parameter_text(value: &Value) -> Option<String> {
    let scalar = |value: &Value| (value.is_string() || value.is_number() || value.is_boolean()).then(|| text_of(value));
    match value {
        Value::Array(items) => Some(items.iter().map(scalar).collect::<Option<Vec<_>>>()?.join(",")),
        value => scalar(value),
    }
}

/// A scalar as CloudFormation takes it: as text.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_the_texts_that_parameters_are() {
        assert_eq!(parameter_text(&json!("a")).as_deref(), Some("a"));
        assert_eq!(parameter_text(&json!(5)).as_deref(), Some("5"));
        assert_eq!(parameter_text(&json!(["a", 5, true])).as_deref(), Some("a,5,true"));
        assert_eq!(parameter_text(&json!([])).as_deref(), Some(""));
        for other in [json!({}), json!(null), json!([["a"]])] {
            assert_eq!(parameter_text(&other), None, "{other}");
        }
    }

    #[test]
    fn a_value_is_hidden_unless_the_template_says_that_it_is_not() {
        let hides = |flag: Value| declared_parameters(&json!({"Parameters": {"P": {"NoEcho": flag}}}))[0].no_echo;
        for flag in
            [json!(true), json!("true"), json!("TRUE"), json!("True"), json!("yes"), json!("on"), json!("Y"), json!(1)]
        {
            assert!(hides(flag.clone()), "{flag}");
        }
        for flag in [json!(false), json!("false"), json!("FALSE"), json!("no"), json!("off"), json!(null)] {
            assert!(!hides(flag.clone()), "{flag}");
        }
        assert!(!declared_parameters(&json!({"Parameters": {"P": {}}}))[0].no_echo);
    }

    #[test]
    fn parameters_are_read_with_their_defaults() {
        let template = json!({"Parameters": {
            "A": {"Type": "Number", "Default": 5},
            "B": {"Type": "List<AWS::EC2::Subnet::Id>", "NoEcho": "true"},
        }});
        let [a, b] = declared_parameters(&template).try_into().unwrap();
        assert_eq!((a.name.as_str(), a.default.as_deref(), a.is_list(), a.no_echo), ("A", Some("5"), false, false));
        assert_eq!((b.name.as_str(), b.default.clone(), b.is_list(), b.no_echo), ("B", None, true, true));
        assert!(declared_parameters(&json!({})).is_empty());
    }
}
