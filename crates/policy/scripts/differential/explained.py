"""Differences that AWS's documents decide, each with its page.

A difference is explained by writing the case in other words that mean the same by AWS's documents: if iam-simulate then
decides as landing does, it was the wording that it did not understand.
"""

import copy
from datetime import datetime, timezone

OPERATORS_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"


def levels(case):
    return [*case["levels"], *case.get("rcpLevels", [])]


def conditions(case):
    for level in levels(case):
        for attached in level["policies"]:
            for statement in attached["policy"]["Statement"]:
                if "Condition" in statement:
                    yield statement["Condition"]


def values(block, rewritten):
    """Replaces every value of a condition by one or several."""
    for keys in block.values():
        for key, wanted in keys.items():
            wanted = wanted if isinstance(wanted, list) else [wanted]
            keys[key] = [new for value in wanted for new in rewritten(value)]


def without_epoch(case):
    """Seconds since 1970 as dates."""

    def date(text):
        is_epoch = text.isdigit() and len(text) == 10
        return datetime.fromtimestamp(int(text), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if is_epoch else text

    held = case["request"]["context"]
    if "aws:CurrentTime" in held:
        held["aws:CurrentTime"] = date(held["aws:CurrentTime"])
    for block in conditions(case):
        values(block, lambda value: [date(value)])


def without_whole_range(case):
    """The range of all addresses as its two halves."""
    for block in conditions(case):
        values(block, lambda value: ["0.0.0.0/1", "128.0.0.0/1"] if value == "0.0.0.0/0" else [value])


def without_absent_if_exists(case):
    """`ForAnyValue:…IfExists` on an absent key, which is true, left out."""
    held = {key.lower() for key in case["request"]["context"]}
    for block in conditions(case):
        for operator in [name for name in block if name.startswith("ForAnyValue:") and name.endswith("IfExists")]:
            for key in [key for key in block[operator] if key.lower() not in held]:
                del block[operator][key]
            if not block[operator]:
                del block[operator]


REWRITES = [
    ("dates may be seconds since 1970, " + OPERATORS_PAGE + "#Conditions_Date", without_epoch),
    ("0.0.0.0/0 holds every IPv4 address, " + OPERATORS_PAGE + "#Conditions_IPAddress", without_whole_range),
    ("IfExists is true of an absent key, " + OPERATORS_PAGE + "#Conditions_IfExists", without_absent_if_exists),
]


def other_words(case):
    """The case in every wording: what each explains, and the case."""
    for why, rewrite in REWRITES:
        rewritten = copy.deepcopy(case)
        rewrite(rewritten)
        yield why, rewritten
    rewritten = copy.deepcopy(case)
    for _, rewrite in REWRITES:
        rewrite(rewritten)
    yield "several of these", rewritten
