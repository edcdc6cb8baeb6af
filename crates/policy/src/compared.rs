//! Which actions are decided otherwise by other policies.

use super::evaluate::Candidates;
use super::replay::Sides;
use super::services::services;
use super::{Decision, Request};

/// Actions that are decided otherwise, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// What was denied and is allowed now.
    pub opened: Vec<String>,
    /// What may have been denied, or may be allowed now: it depends on what is not known.
    pub perhaps: Vec<String>,
    /// What is denied now, or may be, and was not.
    pub closed: Vec<String>,
}

/// Decides requests that differ from each of `requests` in their actions alone, for every `step`th of all actions that AWS has and
/// for its own, by the policies before and after. Of other actions than its own the resource is not known.
#[must_use]
pub fn compared(scps: &Sides, rcps: &Sides, requests: &[Request], step: usize) -> Vec<Compared> {
    let mut compared = vec![Compared::default(); requests.len()];
    let is_own = |action: &str| requests.iter().any(|request| request.action.eq_ignore_ascii_case(action));
    let all = services().actions_matching("*").into_iter().enumerate();
    let some = all.filter(|(nth, action)| nth % step.max(1) == 0 || is_own(action));
    for (_, action) in some {
        let candidates = |scps, rcps| Candidates::new(scps, rcps, &action);
        if candidates(&scps.gone, &rcps.gone).always_allow() && candidates(&scps.new, &rcps.new).always_allow() {
            continue;
        }
        let (before, after) = (candidates(&scps.before, &rcps.before), candidates(&scps.after, &rcps.after));
        for (compared, request) in compared.iter_mut().zip(requests) {
            let resource = request.resource.clone().filter(|_| action.eq_ignore_ascii_case(&request.action));
            let asked = Request { action: action.clone(), resource, ..request.clone() };
            compared.note(&action, before.decide(&asked).decision, after.decide(&asked).decision);
        }
    }
    compared
}

impl Compared {
    fn note(&mut self, action: &str, before: Decision, after: Decision) {
        let list = match (before, after) {
            (before, after) if before == after => return,
            (Decision::Deny, Decision::Allow) => &mut self.opened,
            (_, Decision::Deny) | (Decision::Allow, Decision::Undecided) => &mut self.closed,
            _ => &mut self.perhaps,
        };
        list.push(action.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{AttachedPolicy, Level, Policy};

    fn levels(statement: &Value) -> Vec<Level> {
        let read = Policy::read(&json!({"Version": "2012-10-17", "Statement": statement})).expect("it is a policy");
        let attached = |policy| AttachedPolicy { name: "p".into(), policy };
        let policies = vec![attached(Policy::full_access()), attached(read)];
        vec![Level { id: "account/dev".into(), policies }]
    }

    #[test]
    fn only_what_is_decided_otherwise_is_named() {
        let deny = |exempt: &[&str]| {
            levels(&json!({"Effect": "Deny", "Action": ["sqs:SendMessage", "sqs:PurgeQueue"], "Resource": "*",
                           "Condition": {"ArnNotLike": {"aws:PrincipalArn": exempt}}}))
        };
        let (exempt, other) = ("arn:aws:iam::111111111111:role/ci", "arn:aws:iam::111111111111:role/other");
        let scps = Sides::new(deny(&["arn:aws:iam::*:role/admin"]), deny(&["arn:aws:iam::*:role/ci"]));
        let request = |principal: &str| Request::new(principal, "sqs:SendMessage", Some("arn:aws:sqs:eu-west-1:1:q"));
        let rcps = Sides::default();
        let found = compared(&scps, &rcps, &[request(exempt), request(other)], 1);
        assert_eq!(found[0].opened, ["sqs:PurgeQueue", "sqs:SendMessage"]);
        assert_eq!((&found[0].perhaps, &found[0].closed, &found[1]), (&vec![], &vec![], &Compared::default()));
        // Of a sample the request's own action is part.
        let some = compared(&scps, &rcps, &[request(exempt)], 1_000_000);
        assert_eq!(some[0].opened, ["sqs:SendMessage"]);
        let admin = compared(&scps, &rcps, &[request("arn:aws:iam::111111111111:role/admin")], 1);
        assert_eq!(admin[0].closed, ["sqs:PurgeQueue", "sqs:SendMessage"]);
    }

    #[test]
    fn what_depends_on_the_resource_may_be_opened() {
        let deny = |resource: &str| levels(&json!({"Effect": "Deny", "Action": "sqs:*", "Resource": resource}));
        let scps = Sides::new(deny("*"), deny("arn:aws:sqs:*:*:secret"));
        let request =
            Request::new("arn:aws:iam::111111111111:role/ci", "sqs:SendMessage", Some("arn:aws:sqs:eu-west-1:1:q"));
        let found = compared(&scps, &Sides::default(), &[request], 1).remove(0);
        assert_eq!(found.opened, ["sqs:SendMessage"]);
        assert!(found.perhaps.contains(&"sqs:PurgeQueue".to_owned()) && found.closed.is_empty());
    }
}
