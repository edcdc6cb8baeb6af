//! A policy's statements in words.

use serde_json::Value;

use super::page::Entry;

/// So many actions of a statement are named.
const NAMED: usize = 6;

/// An entry for each statement. A document that has none, such as a tag policy, is one entry for each of its members.
pub(super) fn entries(content: &Value) -> Vec<Entry> {
    match content.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().map(entry).collect(),
        Some(statement) => vec![entry(statement)],
        None => content.as_object().into_iter().flatten().map(|(key, _)| Entry::of(key.as_str())).collect(),
    }
}

/// How many statements a document has.
pub(super) fn number(content: &Value) -> usize {
    match content.get("Statement") {
        Some(Value::Array(statements)) => statements.len(),
        Some(_) => 1,
        None => 0,
    }
}

/// `denies s3:DeleteBucket on * if aws:PrincipalArn, …`
fn entry(statement: &Value) -> Entry {
    let effect = statement.get("Effect").and_then(Value::as_str).unwrap_or_default();
    let verb = if effect == "Allow" { "allows" } else { "denies" };
    let what = statement.get("Sid").and_then(Value::as_str).unwrap_or(verb).to_owned();
    let mut words = vec![if what == verb { String::new() } else { verb.to_owned() }, actions(statement)];
    let resources = texts(statement.get("Resource"));
    if !resources.is_empty() && resources != ["*"] {
        words.push(format!("on {}", some(&resources)));
    }
    let all_but = texts(statement.get("NotResource"));
    if !all_but.is_empty() {
        words.push(format!("on all but {}", some(&all_but)));
    }
    let conditions = conditions(statement);
    if !conditions.is_empty() {
        words.push(format!("if {}", conditions.join(" and ")));
    }
    words.retain(|word| !word.is_empty());
    Entry { text: words.join(" "), ..Entry::of(what) }.data("effect", effect).data("statement", statement.clone())
}

fn actions(statement: &Value) -> String {
    let all_but = texts(statement.get("NotAction"));
    match all_but.is_empty() {
        true => some(&texts(statement.get("Action"))),
        false => format!("all but {}", some(&all_but)),
    }
}

/// The condition keys with their operators: `aws:PrincipalArn (ArnNotLike)`.
fn conditions(statement: &Value) -> Vec<String> {
    let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let keys = operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, _)| format!("{key} ({operator})")).collect::<Vec<_>>()
    });
    keys.collect()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn some(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(statement: Value) -> String {
        let entry = entry(&statement);
        format!("{}: {}", entry.what, entry.text)
    }

    #[test]
    fn a_statement_says_what_it_denies_where_and_when() {
        let arn = json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}});
        assert_eq!(
            said(
                json!({"Sid": "Stay", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"})
            ),
            "Stay: denies organizations:LeaveOrganization"
        );
        assert_eq!(
            said(json!({"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*", "Condition": arn})),
            "denies: all but iam:*, sts:* if aws:PrincipalArn (ArnNotLike)"
        );
        assert_eq!(
            said(json!({"Effect": "Allow", "Action": ["a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7", "a:8"],
                "NotResource": "arn:x"})),
            "allows: a:1, a:2, a:3, a:4, a:5, a:6 and 2 more on all but arn:x"
        );
    }

    #[test]
    fn statements_are_counted_as_they_are_written() {
        assert_eq!(number(&json!({"Statement": [{}, {}]})), 2);
        assert_eq!(number(&json!({"Statement": {}})), 1);
        assert_eq!(number(&json!({"tags": {}})), 0);
        let tags: Vec<String> = entries(&json!({"tags": {}})).into_iter().map(|entry| entry.what).collect();
        assert_eq!(tags, ["tags"]);
    }
}
