//! Who is whose parent.

use serde_json::{Value, json};

use super::errors::{invalid, parent_not_found};
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::Organization;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ListOrganizationalUnitsForParent", list_organizational_units_for_parent),
    operation("ListAccountsForParent", list_accounts_for_parent),
    operation("ListChildren", list_children),
    operation("ListParents", list_parents),
];

/// The parent that the request names.
fn parent<'a>(request: &'a Request<'_>) -> Result<&'a str, ApiError> {
    let id = request.input.text("ParentId")?;
    let known = request.organization_view()?.is_parent(id);
    known.then_some(id).ok_or_else(parent_not_found)
}

fn units_of<'a>(organization: &'a Organization, parent: &str) -> Vec<&'a String> {
    let units = organization.units.iter().filter(|(_, unit)| unit.parent == parent);
    units.map(|(id, _)| id).collect()
}

fn accounts_of<'a>(organization: &'a Organization, parent: &str) -> Vec<&'a String> {
    let seen = organization.accounts.iter().filter(|(_, account)| !account.unseen);
    let accounts = seen.filter(|(_, account)| account.parent == parent);
    accounts.map(|(id, _)| id).collect()
}

fn list_organizational_units_for_parent(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    let units = units_of(organization, parent(request)?);
    PAGES.page(request, "OrganizationalUnits", &units, |id| organization.show_unit(id))
}

fn list_accounts_for_parent(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    let accounts = accounts_of(organization, parent(request)?);
    PAGES.page(request, "Accounts", &accounts, |id| organization.show_account(id))
}

fn list_children(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    let parent = parent(request)?;
    let kind = request.input.text("ChildType")?;
    let children = match kind {
        "ACCOUNT" => accounts_of(organization, parent),
        "ORGANIZATIONAL_UNIT" => units_of(organization, parent),
        _ => {
            return Err(invalid("INVALID_ENUM", format!("{kind} is not a type of child.")));
        }
    };
    PAGES.page(request, "Children", &children, |id| json!({"Id": id, "Type": kind}))
}

fn list_parents(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    let not_found = || ApiError::new("ChildNotFoundException", "You specified a child that doesn't exist.");
    let child = request.input.text("ChildId")?;
    if organization.accounts.get(child).is_some_and(|account| account.unseen) {
        return Err(not_found());
    }
    let id = organization.parent(child).ok_or_else(not_found)?;
    let kind = if id == organization.root { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    PAGES.page(request, "Parents", &[json!({"Id": id, "Type": kind})], Value::clone)
}
