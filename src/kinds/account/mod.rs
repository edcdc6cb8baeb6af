use std::collections::BTreeMap;

use serde_json::json;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::facts::Look;
use crate::kinds::shared::control_tower;
use crate::kinds::shared::fields::differences;
use crate::kinds::shared::ownership::{self, TagIndex, is_tagged_as, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Body, Desired, FieldChange, Found, KindInfo, Manual, Observed, Owner, Presence, Refusal, Risk,
    Tags, Wanted,
};
use crate::outline::Outline;

mod addresses;
mod close;
mod create;
mod every;
mod invite;
mod kind_info;
mod named;
mod names;
mod outline;
pub mod read;
pub mod resource;

use crate::cloud::{Request, Service};

use named::{Named, invited};
use resource::{Account, ClosedAccount};

/// Accounts: `account/ml-dev`. An account is known by its email, which no two accounts share; its name others may have too.
pub(super) struct Accounts;

impl Kind for Accounts {
    fn name(&self) -> &'static str {
        Account::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return leave_to_people(desired, observed);
        }
        let (Some(accounts), Some(index)) = (look.at(read::Accounts), TagIndex::new(look)) else { return };
        let Some(parents) = parents(accounts, look, observed) else { return };
        let named = Named::new(desired);
        observed.findings.refusals.extend(accounts.iter().filter_map(|account| named.doubt(account, accounts)));
        let addresses = addresses::of(desired, &named, accounts);
        // The index has what blueprints own; who excludes by tags wants to know those of every account.
        let excludes_by_tags = desired.excludes_by_tags();
        for account in accounts {
            let wanted = named.find(account);
            let Some(tags) = index.of(&account.id, wanted.is_some() || excludes_by_tags) else { continue };
            let Some(address) = addresses.get(account.id.as_str()).cloned() else { continue };
            if wanted.is_none() {
                refuse_other_email(desired, account, &tags, observed);
            }
            let parent = parents.get(account.id.as_str()).cloned().unwrap_or_else(Address::root);
            add(desired, observed, account, address, parent, tags);
        }
        wait_for_people(desired, look, observed);
        leave_to_people(desired, observed);
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        names::trust_to_rename(desired, observed)
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let side = |body: &Body| Account::of(body).unwrap_or_default().changeable();
        let mut fields = match wanted.presence {
            Presence::Present if wanted.body == found.body => Vec::new(),
            Presence::Present => differences(&side(&wanted.body), &side(&found.body)),
            Presence::Absent => {
                vec![FieldChange { path: "state".into(), before: json!("open"), after: json!("closed") }]
            }
        };
        if wanted.parent != found.parent {
            fields.push(FieldChange {
                path: "parent".into(),
                before: json!(found.parent),
                after: json!(wanted.parent),
            });
        }
        fields
    }

    fn judge(&self, action: Action, fields: &[FieldChange], found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "no account has this email".into()),
            Action::Adopt => ownership::judge_adoption(fields, changed(fields, found)),
            Action::Delete if fields.iter().any(|field| field.path == "state") => {
                (Risk::Irreversible, "the blueprint says `state: closed`; AWS keeps it for 90 days".into())
            }
            Action::Delete => (
                Risk::Destructive,
                "no longer in the blueprint: landing releases it from management, and the account stays open".into(),
            ),
            Action::Move | Action::Update => {
                changed(fields, found).unwrap_or_else(|| (Risk::None, "its tags differ".into()))
            }
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Create => make(step, context).await,
                Action::Delete => close::close_or_release(step, context).await,
                _ => update(step, context).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "organizations:ListAccounts",
            "organizations:ListAccountsForParent",
            "organizations:ListTagsForResource",
            "organizations:ListHandshakesForOrganization",
            "tag:GetResources",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:CreateAccount",
            "organizations:DescribeCreateAccountStatus",
            "organizations:ListCreateAccountStatus",
            "organizations:InviteAccountToOrganization",
            "organizations:MoveAccount",
            "organizations:CloseAccount",
            "organizations:DescribeAccount",
            "organizations:TagResource",
            "organizations:UntagResource",
            "organizations:ListParents",
            "account:PutAccountName",
        ]
    }
}

/// Creates an account, or invites the one that the blueprint gives by its id.
async fn make(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let (wanted, account) = (step.wanted()?, step.resource::<Account>()?);
    match &account.invite {
        Some(id) => invite::invite(id, &account, &wanted.address, context).await,
        None => create::create(account, wanted, context).await,
    }
}

/// What the change of an existing account comes to, where it changes more than tags.
fn changed(fields: &[FieldChange], found: Option<&Found>) -> Option<(Risk, String)> {
    let has = |path: &str| fields.iter().any(|field| field.path == path);
    let is_closed = found.is_some_and(|found| ClosedAccount::of(&found.body).is_some());
    let from = found.and_then(|found| found.parent.as_ref()).map_or("root", Address::as_str);
    let name = found.and_then(|found| Account::of(&found.body)).unwrap_or_default().name;
    let reasons = [
        (is_closed, "it is closed".to_owned()),
        (has("parent"), format!("it is in {from}")),
        (has("name"), format!("it is called {name}")),
    ];
    let reasons: Vec<String> = reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
    let risk = if has("parent") && !is_closed { Risk::Disruptive } else { Risk::None };
    (!reasons.is_empty()).then(|| (risk, reasons.join("; ")))
}

/// Every account's parent by the account's id. Endpoints that do not show it with the account are asked unit by
/// unit. `None` while that is under way.
fn parents<'a>(
    accounts: &'a [read::Account],
    look: &'a Look<'_>,
    observed: &Observed,
) -> Option<BTreeMap<&'a str, Address>> {
    let address = |id: &str| observed.bindings.address(id).cloned();
    if accounts.iter().all(|account| account.parent().is_some()) {
        return Some(
            accounts.iter().filter_map(|account| Some((account.id.as_str(), address(account.parent()?)?))).collect(),
        );
    }
    let places: Vec<_> = observed
        .bindings
        .iter()
        .filter(|(place, _)| **place == Address::root() || place.prefix() == "ou")
        .map(|(place, id)| (place.clone(), look.at(read::AccountsOf(id.to_owned()))))
        .collect();
    let mut parents = BTreeMap::new();
    for (place, within) in places {
        parents.extend(within?.iter().map(|account| (account.as_str(), place.clone())));
    }
    Some(parents)
}

fn add(
    desired: &Desired,
    observed: &mut Observed,
    account: &read::Account,
    address: Address,
    parent: Address,
    tags: Tags,
) {
    observed.account_tags.insert(address.clone(), tags.clone());
    let (mut owner, tags) = owner(desired, &address, tags);
    let unit = observed.bindings.id(&parent).filter(|_| desired.get(&address).is_none());
    if let Some(unit) = unit {
        owner = control_tower::owner_in_unit(owner, unit, observed);
    }
    observed.accounts.insert(address.clone(), parent.clone());
    observed.bindings.bind(address.clone(), account.id.clone());
    let found = Found {
        kind: Account::KIND.into(),
        id: account.id.clone(),
        owner,
        body: Account { name: account.name.clone(), email: account.email.clone(), tags, ..Account::default() }.body(),
        parent: Some(parent.clone()),
        attached_to: vec![parent],
        address,
    };
    if account.is_closed() {
        add_closed(desired, observed, found, account);
    } else {
        observed.add(found);
    }
}

/// A closed account is gone for landing, but for the unit that it is in for 90 days more.
/// <https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/suspended-ou.html>
fn add_closed(desired: &Desired, observed: &mut Observed, mut found: Found, account: &read::Account) {
    refuse_closed(desired, observed, &found.address, account);
    let may_move = matches!(found.owner, Owner::Unmanaged | Owner::This { .. });
    if desired.resources.contains_key(&found.address) && may_move {
        found.owner = Owner::This { stale: None };
        found.body = ClosedAccount { state: account.state.clone() }.body();
        observed.closed.insert(found.address.clone(), found);
    }
}

/// Wanting a closed account open is what only AWS's support can do.
fn refuse_closed(desired: &Desired, observed: &mut Observed, address: &Address, account: &read::Account) {
    let wanted_open = desired.get(address).is_some_and(|wanted| wanted.presence == Presence::Present);
    if !wanted_open {
        return;
    }
    observed.waiting.insert(address.clone());
    observed.findings.manual.push(Manual {
        address: Some(address.clone()),
        what: format!(
            "account {} is closed ({}): ask AWS Support to reopen it within 90 days, or write `state: closed`",
            account.id, account.state
        ),
        link: Some("https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html".into()),
    });
}

/// An account that is tagged as the blueprint's but has another email: AWS changes emails only with a code
/// sent to the new address, so landing must not take it for a new account.
fn refuse_other_email(desired: &Desired, account: &read::Account, tags: &Tags, observed: &mut Observed) {
    let tagged = desired
        .of_kind(Account::KIND)
        .find(|wanted| wanted.presence == Presence::Present && is_tagged_as(desired, wanted, tags));
    let Some(wanted) = tagged.filter(|_| !account.is_closed()) else { return };
    let email = Account::of(&wanted.body).unwrap_or_default().email;
    observed.findings.refusals.push(Refusal {
        code: "other-email".into(),
        address: Some(wanted.address.clone()),
        message: format!(
            "{} is account {} with the email {}, the blueprint says {}",
            wanted.address,
            account.id,
            account.email,
            json!(email)
        ),
        help: "put its email into the blueprint, or change it on the account's page in the console first".into(),
    });
}

/// Leaves to people what landing cannot create or rename.
fn leave_to_people(desired: &Desired, observed: &mut Observed) {
    leave_to_commercial(desired, observed);
    names::refuse_impossible(desired, observed);
}

/// Invitations that are open are not sent again.
fn wait_for_people(desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
    for wanted in desired.of_kind(Account::KIND) {
        let Some(id) = invited(wanted) else { continue };
        if observed.accounts.contains_key(&wanted.address) {
            continue;
        }
        let Some(open) = look.at(read::OpenInvitations) else { continue };
        if open.contains_key(&id) {
            observed.waiting.insert(wanted.address.clone());
            observed.findings.manual.push(invite::accept(&wanted.address, &id));
        }
    }
}

/// In AWS GovCloud (US) accounts come from CreateGovCloudAccount in the commercial organization and are invited.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_create.html>
fn leave_to_commercial(desired: &Desired, observed: &mut Observed) {
    if desired.settings.partition() != "aws-us-gov" {
        return;
    }
    for wanted in desired.of_kind(Account::KIND).filter(|wanted| wanted.presence == Presence::Present) {
        if observed.accounts.contains_key(&wanted.address) || invited(wanted).is_some() {
            continue;
        }
        observed.waiting.insert(wanted.address.clone());
        observed.findings.manual.push(Manual {
            address: Some(wanted.address.clone()),
            what:
                "make the account by CreateGovCloudAccount in the commercial organization, then write its id here as \
                   `invite:`"
                    .into(),
            link: Some("https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-up.html".into()),
        });
    }
}

async fn update(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let id = step.id()?;
    if let Some(name) = step.change.field("name").and_then(|field| field.after.as_str()) {
        rename(context, id, name).await?;
    }
    if let (Some(_), Some(parent)) = (step.change.field("parent"), &step.wanted()?.parent) {
        create::move_to(context, id, &context.id(parent)?).await?;
    }
    context.write_tags(step, id).await
}

async fn rename(context: &WriteContext, id: &str, name: &str) -> Result<(), WriteError> {
    let member = Some(id.to_owned()).filter(|id| *id != context.management_account);
    let input = json!({"AccountId": member, "AccountName": name});
    let request = Request::new(Service::ACCOUNT, "PutAccountName", input).route("POST", "/putAccountName");
    context.cloud.call_global(request).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
