//! Denials compared by the requests that they match.

use serde_json::{Value, json};

use super::PolicyType;
use super::statement::strings;
use super::view;

/// One action of a `Deny` statement, or a whole one with `NotAction`, apart from the policy that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct DenyScope {
    /// A policy with this one statement.
    document: Value,
}

impl DenyScope {
    /// What a policy denies.
    #[must_use]
    pub fn all_of(document: &Value) -> Vec<DenyScope> {
        statements(document, "Deny").flat_map(|statement| split(document, statement)).collect()
    }

    /// What is denied where nothing but these actions is allowed. `None` where that is nothing.
    #[must_use]
    pub fn of_all_but(actions: &[String]) -> Option<DenyScope> {
        let statement = json!({"Effect": "Deny", "NotAction": actions, "Resource": "*"});
        (!actions.iter().any(|action| action == "*")).then(|| DenyScope::of(&Value::Null, statement))
    }

    /// The actions that a policy allows, with whatever conditions.
    #[must_use]
    pub fn allowed(document: &Value) -> Vec<String> {
        let allowing = statements(document, "Allow");
        let actions = allowing.map(|statement| match statement.get("Action").and_then(strings) {
            Some(actions) => actions,
            // What `NotAction` leaves out may be allowed as well: that errs towards too few denials.
            None => vec!["*".to_owned()],
        });
        actions.flatten().collect()
    }

    /// Whether it matches every request that `other` matches, as far as that is certain.
    #[must_use]
    pub fn covers(&self, other: &DenyScope) -> bool {
        let (one, other) = (self.view(), other.view());
        // What cannot be understood is sure of nothing.
        one.statements.first().zip(other.statements.first()).is_some_and(|(one, other)| one.takes_in(other))
    }

    /// As [`DenyScope::covers`], where the conditions of `other` may ask for more: that no role of a longer list asks, for example.
    #[must_use]
    pub fn includes(&self, other: &DenyScope) -> bool {
        let (one, other) = (self.view(), other.view());
        one.statements.first().zip(other.statements.first()).is_some_and(|(one, other)| one.includes(other))
    }

    /// Whether some request may match both.
    #[must_use]
    pub fn meets(&self, other: &DenyScope) -> bool {
        let (one, other) = (self.view(), other.view());
        let both = one.statements.first().zip(other.statements.first());
        both.is_some_and(|(one, other)| {
            one.actions.shares_with(&other.actions) && one.resources.shares_with(&other.resources)
        })
    }

    fn view(&self) -> view::Policy<'_> {
        view::Policy::new(&self.document, PolicyType::ServiceControl)
    }

    fn of(document: &Value, statement: Value) -> DenyScope {
        let version = document.get("Version").cloned().unwrap_or_else(|| "2012-10-17".into());
        DenyScope { document: json!({"Version": version, "Statement": [statement]}) }
    }
}

/// Whether a policy denies every request that `other` denies, as far as that is certain; not where `other` denies nothing.
#[must_use]
pub fn denies_all_of(document: &Value, other: &Value) -> bool {
    let (own, asked) = (DenyScope::all_of(document), DenyScope::all_of(other));
    !asked.is_empty() && asked.iter().all(|asked| own.iter().any(|own| own.includes(asked)))
}

fn statements<'a>(document: &'a Value, effect: &'static str) -> impl Iterator<Item = &'a Value> {
    let all = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(statement) => std::slice::from_ref(statement),
        None => &[],
    };
    all.iter().filter(move |statement| statement.get("Effect").is_some_and(|it| it == effect))
}

/// A denial for each action, so that statements that are split or joined are still found.
fn split(document: &Value, statement: &Value) -> Vec<DenyScope> {
    let Some(actions) = statement.get("Action").and_then(strings) else {
        return vec![DenyScope::of(document, without_sid(statement.clone()))];
    };
    let one = |action: String| {
        let mut statement = without_sid(statement.clone());
        statement["Action"] = Value::from(action);
        DenyScope::of(document, statement)
    };
    actions.into_iter().map(one).collect()
}

fn without_sid(mut statement: Value) -> Value {
    if let Some(members) = statement.as_object_mut() {
        members.remove("Sid");
    }
    statement
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denials(statements: Value) -> Vec<DenyScope> {
        DenyScope::all_of(&json!({"Version": "2012-10-17", "Statement": statements}))
    }

    fn one(statement: Value) -> DenyScope {
        denials(json!([statement])).remove(0)
    }

    fn deny(action: &str) -> DenyScope {
        one(json!({"Effect": "Deny", "Action": action, "Resource": "*"}))
    }

    #[test]
    fn every_action_is_a_denial_of_its_own_and_allowances_are_none() {
        let all = denials(json!([
            {"Sid": "A", "Effect": "Deny", "Action": ["s3:DeleteBucket", "ec2:DeleteVpc"], "Resource": "*"},
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"},
        ]));
        assert_eq!(all.len(), 3);
        assert_eq!(all[..2], [deny("s3:DeleteBucket"), deny("ec2:DeleteVpc")]);
        assert_eq!(
            DenyScope::all_of(&json!({"Statement": {"Effect": "Deny", "Action": "a:*", "Resource": "*"}})).len(),
            1
        );
    }

    #[test]
    fn a_wider_denial_covers_and_a_disjoint_one_does_not_meet() {
        assert!(deny("s3:*").covers(&deny("s3:DeleteBucket")) && !deny("s3:DeleteBucket").covers(&deny("s3:*")));
        assert!(deny("s3:DeleteBucket").meets(&deny("s3:*")) && !deny("s3:*").meets(&deny("ec2:*")));
        let all_but_s3 = DenyScope::of_all_but(&["s3:*".into()]).unwrap();
        assert!(all_but_s3.meets(&deny("iam:CreateUser")) && !all_but_s3.meets(&deny("s3:GetObject")));
        assert!(!deny("s3:GetObject").meets(&all_but_s3) && all_but_s3.meets(&all_but_s3));
    }

    #[test]
    fn conditions_and_resources_narrow_a_denial() {
        let elsewhere = one(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}));
        assert!(deny("s3:*").covers(&elsewhere) && !elsewhere.covers(&deny("s3:*")) && elsewhere.meets(&deny("s3:*")));
        let bucket =
            |name: &str| one(json!({"Effect": "Deny", "Action": "s3:*", "Resource": format!("arn:aws:s3:::{name}")}));
        assert!(!bucket("a").meets(&bucket("b")) && bucket("*").covers(&bucket("a")));
    }

    #[test]
    fn a_condition_that_asks_for_more_is_included_and_no_other() {
        let exempting = |operator: &str, roles: Value| {
            one(
                json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {operator: {"aws:PrincipalArn": roles}}}),
            )
        };
        let not = |roles: Value| exempting("ArnNotLike", roles);
        assert!(
            not(json!("a")).includes(&not(json!(["a", "b"]))) && !not(json!(["a", "b"])).includes(&not(json!("a")))
        );
        assert!(deny("s3:*").includes(&not(json!("a"))) && !not(json!("a")).includes(&deny("s3:*")));
        let like = |roles: Value| exempting("ArnLike", roles);
        assert!(
            like(json!(["a", "b"])).includes(&like(json!("a"))) && !like(json!("a")).includes(&like(json!(["a", "b"])))
        );
        assert!(!like(json!(["a", "b"])).includes(&not(json!("a"))), "another operator asks something else");
        assert!(!like(json!(["a", "${aws:PrincipalTag/x}"])).includes(&like(json!("a"))), "it depends on the request");
        let all = |operator: &str, roles: Value| exempting(&format!("ForAllValues:{operator}"), roles);
        assert!(
            !all("StringLike", json!(["a", "b"])).includes(&all("StringLike", json!("a"))),
            "of several values nothing is known"
        );
        assert!(
            !like(json!(["a"])).includes(&like(json!([])))
                && !exempting("Null", json!([true, false])).includes(&exempting("Null", json!(true)))
        );
        assert!(!not(json!("a")).covers(&not(json!(["a", "b"]))), "covering asks for the same conditions");
    }

    #[test]
    fn a_policy_denies_all_of_another_where_each_denial_is_included() {
        let policy = |actions: Value| json!({"Statement": [{"Effect": "Deny", "Action": actions, "Resource": "*"}]});
        assert!(denies_all_of(&policy(json!(["s3:*", "ec2:*"])), &policy(json!("s3:GetObject"))));
        assert!(!denies_all_of(&policy(json!("s3:*")), &policy(json!(["s3:GetObject", "ec2:RunInstances"]))));
        let allowing = json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        assert!(!denies_all_of(&policy(json!("*")), &allowing), "what denies nothing is denied by nothing");
        assert!(!denies_all_of(&allowing, &policy(json!("*"))));
    }

    #[test]
    fn where_everything_is_allowed_nothing_is_denied() {
        assert_eq!(DenyScope::of_all_but(&["*".into()]), None);
        let document = json!({"Statement": [
            {"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
        ]});
        assert_eq!(DenyScope::allowed(&document), ["s3:*", "ec2:*"]);
        assert_eq!(
            DenyScope::allowed(&json!({"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}})),
            ["*"]
        );
    }
}
