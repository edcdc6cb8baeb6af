//! Which resource each write is about, by its address, and which action of a plan allows it.

use std::collections::BTreeMap;

use landing::engine::Draft;
use landing::model::{Action, Address, Bindings, Change, Desired};
use landing_sandbox::Call;
use serde_json::Value;

/// Parameters that apply writes for itself, and no plan shows.
const OWN_PARAMETERS: [&str; 3] = ["/landing/lock", "/landing/whereabouts/", "/landing/history/"];

/// What is known about a plan and the organization that it is carried out in.
pub struct Promise<'a> {
    pub desired: &'a Desired,
    /// The plan that was shown.
    pub shown: &'a Draft,
    /// The ids of what is there afterwards, as what was made has none before.
    pub after: &'a Bindings,
}

impl Promise<'_> {
    /// The writes that no change of the plan explains, a line each.
    pub fn broken_by(&self, calls: &[Call]) -> Vec<String> {
        let writes = calls.iter().filter(|call| call.write && !is_own(call));
        writes.filter_map(|call| self.unexplained(&with_stack(call, calls))).collect()
    }

    fn unexplained(&self, call: &Call) -> Option<String> {
        let about = self.about(call);
        let plan = &self.shown.plan;
        let changes = plan.changes.iter().chain(plan.waiting.iter().map(|waiting| &waiting.change));
        let mut planned = changes.filter(|change| about.contains(&self.named(&change.address)));
        let allows = |change: &Change| allowed(&call.operation).contains(&change.action) && says(change, call);
        let is_explained = planned.any(allows);
        (!is_explained).then(|| format!("{} of {about:?}: {}", call.operation, call.input))
    }

    /// The management account has two addresses.
    fn named(&self, address: &Address) -> Address {
        let management = self.after.id(&Address::management());
        let is_management =
            |it: &Address| it.prefix() == "account" && management.is_some() && self.after.id(it) == management;
        match address.split_target() {
            Some((what, target)) if is_management(&target) => what.at(&Address::management()),
            None if is_management(address) => Address::management(),
            _ => address.clone(),
        }
    }

    fn of_id(&self, id: &str) -> Option<Address> {
        let before = &self.shown.observed.bindings;
        before.address(id).or_else(|| self.after.address(id)).map(|address| self.named(address))
    }

    /// The addresses that a call may be about; none where it is about nothing that is known.
    fn about(&self, call: &Call) -> Vec<Address> {
        let text = |member: &str| call.input[member].as_str().unwrap_or_default();
        let id = |member: &str| self.of_id(text(member));
        let at = |prefix: &str, member: &str| vec![Address::new(prefix, [text(member)])];
        let hung = |policy: Option<Address>, target: Option<Address>| {
            policy.zip(target).map(|(policy, target)| policy.at(&target)).into_iter().collect()
        };
        match call.operation.as_str() {
            "CreateOrganization" => vec![Address::organization()],
            "EnablePolicyType" | "DisablePolicyType" => at("policy-type", "PolicyType"),
            "EnableAWSServiceAccess" | "DisableAWSServiceAccess" => at("trusted-access", "ServicePrincipal"),
            "EnableHealthServiceAccessForOrganization" | "DisableHealthServiceAccessForOrganization" => {
                vec![Address::new("trusted-access", ["health.amazonaws.com"])]
            }
            "ActivateOrganizationsAccess" | "DeactivateOrganizationsAccess" => {
                vec![Address::new("trusted-access", ["member.org.stacksets.cloudformation.amazonaws.com"])]
            }
            "CreateOrganizationalUnit" => {
                id("ParentId").map(|parent| parent.child_unit(text("Name"))).into_iter().collect()
            }
            "UpdateOrganizationalUnit" | "DeleteOrganizationalUnit" => id("OrganizationalUnitId").into_iter().collect(),
            "CreateAccount" => self.wanted("account", "email", text("Email")),
            "MoveAccount" | "CloseAccount" => id("AccountId").into_iter().collect(),
            "TagResource" | "UntagResource" if call.service == "organizations" => {
                id("ResourceId").into_iter().collect()
            }
            "CreatePolicy" => self.wanted("policy", "name", text("Name")),
            "UpdatePolicy" | "DeletePolicy" => id("PolicyId").into_iter().collect(),
            "PutResourcePolicy" | "DeleteResourcePolicy" => vec![Address::parse("resource-policy")],
            "AttachPolicy" | "DetachPolicy" => hung(id("PolicyId"), id("TargetId")),
            "CreatePermissionSet" => at("permission-set", "Name"),
            "TagResource" | "UntagResource" if call.service == "sso" => id("ResourceArn").into_iter().collect(),
            "CreateAccountAssignment" | "DeleteAccountAssignment" => self.assignments(call),
            _ if call.service == "sso" => id("PermissionSetArn").into_iter().collect(),
            "CreateGroup" => at("group", "DisplayName"),
            "UpdateGroup" | "DeleteGroup" => id("GroupId").into_iter().collect(),
            _ if call.service == "cloudformation" => self.stacks(call),
            _ => Vec::new(),
        }
    }

    fn wanted(&self, kind: &str, key: &str, value: &str) -> Vec<Address> {
        let wanted = self.desired.of_kind(kind).filter(|wanted| wanted.body[key] == value);
        wanted.map(|wanted| wanted.address.clone()).collect()
    }

    /// The principal may be one that has no name any more.
    fn assignments(&self, call: &Call) -> Vec<Address> {
        let text = |member: &str| call.input[member].as_str().unwrap_or_default();
        let Some((set, account)) = self.of_id(text("PermissionSetArn")).zip(self.of_id(text("TargetId"))) else {
            return Vec::new();
        };
        let found =
            self.shown.observed.found.values().filter(|it| it.kind == "assignment" && it.id == text("PrincipalId"));
        let found = found.map(|it| self.named(&it.address));
        let named = self.of_id(text("PrincipalId")).map(|principal| Address::assignment(&set, &principal, &account));
        let is_meant = |it: &Address| {
            it.assigned().is_some_and(|(its_set, _, its_account)| its_set == set && its_account == account)
        };
        found.chain(named).filter(is_meant).collect()
    }

    fn stacks(&self, call: &Call) -> Vec<Address> {
        let text = |member: &str| call.input[member].as_str().unwrap_or_default();
        if let set @ 1.. = text("StackSetName").len() {
            return vec![Address::stack_set(&text("StackSetName")[..set])];
        }
        let given = text("StackName");
        // An ARN ends in NAME/UUID.
        let name = if given.starts_with("arn:") { given.split('/').nth(1).unwrap_or_default() } else { given };
        let account = self.of_id(&call.account);
        let accounts = account.into_iter().map(|account| account.name());
        let both = accounts.flat_map(|account| ["management".to_owned(), account]);
        let is_there = |account: &String| {
            let address = if account == "management" { Address::management() } else { Address::account(account) };
            let id = self.after.id(&address).or_else(|| self.shown.observed.bindings.id(&address));
            id == Some(call.account.as_str())
        };
        both.filter(is_there).map(|account| Address::stack(&account, name, &call.region)).collect()
    }
}

/// A change set is executed by its ARN alone: which stack it is of was said when it was made.
fn with_stack(call: &Call, calls: &[Call]) -> Call {
    let mut call = call.clone();
    let set = call.input["ChangeSetName"].as_str().unwrap_or_default();
    let Some(name) = set.strip_prefix("arn:").and_then(|arn| arn.split('/').nth(1)) else { return call };
    let is_its_making = |it: &&Call| {
        let place = it.account == call.account && it.region == call.region;
        place && it.operation == "CreateChangeSet" && it.input["ChangeSetName"] == name
    };
    if let Some(making) = calls.iter().find(is_its_making) {
        call.input["StackName"] = making.input["StackName"].clone();
    }
    call
}

fn is_own(call: &Call) -> bool {
    let name = call.input["Name"].as_str().unwrap_or_default();
    call.operation == "PutParameter" && OWN_PARAMETERS.iter().any(|own| name.starts_with(own))
}

/// The actions that an operation may be a part of.
fn allowed(operation: &str) -> &'static [Action] {
    use Action::{Adopt, Create, Delete, Move, Update};
    match operation {
        "CreateChangeSet" | "ExecuteChangeSet" | "CreateStackInstances" | "UpdateTerminationProtection" => {
            &[Create, Update, Adopt]
        }
        "DeleteChangeSet" | "DeleteStack" | "StopStackSetOperation" => &[Create, Update, Adopt, Delete],
        "DeleteStackInstances" => &[Update, Adopt, Delete],
        "DeleteInlinePolicyFromPermissionSet" | "DeletePermissionsBoundaryFromPermissionSet" => &[Update, Adopt],
        "AttachPolicy" => &[Create],
        "DetachPolicy" | "CloseAccount" => &[Delete],
        "MoveAccount" => &[Create, Move, Adopt, Delete],
        "UntagResource" => &[Update, Adopt, Move, Delete],
        "CreateOrganizationalUnit"
        | "CreateAccount"
        | "CreatePolicy"
        | "CreatePermissionSet"
        | "CreateGroup"
        | "CreateAccountAssignment"
        | "CreateStack"
        | "CreateStackSet"
        | "CreateOrganization" => &[Create],
        _ if ["Delete", "Disable", "Deactivate"].iter().any(|word| operation.starts_with(word)) => &[Delete],
        _ if operation.starts_with("Enable") || operation.starts_with("Activate") => &[Create],
        _ => &[Create, Update, Adopt, Move],
    }
}

/// Whether the fields of a change say what a call does.
fn says(change: &Change, call: &Call) -> bool {
    let changes = |path: &str| change.fields.iter().any(|field| field.path == path);
    let tags = || change.fields.iter().any(|field| field.path.starts_with("tags."));
    match (call.operation.as_str(), change.action) {
        ("MoveAccount", Action::Adopt | Action::Move | Action::Delete) => changes("parent"),
        ("CloseAccount", _) => changes("state"),
        ("UpdateOrganizationalUnit", Action::Update | Action::Adopt) => changes("name"),
        ("UpdatePolicy", _) => ["name", "description", "content"].into_iter().any(changes),
        ("UntagResource", Action::Update | Action::Move) => tags(),
        ("TagResource", Action::Update) => tags(),
        _ => true,
    }
}

/// How often each operation was called, for messages.
pub fn counts(calls: &[Call]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for call in calls.iter().filter(|call| call.write) {
        *counts.entry(call.operation.as_str()).or_default() += 1;
    }
    counts
}

#[test]
fn a_write_that_no_change_explains_is_found() {
    let call = |operation: &str, input: Value| Call {
        service: "organizations".into(),
        operation: operation.into(),
        region: "us-east-1".into(),
        account: "111111111111".into(),
        write: true,
        input,
        outcome: landing_sandbox::Outcome::Done,
    };
    let desired = Desired::default();
    let facts = landing::facts::Facts::default();
    let shown = landing::engine::draft(
        &desired,
        &landing::facts::Look::new(&facts),
        &landing::model::BlueprintId::default(),
        &[],
    );
    let promise = Promise { desired: &desired, shown: &shown, after: &Bindings::default() };
    let delete = call("DeletePolicy", serde_json::json!({"PolicyId": "p-1"}));
    let lease = call("PutParameter", serde_json::json!({"Name": "/landing/lock"}));
    assert_eq!(promise.broken_by(&[lease, delete.clone()]).len(), 1);
    assert_eq!(counts(&[delete]), BTreeMap::from([("DeletePolicy", 1)]));
}
