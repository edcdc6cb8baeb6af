//! Decides about calls as AWS does, by `landing_policy`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use landing_policy::{AttachedPolicy, Decision, DecisionKind, Level, Policy, Request, Verdict, account_of, evaluate};
use landing_sandbox::{Attempt, Authorizer, Denial, Identity, Policies};
use serde_json::{Value, json};

use super::needs::{Need, needs};
use super::security_audit;

/// An authorizer that remembers what it denied.
#[derive(Debug, Default)]
pub struct Decider {
    denied: Mutex<Vec<String>>,
}

impl Decider {
    /// Who was denied what, and why.
    pub fn denied(&self) -> Vec<String> {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Authorizer for Decider {
    fn denial(&self, call: &Attempt<'_>, policies: &Policies<'_>) -> Option<Denial> {
        let denied = |need: Need| {
            let reason = denial(call, &need, policies)?;
            Some(Denial { action: need.action, resource: need.resource, reason })
        };
        if is_missing_bucket(call, policies) {
            return None;
        }
        let denial = needs(call).into_iter().find_map(denied)?;
        let said = format!("{} {} on {}: {}", call.caller, denial.action, denial.resource, denial.reason);
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).push(said);
        Some(denial)
    }
}

/// S3 says to everybody that no bucket has a name, since there is no owner whose policies could forbid it.
fn is_missing_bucket(call: &Attempt<'_>, policies: &Policies<'_>) -> bool {
    let bucket = call.input.get("Bucket").and_then(Value::as_str);
    call.operation == "HeadBucket" && bucket.is_some_and(|name| !policies.has_bucket(name))
}

/// Why one permission is missing.
fn denial(call: &Attempt<'_>, need: &Need, policies: &Policies<'_>) -> Option<String> {
    let request = request(call, need, policies);
    // Own policies bind everybody, and are evaluated as a level that binds every account is.
    let of_member = Request { management_account: false, ..request.clone() };
    let own = policies.identity(call.caller).map(|identity| evaluate(&[own_policies(&identity)], &[], &of_member));
    let owner = owner(call, need);
    let scps = levels(&policies.levels(call.account, "SERVICE_CONTROL_POLICY"));
    let rcps = levels(&policies.levels(owner, "RESOURCE_CONTROL_POLICY"));
    let sources = [
        (own, "identity-based policy"),
        (Some(evaluate(&scps, &[], &request)), "service control policy"),
        (Some(evaluate(&[], &rcps, &request)), "resource control policy"),
    ];
    sources.into_iter().find_map(|(verdict, source)| words(&verdict?, source, &need.action))
}

/// AWS's words, see "Troubleshoot access denied error messages" in the IAM user guide.
fn words(verdict: &Verdict, source: &str, action: &str) -> Option<String> {
    let by = || verdict.decided_by.as_ref().map(ToString::to_string).unwrap_or_default();
    match verdict.decision {
        Decision::Allow => None,
        Decision::Undecided => Some(format!("which depends on {:?} in {source} ({})", verdict.missing, by())),
        Decision::Deny => match verdict.decided_by.as_ref().map(|by| by.kind) {
            Some(DecisionKind::Explicit) => Some(format!("with an explicit deny in a {source} ({})", by())),
            _ => Some(format!("because no {source} allows the {action} action")),
        },
    }
}

/// The account that the resource belongs to: the caller's, unless its ARN names another one.
fn owner<'a>(call: &Attempt<'a>, need: &'a Need) -> &'a str {
    account_of(&need.resource).filter(|account| !account.is_empty()).unwrap_or(call.account)
}

/// Keys that no call of the SDK has, such as those of a VPC endpoint, are absent.
fn request(call: &Attempt<'_>, need: &Need, policies: &Policies<'_>) -> Request {
    let mut request = Request::new(call.caller, &need.action, Some(&need.resource)).in_region(call.region);
    let owner = owner(call, need);
    let mut context = request.context;
    for (side, account) in [("Principal", call.account), ("Resource", owner)] {
        context = context.with(&format!("aws:{side}Account"), [account]);
        let places = policies.places(account);
        if let (Some(organization), Some((_, above))) = (policies.organization(), places.split_last()) {
            let path: String = above.iter().map(|place| format!("{place}/")).collect();
            context = context.with(&format!("aws:{side}OrgID"), [organization]);
            context = context.with(&format!("aws:{side}OrgPaths"), [format!("{organization}/{path}")]);
        }
    }
    let is_session = call.caller.contains(":assumed-role/");
    context = context
        .with("aws:PrincipalType", [if is_session { "AssumedRole" } else { "User" }])
        .with("aws:PrincipalIsAWSService", ["false"])
        .with("aws:ViaAWSService", ["false"])
        .with("aws:SecureTransport", ["true"])
        .with("aws:SourceIp", ["203.0.113.7"]);
    request.context = need.context.iter().fold(context, |context, (key, value)| context.with(key, [value.as_str()]));
    request.management_account = call.account == policies.management_account();
    request
}

/// The own policies of a principal, as a level that binds it whatever its account is.
pub fn own_policies(identity: &Identity) -> Level {
    let managed = identity.managed.iter().map(|arn| managed_policy(arn));
    let documents = identity.documents.iter().cloned().chain(managed);
    let policies = documents.map(|document| AttachedPolicy { name: "own".into(), policy: read(&document.to_string()) });
    Level { id: "the principal".into(), policies: policies.collect() }
}

fn managed_policy(arn: &str) -> Value {
    match arn.rsplit('/').next() {
        Some("AdministratorAccess") => json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
        Some("SecurityAudit") => security_audit::document(),
        _ => panic!("what {arn} says is not known here"),
    }
}

fn levels(levels: &[landing_sandbox::Level]) -> Vec<Level> {
    let attached = |(name, text): &(String, String)| AttachedPolicy { name: name.clone(), policy: read(text) };
    let level = |level: &landing_sandbox::Level| Level {
        id: level.id.clone(),
        policies: level.policies.iter().map(attached).collect(),
    };
    levels.iter().map(level).collect()
}

/// The same texts are asked about with every call.
fn read(text: &str) -> Policy {
    static READ: LazyLock<Mutex<HashMap<String, Policy>>> = LazyLock::new(Mutex::default);
    let mut known = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(policy) = known.get(text) {
        return policy.clone();
    }
    let policy: Policy = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    known.insert(text.to_owned(), policy.clone());
    policy
}
