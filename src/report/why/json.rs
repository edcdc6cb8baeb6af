use landing_policy::Compared;
use serde_json::{Value, json};

use super::commands;
use crate::model::Address;
use crate::why::{DenyingStatement, Exemption, Explained, NewlyAllowed, ResourceOwner, Verdict};

/// `[{"principal", "account", "actions", "resource", "resource_account", "region", "event", "said", "verdict": "denied|undecided|
/// elsewhere|contradicted|not-by-organization", "missing", "statements": [{"action", "level", "policy", "policy_id",
/// "statement", "sid", "kind", "sure", "missing", "named_by_aws", "guardrails", "source"}], "look_at", "notes", "ask_aws",
/// "exemption": {"summary", "patch", "opens", "notes", "others"} or null, "no_exemption"}]`. `statement` counts from 0.
#[must_use]
pub fn why_json(all: &[Explained]) -> Value {
    all.iter().map(one).collect()
}

fn one(one: &Explained) -> Value {
    let denied = &one.denied;
    let said = denied.said.as_ref().map(|said| {
        json!({"policy_type": said.policy_type.map(|it| it.name()), "explicit": said.explicit, "policy": said.policy,
               "through": said.through.map(|it| it.name()), "sids": said.sids})
    });
    let (verdict, missing) = verdict(&one.verdict);
    let look = one.look.as_ref().map(|look| json!({"at": look.at, "source": look.place, "page": look.page}));
    let (exemption, none) = match &one.exemption {
        Some(Ok(it)) => (exemption(it), Value::Null),
        Some(Err(why)) => (Value::Null, json!(why)),
        None => (Value::Null, Value::Null),
    };
    json!({
        "principal": denied.principal,
        "account": whose(&one.account),
        "actions": denied.actions.iter().map(|need| &need.action).collect::<Vec<_>>(),
        "resource": denied.resource,
        "resource_account": one.owner.as_ref().map(whose),
        "region": denied.region,
        "event": denied.event,
        "said": said,
        "verdict": verdict,
        "missing": missing,
        "statements": one.statements.iter().map(statement).collect::<Vec<_>>(),
        "look_at": look,
        "notes": one.notes,
        "ask_aws": commands(one),
        "exemption": exemption,
        "no_exemption": none,
    })
}

fn whose(whose: &ResourceOwner) -> Value {
    match whose {
        ResourceOwner::Member(account, id) | ResourceOwner::Management(account, id) => {
            json!({"address": account, "id": id})
        }
        ResourceOwner::Outside(id) => json!({"address": null, "id": id}),
        ResourceOwner::NoAccount => Value::Null,
    }
}

fn verdict(verdict: &Verdict) -> (&'static str, Vec<String>) {
    match verdict {
        Verdict::Denied => ("denied", Vec::new()),
        Verdict::Undecided(keys) => ("undecided", keys.clone()),
        Verdict::Elsewhere(_) => ("elsewhere", Vec::new()),
        Verdict::Contradicted(_) => ("contradicted", Vec::new()),
        Verdict::NotByOrganization => ("not-by-organization", Vec::new()),
    }
}

fn statement(it: &DenyingStatement) -> Value {
    let decided = &it.decided_by;
    json!({"action": it.action, "level": decided.level, "policy": decided.policy, "policy_id": it.policy_id,
           "statement": decided.statement, "sid": decided.sid, "kind": decided.kind, "sure": it.is_sure(), "missing": it.missing,
           "named_by_aws": it.is_named, "guardrails": it.guardrails, "source": it.at})
}

fn exemption(it: &Exemption) -> Value {
    json!({"summary": it.summary, "patch": it.patch, "opens": opening(&it.opens), "notes": it.notes, "others": it.others})
}

fn opening(it: &NewlyAllowed) -> Value {
    let actions = |it: &Compared| json!({"opened": it.opened, "perhaps": it.perhaps, "closed": it.closed});
    let names = |all: &[Address]| all.iter().map(Address::name).collect::<Vec<_>>();
    json!({"principal": actions(&it.own), "every_other_role": actions(&it.anyone), "same_name_in": names(&it.accounts),
           "every_role_in": names(&it.anyone_in), "accounts_left_out": it.accounts_left_out})
}
