//! Handshakes: invitations to accounts that exist already.

use serde_json::{Value, json};

use super::PAGES;
use super::creation::check_ready;
use super::errors::{access_denied, constraint, invalid};
use super::model::{Account, Handshake, Organization};
use super::readiness::Readiness;
use super::tags;
use crate::sandbox::request::{Answer, ApiError, Request};
use crate::sandbox::services::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("InviteAccountToOrganization", invite_account_to_organization),
    operation("DescribeHandshake", describe_handshake),
    operation("ListHandshakesForOrganization", list_handshakes_for_organization),
    operation("ListHandshakesForAccount", list_handshakes_for_account),
    operation("CancelHandshake", cancel_handshake),
    operation("AcceptHandshake", accept_handshake),
    operation("DeclineHandshake", decline_handshake),
];

const INVITE: &str = "INVITE";
const OPEN: &str = "OPEN";
/// Invitations end after 15 days, in seconds.
const LIFETIME: u64 = 15 * 24 * 60 * 60;

/// Begins a handshake with `account`, which the request named by a `party` of that type.
pub(super) fn begin(organization: &mut Organization, action: &str, account: String, party: &str, now: u64) -> String {
    let id = organization.new_id("h-", 32);
    let handshake = Handshake {
        action: action.into(),
        account,
        party: party.into(),
        state: OPEN.into(),
        requested: now,
        ..Handshake::default()
    };
    organization.handshakes.insert(id.clone(), handshake);
    id
}

fn invite_account_to_organization(request: &mut Request<'_>) -> Answer {
    let (account, party) = invited(request)?;
    let notes = request.input.optional("Notes")?.map(str::to_owned);
    let tags = tags::of_request(&request.input)?;
    let (now, quotas) = (request.now, request.state.quotas);
    let organization = request.organization()?;
    check_ready(organization)?;
    let open = |handshake: &&Handshake| handshake.state == OPEN && handshake.action == INVITE;
    let invitations = organization.handshakes.values().filter(open);
    if invitations.clone().any(|handshake| handshake.account == account) {
        let message = "An invitation to this account is already open.";
        return Err(ApiError::new("DuplicateHandshakeException", message));
    }
    if organization.accounts.len() + invitations.count() >= quotas.accounts {
        let message = "You have exceeded the allowed number of AWS accounts.";
        return Err(constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", message));
    }
    let id = begin(organization, INVITE, account, party, now);
    if let Some(handshake) = organization.handshakes.get_mut(&id) {
        (handshake.notes, handshake.tags) = (notes, tags);
    }
    Ok(json!({"Handshake": show(organization, &id)}))
}

/// The id of the account that the request's `Target` names, and how it names it.
fn invited(request: &Request<'_>) -> Result<(String, &'static str), ApiError> {
    let target = request.input.structure("Target");
    let member = |name: &str| target.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (id, kind) = (member("Id"), member("Type"));
    let email = |candidate: &str| candidate.eq_ignore_ascii_case(&id);
    let organization = request.organization_view()?;
    if organization.accounts.iter().any(|(account, member)| *account == id || email(&member.email)) {
        let message = "The account is already a member of your organization.";
        let error = ApiError::new("HandshakeConstraintViolationException", message);
        return Err(error.with("Reason", "ALREADY_IN_AN_ORGANIZATION"));
    }
    let mut outside = request.state.standalone_accounts.iter();
    let unknown = || invalid("INVALID_PARTY_TYPE_TARGET", "The sandbox has no stand-alone account of that name.");
    match kind.as_str() {
        "ACCOUNT" => outside.find(|(account, _)| **account == id).map(|(id, _)| (id.clone(), "ACCOUNT")),
        "EMAIL" => outside.find(|(_, owner)| email(&owner.email)).map(|(id, _)| (id.clone(), "EMAIL")),
        _ => None,
    }
    .ok_or_else(unknown)
}

pub(super) fn show(organization: &Organization, id: &str) -> Value {
    let Some(handshake) = organization.handshakes.get(id) else {
        return Value::Null;
    };
    let kind = handshake.action.to_lowercase();
    let mut resources = vec![
        json!({"Type": "ORGANIZATION", "Value": organization.id}),
        json!({"Type": "ACCOUNT", "Value": handshake.account}),
    ];
    if let Some(notes) = &handshake.notes {
        resources.push(json!({"Type": "NOTES", "Value": notes}));
    }
    json!({
        "Id": id,
        "Arn": organization.handshake_arn(&kind, id),
        "Parties": [
            {"Id": organization.id.trim_start_matches("o-"), "Type": "ORGANIZATION"},
            {"Id": handshake.account, "Type": "ACCOUNT"},
        ],
        "State": handshake.state,
        "RequestedTimestamp": handshake.requested,
        "ExpirationTimestamp": handshake.requested + LIFETIME,
        "Action": handshake.action,
        "Resources": resources,
    })
}

/// The handshake that the request names, if the caller is one of its parties.
fn existing(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("HandshakeId")?;
    let not_found = || ApiError::new("HandshakeNotFoundException", "You specified a handshake that doesn't exist.");
    let organization = request.state.organization.as_ref().ok_or_else(not_found)?;
    let handshake = organization.handshakes.get(id).ok_or_else(not_found)?;
    let caller = &request.caller.account;
    if *caller != organization.management && *caller != handshake.account {
        return Err(access_denied());
    }
    Ok(id.to_owned())
}

fn describe_handshake(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    Ok(json!({"Handshake": show(request.organization()?, &id)}))
}

fn list(request: &Request<'_>, of: impl Fn(&Handshake) -> bool) -> Answer {
    let filter = request.input.structure("Filter");
    let action = filter.get("ActionType").and_then(Value::as_str);
    let asked = |handshake: &Handshake| of(handshake) && action.is_none_or(|action| action == handshake.action);
    let Some(organization) = &request.state.organization else {
        return Ok(json!({"Handshakes": []}));
    };
    let handshakes = organization.handshakes.iter().filter(|(_, handshake)| asked(handshake));
    let ids: Vec<&String> = handshakes.map(|(id, _)| id).collect();
    PAGES.page(request, "Handshakes", &ids, |id| show(organization, id))
}

fn list_handshakes_for_organization(request: &mut Request<'_>) -> Answer {
    list(request, |_| true)
}

fn list_handshakes_for_account(request: &mut Request<'_>) -> Answer {
    list(request, |handshake| handshake.account == request.caller.account)
}

/// Ends an open handshake with `state`.
fn end(request: &mut Request<'_>, state: &str) -> Result<String, ApiError> {
    let id = existing(request)?;
    let invited = request.caller.account.clone();
    let organization = request.organization()?;
    let management = organization.management == invited;
    if management != (state == "CANCELED") {
        return Err(access_denied());
    }
    let Some(handshake) = organization.handshakes.get_mut(&id) else {
        return Ok(id);
    };
    if handshake.state == state {
        let message = "The handshake is already in the requested state.";
        return Err(ApiError::new("HandshakeAlreadyInStateException", message));
    }
    if handshake.state != OPEN {
        let message = "You can't perform the operation on the handshake in its current state.";
        return Err(ApiError::new("InvalidHandshakeTransitionException", message));
    }
    handshake.state = state.into();
    Ok(id)
}

fn cancel_handshake(request: &mut Request<'_>) -> Answer {
    let id = end(request, "CANCELED")?;
    Ok(json!({"Handshake": show(request.organization()?, &id)}))
}

fn decline_handshake(request: &mut Request<'_>) -> Answer {
    let id = end(request, "DECLINED")?;
    Ok(json!({"Handshake": show(request.organization()?, &id)}))
}

/// Makes the invited account a member, below the root and without the role that created accounts have.
fn accept_handshake(request: &mut Request<'_>) -> Answer {
    let id = end(request, "ACCEPTED")?;
    let owner = request.state.standalone_accounts.remove(&request.caller.account).unwrap_or_default();
    let now = request.now;
    let organization = request.organization()?;
    let tags = organization.handshakes.get(&id).map(|handshake| handshake.tags.clone()).unwrap_or_default();
    let account = Account {
        name: owner.name,
        email: owner.email,
        state: "ACTIVE".into(),
        joined_method: "INVITED".into(),
        joined: now,
        parent: organization.root.clone(),
        readiness: Readiness::Ready,
    };
    let joined = request.caller.account.clone();
    let organization = request.organization()?;
    organization.join(&joined, account, tags);
    Ok(json!({"Handshake": show(organization, &id)}))
}
