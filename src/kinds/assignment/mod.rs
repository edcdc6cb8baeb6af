use super::{Cover, Kind, Pending, Step, WriteContext, WriteError};
use crate::facts::Look;
use crate::kinds::shared::identity_center::Center;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, KindInfo, Manual, Observed, Risk, Wanted,
};
use crate::outline::Outline;
use resource::Assignment;
use search::Search;

mod deleted;
mod kind_info;
mod outline;
mod read;
mod resource;
mod rules;
mod search;
mod ways;
mod write;

/// Who has which permission set in which account: `assignment/administrator/group/platform-team@account/audit`.
///
/// The blueprint gives rules; what they come to depends on the accounts that are there. The assignments of a permission
/// set are the blueprint's if the set is, all of them unless it says `exclusive: false`.
pub(super) struct Assignments;

impl Kind for Assignments {
    fn name(&self) -> &'static str {
        Assignment::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if let Some(center) = Center::known(observed) {
            let (ruled, ended) = (rules::ruled(desired, observed), rules::ended(desired, observed));
            find_users(desired, look, observed, &center);
            Search { desired, look, center: &center, ruled: &ruled, ended: &ended }.find_all(observed);
            observed.findings.notes.extend(rules::ending(desired, observed));
        }
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        rules::expand(desired, observed)
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], found: Option<&Found>) -> (Risk, String) {
        let unwanted = || Assignment::of(&found?.body)?.unwanted;
        match action {
            Action::Delete => {
                (Risk::Disruptive, unwanted().unwrap_or_else(|| "the blueprint does not assign it here".into()))
            }
            _ => (Risk::None, "it is not assigned here".into()),
        }
    }

    fn covers(&self, address: &Address, _body: &Body, _bindings: &Bindings) -> Option<Cover> {
        let (_, account) = address.split_target()?;
        Some(Cover::of(address.clone(), account))
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(write::write(step, context))
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "sso:ListAccountAssignments",
            "sso:ListAccountAssignmentsForPrincipal",
            "sso:ListAccountsForProvisionedPermissionSet",
            "identitystore:GetUserId",
            "identitystore:DescribeGroup",
            "identitystore:DescribeUser",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "sso:CreateAccountAssignment",
            "sso:DescribeAccountAssignmentCreationStatus",
            "sso:DeleteAccountAssignment",
            "sso:DescribeAccountAssignmentDeletionStatus",
            "organizations:DescribeAccount",
            // In the management account Identity Center makes its roles with the caller's own permissions.
            // https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetRole",
            "iam:GetSAMLProvider",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PutRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
            // The boundary of a permission set becomes that of its roles.
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
        ]
    }
}

/// Binds the users that the rules name. One that the directory does not have, a person must add.
fn find_users(desired: &Desired, look: &Look<'_>, observed: &mut Observed, center: &Center) {
    for user in rules::principals(desired).filter(|principal| principal.prefix() == "user") {
        let question = read::UserNamed { store: center.store.clone(), name: user.name() };
        match look.at(question) {
            Some(Some(id)) => observed.bindings.bind(user.clone(), id.clone()),
            Some(None) if observed.waiting.insert(user.clone()) => observed.findings.manual.push(Manual {
                address: Some(user.clone()),
                what: format!("Identity Center knows no user {}: add the user, or correct the name", user.name()),
                link: Some("https://docs.aws.amazon.com/singlesignon/latest/userguide/addusers.html".into()),
            }),
            _ => {}
        }
    }
}
