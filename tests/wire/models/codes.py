"""codes.py TOP: holds the error codes that the source handles against AWS's service models, and prints what differs as JSON.

TOP is the repository. `error-codes.txt` beside this script says for every code which operations answer it, or where AWS's
documentation has it.
"""

import json
import re
import sys
from pathlib import Path

import botocore.session

from judge import codes_of

# Where calls are made and their errors are handled.
FOLDERS = ("cloud", "engine", "facts", "kinds")
# The services that landing calls, as botocore calls them.
SERVICES = (
    "accessanalyzer account cloudformation cloudtrail config controltower detective ec2 fms guardduty health iam identitystore inspector2 kms "
    "logs macie2 networkmanager notifications organizations ram resourcegroupstaggingapi s3 securityhub ssm sso-admin sts"
).split()
# How codes end that no model has.
ENDINGS = r"(Exception|Denied|NotFound|Fault|Expired|Failure|Skewed|Exceeded|NotMatch|Signature|TokenId|OptInRequired|Error)$"
# Texts that end alike and are no codes of AWS's.
NO_CODES = {"ConstructionFailure"}
# Names of environment variables, which look like values of enums.
NO_VALUES = {"AWS_ENDPOINT_URL", "CARGO_PKG_VERSION"}


def literals(top):
    """The texts of the program's code, without those of its tests and comments."""
    found = set()
    for file in sorted(Path(top, "src").rglob("*.rs")):
        parts = file.relative_to(top).parts
        if parts[1] not in FOLDERS or file.name == "tests.rs" or "tests" in parts:
            continue
        code = file.read_text().split("#[cfg(test)]\nmod tests {")[0]
        lines = [line for line in code.splitlines() if not line.strip().startswith("//")]
        found |= set(re.findall(r'"([A-Za-z_.]+)"', "\n".join(lines)))
    return found


class Models:
    def __init__(self, services):
        session = botocore.session.get_session()
        self.models = {name: session.get_service_model(name) for name in services}

    def errors(self):
        return {code for model in self.models.values() for shape in model.error_shapes for code in codes_of(shape, model)}

    def values(self):
        shapes = (model.shape_for(name) for model in self.models.values() for name in model.shape_names)
        return {value for shape in shapes for value in getattr(shape, "enum", None) or ()}

    def answers(self, code, place):
        """Whether an operation, as `organizations:CreateAccount`, may answer an error."""
        service, name = place.split(":")
        model = self.models[service]
        if name not in model.operation_names:
            return False
        return any(code in codes_of(shape, model) for shape in model.operation_model(name).error_shapes)


def table(file):
    """The codes of the table, with the operations or the sources of each."""
    lines = [line.split("#")[0].split() for line in file.read_text().splitlines()]
    return {line[0]: line[1:] for line in lines if line}


def is_source(text):
    return text.startswith(("https://docs.aws.amazon.com/", "https://github.com/"))


def findings(texts, known, models):
    errors, values = models.errors(), models.values()
    codes = {text for text in texts if text in errors or re.search(ENDINGS, text)} - NO_CODES
    for code in sorted(codes - known.keys()):
        yield f"{code} is not in error-codes.txt: add it with the operations that answer it"
    for code, places in sorted(known.items()):
        if not places:
            yield f"{code} has no operation and no source"
        for place in places:
            if not is_source(place) and not models.answers(code, place):
                yield f"{place} does not answer {code}"
    for value in sorted(texts - values - NO_VALUES):
        if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", value):
            yield f"{value} is a value of no enum"


def main():
    texts, known = literals(sys.argv[1]), table(Path(__file__).with_name("error-codes.txt"))
    print(json.dumps(list(findings(texts, known, Models(SERVICES)))))


if __name__ == "__main__":
    main()
