//! The forms that fields and types name by `x-form`.

use landing_policy::PolicyType;
use serde_json::{Map, Value, json};

use super::names::{permission_set_descriptions, refer, region_codes};
use super::{patterns, stacks};

/// What a form does to the schema that names it.
pub(super) enum Form {
    /// It takes the place of every text within it.
    Text(Value),
    /// It holds beside what the schema says.
    Beside(Value),
    /// It takes the place of the schema.
    Instead(Value),
}
use Form::{Beside, Instead, Text};

/// The form of that name.
pub(super) fn of(name: &str) -> Option<Form> {
    texts(name).map(Text).or_else(|| conditions(name).map(Beside)).or_else(|| wholes(name).map(Instead))
}

fn pattern(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

fn lengths(least: usize, most: usize) -> Value {
    json!({"type": "string", "minLength": least, "maxLength": most})
}

fn texts(name: &str) -> Option<Value> {
    Some(match name {
        "region" => refer("RegionName"),
        "newer-region" => pattern(&patterns::newer_region(&region_codes())),
        "service" => refer("ServicePrincipal"),
        "managed-policy" => refer("ManagedPolicyName"),
        "policy-type" => refer("PolicyTypeName"),
        "root-feature" => refer("RootFeature"),
        "stack-template" => refer("StackTemplateName"),
        "policy-template" => refer("PolicyTemplateName"),
        "permission-set-template" => json!({"anyOf": [
            refer("PermissionSetTemplateName"), {"const": "none", "description": "Not the built-in permission set of this name."},
        ]}),
        "place" => refer("PlaceName"),
        "target" => refer("TargetName"),
        "email" => json!({"type": "string", "pattern": patterns::EMAIL, "minLength": 6, "maxLength": 64}),
        "emails" => pattern(patterns::EMAILS),
        "account-id" => json!({"anyOf": [
            pattern(patterns::ACCOUNT_ID), {"type": "integer", "minimum": 1_000_000_000_u64, "maximum": 999_999_999_999_u64},
        ]}),
        "account-name" => json!({"type": "string", "pattern": patterns::NAME, "maxLength": 128}),
        "action" => pattern(patterns::ACTION),
        "session" => pattern(patterns::SESSION),
        "alias" => json!({"type": "string", "pattern": patterns::ALIAS, "minLength": 3}),
        "iam-name" => pattern(patterns::IAM_NAME),
        "path" => json!({"type": "string", "pattern": "^/([A-Za-z0-9_+=,.@/-]*/)?$", "maxLength": 512}),
        "policy-description" => lengths(0, 512),
        "group-description" => lengths(0, 900),
        "set-description" => json!({"type": "string", "pattern": patterns::LATIN, "maxLength": 700}),
        "relay-state" => json!({"type": "string", "pattern": patterns::RELAY_STATE, "maxLength": 240}),
        _ => return None,
    })
}

fn conditions(name: &str) -> Option<Value> {
    Some(match name {
        "blueprint" => regions_are_known(),
        "day" => json!({"pattern": patterns::DAY}),
        "tags" => tags(json!({"type": "string", "pattern": patterns::TAG, "maxLength": 256})),
        "tags-or-none" => tags(json!({"type": ["string", "null"], "pattern": patterns::TAG, "maxLength": 256})),
        "by-region" => json!({"propertyNames": refer("RegionName")}),
        "units" | "named" => json!({"propertyNames": {"minLength": 1, "maxLength": 128}}),
        "allow-list" => allow_list(),
        "contact" => unless(absent(), json!({"required": ["name", "title", "email", "phone"]})),
        "no-alias" => json!({"properties": {"state": {"const": "absent"}}}),
        "delegation-policy" => unless(absent(), exactly_one(&["content", "file"])),
        "policy" => policy(),
        "boundary" => exactly_one(&["managed", "customer_managed"]),
        "expectation" => exactly_one(&["deny", "allow"]),
        "assignment" => json!({"required": ["in"]}),
        "administrator" => when(
            json!({"required": ["auto_enable"]}),
            json!({"properties": {"service": {"const": "guardduty.amazonaws.com"}}}),
        ),
        "auto-deployment" => when(
            json!({"properties": {"enabled": {"const": false}}, "required": ["enabled"]}),
            json!({"not": {"required": ["retain_stacks_on_account_removal"]}}),
        ),
        "operation-preferences" => json!({"allOf": [
            {"not": {"required": ["max_concurrent_count", "max_concurrent_percentage"]}},
            {"not": {"required": ["failure_tolerance_count", "failure_tolerance_percentage"]}},
        ]}),
        "stack" => stacks::by_template(),
        _ => return None,
    })
}

fn wholes(name: &str) -> Option<Value> {
    Some(match name {
        "guardrails" => json!({"type": "array", "items": refer("Guardrail")}),
        "guardrail-or-several" => refer("Guardrails"),
        "stacks" => stacks::by_name(),
        "policies" => json!({
            "type": "object",
            "propertyNames": {"maxLength": 128},
            "additionalProperties": refer("Policy"),
        }),
        "attached-policies" => json!({"type": "array", "items": {"anyOf": [refer("PolicyName"), attached_policy()]}}),
        "quotas" => quotas(),
        "assignments" => assignments(),
        "permission-sets" => permission_sets(),
        _ => return None,
    })
}

/// A condition that holds for maps.
fn when(condition: Value, then: Value) -> Value {
    let mut condition = condition;
    condition["type"] = json!("object");
    json!({"if": condition, "then": then})
}

fn unless(exception: Value, holds: Value) -> Value {
    json!({"anyOf": [{"not": {"type": "object"}}, exception, holds]})
}

fn absent() -> Value {
    json!({"properties": {"state": {"const": "absent"}}, "required": ["state"]})
}

/// A map in which exactly one of these keys is.
fn exactly_one(keys: &[&str]) -> Value {
    let each = keys.iter().map(|key| json!({"required": [key]}));
    let all: Vec<Value> = [json!({"not": {"type": "object"}})].into_iter().chain(each).collect();
    json!({"oneOf": all})
}

fn tags(value: Value) -> Value {
    json!({"propertyNames": {"pattern": patterns::TAG_KEY, "maxLength": 128}, "additionalProperties": value})
}

/// `allows_nothing` stands beside `full_aws_access: false` alone.
fn allow_list() -> Value {
    when(
        json!({"properties": {"allows_nothing": {"const": true}}, "required": ["allows_nothing"]}),
        json!({"properties": {"full_aws_access": {"const": false}}, "required": ["full_aws_access"]}),
    )
}

/// A policy has one source of its document; the parameters are those of its template.
fn policy() -> Value {
    let mut said = exactly_one(&["content", "file", "template", "guardrail"]);
    said["allOf"] = stacks::by_policy_template().into();
    said
}

/// A policy at the place where it is attached has a name, of its own or of its file or template.
fn attached_policy() -> Value {
    let named: Vec<Value> = ["name", "file", "template"].into_iter().map(|key| json!({"required": [key]})).collect();
    json!({"allOf": [refer("Policy"), {"type": "object", "anyOf": named, "not": {"required": ["guardrail"]}, "x-plain": true}]})
}

/// Quotas by policy type, and rates by operation.
fn quotas() -> Value {
    let types = PolicyType::ALL.into_iter().flat_map(|it| [it.address_prefix(), it.api_name()]);
    let of_policies = |about: &str| json!({"allOf": [refer("QuotaSection"), {"properties": {"per_second": false, "burst": false}}], "description": about});
    let types: Map<String, Value> =
        types.map(|name| (name.to_owned(), of_policies("AWS's quotas on policies of this type."))).collect();
    let rate = json!({"allOf": [
        refer("QuotaSection"),
        {"type": "object", "properties": {"size": false, "per_target": false}, "required": ["per_second"]},
    ]});
    json!({
        "type": "object",
        "properties": types,
        "patternProperties": {(patterns::OPERATION): rate},
        "additionalProperties": false,
    })
}

/// A list of templates, or permission sets by name.
fn permission_sets() -> Value {
    let known = permission_set_descriptions()
        .into_iter()
        .map(|(name, about)| (name.to_owned(), json!({"allOf": [refer("PermissionSet")], "description": about})));
    let known: Map<String, Value> = known.collect();
    json!({"anyOf": [
        {"type": "array", "items": refer("PermissionSetTemplateName"), "uniqueItems": true},
        {
            "type": "object",
            "propertyNames": {"pattern": patterns::PERMISSION_SET},
            "properties": known,
            "additionalProperties": refer("PermissionSet"),
        },
        {"type": "null"},
    ]})
}

/// Who has which permission sets, and where.
fn assignments() -> Value {
    let place = json!({"anyOf": [refer("TargetName"), refer("Assignment")]});
    let sets = json!({"type": "object", "additionalProperties": {"type": "array", "items": place}});
    let names = json!({"pattern": "^(user/.{1,128}|(?!user/).{1,1024})$"});
    json!({"type": "object", "propertyNames": names, "additionalProperties": sets})
}

/// Where the most usual sections name regions, no other than those of the table, unless the blueprint names newer ones.
fn regions_are_known() -> Value {
    let newer_than_table = json!({
        "type": "string",
        "pattern": patterns::newer_region(&region_codes()),
        "not": {"pattern": format!("^({})$", region_codes().join("|"))},
    });
    let known = json!({"not": newer_than_table});
    let each = json!({"items": known});
    let newer =
        json!({"properties": {"extra_regions": {"type": "array", "minItems": 1}}, "required": ["extra_regions"]});
    let organization = json!({"properties": {"home_region": known, "regions": each, "opt_in_regions": each}});
    let of_stacks = json!({"additionalProperties": {"properties": {"regions": each}}});
    let of_expectations = json!({"items": {"properties": {"region": known}}});
    json!({"allOf": [{
        "if": {"properties": {"organization": newer}, "required": ["organization"]},
        "then": {},
        "else": {"properties": {"organization": organization, "stacks": of_stacks, "expect": of_expectations}},
    }]})
}
