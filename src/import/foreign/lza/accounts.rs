use crate::import::foreign::claim::{Named, ResourceClaim, Subject, is_placeholder, reason};
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::tree::Node;

/// The accounts of `accounts-config.yaml`. Their names there need not be AWS's: they are joined by their emails.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    accounts: Vec<Account>,
}

#[derive(Debug)]
struct Account {
    name: String,
    email: Option<String>,
    unit: Option<String>,
    id: Option<String>,
}

impl Accounts {
    pub fn of(root: &Node) -> Accounts {
        let ids = root.get("accountIds").map(Node::items).unwrap_or_default();
        let accounts = listed(root).map(|account| {
            let email = account.text_at("email").filter(|email| !is_placeholder(email)).map(str::to_owned);
            let id = ids.iter().find(|it| it.text_at("email").is_some() && it.text_at("email") == email.as_deref());
            Account {
                name: account.text_at("name").unwrap_or_default().to_owned(),
                unit: account.text_at("organizationalUnit").map(str::to_owned),
                id: id.and_then(|id| id.text_at("accountId")).map(str::to_owned),
                email,
            }
        });
        Accounts { accounts: accounts.collect() }
    }

    /// An account by the name that LZA's files call it.
    pub fn called(&self, name: &str) -> Subject {
        match self.accounts.iter().find(|account| account.name == name) {
            Some(account) => account.subject(),
            None => Subject::Account(Named::name(name)),
        }
    }

    /// The accounts directly in a unit, as deployment targets mean it; `Root` means all.
    /// <https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/faq/>
    pub fn within(&self, unit: &str) -> Vec<Subject> {
        let is_in = |account: &&Account| unit == "Root" || account.unit.as_deref() == Some(unit);
        self.accounts.iter().filter(is_in).map(Account::subject).collect()
    }

    pub fn claim(&self, root: &Node, ledger: &mut Ledger) {
        for account in listed(root) {
            let subject = self.called(account.text_at("name").unwrap_or_default());
            ledger.comment(&subject, account);
            if let Some(name) = account.get("name") {
                ledger.unmapped(name, reason::OWN_NAME);
            }
            if let Some(email) = account.get("email") {
                match email.text().is_some_and(is_placeholder) {
                    true => ledger.unmapped(email, reason::PLACEHOLDER),
                    false => ledger.fact(&[email], subject.clone(), ResourceClaim::IsThere),
                }
            }
            if let Some((node, alias)) = account.get("accountAlias").and_then(|node| Some((node, node.text()?))) {
                let subject = Subject::Alias(Box::new(subject.clone()));
                ledger.fact(&[node], subject, ResourceClaim::Field("alias", alias.into()));
            }
            if let Some((node, unit)) = account.get("organizationalUnit").and_then(|node| Some((node, node.text()?))) {
                ledger.fact(&[node], subject, ResourceClaim::Parent(place(unit)));
            }
        }
        for item in root.get("accountIds").map(Node::items).unwrap_or_default() {
            let (Some(email), Some(id)) = (item.get("email"), item.get("accountId")) else { continue };
            let text = |node: &Node| node.text().filter(|text| !is_placeholder(text)).map(str::to_owned);
            let named = Named { id: text(id), email: text(email), name: Vec::new() };
            ledger.fact(&[id, email], Subject::Account(named), ResourceClaim::IsThere);
        }
    }
}

impl Account {
    fn subject(&self) -> Subject {
        let name = self.email.is_none().then(|| self.name.clone());
        Subject::Account(Named { id: self.id.clone(), email: self.email.clone(), ..Named::path(name) })
    }
}

fn listed(root: &Node) -> impl Iterator<Item = &Node> {
    let lists = ["mandatoryAccounts", "workloadAccounts"].into_iter().filter_map(|list| root.get(list));
    lists.flat_map(|list| list.items())
}

/// `Root`, `A/B`.
pub(super) fn place(path: &str) -> Subject {
    match path.trim() {
        "Root" => Subject::Root,
        path => Subject::Unit(Named::path(path.split('/'))),
    }
}
