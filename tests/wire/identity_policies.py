"""Prints what parliament finds in policies of identities: identity_policies.py POLICIES.json

POLICIES.json is a list of {"name", "policy"}; a policy of a CloudFormation template comes with that as "template", and
functions in it get plain values. Prints a list of {"name", "sid", "issue", "detail"}: each statement is looked at by itself.
"""

import json
import re
import sys

from parliament import analyze_policy_string

PSEUDO = {
    "AWS::AccountId": "111111111111",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}
KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"
BUS = "arn:aws:events:us-east-1:111111111111:event-bus/central"
# What parameters stand for that are ARNs, and the ARNs of resources.
PARAMETERS = {"BusArn": BUS, "DataBucketArns": ["arn:aws:s3:::x"], "DataKeyArns": [KEY], "KeyArn": KEY}
# Actions that AWS has added since parliament was released in April 2025. iam_data.rs looks up that they exist.
NEWER = {
    "account:PutAccountName",
    "cloudformation:DescribeEvents",
    "organizations:ListAccountsWithInvalidEffectivePolicy",
    "organizations:ListEffectivePolicyValidationErrors",
}
ARNS = {
    "AWS::Athena::WorkGroup": "arn:aws:athena:us-east-1:111111111111:workgroup/x",
    "AWS::Events::EventBus": BUS,
    "AWS::IAM::Role": "arn:aws:iam::111111111111:role/x",
    "AWS::KMS::Key": KEY,
    "AWS::Logs::LogGroup": "arn:aws:logs:us-east-1:111111111111:log-group:x:*",
    "AWS::S3::Bucket": "arn:aws:s3:::x",
    "AWS::SNS::Topic": "arn:aws:sns:us-east-1:111111111111:x",
}


class Template:
    def __init__(self, template):
        self.resources = template.get("Resources", {})
        self.parameters = template.get("Parameters", {})

    def attribute(self, name, attribute):
        return ARNS[self.resources[name]["Type"]] if attribute.endswith("Arn") else "x"

    def reference(self, name):
        default = self.parameters.get(name, {}).get("Default")
        return PSEUDO.get(name) or PARAMETERS.get(name) or default or "x"

    def substituted(self, text, given):
        def one(match):
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in given:
                return str(self.plain(given[name]))
            return self.attribute(*name.split(".", 1)) if "." in name else str(self.reference(name))

        return re.sub(r"\$\{([^}]*)\}", one, text)

    def plain(self, value):
        """The value with functions in their places, Fn::If with what holds where its condition does."""
        if isinstance(value, list):
            return [plain for plain in map(self.plain, value) if plain is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, given)] = value.items()
            match name:
                case "Ref":
                    return None if given == "AWS::NoValue" else self.reference(given)
                case "Fn::GetAtt":
                    return self.attribute(*given)
                case "Fn::Sub":
                    return self.substituted(*([given, {}] if isinstance(given, str) else given))
                case "Fn::If":
                    return self.plain(given[1]) or self.plain(given[2])
                case "Fn::Join":
                    return given[0].join(map(str, self.plain(given[1])))
                case "Fn::Split":
                    return self.plain(given[1]).split(given[0])
        return {key: self.plain(one) for key, one in value.items()}


def listed(value):
    return value if isinstance(value, list) else [value]


def findings(name, policy, template=None):
    plain = policy if template is None else Template(template).plain(policy)
    for statement in listed(plain["Statement"]):
        statement = {**statement, "Action": [action for action in listed(statement["Action"]) if action not in NEWER]}
        for finding in analyze_policy_string(json.dumps({**plain, "Statement": [statement]})).findings:
            detail = finding.detail or (finding.location or {}).get("string")
            yield {"name": name, "sid": statement.get("Sid"), "issue": finding.issue, "detail": detail}


with open(sys.argv[1], encoding="utf-8") as file:
    policies = json.load(file)
json.dump([finding for policy in policies for finding in findings(**policy)], sys.stdout)
