use crate::import::foreign::claim::{Named, Subject, reason};
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::source::Mistake;
use crate::import::foreign::tree::{Kind, Node};

/// A resource of a state.
pub(super) struct Resource<'n> {
    /// Its type.
    pub of_type: &'n str,
    /// What is known of it.
    pub values: &'n Node,
    /// Which of that is sensitive, as `terraform show` has it.
    sensitive: Option<&'n Node>,
    /// The ways to what is sensitive, as a raw state has them.
    paths: Vec<Vec<&'n str>>,
}

impl<'n> Resource<'n> {
    /// A value that is said and is not sensitive.
    pub fn get(&self, field: &str) -> Option<&'n Node> {
        self.values.get(field).filter(|node| !node.is_null() && !self.is_secret(field))
    }

    /// A text that is said and is not sensitive.
    pub fn text(&self, field: &str) -> Option<&'n str> {
        self.get(field).and_then(Node::text).filter(|text| !text.is_empty())
    }

    fn is_secret(&self, field: &str) -> bool {
        let is_shown = self.sensitive.and_then(|it| it.get(field)).is_some_and(|it| !secrets(it).is_empty());
        is_shown || self.paths.iter().any(|path| path.first() == Some(&field))
    }

    /// Counts what is sensitive, of which nothing is read.
    pub fn hide_secrets(&self, ledger: &mut Ledger) {
        for (_, value) in self.values.entries().iter().filter(|(field, _)| self.is_secret(field)) {
            ledger.hide(value);
        }
    }
}

/// What is true in a tree of marks.
fn secrets(marks: &Node) -> Vec<&Node> {
    marks.leaves().into_iter().filter(|leaf| leaf.is_true()).collect()
}

/// All resources, which are asked for each other's names.
pub(super) struct State<'n> {
    pub resources: &'n [Resource<'n>],
}

impl State<'_> {
    /// The permission set of an ARN.
    pub fn permission_set(&self, arn: &str) -> Subject {
        let name = self.find("aws_ssoadmin_permission_set", "arn", arn).and_then(|set| set.text("name"));
        Subject::PermissionSet(named(arn, name))
    }

    /// A group or user by its id.
    pub fn principal(&self, id: &str, kind: &'static str) -> Subject {
        let name = match kind {
            "user" => self.find("aws_identitystore_user", "user_id", id).and_then(|user| user.text("user_name")),
            _ => self.find("aws_identitystore_group", "group_id", id).and_then(|group| group.text("display_name")),
        };
        Subject::Principal(kind, named(id, name))
    }

    /// A policy by its id.
    pub fn policy(&self, id: &str) -> Subject {
        let policy = self.find("aws_organizations_policy", "id", id);
        let of_type = policy.and_then(|policy| policy.text("type")).and_then(|it| it.parse().ok());
        Subject::Policy(of_type, named(id, policy.and_then(|policy| policy.text("name"))))
    }

    /// The root, a unit or an account by its id.
    pub fn place(&self, id: &str) -> Subject {
        match id {
            _ if id.starts_with("r-") => Subject::Root,
            _ if id.starts_with("ou-") => {
                Subject::Unit(Named { id: Some(id.to_owned()), ..Named::path(self.path(id)) })
            }
            _ => self.account(id),
        }
    }

    /// An account by its id.
    pub fn account(&self, id: &str) -> Subject {
        let account = self.find("aws_organizations_account", "id", id);
        let email = account.and_then(|account| account.text("email")).map(str::to_owned);
        let name = account.and_then(|account| account.text("name"));
        Subject::Account(Named { email, ..named(id, name) })
    }

    /// The names of a unit's parents and its own, as far as the state has them.
    fn path(&self, id: &str) -> Vec<String> {
        let mut path = Vec::new();
        let mut at = id.to_owned();
        // Organizations nest units five levels deep (orgs_reference_limits.html).
        while let Some(unit) = self.find("aws_organizations_organizational_unit", "id", &at).filter(|_| path.len() < 6)
        {
            path.extend(unit.text("name").map(str::to_owned));
            at = unit.text("parent_id").unwrap_or_default().to_owned();
        }
        path.reverse();
        path
    }

    fn find(&self, of_type: &str, field: &str, value: &str) -> Option<&Resource<'_>> {
        self.resources.iter().find(|it| it.of_type == of_type && it.text(field) == Some(value))
    }
}

fn named(id: &str, name: Option<&str>) -> Named {
    Named { id: Some(id.to_owned()), ..Named::path(name) }
}

/// The resources of a state in either form.
pub(super) fn resources<'n>(file: &str, root: &'n Node) -> Result<Vec<Resource<'n>>, Mistake> {
    let help = "give the output of `terraform show -json`, or a raw state of version 4 (`terraform state pull`)";
    if root.get("planned_values").is_some() {
        return Err(Mistake::of(file, "it is a plan, not a state", help));
    }
    let mut found = Vec::new();
    if let Some(module) = root.at(&["values", "root_module"]) {
        shown(module, &mut found);
    } else if root.get("version").and_then(Node::text) == Some("4") {
        let resources = root.get("resources").map(Node::items).unwrap_or_default();
        resources.iter().for_each(|resource| raw(resource, &mut found));
    } else if root.get("format_version").is_none() {
        return Err(Mistake::of(file, "it is no state of Terraform that can be read", help));
    }
    Ok(found)
}

fn shown<'n>(module: &'n Node, found: &mut Vec<Resource<'n>>) {
    for resource in module.get("resources").map(Node::items).unwrap_or_default() {
        if let (Some(of_type), Some(values)) = (resource.text_at("type"), resource.get("values")) {
            found.push(Resource { of_type, values, sensitive: resource.get("sensitive_values"), paths: Vec::new() });
        }
    }
    module.get("child_modules").map(Node::items).unwrap_or_default().iter().for_each(|child| shown(child, found));
}

fn raw<'n>(resource: &'n Node, found: &mut Vec<Resource<'n>>) {
    let Some(of_type) = resource.text_at("type") else { return };
    for instance in resource.get("instances").map(Node::items).unwrap_or_default() {
        let Some(values) = instance.get("attributes") else { continue };
        let paths = instance.get("sensitive_attributes").map(Node::items).unwrap_or_default();
        let paths = paths.iter().map(|path| path.items().iter().filter_map(|step| step.text_at("value")).collect());
        found.push(Resource { of_type, values, sensitive: None, paths: paths.collect() });
    }
}

/// Why a field of a known resource has no place in a blueprint.
pub(super) fn why(field: &str) -> &'static str {
    match field {
        "close_on_deletion" | "create_govcloud" | "govcloud_id" => reason::NO_KEY,
        "iam_user_access_to_billing" | "role_name" => reason::NOT_RETURNED,
        "skip_destroy" | "timeouts" | "operation_preferences" => reason::BOOKKEEPING,
        "content" | "inline_policy" | "template_body" => reason::EXPRESSION,
        _ => reason::COMPUTED,
    }
}

/// A value is said only where it is neither null nor sensitive.
pub(super) fn is_said(node: &Node) -> bool {
    !matches!(&node.kind, Kind::Scalar(scalar) if scalar.text.is_empty())
}
