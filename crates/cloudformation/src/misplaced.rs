//! Policy variables in the IAM policies of a template where IAM takes none. IAM refuses such a policy when the stack is
//! deployed.

use landing_policy::misplaced_variable;
use serde_json::Value;

use super::dangling::is_rewritten;
use super::deployed::function;

/// A policy variable before the resource of an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// Where the ARN is, as a JSON pointer into the template in its long form.
    pub pointer: String,
    /// What stands between `${` and `}`.
    pub variable: String,
    /// The part of the ARN: `account`, `region` …
    pub part: &'static str,
}

/// The variables that IAM refuses in the statements of a template in its long form. Where a macro rewrites the template
/// before CloudFormation reads it, nothing is known.
#[must_use]
pub fn misplaced_variables(template: &Value) -> Vec<Misplaced> {
    let mut found = Vec::new();
    if !is_rewritten(template) {
        search(&template["Resources"], "/Resources", &mut found);
    }
    found
}

fn search(value: &Value, pointer: &str, found: &mut Vec<Misplaced>) {
    for (key, child) in children(value) {
        let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        let is_of_statement = value.get("Effect").is_some() && matches!(key.as_str(), "Resource" | "NotResource");
        match is_of_statement {
            true => search_arns(child, &pointer, found),
            false => search(child, &pointer, found),
        }
    }
}

fn search_arns(value: &Value, pointer: &str, found: &mut Vec<Misplaced>) {
    let text = match (value.as_str(), function(value)) {
        (Some(text), _) => Some(text.to_owned()),
        (None, Some(("Fn::Sub", given))) => given.as_str().or_else(|| given[0].as_str()).map(substituted),
        _ => None,
    };
    let Some(text) = text else {
        let each = children(value).into_iter();
        return each.for_each(|(key, child)| search_arns(child, &format!("{pointer}/{key}"), found));
    };
    if let Some((variable, part)) = misplaced_variable(&text) {
        found.push(Misplaced { pointer: pointer.to_owned(), variable: variable.to_owned(), part });
    }
}

fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => Vec::new(),
    }
}

/// What `Fn::Sub` makes of a text: its variables have values, of which the form does not matter here, and `${!x}` becomes
/// `${x}`.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
fn substituted(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        result += before;
        result += &inside.strip_prefix('!').map_or_else(|| "value".to_owned(), |literal| format!("${{{literal}}}"));
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(resource: Value) -> Vec<(String, String, &'static str)> {
        let statement = json!([{"Effect": "Allow", "Action": "s3:*", "Resource": resource}]);
        let policy = json!({"Version": "2012-10-17", "Statement": statement});
        let role = json!({"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": policy}]}});
        let found = misplaced_variables(&json!({"Resources": {"Role": role}}));
        found.into_iter().map(|it| (it.pointer, it.variable, it.part)).collect()
    }

    #[test]
    fn a_variable_in_the_account_is_found_in_texts_and_in_what_is_substituted() {
        let place = "/Resources/Role/Properties/Policies/0/PolicyDocument/Statement/0/Resource";
        let account = |place: String| vec![(place, "aws:PrincipalAccount".to_owned(), "account")];
        let plain = "arn:aws:iam::${aws:PrincipalAccount}:role/x";
        let escaped = "arn:${AWS::Partition}:iam::${!aws:PrincipalAccount}:role/${Name}";
        assert_eq!(of(json!(plain)), account(place.into()));
        assert_eq!(of(json!(["*", plain])), account(format!("{place}/1")));
        assert_eq!(of(json!({"Fn::Sub": escaped})), account(place.into()));
        assert_eq!(of(json!([{"Fn::Sub": [escaped, {"Name": "x"}]}])), account(format!("{place}/0")));
        assert_eq!(of(json!({"Fn::If": ["It", plain, "*"]})), account(format!("{place}/Fn::If/1")));
    }

    #[test]
    fn what_no_function_substitutes_is_found_too() {
        let expected = ("AWS::Partition".to_owned(), "partition");
        let found = of(json!("arn:${AWS::Partition}:s3:::a"));
        assert_eq!(found.into_iter().map(|(_, variable, part)| (variable, part)).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn variables_of_the_resource_and_of_the_template_are_fine() {
        for fine in [
            json!("arn:aws:s3:::home/${aws:username}/*"),
            json!({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/${!aws:username}/*"}),
            json!({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/x"}),
            json!({"Fn::GetAtt": ["Role", "Arn"]}),
            json!("*"),
        ] {
            assert_eq!(of(fine.clone()), [], "{fine}");
        }
    }

    #[test]
    fn what_a_macro_rewrites_or_is_no_statement_is_left_alone() {
        let statement = json!({"Effect": "Allow", "Resource": "arn:aws:iam::${aws:a}:role/x"});
        let rewritten = json!({"Transform": "Ours", "Resources": {"A": {"Properties": {"P": statement}}}});
        assert_eq!(misplaced_variables(&rewritten), []);
        let other = json!({"Resources": {"A": {"Properties": {"Resource": "arn:aws:iam::${aws:a}:role/x"}}}});
        assert_eq!(misplaced_variables(&other), []);
    }
}
