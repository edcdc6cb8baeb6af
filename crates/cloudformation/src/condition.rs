use serde_json::Value;

use super::deployed::Version;

impl Version<'_> {
    /// Whether the condition of that name holds; `None` where only CloudFormation can determine.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html>
    pub(super) fn holds(&self, name: &str) -> Option<bool> {
        self.decide(self.template.get("Conditions")?.get(name)?)
    }

    fn decide(&self, condition: &Value) -> Option<bool> {
        let (function, arguments) = condition.as_object()?.iter().next()?;
        match (function.as_str(), arguments) {
            ("Condition", Value::String(name)) => self.holds(name),
            ("Fn::Equals", Value::Array(sides)) => self.equal(sides.first()?, sides.get(1)?),
            ("Fn::Not", Value::Array(one)) => self.decide(one.first()?).map(|holds| !holds),
            ("Fn::And", Value::Array(all)) => self.every(all, true),
            ("Fn::Or", Value::Array(any)) => self.every(any, false).map(|none| !none),
            _ => None,
        }
    }

    fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        let (left, right) = (self.resolve(left)?, self.resolve(right)?);
        if left == right {
            return Some(true);
        }
        let plain = |value: &Value| !value.is_object() && !value.is_array();
        (plain(&left) && plain(&right)).then(|| super::declared::text_of(&left) == super::declared::text_of(&right))
    }

    /// Whether every one is as wanted. One that is not settles it, whatever the others are.
    fn every(&self, conditions: &[Value], wanted: bool) -> Option<bool> {
        let decided: Vec<Option<bool>> = conditions.iter().map(|condition| self.decide(condition)).collect();
        if decided.contains(&Some(!wanted)) {
            return Some(false);
        }
        decided.iter().all(Option::is_some).then_some(true)
    }
}
