//! The requests that designate the account which administers a service for the organization, and that list it. Each is made in
//! the management account and in one region.

use serde_json::{Value, json};

use crate::cloud::{Request, Service};

/// A service that designates its administrator itself.
#[derive(Clone, Copy, Debug)]
pub(in crate::kinds) struct Designated {
    list: fn() -> Request,
    enable: fn(Value) -> Request,
    disable: fn(Value) -> Request,
    /// What the requests call the account; what only reads the account that administers needs no name for it.
    account: &'static str,
    /// Where the answer of `list` has accounts, and what it calls each.
    listed: (&'static str, &'static str),
    /// Whether only the administrator itself can resign.
    pub resigns: bool,
    /// The codes by which the service says that no account administers it, with words that their messages contain.
    pub none: &'static [(&'static str, &'static str)],
}

/// What the services say of an account that administers no more.
const GOING: [&str; 3] = ["DISABLE_IN_PROGRESS", "DISABLING_IN_PROGRESS", "DELETED"];

impl Designated {
    /// The service with this principal, where it lists its administrators.
    pub fn of(principal: &str) -> Option<Designated> {
        match principal {
            "inspector2.amazonaws.com" => Some(INSPECTOR),
            "macie.amazonaws.com" => Some(MACIE),
            "detective.amazonaws.com" => Some(DETECTIVE),
            "securityhub.amazonaws.com" => Some(SECURITY_HUB),
            "guardduty.amazonaws.com" => Some(GUARDDUTY),
            "fms.amazonaws.com" => Some(FIREWALL_MANAGER),
            _ => None,
        }
    }

    /// Asks which accounts administer it.
    pub fn list(&self) -> Request {
        (self.list)()
    }

    /// Designates an account.
    pub fn enable(&self, account: &str) -> Request {
        (self.enable)(json!({self.account: account}))
    }

    /// Removes an account, or has it resign.
    pub fn disable(&self, account: &str) -> Request {
        (self.disable)(json!({self.account: account}))
    }

    /// The accounts that an answer of `list` names.
    pub fn administrators(&self, reply: &Value) -> Vec<String> {
        let (list, account) = self.listed;
        let one = std::slice::from_ref(reply);
        let listed = if list.is_empty() { Some(one) } else { reply[list].as_array().map(Vec::as_slice) };
        let is_going = |it: &&Value| {
            let said =
                ["status", "Status", "RoleStatus", "adminStatus"].iter().find_map(|name| it.get(*name)?.as_str());
            said.is_some_and(|status| {
                GOING.contains(&status) || status.ends_with("DELETING") || status == "PENDING_DELETION"
            })
        };
        let staying = listed.into_iter().flatten().filter(|it| !is_going(it));
        staying.filter_map(|it| it.get(account)?.as_str()).map(str::to_owned).collect()
    }
}

fn post(service: Service, operation: &'static str, path: &'static str, input: Value) -> Request {
    Request::new(service, operation, input).route("POST", path)
}

/// <https://docs.aws.amazon.com/inspector/v2/APIReference/API_EnableDelegatedAdminAccount.html>
const INSPECTOR: Designated = Designated {
    list: || post(Service::INSPECTOR, "ListDelegatedAdminAccounts", "/delegatedadminaccounts/list", json!({})),
    enable: |input| post(Service::INSPECTOR, "EnableDelegatedAdminAccount", "/delegatedadminaccounts/enable", input),
    disable: |input| post(Service::INSPECTOR, "DisableDelegatedAdminAccount", "/delegatedadminaccounts/disable", input),
    account: "delegatedAdminAccountId",
    listed: ("delegatedAdminAccounts", "accountId"),
    resigns: false,
    none: &[],
};

/// <https://docs.aws.amazon.com/macie/latest/APIReference/admin.html>
const MACIE: Designated = Designated {
    list: || Request::new(Service::MACIE, "ListOrganizationAdminAccounts", Value::Null).route("GET", "/admin"),
    enable: |input| post(Service::MACIE, "EnableOrganizationAdminAccount", "/admin", input),
    disable: |input| {
        let path = format!("/admin?adminAccountId={}", input["adminAccountId"].as_str().unwrap_or_default());
        Request::new(Service::MACIE, "DisableOrganizationAdminAccount", Value::Null).route("DELETE", path)
    },
    account: "adminAccountId",
    listed: ("adminAccounts", "accountId"),
    resigns: false,
    // Terraform's provider (aws_macie2_organization_admin_account) reads it so.
    none: &[("AccessDeniedException", "Macie is not enabled")],
};

/// <https://docs.aws.amazon.com/detective/latest/APIReference/API_EnableOrganizationAdminAccount.html>
const DETECTIVE: Designated = Designated {
    list: || post(Service::DETECTIVE, "ListOrganizationAdminAccounts", "/orgs/adminAccountslist", json!({})),
    enable: |input| post(Service::DETECTIVE, "EnableOrganizationAdminAccount", "/orgs/enableAdminAccount", input),
    disable: |_| post(Service::DETECTIVE, "DisableOrganizationAdminAccount", "/orgs/disableAdminAccount", Value::Null),
    account: "AccountId",
    listed: ("Administrators", "AccountId"),
    resigns: false,
    none: &[],
};

/// <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableOrganizationAdminAccount.html>
const SECURITY_HUB: Designated = Designated {
    list: || {
        Request::new(Service::SECURITY_HUB, "ListOrganizationAdminAccounts", Value::Null)
            .route("GET", "/organization/admin")
    },
    enable: |input| post(Service::SECURITY_HUB, "EnableOrganizationAdminAccount", "/organization/admin/enable", input),
    disable: |input| {
        post(Service::SECURITY_HUB, "DisableOrganizationAdminAccount", "/organization/admin/disable", input)
    },
    account: "AdminAccountId",
    listed: ("AdminAccounts", "AccountId"),
    resigns: false,
    none: &[("InvalidAccessException", "")],
};

/// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_EnableOrganizationAdminAccount.html>
pub(in crate::kinds) const GUARDDUTY: Designated = Designated {
    list: || Request::new(Service::GUARDDUTY, "ListOrganizationAdminAccounts", Value::Null).route("GET", "/admin"),
    enable: |input| post(Service::GUARDDUTY, "EnableOrganizationAdminAccount", "/admin/enable", input),
    disable: |input| post(Service::GUARDDUTY, "DisableOrganizationAdminAccount", "/admin/disable", input),
    account: "adminAccountId",
    listed: ("adminAccounts", "adminAccountId"),
    resigns: false,
    none: &[],
};

/// <https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_AssociateAdminAccount.html>
const FIREWALL_MANAGER: Designated = Designated {
    list: || Request::new(Service::FIREWALL_MANAGER, "GetAdminAccount", json!({})),
    enable: |input| Request::new(Service::FIREWALL_MANAGER, "AssociateAdminAccount", input),
    disable: |_| Request::new(Service::FIREWALL_MANAGER, "DisassociateAdminAccount", json!({})),
    account: "AdminAccount",
    listed: ("", "AdminAccount"),
    resigns: true,
    // The second is not in the API's model; Terraform's provider (aws_fms_admin_account) reads it so.
    none: &[("ResourceNotFoundException", ""), ("AccessDeniedException", "is not currently delegated")],
};

/// A service that takes Organizations' list for its own, and works by a role that only its own call makes.
#[derive(Clone, Copy, Debug)]
pub(in crate::kinds) struct Registered {
    enable: fn(&str) -> Request,
    disable: fn(&str) -> Request,
    /// The service-linked role in the management account.
    pub role: &'static str,
}

impl Registered {
    /// The service with this principal, where it is one.
    pub fn of(principal: &str) -> Option<Registered> {
        match principal {
            "ipam.amazonaws.com" => Some(IPAM),
            "cloudtrail.amazonaws.com" => Some(CLOUDTRAIL),
            _ => None,
        }
    }

    /// Designates an account.
    pub fn enable(&self, account: &str) -> Request {
        (self.enable)(account)
    }

    /// Removes an account.
    pub fn disable(&self, account: &str) -> Request {
        (self.disable)(account)
    }
}

/// <https://docs.aws.amazon.com/vpc/latest/ipam/enable-integ-ipam.html>
const IPAM: Registered = Registered {
    enable: |account| ipam("EnableIpamOrganizationAdminAccount", account),
    disable: |account| ipam("DisableIpamOrganizationAdminAccount", account),
    role: "AWSServiceRoleForIPAM",
};

fn ipam(operation: &'static str, account: &str) -> Request {
    Request::new(Service::EC2, operation, json!({"DelegatedAdminAccountId": account}))
}

/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RegisterOrganizationDelegatedAdmin.html>
const CLOUDTRAIL: Registered = Registered {
    enable: |account| {
        Request::new(Service::CLOUDTRAIL, "RegisterOrganizationDelegatedAdmin", json!({"MemberAccountId": account}))
    },
    disable: |account| {
        let input = json!({"DelegatedAdminAccountId": account});
        Request::new(Service::CLOUDTRAIL, "DeregisterOrganizationDelegatedAdmin", input)
    },
    role: "AWSServiceRoleForCloudTrail",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_are_read_as_each_service_lists_them() {
        for (principal, reply) in [
            ("inspector2.amazonaws.com", json!({"delegatedAdminAccounts": [{"accountId": "1", "status": "ENABLED"}]})),
            ("macie.amazonaws.com", json!({"adminAccounts": [{"accountId": "1", "status": "ENABLED"}]})),
            ("detective.amazonaws.com", json!({"Administrators": [{"AccountId": "1", "GraphArn": "g"}]})),
            ("securityhub.amazonaws.com", json!({"AdminAccounts": [{"AccountId": "1", "Status": "ENABLED"}]})),
            ("guardduty.amazonaws.com", json!({"adminAccounts": [{"adminAccountId": "1", "adminStatus": "ENABLED"}]})),
            ("fms.amazonaws.com", json!({"AdminAccount": "1", "RoleStatus": "READY"})),
        ] {
            let service = Designated::of(principal).unwrap_or_else(|| panic!("{principal} is one"));
            assert_eq!(service.administrators(&reply), ["1"], "{principal}");
            assert!(service.administrators(&json!({})).is_empty(), "{principal}");
        }
    }

    #[test]
    fn who_is_on_the_way_out_administers_nothing() {
        for (principal, reply) in [
            (
                "inspector2.amazonaws.com",
                json!({"delegatedAdminAccounts": [{"accountId": "1", "status": "DISABLE_IN_PROGRESS"}]}),
            ),
            ("macie.amazonaws.com", json!({"adminAccounts": [{"accountId": "1", "status": "DISABLING_IN_PROGRESS"}]})),
            (
                "securityhub.amazonaws.com",
                json!({"AdminAccounts": [{"AccountId": "1", "Status": "DISABLE_IN_PROGRESS"}]}),
            ),
            (
                "guardduty.amazonaws.com",
                json!({"adminAccounts": [{"adminAccountId": "1", "adminStatus": "DISABLE_IN_PROGRESS"}]}),
            ),
            ("fms.amazonaws.com", json!({"AdminAccount": "1", "RoleStatus": "PENDING_DELETION"})),
            ("fms.amazonaws.com", json!({"AdminAccount": "1", "RoleStatus": "DELETING"})),
            ("fms.amazonaws.com", json!({"AdminAccount": "1", "RoleStatus": "DELETED"})),
        ] {
            let service = Designated::of(principal).unwrap_or_else(|| panic!("{principal} is one"));
            assert!(service.administrators(&reply).is_empty(), "{principal}: {reply}");
        }
    }
}
