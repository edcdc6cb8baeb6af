mod kind_info;
mod outline;
mod read;
mod resource;
pub(crate) mod section;

use std::collections::BTreeMap;

use serde_json::json;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AccountAccess, AwsError, Request, Service};
use crate::facts::Look;
use crate::kinds::shared::account_setting;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Presence, Refusal, Risk, Wanted};
use crate::outline::Outline;

use read::AliasOf;
use resource::AccountAlias;

/// The aliases of accounts, in their sign-in addresses: `account-alias/ACCOUNT`. CloudFormation has no type for it.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-alias.html>
pub(super) struct AccountAliases;

impl Kind for AccountAliases {
    fn name(&self) -> &'static str {
        AccountAlias::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        account_setting::recognize(desired, look, observed, |_, access, _| AliasOf(access));
        let refusals = refusals(&self.expand(desired, observed));
        observed.findings.refusals.extend(refusals);
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        let wishes = account_setting::expand::<AccountAlias>(desired, observed);
        wishes.into_iter().map(|wanted| named(wanted, desired, observed)).collect()
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "the account has no alias".into()),
            Action::Delete => {
                (Risk::Disruptive, "the blueprint says `state: absent`; sign-in addresses with it end".into())
            }
            _ => (Risk::Disruptive, "it has another one, and sign-in addresses with that end".into()),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let wanted = step.wanted()?;
            let access = context.access(wanted.parent.as_ref().unwrap_or(&wanted.address))?;
            match step.change.action {
                Action::Delete => delete(step, context, &access).await,
                _ => create(step, context, &access).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["iam:ListAccountAliases", "sts:AssumeRole"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["iam:CreateAccountAlias", "iam:DeleteAccountAlias"]
    }
}

/// What a rule's alias is for one account. The management account is called so where the blueprint does not list it, as it is
/// before there is an organization that has a name for it.
fn named(wanted: Wanted, desired: &Desired, observed: &Observed) -> Wanted {
    let Some((alias, account)) = AccountAlias::of(&wanted.body).zip(wanted.parent.clone()) else { return wanted };
    let id = observed.bindings.id(&account);
    let is_management = id.is_some() && id == observed.bindings.id(&Address::management());
    let name = match desired.get(&account) {
        None if is_management => Address::management().name(),
        _ => account.name(),
    };
    Wanted { body: alias.named(&name).body(), ..wanted }
}

/// What IAM would refuse half way through an apply.
fn refusals(wanted: &[Wanted]) -> Vec<Refusal> {
    let present = wanted.iter().filter(|wanted| wanted.presence == Presence::Present);
    let aliases: Vec<(&Address, AccountAlias)> =
        present.filter_map(|wanted| Some((&wanted.address, AccountAlias::of(&wanted.body)?))).collect();
    let mut first = BTreeMap::new();
    let refusals = aliases.iter().filter_map(|(address, alias)| {
        let earlier = *first.entry(alias.alias.as_str()).or_insert(*address);
        let why = match alias.fault() {
            Some(fault) => fault.to_owned(),
            None if earlier != *address => format!("{earlier} is to have it too"),
            None => return None,
        };
        Some(refusal(address, &alias.alias, &why))
    });
    refusals.collect()
}

fn refusal(address: &Address, alias: &str, why: &str) -> Refusal {
    Refusal {
        code: "account-alias".into(),
        address: Some(address.clone()),
        message: format!("{address} cannot be `{alias}`: {why}"),
        help:
            "write another `alias` for this account, or list it in the blueprint with a `key` that `{name}` stands for"
                .into(),
    }
}

/// A new alias takes the place of the one that the account has.
async fn create(step: &Step, context: &WriteContext, access: &AccountAccess) -> Result<(), WriteError> {
    let wanted: AccountAlias = step.resource()?;
    match call(context, access, "CreateAccountAlias", &wanted).await {
        Err(error) if error.is("EntityAlreadyExists") => match read::look(&context.cloud, access).await? {
            // Asked again after a lost answer.
            Some(found) if found == wanted => Ok(()),
            _ => Err(taken(step, &wanted)),
        },
        other => Ok(other?),
    }
}

fn taken(step: &Step, wanted: &AccountAlias) -> WriteError {
    let account = step.change.parent.as_ref().unwrap_or(&step.change.address);
    WriteError::Failed {
        message: format!("another AWS account has the alias `{}`, which {account} was to have", wanted.alias),
        help: "no two accounts of a partition have one alias, in whatever organization they are: write another one"
            .into(),
    }
}

async fn delete(step: &Step, context: &WriteContext, access: &AccountAccess) -> Result<(), WriteError> {
    let found = step.found.as_ref().and_then(|found| AccountAlias::of(&found.body)).unwrap_or_default();
    Ok(done_already(call(context, access, "DeleteAccountAlias", &found).await, &["NoSuchEntity"])?)
}

async fn call(
    context: &WriteContext,
    access: &AccountAccess,
    operation: &'static str,
    alias: &AccountAlias,
) -> Result<(), AwsError> {
    let request = Request::new(Service::IAM, operation, json!({"AccountAlias": alias.alias}));
    context.cloud.call(access, &context.cloud.region, request).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(account: &str, alias: &str) -> Wanted {
        let account = Address::account(account);
        let alias = AccountAlias { alias: alias.into() };
        alias.wanted(Address::new("account-alias", [account.name()])).under(account)
    }

    #[test]
    fn an_alias_that_aws_refuses_or_two_accounts_would_share_is_refused() {
        let all = [wanted("a", "acme-a"), wanted("b", "acme-"), wanted("c", "acme-a"), wanted("d", "acme-d")];
        let reported: Vec<String> = refusals(&all).into_iter().map(|refusal| refusal.message).collect();
        assert_eq!(
            reported,
            [
                "account-alias/b cannot be `acme-`: an alias has hyphens one by one, and neither first nor last",
                "account-alias/c cannot be `acme-a`: account-alias/a is to have it too"
            ]
        );
        let absent: Vec<Wanted> = all.iter().map(|wanted| wanted.clone().present(false)).collect();
        assert_eq!(refusals(&absent), []);
    }

    #[test]
    fn the_management_account_is_called_so_unless_the_blueprint_lists_it() {
        let mut observed = Observed::default();
        observed.bindings.bind(Address::management(), "111111111111");
        observed.bindings.bind(Address::account("Master Payer"), "111111111111");
        observed.bindings.bind(Address::account("Other One"), "222222222222");
        let alias = |account: &str, desired: &Desired| {
            AccountAlias::of(&named(wanted(account, "x-{name}"), desired, &observed).body).unwrap_or_default().alias
        };
        let mut desired = Desired::default();
        assert_eq!(["Master Payer", "Other One"].map(|it| alias(it, &desired)), ["x-management", "x-other-one"]);
        desired.add(Wanted::new("account", Address::account("Master Payer"), crate::model::no_fields()));
        assert_eq!(alias("Master Payer", &desired), "x-master-payer");
    }

    #[test]
    fn changing_an_alias_ends_sign_in_addresses_and_giving_one_does_not() {
        let risk = |action| AccountAliases.judge(action, &[], None).0;
        assert_eq!(
            [Action::Create, Action::Update, Action::Delete].map(risk),
            [Risk::None, Risk::Disruptive, Risk::Disruptive]
        );
    }
}
