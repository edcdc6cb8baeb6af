//! The shapes of management policies, as of November 2026. AWS Organizations refuses elements that a type does not have
//! (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html>).

use super::shape::Shape::{self, Each, List, Members, OneOf, Open, Single};
use crate::PolicyType;

/// What stands below the key at the top of a policy of this type. Of types whose syntax AWS still extends often only the
/// operators are known.
pub(super) const fn of(policy_type: PolicyType) -> Shape {
    match policy_type {
        PolicyType::Tag => TAGS,
        PolicyType::Backup => PLANS,
        PolicyType::AiOptOut => AI_SERVICES,
        PolicyType::Chatbot => CHATBOT,
        PolicyType::DeclarativeEc2 => EC2,
        PolicyType::SecurityHub => SECURITY_HUB,
        PolicyType::S3 => S3,
        PolicyType::Bedrock => BEDROCK,
        _ => Open,
    }
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html>
const TAGS: Shape = Each(&Members(&[
    ("tag_key", Single),
    ("tag_value", List),
    ("enforced_for", List),
    ("report_required_tag_for", List),
]));

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html>
const AI_SERVICES: Shape = Each(&Members(&[("opt_out_policy", OneOf(&["optOut", "optIn"]))]));

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html>
const PLANS: Shape = Each(&Members(&[
    ("regions", List),
    ("rules", Each(&RULE)),
    ("selections", Members(&[("tags", Each(&BY_TAG)), ("resources", Each(&BY_RESOURCE))])),
    ("advanced_backup_settings", Open),
    ("backup_plan_tags", Each(&TAG)),
    ("scan_settings", Open),
]));
const RULE: Shape = Members(&[
    ("schedule_expression", Single),
    ("schedule_expression_timezone", Single),
    ("start_backup_window_minutes", Single),
    ("complete_backup_window_minutes", Single),
    ("target_backup_vault_name", Single),
    ("target_logically_air_gapped_backup_vault_arn", Single),
    ("enable_continuous_backup", Single),
    ("lifecycle", LIFECYCLE),
    ("copy_actions", Each(&Members(&[("target_backup_vault_arn", Single), ("lifecycle", LIFECYCLE)]))),
    ("recovery_point_tags", Each(&TAG)),
    ("index_actions", Open),
    ("scan_actions", Open),
]);
const LIFECYCLE: Shape = Members(&[
    ("delete_after_days", Single),
    ("delete_after_event", Single),
    ("move_to_cold_storage_after_days", Single),
    ("opt_in_to_archive_for_supported_resources", Single),
]);
const TAG: Shape = Members(&[("tag_key", Single), ("tag_value", Single)]);
const BY_TAG: Shape =
    Members(&[("iam_role_arn", Single), ("tag_key", Single), ("tag_value", List), ("conditions", Open)]);
const BY_RESOURCE: Shape =
    Members(&[("iam_role_arn", Single), ("resource_types", List), ("not_resource_types", List), ("conditions", Open)]);

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_chatbot_syntax.html>
const CHATBOT: Shape = Members(&[
    ("platforms", Members(&[("slack", SLACK), ("microsoft_teams", TEAMS), ("chime", CHIME), ("default", CHIME)])),
    ("default", CHIME),
]);
const CLIENT: Shape = OneOf(&["enabled", "disabled"]);
const CHIME: Shape = Members(&[("client", CLIENT)]);
const OF_SLACK: Shape = Members(&[("supported_channel_types", List), ("supported_role_settings", List)]);
const SLACK: Shape =
    Members(&[("client", CLIENT), ("workspaces", List), ("default", OF_SLACK), ("overrides", Each(&OF_SLACK))]);
const OF_TEAMS: Shape = Members(&[("supported_role_settings", List)]);
const TEAMS: Shape = Members(&[
    ("client", CLIENT),
    ("tenants", Each(&List)),
    ("default", OF_TEAMS),
    ("overrides", Each(&Each(&OF_TEAMS))),
]);

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html>
const EC2: Shape = Members(&[
    ("exception_message", Single),
    ("vpc_block_public_access", Members(&[("internet_gateway_block", INTERNET_GATEWAY_BLOCK)])),
    ("serial_console_access", Members(&[("status", OneOf(&["enabled", "disabled"]))])),
    ("image_block_public_access", Members(&[("state", OneOf(&["block_new_sharing", "unblocked"]))])),
    (
        "snapshot_block_public_access",
        Members(&[("state", OneOf(&["block_all_sharing", "block_new_sharing", "unblocked"]))]),
    ),
    ("instance_metadata_defaults", METADATA),
    ("allowed_images_settings", Open),
]);
const INTERNET_GATEWAY_BLOCK: Shape = Members(&[
    ("mode", OneOf(&["off", "block_ingress", "block_bidirectional"])),
    ("exclusions_allowed", OneOf(&["enabled", "disabled"])),
]);
const METADATA: Shape = Members(&[
    ("http_tokens", OneOf(&["no_preference", "optional", "required"])),
    ("http_put_response_hop_limit", Single),
    ("http_endpoint", OneOf(&["no_preference", "enabled", "disabled"])),
    ("instance_metadata_tags", OneOf(&["no_preference", "enabled", "disabled"])),
    ("http_tokens_enforced", OneOf(&["no_preference", "enabled", "disabled"])),
]);

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_security_hub_syntax.html>
const SECURITY_HUB: Shape = Members(&[
    ("enable_in_regions", List),
    ("disable_in_regions", List),
    ("features", Each(&Members(&[("enable_in_regions", List), ("disable_in_regions", List)]))),
]);

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html>
const S3: Shape = Members(&[("public_access_block_configuration", OneOf(&["all", "none"]))]);

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_bedrock_syntax.html>
const BEDROCK: Shape = Members(&[(
    "guardrail_inference",
    Each(&Each(&Members(&[("identifier", Single), ("input_tags", OneOf(&["honor", "ignore"]))]))),
)]);
