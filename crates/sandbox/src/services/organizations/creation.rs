//! CreateAccount, which AWS answers before it is done.

use serde_json::{Value, json};

use super::errors::{constraint, invalid};
use super::pages::PAGES;
use super::tags;
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::model::organizations::{Account, Creation, IN_PROGRESS, Organization};
use crate::model::readiness::{LateService, Readiness};
use crate::options::Options;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;
use crate::tags::Tags;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateAccount", create_account),
    operation("CreateGovCloudAccount", create_gov_cloud_account),
    operation("DescribeCreateAccountStatus", describe_create_account_status),
    operation("ListCreateAccountStatus", list_create_account_status),
];

/// The role that AWS makes when the request names none.
const DEFAULT_ROLE: &str = "OrganizationAccountAccessRole";

/// Begins to create an account. Nothing ties two requests together: asking twice makes two attempts.
fn create_account(request: &mut Request<'_>) -> Answer {
    // In GovCloud accounts come from CreateGovCloudAccount in the commercial organization and are then invited.
    if request.state.partition == "aws-us-gov" {
        return Err(unsupported_endpoint());
    }
    let input = &request.input;
    let name = account_name(input)?;
    let email = email(input, request.state.quotas.email_length)?;
    let role = role_name(input)?;
    let tags = tags::of_request(input)?;
    let (now, quotas) = (request.now, request.state.quotas);
    let organization = request.organization()?;
    check_ready(organization)?;
    let running = organization.creations.open().filter(|(_, creation)| creation.state == IN_PROGRESS);
    if running.count() >= quotas.account_creations {
        let message = "You have exceeded the number of accounts that can be created at a time.";
        return Err(constraint("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", message));
    }
    let id = organization.new_id("car-", 32);
    let creation = Creation {
        name,
        email,
        role,
        tags,
        state: IN_PROGRESS.into(),
        requested: now,
        unseen: true,
        ..Creation::default()
    };
    let shown = show(&id, &creation);
    organization.creations.insert(id, creation);
    Ok(json!({"CreateAccountStatus": shown}))
}

/// Needs a management account that is linked to one in GovCloud, which the sandbox's is not.
fn create_gov_cloud_account(request: &mut Request<'_>) -> Answer {
    if request.state.partition != "aws" {
        return Err(unsupported_endpoint());
    }
    let message = "The management account has no associated account in the AWS GovCloud (US-West) Region.";
    Err(constraint("MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED", message))
}

fn unsupported_endpoint() -> ApiError {
    let message = "This action isn't available in the current AWS Region.";
    ApiError::new("UnsupportedAPIEndpointException", message)
}

/// Whether the organization is past its first minutes.
pub(super) fn check_ready(organization: &Organization) -> Result<(), ApiError> {
    if organization.finalizing {
        let message = "Your organization is still initializing. Try again later.";
        return Err(ApiError::new("FinalizingOrganizationException", message));
    }
    if organization.without_places {
        let message = "You have exceeded the allowed number of AWS accounts.";
        return Err(constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", message));
    }
    Ok(())
}

/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
fn account_name(input: &Input) -> Result<String, ApiError> {
    let name = input.bounded("AccountName", 1, 50)?;
    let is_plain = name.chars().all(|c| (' '..='~').contains(&c));
    let not_plain = || input.invalid("INVALID_PATTERN", "AccountName must be printable ASCII.");
    is_plain.then(|| name.to_owned()).ok_or_else(not_plain)
}

/// At least 6 ASCII characters (AWS takes at most 64) without white space, with a local part and a domain.
fn email(input: &Input, longest: usize) -> Result<String, ApiError> {
    let email = input.bounded("Email", 6, longest)?;
    let parts = email.split_once('@');
    let well_formed = parts.is_some_and(|(user, domain)| !user.is_empty() && domain.contains('.'));
    let plain = email.bytes().all(|byte| byte.is_ascii_graphic()) && email.matches('@').count() == 1;
    if well_formed && plain {
        return Ok(email.to_owned());
    }
    Err(invalid("INVALID_EMAIL_ADDRESS_TARGET", "You specified an invalid email address."))
}

fn role_name(input: &Input) -> Result<String, ApiError> {
    let role = input.optional("RoleName")?.unwrap_or(DEFAULT_ROLE);
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    let valid = (1..=64).contains(&role.len()) && role.chars().all(allowed) && !role.starts_with("AWSServiceRoleFor");
    valid.then(|| role.to_owned()).ok_or_else(|| invalid("INVALID_ROLE_NAME", "You specified an invalid role name."))
}

/// Completes the creations that are due.
pub(super) fn settle(state: &mut State, progress: &mut Progress, options: &Options, now: u64) -> bool {
    let Some(organization) = &mut state.organization else {
        return false;
    };
    let running = organization.creations.open().filter(|(_, creation)| creation.state == IN_PROGRESS);
    let mut due: Vec<String> = running.map(|(id, _)| id.clone()).collect();
    due.retain(|id| progress.is_due(id, options.timings.create_account));
    for id in &due {
        complete(state, id, now);
    }
    let Some(organization) = &mut state.organization else { return false };
    let mut shown = false;
    let mut show = |id: &String, unseen: &mut bool| {
        if *unseen && progress.is_due(&format!("seen {id}"), options.lags.reads) {
            (*unseen, shown) = (false, true);
        }
    };
    organization.creations.go_on(|id, creation| show(id, &mut creation.unseen));
    organization.accounts.go_on(|id, account| show(id, &mut account.unseen));
    shown || !due.is_empty()
}

fn complete(state: &mut State, id: &str, now: u64) {
    let failure = state.organization.as_ref().and_then(|organization| failure(state, organization, id));
    let Some(organization) = &mut state.organization else {
        return;
    };
    let account = if failure.is_none() { admit(organization, id, now) } else { None };
    let Some(creation) = organization.creations.get_mut(id) else {
        return;
    };
    creation.state = if failure.is_none() { "SUCCEEDED" } else { "FAILED" }.into();
    creation.completed = Some(now);
    creation.failure = failure.map(str::to_owned);
    creation.account.clone_from(&account);
    if let Some(account) = account {
        state.roles.entry(account).or_default().insert(creation.role.clone());
    }
}

/// Why the account cannot be created, as AWS finds out only on the way.
fn failure(state: &State, organization: &Organization, id: &str) -> Option<&'static str> {
    let email = &organization.creations.get(id)?.email;
    let mut others = state.standalone_accounts.values().map(|owner| &owner.email);
    if organization.accounts.has_name(email) || others.any(|taken| taken.eq_ignore_ascii_case(email)) {
        return Some("EMAIL_ALREADY_EXISTS");
    }
    (organization.accounts.len() >= state.quotas.accounts).then_some("ACCOUNT_LIMIT_EXCEEDED")
}

/// Makes the account, below the root as AWS does.
fn admit(organization: &mut Organization, creation: &str, now: u64) -> Option<String> {
    let creation = organization.creations.get(creation)?.clone();
    let id = organization.new_account_id(&creation.email);
    let account = Account {
        name: creation.name,
        email: creation.email,
        state: "ACTIVE".into(),
        joined_method: "CREATED".into(),
        joined: now,
        parent: organization.root.clone(),
        readiness: Readiness::NoRole,
        unseen: true,
        ..Account::default()
    };
    organization.join(&id, account, creation.tags);
    Some(id)
}

impl Organization {
    /// Takes an account in.
    pub(super) fn join(&mut self, id: &str, account: Account, tags: Tags) {
        let account = Account { unknown_to: LateService::ALL.into(), ..account };
        self.accounts.insert(id.to_owned(), account);
        self.attach_full_access(id);
        if !tags.is_empty() {
            self.tags.insert(id.to_owned(), tags);
        }
    }
}

/// AWS shows the name, but never the email.
fn show(id: &str, creation: &Creation) -> Value {
    let mut shown = json!({
        "Id": id,
        "AccountName": creation.name,
        "State": creation.state,
        "RequestedTimestamp": creation.requested,
    });
    let later = [
        ("CompletedTimestamp", creation.completed.map(Value::from)),
        ("AccountId", creation.account.clone().map(Value::from)),
        ("FailureReason", creation.failure.clone().map(Value::from)),
    ];
    for (name, value) in later {
        if let Some(value) = value {
            shown[name] = value;
        }
    }
    shown
}

fn describe_create_account_status(request: &mut Request<'_>) -> Answer {
    let id = request.input.text("CreateAccountRequestId")?;
    let creation = request.organization_view()?.creations.get(id).filter(|it| !it.unseen).ok_or_else(|| {
        let message = "You specified a create account request that doesn't exist.";
        ApiError::new("CreateAccountStatusNotFoundException", message)
    })?;
    Ok(json!({"CreateAccountStatus": show(id, creation)}))
}

fn list_create_account_status(request: &mut Request<'_>) -> Answer {
    let states = request.input.texts("States");
    let creations = &request.organization_view()?.creations;
    let asked = |creation: &Creation| states.is_empty() || states.contains(&creation.state.as_str());
    let is_shown = |(_, creation): &(&String, &Creation)| asked(creation) && !creation.unseen;
    let creations: Vec<_> = match states[..] {
        // A caller that makes many asks this again and again.
        [IN_PROGRESS] => creations.open().filter(is_shown).collect(),
        _ => creations.iter().filter(is_shown).collect(),
    };
    PAGES.page(request, "CreateAccountStatuses", &creations, |(id, creation)| show(id, creation))
}
