"""Random cases for `landing simulate --cases`, the same ones for the same seed.

Everything is drawn from small sets, so that policies and requests meet often: every operator with IfExists and set
operators, keys that are absent, single and of several values, variables with and without defaults, wildcards anywhere,
NotAction and NotResource with both effects, paths of one to five levels, RCPs, and principals of several sorts.
"""

import random

ACCOUNT = "111111111111"
PRINCIPALS = [f"arn:aws:iam::{ACCOUNT}:{name}" for name in ("role/app/Deployer", "user/alice", "root", "role/BreakGlass")]
# Actions with a resource of theirs. Wildcards in the service's prefix are left out of the patterns: iam-simulate does not
# know them.
REQUESTS = [
    ("s3:GetObject", "arn:aws:s3:::corp/a/b"),
    ("s3:GetObject", "arn:aws:s3:::alice/x"),
    ("s3:PutObject", "arn:aws:s3:::corp/c"),
    ("s3:ListBucket", "arn:aws:s3:::corp"),
    ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"),
    ("iam:CreateUser", "arn:aws:iam::111111111111:user/new"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:q"),
]
ACTION_PATTERNS = ["*", "s3:*", "S3:get*", "s3:?etObject", "s3:Get*ect", "iam:*User", "ec2:*", "iam:CreateUser", "sqs:Send*"]
RESOURCE_PATTERNS = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::corp/*",
    "arn:aws:s3:::corp",
    "arn:*:s3:::c?rp*",
    "arn:aws:s3:::${aws:username}/*",
    "arn:aws:s3:::${aws:PrincipalTag/team, 'corp'}/*",
    "arn:aws:sqs:*:111111111111:*",
    "arn:aws:s3:::corp/${*}",
]

# Key: what requests may hold, and what conditions compare it with.
TEXTS = (["red", "Red", "blue", "r*d"], ["red", "RED", "r*", "?lue", "*", "${aws:username}", "${aws:PrincipalTag/none, 'red'}"])
NUMBERS = (["1", "10", "10.0", "-3", "20"], ["10", "9.5", "0", "20"])
DATES = (["2026-01-01T00:00:00Z", "1767225600", "2025-06-30T12:00:00Z"], ["2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "1767225600"])
BOOLS = (["true", "false"], ["true", "false"])
ADDRESSES = (["203.0.113.9", "10.1.2.3", "2001:db8::1"], ["203.0.113.0/24", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32"])
ARNS = (
    ["arn:aws:iam::111111111111:role/app/x", "arn:aws:s3:::corp", "arn:aws:sns:eu-west-1:111111111111:t"],
    ["arn:aws:iam::*:role/*", "arn:*:s3:::c*", "arn:aws:sns:*:111111111111:?", "arn:aws:iam::111111111111:role/app/x"],
)
OPERATORS = {
    "aws:PrincipalTag/team": (TEXTS, ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"]),
    "aws:TagKeys": (TEXTS, ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]),
    "aws:MultiFactorAuthAge": (NUMBERS, ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"]),
    "aws:CurrentTime": (DATES, ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"]),
    "aws:SecureTransport": (BOOLS, ["Bool"]),
    "aws:SourceIp": (ADDRESSES, ["IpAddress", "NotIpAddress"]),
    "aws:SourceArn": (ARNS, ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]),
}
LISTS = {"aws:TagKeys"}


def some(random_, values, most=2):
    return random_.sample(values, random_.randint(1, min(most, len(values))))


def condition(random_):
    block = {}
    for _ in range(random_.choice([0, 0, 1, 1, 2])):
        key = random_.choice(list(OPERATORS))
        (_, wanted), operators = OPERATORS[key]
        if random_.random() < 0.15:
            operator, values = "Null", [random_.choice(["true", "false"])]
        else:
            operator = random_.choice(operators) + random_.choice(["", "", "IfExists"])
            quantifiers = ["ForAllValues:", "ForAnyValue:"] if key in LISTS else ["", "", "", "", "ForAllValues:", "ForAnyValue:"]
            operator = random_.choice(quantifiers) + operator
            values = some(random_, wanted)
        name = random_.choice([key, key, key.lower(), key.upper().replace("AWS:", "aws:")])
        block.setdefault(operator, {})[name] = values if len(values) > 1 or random_.random() < 0.5 else values[0]
    return block


def statement(random_, effect):
    made = {"Effect": effect}
    made[random_.choice(["Action", "Action", "Action", "NotAction"])] = some(random_, ACTION_PATTERNS)
    made[random_.choice(["Resource", "Resource", "Resource", "NotResource"])] = some(random_, RESOURCE_PATTERNS)
    block = condition(random_)
    if block:
        made["Condition"] = block
    return made


def policy(statements):
    return {"Version": "2012-10-17", "Statement": statements}


FULL = {"name": "FullAWSAccess", "policy": policy([{"Effect": "Allow", "Action": "*", "Resource": "*"}])}


def level(random_, name):
    policies = [FULL] if random_.random() < 0.8 else []
    for number in range(random_.choice([0, 1, 1, 2])):
        effects = [random_.choice(["Deny", "Deny", "Allow"]) for _ in range(random_.randint(1, 2))]
        policies.append({"name": f"p{number}", "policy": policy([statement(random_, effect) for effect in effects])})
    return {"id": name, "policies": policies}


def rcp_level(random_, name):
    made = {**statement(random_, "Deny"), "Principal": "*"}
    if "NotAction" in made:
        made["Action"] = made.pop("NotAction")
    return {"id": name, "policies": [{"name": "rcp", "policy": policy([made])}] if random_.random() < 0.5 else []}


def context(random_, principal):
    held = {"aws:PrincipalArn": principal, "aws:PrincipalAccount": ACCOUNT}
    if ":user/" in principal:
        held["aws:username"] = principal.split("/")[-1]
    for key, ((values, _), _) in OPERATORS.items():
        if random_.random() < 0.6:
            held[key] = some(random_, values, 3) if key in LISTS else random_.choice(values)
    return held


def case(random_, number):
    principal = random_.choice(PRINCIPALS)
    action, resource = random_.choice(REQUESTS)
    names = ["r-ab12", *(f"ou-{depth}" for depth in range(random_.randint(0, 3))), ACCOUNT]
    made = {
        "id": str(number),
        "levels": [level(random_, name) for name in names],
        "request": {
            "principal": principal,
            "account": ACCOUNT,
            "resourceAccount": ACCOUNT,
            "action": action,
            "resource": resource,
            "context": context(random_, principal),
        },
    }
    if random_.random() < 0.3:
        made["rcpLevels"] = [rcp_level(random_, name) for name in names]
    return made


def cases(seed, count):
    random_ = random.Random(seed)
    return [case(random_, number) for number in range(count)]
