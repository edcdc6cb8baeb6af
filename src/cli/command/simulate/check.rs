//! Whether what a question names exists: policies decide about any name, and most of them have no statement about a misspelled one.

use std::collections::BTreeSet;

use landing_blueprint::did_you_mean;
use landing_policy::{Asking, Case, Lookup, account_of, look_up_region, services};

use super::super::super::exit::Exit;
use super::super::super::failure::Failure;
use super::super::super::session::Session;
use crate::hierarchy::Hierarchy;
use crate::model::named_permission_set;
use crate::report::clean;

/// The permission sets that may be asked about; `None` where they are not known.
pub(super) type PermissionSets = Option<BTreeSet<String>>;

/// Checks the action, the condition keys and the region against AWS's names. A key or region that no known one is like may be newer
/// than the tables, and is warned of.
///
/// # Errors
/// When AWS has no such action, the action is several, or another name is probably misspelled.
pub(super) fn names(asking: &Asking, session: &Session) -> Result<(), Failure> {
    check_form(&asking.action)?;
    check_action(&asking.action)?;
    for (key, _) in &asking.context {
        check("condition key", key, &services().look_up_key(key), session)?;
    }
    asking.region.as_ref().map_or(Ok(()), |region| check("region", region, &look_up_region(region), session))
}

/// No answer about an action that AWS does not have means anything.
fn check_action(action: &str) -> Result<(), Failure> {
    let services = services();
    let help = match services.look_up_action(action) {
        Lookup::Found => return Ok(()),
        Lookup::Near(near) => format!("did you mean `{near}`?"),
        Lookup::Unknown => format!("{}; a newer one can be asked about with --cases FILE", known_actions(action)),
    };
    let message = format!("AWS has no action `{action}`, as of {}", services.date());
    Err(Failure::new(message).help(help).exit(Exit::USAGE))
}

/// The actions of the service that are most like the one asked about: those that begin alike.
fn known_actions(action: &str) -> String {
    let (service, name) = action.split_once(':').unwrap_or_default();
    let known = services().actions_matching(&format!("{service}:*"));
    if known.is_empty() {
        return format!("no service has the prefix `{service}`: write one such as s3:GetObject");
    }
    let alike = |known: &str| {
        let own = known.split_once(':').map_or("", |(_, own)| own);
        own.bytes().zip(name.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
    };
    let mut near: Vec<&str> = known.iter().map(String::as_str).collect();
    near.sort_by_key(|known| std::cmp::Reverse(alike(known)));
    near.truncate(3);
    format!("`{service}` has {} actions, such as {}", known.len(), near.join(", "))
}

fn check(what: &str, name: &str, found: &Lookup, session: &Session) -> Result<(), Failure> {
    match found {
        Lookup::Found => Ok(()),
        Lookup::Near(near) => {
            let message = format!("AWS has no {what} `{name}`");
            Err(Failure::new(message).help(format!("did you mean `{near}`?")).exit(Exit::USAGE))
        }
        Lookup::Unknown => {
            warn(&unknown(what, name), session);
            Ok(())
        }
    }
}

fn unknown(what: &str, name: &str) -> String {
    let date = services().date();
    format!("the table of AWS's names, of {date}, has no {what} `{name}`: check it, unless it is newer")
}

fn warn(text: &str, session: &Session) {
    session.out.say(&format!("warning: {}\n", clean(text)));
}

fn check_form(action: &str) -> Result<(), Failure> {
    let refuse = |message: String, help: String| Err(Failure::new(message).help(help).exit(Exit::USAGE));
    let (prefix, name) = action.split_once(':').unwrap_or_default();
    if prefix.is_empty() || name.is_empty() {
        let help = "write the service and the action, such as s3:GetObject".to_owned();
        return refuse(format!("`{action}` is not an action"), help);
    }
    if action.contains(['*', '?']) {
        let matching = services().actions_matching(action);
        let example = matching.first().map_or("s3:GetObject", String::as_str);
        let message =
            format!("`{action}` is a pattern of {} actions, which may be decided differently", matching.len());
        return refuse(message, format!("ask about one action, such as {example}"));
    }
    Ok(())
}

/// Warns of the actions of cases that the table does not have: a case may be of any day.
pub(super) fn cases(cases: &[Case], session: &Session) {
    let actions: BTreeSet<&str> = cases.iter().map(|case| case.request.action.as_str()).collect();
    for action in actions {
        match services().look_up_action(action) {
            Lookup::Found => {}
            Lookup::Near(near) => warn(&format!("AWS has no action `{action}`: did you mean `{near}`?"), session),
            Lookup::Unknown => warn(&unknown("action", action), session),
        }
    }
}

/// Checks that the principal is one, and is there as far as that can be known.
///
/// # Errors
/// When it has no form of a principal, or is a permission set or of an account that does not exist.
pub(super) fn principal(
    asking: &Asking,
    hierarchy: Option<&Hierarchy>,
    sets: &PermissionSets,
    session: &Session,
) -> Result<(), Failure> {
    let principal = asking.principal.as_str();
    if let Some(set) = named_permission_set(principal) {
        return permission_set(set, sets, session);
    }
    if !is_principal(principal) {
        let forms = "write role/NAME, user/NAME, root, permission-set/NAME, an ARN of IAM or STS, a service such as \
                     cloudtrail.amazonaws.com, or anonymous";
        let is_name = !principal.is_empty() && !principal.contains(['/', ':', '.']);
        let near =
            if is_name { format!("did you mean `role/{principal}` or `user/{principal}`? ") } else { String::new() };
        let help = format!("{near}{forms}");
        return Err(Failure::new(format!("`{principal}` is not a principal")).help(help).exit(Exit::USAGE));
    }
    if let Some(hierarchy) = hierarchy {
        account(asking, hierarchy)?;
    }
    if principal.contains("role/") || principal.contains("user/") {
        let text = format!("whether {principal} exists was not checked; policies decide by its name");
        session.out.say(&format!("note: {}\n", clean(&text)));
    }
    Ok(())
}

fn is_principal(principal: &str) -> bool {
    let is_named = |prefix: &str| principal.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
    let parts: Vec<&str> = principal.splitn(6, ':').collect();
    let is_arn = match parts.as_slice() {
        ["arn", partition, "iam" | "sts", "", account, resource] => {
            let is_id = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
            partition.starts_with("aws") && (is_id || account.starts_with("${")) && is_resource(resource)
        }
        _ => false,
    };
    let is_service = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"]
        .iter()
        .any(|end| principal.len() > end.len() && principal.ends_with(end));
    is_arn || is_service || is_named("role/") || is_named("user/") || matches!(principal, "root" | "anonymous")
}

fn is_resource(resource: &str) -> bool {
    let kinds = ["role", "user", "assumed-role", "federated-user"];
    let named = resource.split_once('/').is_some_and(|(kind, name)| kinds.contains(&kind) && !name.is_empty());
    named || resource == "root"
}

fn permission_set(set: &str, sets: &PermissionSets, session: &Session) -> Result<(), Failure> {
    let Some(sets) = sets else {
        warn(&format!("whether the permission set `{set}` exists was not checked: no blueprint names any"), session);
        return Ok(());
    };
    if sets.contains(set) {
        return Ok(());
    }
    let near = did_you_mean(set, sets.iter().map(String::as_str));
    let help = near.map_or_else(
        || "name one of the blueprint's, or write the ARN of its role, which begins with AWSReservedSSO_".to_owned(),
        |near| format!("did you mean `permission-set/{near}`?"),
    );
    Err(Failure::new(format!("there is no permission set `{set}`")).help(help).exit(Exit::USAGE))
}

/// A principal of an account outside meets no policy of the organization, unless it uses a resource of it.
fn account(asking: &Asking, hierarchy: &Hierarchy) -> Result<(), Failure> {
    let is_own = |id: &str| hierarchy.account(id).is_some();
    let Some(id) = account_of(&asking.principal).filter(|id| id.len() == 12 && !is_own(id)) else { return Ok(()) };
    let given = asking.context.iter().filter(|(key, _)| key.eq_ignore_ascii_case("aws:ResourceAccount"));
    let given = given.flat_map(|(_, values)| values.iter().map(String::as_str));
    let mut owners = given.chain(asking.resource.as_deref().and_then(account_of));
    if owners.any(is_own) {
        return Ok(());
    }
    let message = format!("no account of the organization has the id {id}");
    let help = "name one of its accounts; or, for a principal outside that uses a resource of the organization, the resource: \
                --resource ARN, or --context aws:ResourceAccount=ID";
    Err(Failure::new(message).help(help).exit(Exit::USAGE))
}
