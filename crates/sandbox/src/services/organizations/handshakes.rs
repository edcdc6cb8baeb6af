//! Handshakes: invitations to accounts that exist already.

use serde_json::{Value, json};

use super::creation::check_ready;
use super::errors::{access_denied, constraint, invalid};
use super::pages::PAGES;
use super::tags;
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::{Account, Handshake, Organization};
use crate::request::Request;
use crate::service::{Operation, operation};

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
const ENABLE_ALL_FEATURES: &str = "ENABLE_ALL_FEATURES";
/// How a handshake names its account when it is the organization's own.
const ORGANIZATION: &str = "ORGANIZATION";
const OPEN: &str = "OPEN";
/// Members have still to accept theirs.
const REQUESTED: &str = "REQUESTED";
const ACCEPTED: &str = "ACCEPTED";
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

impl Organization {
    /// Whether the change to all features has begun and is not finalized yet.
    pub(super) fn enables_all_features(&self) -> bool {
        self.own_handshake().is_some()
    }

    fn own_handshake(&self) -> Option<&String> {
        let is_own =
            |handshake: &Handshake| handshake.party == ORGANIZATION && [OPEN, REQUESTED].contains(&&*handshake.state);
        self.handshakes.iter().find(|(_, handshake)| is_own(handshake)).map(|(id, _)| id)
    }

    /// Lets the management account finalize the change, once no one has to agree any more.
    fn open_own_handshake(&mut self) {
        let is_awaited = |handshake: &Handshake| {
            handshake.action == ENABLE_ALL_FEATURES && handshake.party != ORGANIZATION && handshake.state == OPEN
        };
        let own = self.own_handshake().filter(|_| !self.handshakes.values().any(is_awaited)).cloned();
        if let Some(own) = own.and_then(|id| self.handshakes.get_mut(&id)) {
            own.state = OPEN.into();
        }
    }
}

/// Begins the change to all features, and gives the id of the handshake that ends it. Members that were created here
/// need not agree.
pub(super) fn begin_all_features(organization: &mut Organization, now: u64) -> String {
    let management = organization.management.clone();
    let is_invited = |(id, member): &(&String, &Account)| **id != management && member.joined_method == "INVITED";
    let invited: Vec<String> = organization.accounts.iter().filter(is_invited).map(|(id, _)| id.clone()).collect();
    let own = begin(organization, ENABLE_ALL_FEATURES, management, ORGANIZATION, now);
    if let Some(handshake) = organization.handshakes.get_mut(&own) {
        handshake.state = REQUESTED.into();
    }
    for member in invited {
        begin(organization, ENABLE_ALL_FEATURES, member, "ACCOUNT", now);
    }
    organization.open_own_handshake();
    own
}

fn invite_account_to_organization(request: &mut Request<'_>) -> Answer {
    let (account, party) = invited(request)?;
    let notes = request.input.optional("Notes")?.map(str::to_owned);
    let tags = tags::of_request(&request.input)?;
    let (now, quotas) = (request.now, request.state.quotas);
    let organization = request.organization()?;
    check_ready(organization)?;
    if organization.enables_all_features() {
        let message = "You can't invite accounts while the organization is enabling all features.";
        let error = ApiError::new("HandshakeConstraintViolationException", message);
        return Err(error.with("Reason", "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"));
    }
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
    let mut parties = vec![json!({"Id": organization.id.trim_start_matches("o-"), "Type": "ORGANIZATION"})];
    if handshake.party != ORGANIZATION {
        parties.push(json!({"Id": handshake.account, "Type": "ACCOUNT"}));
    }
    json!({
        "Id": id,
        "Arn": organization.handshake_arn(&kind, id),
        "Parties": parties,
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
    let Some(handshake) = organization.handshakes.get_mut(&id) else {
        return Ok(id);
    };
    let is_own = handshake.party == ORGANIZATION;
    if management != (state == "CANCELED" || is_own) {
        return Err(access_denied());
    }
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

fn accept_handshake(request: &mut Request<'_>) -> Answer {
    let id = end(request, ACCEPTED)?;
    let organization = request.organization()?;
    let action = organization.handshakes.get(&id).map(|handshake| handshake.action.clone());
    if action.as_deref() == Some(ENABLE_ALL_FEATURES) {
        accept_all_features(organization, &id);
    } else {
        join(request, &id)?;
    }
    Ok(json!({"Handshake": show(request.organization()?, &id)}))
}

/// A member agrees to all features, or the management account finalizes them.
fn accept_all_features(organization: &mut Organization, id: &str) {
    if organization.handshakes.get(id).is_some_and(|handshake| handshake.party == ORGANIZATION) {
        organization.feature_set = "ALL".into();
    } else {
        organization.open_own_handshake();
    }
}

/// Makes the invited account a member, below the root and without the role that created accounts have.
fn join(request: &mut Request<'_>, id: &str) -> Result<(), ApiError> {
    let owner = request.state.standalone_accounts.remove(&request.caller.account).unwrap_or_default();
    let now = request.now;
    let organization = request.organization()?;
    let tags = organization.handshakes.get(id).map(|handshake| handshake.tags.clone()).unwrap_or_default();
    let account = Account {
        name: owner.name,
        email: owner.email,
        state: "ACTIVE".into(),
        joined_method: "INVITED".into(),
        joined: now,
        parent: organization.root.clone(),
        ..Account::default()
    };
    let joined = request.caller.account.clone();
    let organization = request.organization()?;
    organization.join(&joined, account, tags);
    Ok(())
}
