//! Organizational units.

use serde_json::json;

use super::errors::{constraint, parent_not_found, unit_not_found};
use super::tags;
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::{Organization, Unit};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::Quotas;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateOrganizationalUnit", create_organizational_unit),
    operation("DescribeOrganizationalUnit", describe_organizational_unit),
    operation("UpdateOrganizationalUnit", update_organizational_unit),
    operation("DeleteOrganizationalUnit", delete_organizational_unit),
];

fn create_organizational_unit(request: &mut Request<'_>) -> Answer {
    let name = request.input.bounded("Name", 1, 128)?.to_owned();
    let parent = request.input.text("ParentId")?.to_owned();
    let tags = tags::of_request(&request.input)?;
    let quotas = request.state.quotas;
    let organization = request.organization()?;
    check_place(organization, &quotas, &parent)?;
    check_name(organization, &parent, &name, None)?;
    let id = organization.new_id(&format!("ou-{}-", organization.root.trim_start_matches("r-")), 8);
    organization.units.insert(id.clone(), Unit { name, parent });
    organization.attach_full_access(&id);
    if !tags.is_empty() {
        organization.tags.insert(id.clone(), tags);
    }
    Ok(json!({"OrganizationalUnit": organization.show_unit(&id)}))
}

fn check_place(organization: &Organization, quotas: &Quotas, parent: &str) -> Result<(), ApiError> {
    if !organization.is_parent(parent) {
        return Err(parent_not_found());
    }
    if organization.depth(parent) >= quotas.organizational_unit_depth {
        return Err(constraint("OU_DEPTH_LIMIT_EXCEEDED", "You have exceeded the maximum OU depth."));
    }
    if organization.units.len() >= quotas.organizational_units {
        return Err(constraint("OU_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of OUs."));
    }
    Ok(())
}

/// Siblings have different names; `renamed` is the unit that gets the name, if it exists.
fn check_name(organization: &Organization, parent: &str, name: &str, renamed: Option<&str>) -> Result<(), ApiError> {
    let mut units = organization.units.iter();
    if units.any(|(id, unit)| unit.parent == parent && unit.name == name && Some(id.as_str()) != renamed) {
        let message = "An OU with the same name already exists.";
        return Err(ApiError::new("DuplicateOrganizationalUnitException", message));
    }
    Ok(())
}

fn describe_organizational_unit(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    Ok(json!({"OrganizationalUnit": request.organization()?.show_unit(&id)}))
}

fn update_organizational_unit(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let name = match request.input.optional("Name")? {
        Some(_) => Some(request.input.bounded("Name", 1, 128)?.to_owned()),
        None => None,
    };
    let organization = request.organization()?;
    if let Some(name) = name {
        let parent = organization.parent(&id).unwrap_or_default().to_owned();
        check_name(organization, &parent, &name, Some(&id))?;
        organization.units.insert(id.clone(), Unit { name, parent });
    }
    Ok(json!({"OrganizationalUnit": organization.show_unit(&id)}))
}

fn delete_organizational_unit(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let organization = request.organization()?;
    let units = organization.units.values().map(|unit| &unit.parent);
    let accounts = organization.accounts.values().map(|account| &account.parent);
    if units.chain(accounts).any(|parent| *parent == id) {
        let message = "The organizational unit is not empty.";
        return Err(ApiError::new("OrganizationalUnitNotEmptyException", message));
    }
    organization.units.remove(&id);
    organization.forget(&id);
    Ok(json!({}))
}

/// The id of the unit that the request names.
fn existing(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("OrganizationalUnitId")?;
    let known = request.organization_view()?.units.contains_key(id);
    known.then(|| id.to_owned()).ok_or_else(unit_not_found)
}
