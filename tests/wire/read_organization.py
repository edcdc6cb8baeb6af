"""read_organization.py URL: prints the organization at an endpoint, names in the place of ids, in one order."""

import json
import sys

import boto3

ORGANIZATIONS = boto3.client("organizations", endpoint_url=sys.argv[1])
ACCOUNT = boto3.client("account", endpoint_url=sys.argv[1])


def every(operation, key, **parameters):
    """All items of all pages."""
    token = {}
    while True:
        page = operation(**parameters, **token)
        yield from page[key]
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def tags_of(resource):
    tags = every(ORGANIZATIONS.list_tags_for_resource, "Tags", ResourceId=resource)
    return {tag["Key"]: tag["Value"] for tag in tags}


def contacts_of(account):
    found = {}
    for kind in ("BILLING", "OPERATIONS", "SECURITY"):
        try:
            reply = ACCOUNT.get_alternate_contact(AccountId=account, AlternateContactType=kind)
        except ACCOUNT.exceptions.ResourceNotFoundException:
            continue
        contact = reply["AlternateContact"]
        found[kind] = [contact[key] for key in ("Name", "Title", "EmailAddress", "PhoneNumber")]
    return found


class Reader:
    def __init__(self):
        organization = ORGANIZATIONS.describe_organization()["Organization"]
        self.feature_set = organization["FeatureSet"]
        self.root = ORGANIZATIONS.list_roots()["Roots"][0]
        self.names = {self.root["Id"]: "root", organization["MasterAccountId"]: "management"}
        self.management = organization["MasterAccountId"]
        self.units, self.accounts = {}, {}
        # Nobody reads the contacts of member accounts before this service is trusted.
        self.has_contacts = "account.amazonaws.com" in self.trusted_services()
        self.walk(self.root["Id"], [])

    def walk(self, parent, path):
        above = "/".join(path) or "root"
        for account in every(ORGANIZATIONS.list_accounts_for_parent, "Accounts", ParentId=parent):
            if account["Id"] != self.management:
                self.add_account(account, above)
        units = every(ORGANIZATIONS.list_organizational_units_for_parent, "OrganizationalUnits", ParentId=parent)
        for unit in list(units):
            below = path + [unit["Name"]]
            self.names[unit["Id"]] = "/".join(below)
            self.units["/".join(below)] = {"tags": tags_of(unit["Id"])}
            self.walk(unit["Id"], below)

    def add_account(self, account, unit):
        self.names[account["Id"]] = account["Name"]
        self.accounts[account["Name"]] = {
            "email": account["Email"],
            "unit": unit,
            "tags": tags_of(account["Id"]),
            "contacts": contacts_of(account["Id"]) if self.has_contacts else {},
        }

    def policy_types(self):
        return sorted(kind["Type"] for kind in self.root["PolicyTypes"] if kind["Status"] == "ENABLED")

    def targets_of(self, policy):
        targets = every(ORGANIZATIONS.list_targets_for_policy, "Targets", PolicyId=policy)
        # moto keeps a unit that was deleted among the targets of FullAWSAccess.
        return sorted(self.names[target["TargetId"]] for target in targets if target["TargetId"] in self.names)

    def policies(self):
        found = {}
        for kind in self.policy_types():
            for summary in list(every(ORGANIZATIONS.list_policies, "Policies", Filter=kind)):
                policy = ORGANIZATIONS.describe_policy(PolicyId=summary["Id"])["Policy"]
                if summary["AwsManaged"]:
                    continue
                found[f"{kind}/{summary['Name']}"] = {
                    "description": summary.get("Description", ""),
                    "content": json.loads(policy["Content"]),
                    "targets": self.targets_of(summary["Id"]),
                    "tags": tags_of(summary["Id"]),
                }
        return found

    def without_full_access(self):
        attached = set(self.targets_of("p-FullAWSAccess"))
        return sorted(set(self.names.values()) - attached)

    def delegated_administrators(self):
        found = {}
        for account in list(every(ORGANIZATIONS.list_delegated_administrators, "DelegatedAdministrators")):
            services = every(
                ORGANIZATIONS.list_delegated_services_for_account, "DelegatedServices", AccountId=account["Id"]
            )
            found[account["Name"]] = sorted(service["ServicePrincipal"] for service in services)
        return found

    def trusted_services(self):
        services = every(ORGANIZATIONS.list_aws_service_access_for_organization, "EnabledServicePrincipals")
        return sorted(service["ServicePrincipal"] for service in services)

    def organization(self):
        return {
            "feature_set": self.feature_set,
            "root": {"tags": tags_of(self.root["Id"])},
            "units": self.units,
            "accounts": self.accounts,
            "policy_types": self.policy_types(),
            "policies": self.policies(),
            "without_full_access": self.without_full_access(),
            "trusted_services": self.trusted_services(),
            "delegated_administrators": self.delegated_administrators(),
        }


print(json.dumps(Reader().organization(), indent=2, sort_keys=True))
