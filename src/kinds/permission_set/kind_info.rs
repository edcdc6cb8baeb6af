use crate::model::{Does, Heading, History, KindInfo, Reach, Recorded, Role, Trace};

pub(super) static KIND_INFO: KindInfo = KindInfo {
    heading: Some(Heading { title: "Permission sets", order: 30 }),
    reach: Reach::Targets,
    history: HISTORY,
    ..KindInfo::of(Role::PermissionSet)
};

/// What Identity Center records of it.
const HISTORY: History = History {
    recorded: Recorded::WithIdentityCenter,
    traces: &[
        Trace { event: "UpdatePermissionSet", does: Does::Change(&["description", "session", "relay_state"]) },
        Trace { event: "AttachManagedPolicyToPermissionSet", does: Does::Change(&["managed_policies"]) },
        Trace { event: "DetachManagedPolicyFromPermissionSet", does: Does::Change(&["managed_policies"]) },
        Trace {
            event: "AttachCustomerManagedPolicyReferenceToPermissionSet",
            does: Does::Change(&["customer_managed_policies"]),
        },
        Trace {
            event: "DetachCustomerManagedPolicyReferenceFromPermissionSet",
            does: Does::Change(&["customer_managed_policies"]),
        },
        Trace { event: "PutInlinePolicyToPermissionSet", does: Does::Change(&["inline_policy"]) },
        Trace { event: "DeleteInlinePolicyFromPermissionSet", does: Does::Change(&["inline_policy"]) },
        Trace { event: "PutPermissionsBoundaryToPermissionSet", does: Does::Change(&["boundary"]) },
        Trace { event: "DeletePermissionsBoundaryFromPermissionSet", does: Does::Change(&["boundary"]) },
        Trace { event: "TagResource", does: Does::Change(&["tags."]) },
        Trace { event: "UntagResource", does: Does::Change(&["tags."]) },
        Trace { event: "CreatePermissionSet", does: Does::Make },
        Trace { event: "DeletePermissionSet", does: Does::Delete },
    ],
    ..History::NONE
};
